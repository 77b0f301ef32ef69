"""Roles, tables, grants. `prepare` makes an embedded server ours; `migrate` brings any database to this release."""

import os
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

from anju.config.database import DATABASE, ROLE_NAMES, connection, roles_are_separate

Connection = psycopg.Connection[tuple[Any, ...]]


def prepare(socket: str) -> None:
    """Create both roles and the database of an embedded server, where they are missing."""
    with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as superuser:
        for role in ROLE_NAMES.values():
            if not _exists(superuser, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
                superuser.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER").format(sql.Identifier(role)))
        if not _exists(superuser, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
            create_database(superuser, DATABASE)


def create_database(superuser: Connection, name: str, template: str = "template1") -> None:
    owner = sql.Identifier(ROLE_NAMES["owner"])
    database = sql.Identifier(name)
    superuser.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(database, owner, sql.Identifier(template))
    )
    superuser.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(database))


def migrate() -> bool:
    """Run this release's migrations, then grant. The environment must say ANJU_DB_ROLE=owner. True: something was applied."""
    import django
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    django.setup()
    executor = MigrationExecutor(connections["default"])
    pending = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if pending:
        call_command("migrate", interactive=False, verbosity=0)
    grant(os.environ, connections["default"].settings_dict["NAME"])
    connections.close_all()
    return pending


def grant(env: Mapping[str, str], database: str) -> None:
    """The runtime role reads and writes rows, only appends to append-only tables, and defines nothing."""
    if not roles_are_separate(env):
        return
    app = sql.Identifier(connection(env, "app")["user"])
    with psycopg.connect(**{**connection(env, "owner"), "dbname": database}) as owner:
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {}",
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        ):
            owner.execute(sql.SQL(statement).format(app))
        for table in append_only_tables(owner):
            owner.execute(sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(sql.Identifier(table), app))


def append_only_tables(link: Connection) -> list[str]:
    """Those whose guard is there and fires always, whatever the session's replication role says."""
    rows = link.execute(
        "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE t.tgname = 'append_only' AND t.tgenabled = 'A' AND NOT t.tgisinternal ORDER BY 1"
    )
    return [str(row[0]) for row in rows]


def _exists(link: Connection, query: str, name: str) -> bool:
    return link.execute(query.encode(), (name,)).fetchone() is not None


if __name__ == "__main__":
    print("applied" if migrate() else "current")

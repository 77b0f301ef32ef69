"""The harness itself: tests run as the runtime role, in rolled-back transactions or in a database of their own."""

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.utils import Error

from anju.base.models import Installation

pytestmark = pytest.mark.django_db


def one(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    return row and row[0]


def test_run_tests_as_the_runtime_role() -> None:
    assert one("SELECT current_user") == "anju_app"
    assert one("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_own_database_starts_empty(turn: int) -> None:
    assert str(one("SELECT current_database()")).endswith("_own")
    assert one("SELECT count(*) FROM django_session") == 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES (%s, '', now())", [f"turn{turn}"])


@pytest.mark.parametrize("turn", [1, 2])
def test_ordinary_test_is_rolled_back(turn: int) -> None:
    assert not str(one("SELECT current_database()")).endswith("_own")
    assert one("SELECT count(*) FROM django_session") == 0
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES (%s, '', now())", [f"turn{turn}"])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE base_auditentry SET body = ''",
        "DELETE FROM base_auditentry",
        "TRUNCATE base_auditentry",
        "UPDATE base_auditlink SET digest = ''",
        "DELETE FROM base_auditlink",
        "TRUNCATE base_auditlink",
        "ALTER TABLE base_auditentry DISABLE TRIGGER ALL",
        "DROP TABLE base_auditlink",
        "CREATE TABLE mine (a int)",
        "CREATE TEMPORARY TABLE mine (a int)",
        "TRUNCATE django_session",
    ],
)
def test_runtime_role_cannot_bend_the_trail(statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        one(statement)


def test_owner_cannot_change_the_trail_without_disabling_its_triggers(
    owner_connection: psycopg.Connection[tuple[object, ...]],
) -> None:
    with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
        owner_connection.execute("TRUNCATE base_auditentry CASCADE")


def test_installation_is_one_row() -> None:
    assert Installation._meta.db_table == "base_installation"
    with pytest.raises(Error), transaction.atomic():
        one("INSERT INTO base_installation VALUES (false, 'real', '', '', now())")

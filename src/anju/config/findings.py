"""What `anju check` looks at. Each check returns the lines of what is wrong; none means it is in order."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
from psycopg import sql

from anju.config.database import connection, roles_are_separate
from anju.config.home import Home
from anju.config.schema import append_only_tables

LEAST_FREE = 1024**3
OLDEST_BACKUP = timedelta(days=7)
SEALED = {"base_auditentry", "base_auditlink"}
HTTPS_OFF = {"security.W004", "security.W012", "security.W016"}  # three ways of saying what `notes` says once
FORBIDDEN = ("UPDATE", "DELETE", "TRUNCATE")


@dataclass(frozen=True)
class Place:
    """What is being checked, and when. `mode` is trial, real, or None where nobody has chosen."""

    home: Home
    mode: str | None
    at: datetime


Check = Callable[[Place], Iterator[str]]


def trail(place: Place) -> Iterator[str]:
    from anju.base.audit import verify_chain

    for problem in verify_chain():
        where = f"link {problem.seq}" if problem.seq is not None else "the chain"
        yield f"audit trail: {problem.code} at {where}, entry {problem.entry_id} · 审计记录校验不通过"


def migrations(place: Place) -> Iterator[str]:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["default"])
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield f"migration {migration} is not applied; `anju run` applies it · 数据库需要升级"


def grants(place: Place) -> Iterator[str]:
    """Asked of the database as the runtime role itself, not of what we believe we granted."""
    if not roles_are_separate(os.environ):
        yield "one database role for everything could disable the append-only guard; see ANJU_DATABASE_OWNER_URL · 应分设两个账号"
        return
    with psycopg.connect(**connection(os.environ, "app")) as app:
        row = app.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        if row and row[0]:
            yield "the runtime database role is a superuser · 运行账号不应是数据库超级用户"
        guarded = append_only_tables(app)
        for table in sorted(SEALED - set(guarded)):
            yield f"{table} has lost its append-only guard · 审计表缺少保护"
        for table in guarded:
            held = [right for right in FORBIDDEN if _holds(app, table, right)]
            if held:
                yield f"the runtime role may {', '.join(held)} {table}; `anju run` corrects the grants · 运行账号权限过大"


def _holds(app: psycopg.Connection[tuple[object, ...]], table: str, right: str) -> bool:
    query = sql.SQL("SELECT has_table_privilege(quote_ident({}), {})").format(sql.Literal(table), sql.Literal(right))
    row = app.execute(query).fetchone()
    return bool(row and row[0])


def files(place: Place) -> Iterator[str]:
    from anju.base.attachments import missing_files

    if missing := missing_files():
        yield f"{len(missing)} files are not in the store, the first is attachment {missing[0]} · 有文件丢失"


def cases(place: Place) -> Iterator[str]:
    """Each case is the fold of its chained events. Asked only once its tables are there, which `migrations` says."""
    from django.db import ProgrammingError

    from anju.cases.queries.integrity import broken_cases

    try:
        for case in broken_cases():
            yield f"case {case.number}: {case.reason} · 这件事与它的办理记录对不上"
    except ProgrammingError:
        return


def secret_key(place: Place) -> Iterator[str]:
    if os.environ.get("ANJU_SECRET_KEY", "").strip():
        return
    if not place.home.secret_key.is_file():
        yield "no secret key: neither ANJU_SECRET_KEY nor secret.key · 没有密钥"
    elif stat.S_IMODE(place.home.secret_key.stat().st_mode) & 0o077:
        yield f"{place.home.secret_key} can be read by others; chmod 600 · 密钥文件权限过宽"


def disk(place: Place) -> Iterator[str]:
    free = shutil.disk_usage(place.home.root).free
    if free < LEAST_FREE:
        yield f"only {free // 1024**2} MB free on the disk of {place.home.root} · 磁盘空间不足"


def backups(place: Place) -> Iterator[str]:
    """A trial has nothing to lose."""
    if place.mode != "real":
        return
    if not place.home.last_backup.is_file():
        yield "never backed up: `anju backup` · 从未备份"
        return
    made = datetime.fromisoformat(place.home.last_backup.read_text("ascii").strip())
    if place.at - made > OLDEST_BACKUP:
        yield f"last backup on {made:%Y-%m-%d}, more than {OLDEST_BACKUP.days} days ago · 备份过旧"


def deployment(place: Place) -> Iterator[str]:
    """Django's own deployment checks, for an installation that others can reach."""
    if place.mode != "real":
        return
    from django.core.checks import WARNING, run_checks

    for message in run_checks(include_deployment_checks=True):
        if message.level >= WARNING and not message.is_silenced() and message.id not in HTTPS_OFF:
            yield f"{message.id}: {message.msg}"


def notes(place: Place) -> Iterator[str]:
    """What the person at the machine cannot mend or need not, so that it does not fail the check."""
    from django.conf import settings

    yield from _years_to_confirm(place)
    if place.mode == "real" and not settings.HTTPS:
        yield "HTTPS is off: fit for this machine only; see ANJU_HTTPS · 未启用 HTTPS，只宜本机使用"


def _years_to_confirm(place: Place) -> Iterator[str]:
    """The desk asks the bureau for them; from 15 December the next year should be there."""
    from django.db import ProgrammingError
    from django.utils import timezone

    from anju.base.queries.calendar import confirmed_years
    from anju.rules.workdays.years import years_to_confirm

    if place.mode is None:
        return
    try:
        confirmed = confirmed_years()
    except ProgrammingError:  # a database that is not upgraded yet, which `migrations` says
        return
    for year in years_to_confirm(confirmed, timezone.localdate(place.at)):
        yield f"the working days of {year} are not confirmed, deadlines are provisional · {year}年工作日历未确认"


CHECKS: dict[str, Check] = {
    "audit trail · 审计记录": trail,
    "migrations · 数据库版本": migrations,
    "database rights · 数据库权限": grants,
    "files · 文件": files,
    "cases · 事项": cases,
    "secret key · 密钥": secret_key,
    "disk · 磁盘": disk,
    "backup · 备份": backups,
    "deployment · 部署": deployment,
}

"""For commands: a database that answers, started by us when nobody else runs it."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from anju.config.database import connection, is_external
from anju.config.embedded import Embedded
from anju.config.failure import Failure
from anju.config.home import Home
from anju.config.lock import held, ready_home
from anju.config.schema import prepare

OLDEST_SERVER = 15
ANSWER_SECONDS = 30


@contextmanager
def database_running(*, create: bool = False) -> Iterator[Home]:
    """Yield the home once its database answers. An embedded one that we started stops at the end."""
    home = Home.of(os.environ)
    if not (create or is_external(os.environ) or home.data.is_dir()):
        raise nothing_here(home)
    if is_external(os.environ):
        ready_home(home)
        require_server()
        yield home
        return
    with held(home, serving=False) as holder:
        if holder is not None:
            _wait_for_answer()
            yield home
            return
        with embedded_started(home):
            yield home


@contextmanager
def embedded_started(home: Home) -> Iterator[Embedded]:
    server = Embedded(home)
    server.start()
    try:
        prepare(str(home.socket))
        yield server
    finally:
        _let_go()
        server.stop()


def _let_go() -> None:
    """Django's pool, where this command used one, would otherwise try to reconnect while the server stops."""
    if "django.db" not in sys.modules:
        return
    from django.db import connections

    for wrapper in connections.all(initialized_only=True):
        wrapper.close()
        if hasattr(wrapper, "close_pool"):
            wrapper.close_pool()


def require_server() -> None:
    """One clear line when ANJU_DATABASE_URL leads nowhere or to something too old."""
    for role in ("app", "owner"):
        try:
            with psycopg.connect(**connection(os.environ, role), connect_timeout=10) as link:
                version = link.info.server_version // 10000
        except psycopg.OperationalError as error:
            reason = (str(error).strip().splitlines() or ["no answer"])[0]
            raise Failure(f"the database at ANJU_DATABASE_URL does not answer: {reason}", "数据库连接失败") from error
        if version < OLDEST_SERVER:
            raise Failure(
                f"PostgreSQL {OLDEST_SERVER} or newer is needed, this is {version}", f"数据库版本 {version} 太旧"
            )


def ensure_schema() -> bool:
    """Migrate in a process of its own, as the owner, so that this one never holds the owner's connection."""
    env = {**os.environ, "ANJU_DB_ROLE": "owner", "ANJU_SERVING": "", "DJANGO_SETTINGS_MODULE": "anju.config.settings"}
    command = [sys.executable, "-m", "anju.config.schema"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return done.stdout.strip() == "applied"
    if "No space left on device" in done.stderr:
        raise Failure("the disk is full: the tables could not be made", "磁盘已满，无法建表")
    raise Failure(f"the tables could not be brought to this release: {last_error(done.stderr)}", "数据库升级失败")


def last_error(output: str) -> str:
    """The line of a traceback that names the error."""
    named = re.findall(r"(?m)^[\w.]+: .+", output)
    return str(named[-1]) if named else (output.strip().splitlines() or ["no reason given"])[-1]


def installation_mode() -> str | None:
    """trial, real, or None for an installation where nobody has chosen. Read without Django."""
    try:
        with psycopg.connect(**connection(os.environ, "app")) as link:
            row = link.execute("SELECT mode FROM base_installation").fetchone()
    except psycopg.errors.UndefinedTable as error:
        raise nothing_here(Home.of(os.environ)) from error
    return str(row[0]) if row else None


def nothing_here(home: Home) -> Failure:
    return Failure(f"there is no installation in {home.root}", f"{home.root} 还没有安装")


def _wait_for_answer() -> None:
    """The other copy may still be starting."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while True:
        try:
            psycopg.connect(**connection(os.environ, "app")).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return

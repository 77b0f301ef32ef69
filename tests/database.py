"""The real PostgreSQL of the test run: started by pytest, migrated once into a template, cloned for every worker."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from anju.config.database import DATABASE
from anju.config.embedded import SERVER_SETTINGS, Embedded
from anju.config.home import PROJECT, Home
from anju.config.schema import create_database, prepare
from tools.serving import SEED

SLOTS = PROJECT / "var" / "test"
# What a power cut may take is only a test's. Each worker stays connected to all its grounds: see `tests.grounds.use`.
LAX = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "100"}
SHARED_DEMO = "test_demo"  # what the first worker founded, for the others of this run
OTHER_MIGRATIONS = ("django", "django-allauth", "django-tasks-db")


def claim_slot() -> tuple[Home, IO[str]]:
    """A warm data folder nobody else is using: several test runs may share one checkout."""
    SLOTS.mkdir(parents=True, exist_ok=True)
    for number in range(100):
        lock = (SLOTS / f"{number}.lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        return Home(SLOTS / str(number)), lock
    raise RuntimeError(f"a hundred test runs at once in {SLOTS}?")


def start(home: Home) -> Embedded:
    SERVER_SETTINGS.update(LAX)
    server = Embedded(home)
    server.start()
    prepare(str(home.socket))
    _ensure_template(home)
    drop(home, SHARED_DEMO)  # an earlier run's: its days are past
    os.environ[SEED] = str(_ensure_seed(home, server))
    return server


def template_name() -> str:
    """Changes with anything a migration is made of, so that a warm template is never a stale one."""
    digest = hashlib.sha256()
    for package in OTHER_MIGRATIONS:
        digest.update(metadata.version(package).encode())
    source = PROJECT / "src" / "anju"
    parts = [*source.glob("*/migrations/*.py"), *source.glob("base/*.py"), *source.glob("config/schema.py")]
    for path in sorted(parts):
        digest.update(str(path.relative_to(source)).encode() + path.read_bytes())
    return f"template_{digest.hexdigest()[:16]}"


@contextmanager
def superuser(home: Home) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    with psycopg.connect(host=str(home.socket), user="postgres", dbname="postgres", autocommit=True) as link:
        yield link


def clone(home: Home, name: str, template: str | None = None) -> None:
    """A fresh copy of the migrated template, or of another database, in place of whatever bore the name."""
    with superuser(home) as link:
        _drop(link, name)
        create_database(link, name, template or template_name())


def exists(home: Home, name: str) -> bool:
    with superuser(home) as link:
        return link.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


@contextmanager
def by_one_worker(home: Home) -> Iterator[None]:
    """Wait until no other worker of this run is in here."""
    with (home.root / "workers.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def drop(home: Home, name: str) -> None:
    with superuser(home) as link:
        _drop(link, name)


def _drop(link: psycopg.Connection[tuple[Any, ...]], name: str) -> None:
    link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _ensure_template(home: Home) -> None:
    """All or nothing: built under another name and renamed when complete."""
    name, building = template_name(), "building"
    with superuser(home) as link:
        found = [str(row[0]) for row in link.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")]
        if name in found:
            return
        for old in found:
            if old.startswith(("template_", "test_", building)):
                _drop(link, old)
        create_database(link, building)
        _migrate(home, building)
        _rename(link, building, name)


def _ensure_seed(home: Home, server: Embedded) -> Path:
    """The data folder of an installation that has been migrated and where nobody has chosen anything yet."""
    seed = home.root / f"seed_{template_name()}"
    if seed.is_dir():
        return seed
    for old in home.root.glob("seed_*"):
        shutil.rmtree(old)
    with superuser(home) as link:
        _drop(link, DATABASE)
        _rename(link, template_name(), DATABASE)
    server.stop()
    building = home.root / "seed_building"
    subprocess.run(["cp", "-a", home.data, building], check=True)
    server.start()
    with superuser(home) as link:
        _rename(link, DATABASE, template_name())
    prepare(str(home.socket))
    return building.rename(seed)


def _rename(link: psycopg.Connection[tuple[Any, ...]], name: str, to: str) -> None:
    link.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(to)))


def _migrate(home: Home, database: str) -> None:
    address = f"postgresql:///{database}?host={home.socket}&user="
    env = {
        **os.environ,
        "ANJU_HOME": str(home.root),
        "ANJU_DATABASE_URL": address + "anju_app",
        "ANJU_DATABASE_OWNER_URL": address + "anju_owner",
        "ANJU_DB_ROLE": "owner",
        "DJANGO_SETTINGS_MODULE": "anju.config.settings",
    }
    command = [sys.executable, "-m", "anju.config.schema"]
    done = subprocess.run(command, env=env, cwd=Path.cwd(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the migrations failed:\n{done.stderr}")

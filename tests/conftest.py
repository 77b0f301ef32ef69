"""Every test runs against a real PostgreSQL as the runtime role, never as the owner of the tables.

Ordinary tests run in a transaction that is rolled back. Tests marked `django_db(transaction=True)` get a database of their
own, cloned from the migrated template: our append-only tables refuse the TRUNCATE that Django would clean up with.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from anju.config.home import Home

if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):  # beside the source, that is: a run starts hundreds of processes
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(__file__).parents[1] / "var" / "test" / "bytecode")
if prefix := os.environ.get("PYTHONPYCACHEPREFIX"):
    sys.dont_write_bytecode, sys.pycache_prefix = False, prefix

pytest.register_assert_rewrite("tests.grounds")  # before it is imported: it is a plugin too
from tests import database
from tests.grounds import GROUNDS, WORKER_DATABASE, leave, use
from tools.browser import CHROMIUM
from tools.serving import sown

IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
if not IS_WORKER:
    _home, _lock = database.claim_slot()  # the lock is held until this process ends
    for _name in [name for name in os.environ if name.startswith("ANJU_") and name != "ANJU_REAL_LISTS"]:
        del os.environ[_name]
    os.environ["ANJU_HOME"] = str(_home.root)
os.environ["DJANGO_SETTINGS_MODULE"] = "anju.config.settings"
HOME = Home.of(os.environ)
HOME.static.mkdir(parents=True, exist_ok=True)  # where a running house would have collected its files
_server = None if IS_WORKER else database.start(HOME)

import django
from django.conf import settings
from django.test import TransactionTestCase

settings.DATABASES["default"]["OPTIONS"].pop("pool")  # a clone cannot be dropped under a pool
TransactionTestCase._fixture_teardown = lambda self: None  # type: ignore[attr-defined]  # the whole clone is dropped instead
django.setup()

pytest_plugins = ["tests.grounds", "tests.people", "tests.browsing"]
LONGEST = ("test_case_matrix", "test_routes", "test_hostile_forms")
LONG = {name: place for place, name in enumerate(("stories", "proofs", "browser", "config", "web", "house"))}


def pytest_unconfigure() -> None:
    if _server is not None:
        _server.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests are skipped, loudly, where there is no browser; in CI its absence is a failure.

    What takes long begins first, so that no worker is left alone with it at the end.
    """
    items.sort(key=lambda item: (item.path.stem not in LONGEST, LONG.get(item.path.parent.name, len(LONG))))
    if CHROMIUM.exists():
        return
    if os.environ.get("CI") == "true" and any(item.get_closest_marker("browser") for item in items):
        raise pytest.UsageError(f"{CHROMIUM} is missing: CI must install it")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=f"NOT RUN: {CHROMIUM} is missing"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """In place of pytest-django's: a clone of the template for this worker."""
    database.clone(HOME, WORKER_DATABASE)
    with django_db_blocker.unblock():
        use(WORKER_DATABASE)
    yield
    leave(WORKER_DATABASE)
    database.drop(HOME, WORKER_DATABASE)


def _wants_own_database(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    transactional = bool(marker and (marker.kwargs.get("transaction") or (marker.args and marker.args[0])))
    return transactional or bool({"transactional_db", "live_server"} & set(request.fixturenames))


@pytest.fixture
def _own_database(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database a test runs in: the worker's, a ground that it asks for, or a copy of either for a test that commits."""
    asked = next((ground for fixtures, ground in GROUNDS.items() if {*fixtures} <= {*request.fixturenames}), "")
    ground = request.getfixturevalue(asked).name if asked else ""
    if not _wants_own_database(request) and not ground:
        yield
        return
    name = f"{WORKER_DATABASE}_own" if _wants_own_database(request) else ground
    if name != ground:
        leave(ground)
        database.clone(HOME, name, ground or None)
    with django_db_blocker.unblock():
        use(name)
        yield
        use(WORKER_DATABASE)
    if name != ground:
        leave(name)
        database.drop(HOME, name)


@pytest.fixture
def demo(db: None) -> None:
    """The demo county with everybody in it, as of now."""


@pytest.fixture
def _django_db_helper(_own_database: None, _django_db_helper: None) -> None:
    """pytest-django's own helper, entered after the database of a transactional test has been swapped in."""


@pytest.fixture
def owner_connection(db: None) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """The current test database as its owner sees it: what no server process may do, a test can prove here."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    with psycopg.connect(host=str(HOME.socket), user="anju_owner", dbname=name, autocommit=True) as link:
        yield link


@pytest.fixture
def fresh_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty ANJU_HOME for tests that start real processes; whatever still runs there afterwards is ended."""
    import psutil

    home = tmp_path / "var"
    monkeypatch.setenv("ANJU_HOME", str(home))
    yield home
    left = [found for found in psutil.process_iter(["cmdline"]) if _mentions(found, str(home))]
    for process in left:
        process.kill()
    psutil.wait_procs(left, 10)


@pytest.fixture
def sown_home(fresh_home: Path) -> Path:
    """A home with a migrated database where nobody has chosen anything: for tests of what comes after the first start."""
    return sown(fresh_home)


def _mentions(process: Any, home: str) -> bool:
    return home in " ".join(process.info["cmdline"] or [])

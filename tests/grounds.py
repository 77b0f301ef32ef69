"""Databases that are founded once a worker and stood on by many tests, each in a transaction that is undone or in a copy.

Founding a town takes a hundred times as long as beginning a transaction.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from anju.config.home import Home
from tests import database

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

WORKER_DATABASE = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
# The fixtures that a test asks for -> the ground that has what they make; what stands on another ground comes before it.
GROUNDS = {
    ("demo",): "demo_ground",
    ("place", "compounds"): "table_ground",
    ("place", "policy"): "cases_ground",
    ("place", "indicators"): "facts_ground",
    ("place",): "town_ground",
}


@dataclass(frozen=True)
class Ground:
    """The name of a database, and what was founded there. Tests take copies of that."""

    name: str
    held: Any


Found = Callable[..., Ground]


@pytest.fixture(scope="session")
def found(django_db_setup: None, django_db_blocker: Any) -> Iterator[Found]:
    """Return a function that founds a ground, on another or on nothing. They are dropped at the end."""
    from anju.base.installation import forget

    home, names = Home.of(os.environ), []

    def one(name: str, founding: Callable[[], Any], on: Ground | None = None) -> Ground:
        names.append(f"{WORKER_DATABASE}_{name}")
        if on:
            leave(on.name)
        database.clone(home, names[-1], on.name if on else None)
        with django_db_blocker.unblock():
            use(names[-1])
            try:
                held = founding()
            finally:
                forget()
                use(WORKER_DATABASE)
        return Ground(names[-1], held)

    yield one
    for name in names:
        leave(name)
        database.drop(home, name)


_open: "dict[str, BaseDatabaseWrapper]" = {}


def use(name: str) -> None:
    """Let this thread, and those that it starts, ask the database of that name; what it has asked before is still connected.

    A new connection knows nothing of the tables yet: to learn them takes PostgreSQL longer than most tests.
    """
    from django.db import connections

    connections.settings["default"]["NAME"] = name
    if name not in _open:
        _open[name] = connections.create_connection("default")
        _open[name].settings_dict = {**connections.settings["default"]}
    connections["default"] = _open[name]


def leave(name: str) -> None:
    """Hang up: a database that somebody is connected to can be neither copied nor dropped in peace."""
    if name in _open:
        _open.pop(name).close()


@pytest.fixture(scope="session")
def demo_ground(found: Found) -> Ground:
    """The demo county with everybody in it: founded by the worker that needs it first, copied by the others."""
    from django.utils import timezone

    from anju.accounts.services.setup import load_demo
    from anju.base.actor import SYSTEM

    home = Home.of(os.environ)
    with database.by_one_worker(home):
        if database.exists(home, database.SHARED_DEMO):
            return found("demo", lambda: None, Ground(database.SHARED_DEMO, None))
        first: Ground = found("demo", lambda: load_demo(actor=SYSTEM, at=timezone.now()))
        leave(first.name)
        database.clone(home, database.SHARED_DEMO, first.name)
        return first


@pytest.fixture(scope="session")
def town_ground(found: Found) -> Ground:
    """The small county town of `tests.people`: its places and its people."""
    from tests.people import make_people, make_place

    def founding() -> SimpleNamespace:
        place = make_place()
        return SimpleNamespace(place=place, people=make_people(place))

    return found("town", founding)


@pytest.fixture(scope="session")
def cases_ground(found: Found, town_ground: Ground) -> Ground:
    """The town with the workflow and the catalogue of matters."""
    from anju.base.actor import SYSTEM
    from anju.cases.services.loading import load_cases
    from tests.people import NOW

    return found("cases", lambda: load_cases(actor=SYSTEM, policy="demo", at=NOW), town_ground)


@pytest.fixture(scope="session")
def facts_ground(found: Found, town_ground: Ground) -> Ground:
    """The town with the indicators of the one table."""
    from anju.base.actor import SYSTEM
    from anju.registry.services.indicators import load_indicators
    from tests.people import NOW

    return found("facts", lambda: load_indicators(actor=SYSTEM, policy="demo", at=NOW), town_ground)

"""Questions composed once: the SQL is kept, the answer never is."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from anju.accounts.models import Recusal
from anju.base.actor import STRANGER, Actor
from anju.base.composed import composed, counted
from anju.places.models import Compound
from anju.places.queries.scoped import compounds_for
from tests.people import make_compound

COMPOSED: list[Actor] = []


@composed
def names(actor: Actor) -> "QuerySet[Any, tuple[str]]":
    COMPOSED.append(actor)
    return compounds_for(actor).order_by("id").values_list("name")


@pytest.fixture(autouse=True)
def _nothing_composed() -> None:
    COMPOSED.clear()


def test_composed_question_is_answered_anew_each_time(people: SimpleNamespace, place: SimpleNamespace) -> None:
    actor = people.town_officer.actor
    assert names(actor) == [("示例·碧水花园",)]
    make_compound("示例·新苑", place.community)
    assert names(actor) == [("示例·碧水花园",), ("示例·新苑",)]
    assert len(COMPOSED) <= 1


def test_composed_question_keeps_actors_apart(people: SimpleNamespace) -> None:
    mine, theirs = names(people.town_officer.actor), names(people.other_town_officer.actor)
    assert (mine, theirs) == ([("示例·碧水花园",)], [("示例·江畔名邸",)])
    assert names(people.town_officer.actor) == mine


def test_composed_question_that_can_have_no_rows_asks_nothing(people: SimpleNamespace) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert names(STRANGER) == []
    assert len(queries) == 0


def test_count_several_rows_in_one_query(place: SimpleNamespace) -> None:
    rows = {
        "all": lambda: Compound.objects.order_by("name"),
        "unmanaged": lambda: Compound.objects.filter(service_state="unmanaged").select_related("division"),
        "recusals": lambda: Recusal.objects.all(),
        "none": lambda: Compound.objects.none(),
        "not asked": lambda: 1 / 0,
    }
    with CaptureQueriesContext(connection) as queries:
        found = dict(counted(rows, ("none", "all", "unmanaged", "recusals")))  # type: ignore[arg-type]  # "not asked" is never built
    assert len(queries) == 1
    assert {"none": 0} | found == {"all": 2, "unmanaged": 1, "recusals": 0, "none": 0}

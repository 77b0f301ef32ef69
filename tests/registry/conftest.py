"""Indicators of the demo policy, and short ways to say something about a compound."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest

from anju.base.actor import SYSTEM, Actor
from anju.places.models import Compound
from anju.registry.models import Cell, Fact, Indicator, Source
from anju.registry.services.indicators import load_indicators
from anju.registry.services.statements import RANKS, Saying, record_statement
from anju.rules.lists.cells import read_cell
from anju.rules.lists.readings import Known
from tests.people import NOW, TODAY

Tell = Callable[..., Fact]


@pytest.fixture
def indicators(place: SimpleNamespace) -> dict[str, Indicator]:
    load_indicators(actor=SYSTEM, policy="demo", at=NOW)
    return {row.code: row for row in Indicator.objects.all()}


def source(kind: str = "survey", name: str = "") -> Source:
    return Source.objects.get_or_create(
        name=name or f"示例{kind}", defaults={"kind": kind, "rank": RANKS[kind], "created_at": NOW}
    )[0]


def saying(raw: str, type_: str) -> Saying:
    reading = read_cell(raw, type_, latest=TODAY.year)
    assert isinstance(reading, Known), reading
    return Saying(reading.value, raw)


@pytest.fixture
def tell(indicators: dict[str, Indicator]) -> Tell:
    """Return a function that records one value and returns its fact."""

    def one(actor: Actor, compound: Compound, code: str, raw: str, kind: str = "survey", on: date = TODAY) -> Fact:
        row = indicators[code]
        told = record_statement(
            actor=actor,
            compound=compound,
            source=source(kind),
            observed_on=on,
            sayings={row: saying(raw, row.type)},
            at=NOW,
        )
        return told.facts.get()

    return one


def cell(compound: Compound, code: str) -> Cell:
    return Cell.objects.get(compound=compound, indicator__code=code)

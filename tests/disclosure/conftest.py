"""Facts that two people stand behind, and short ways to let something be public."""

from collections.abc import Callable, Sequence
from datetime import date
from types import SimpleNamespace

import pytest

from anju.base.actor import Actor
from anju.disclosure.models import Card, Release
from anju.disclosure.services.releases import Place, decide_release, propose_release
from anju.places.models import Compound
from anju.registry.models import Fact, Indicator
from anju.registry.services.decisions import decide_fact
from anju.registry.services.statements import record_statement
from tests.people import NOW, TODAY
from tests.registry.conftest import indicators, saying, source

__all__ = ["indicators"]

Tell = Callable[..., Fact]
Release_ = Callable[..., list[Release]]
BASIS = "已按政府信息公开条例第十七条审查，不涉密、不含个人信息"


@pytest.fixture
def tell(indicators: dict[str, Indicator], people: SimpleNamespace) -> Tell:
    """Return a function that records a value and, unless told otherwise, has the reviewer confirm it."""

    def one(
        compound: Compound, code: str, raw: str, *, sure: bool = True, kind: str = "filing", on: date = TODAY
    ) -> Fact:
        row = indicators[code]
        told = record_statement(
            actor=people.bureau_officer.actor,
            compound=compound,
            source=source(kind),
            observed_on=on,
            sayings={row: saying(raw, row.type)},
            at=NOW,
        )
        fact = told.facts.get()
        if sure:
            decide_fact(actor=people.bureau_reviewer.actor, fact=fact, reason="已核对", at=NOW)
        return fact

    return one


@pytest.fixture
def release(indicators: dict[str, Indicator], people: SimpleNamespace) -> Release_:
    """Return a function that proposes as the officer and releases as the reviewer."""

    def some(place: Place, *items: str) -> list[Release]:
        row = propose_release(actor=people.bureau_officer.actor, place=place, items=items, basis=BASIS, at=NOW)
        verdict = decide_release(actor=people.bureau_reviewer.actor, proposal=row, agreed=True, at=NOW)
        return list(verdict.releases.all())

    return some


def proposed(actor: Actor, place: Place, items: Sequence[str]) -> object:
    return propose_release(actor=actor, place=place, items=items, basis=BASIS, at=NOW)


def code_of(compound: Compound) -> str:
    return Card.objects.get(compound=compound).code

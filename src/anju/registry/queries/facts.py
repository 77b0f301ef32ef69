"""What an actor may know of compounds. Every other query of the registry begins here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from anju.base.actor import Actor
from anju.places.models import Compound
from anju.places.queries.scoped import compounds_for
from anju.registry.models import Cell, Fact, Indicator, Statement
from anju.rules.lists.readings import Value
from anju.rules.lists.stored import Stored, restore
from anju.rules.permissions import Permission

VALUE = ("low", "high", "text", "form", "approximate")


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact as the history of a cell shows it, with who told it and whether it still counts."""

    pk: int
    statement: int
    value: Value
    raw: str
    note: str
    source: str
    observed_on: date
    recorder: str
    recorded_at: datetime
    withdrawn: bool


def cells_for(actor: Actor) -> "QuerySet[Cell]":
    if not actor.may(Permission.FACT_VIEW):
        return Cell.objects.none()
    if actor.scope.everything:
        return Cell.objects.all()
    return Cell.objects.filter(compound__in=compounds_for(actor).values("id"))


def facts_for(actor: Actor) -> "QuerySet[Fact]":
    if not actor.may(Permission.FACT_VIEW):
        return Fact.objects.none()
    if actor.scope.everything:
        return Fact.objects.all()
    return Fact.objects.filter(statement__compound__in=compounds_for(actor).values("id"))


def statements_for(actor: Actor) -> "QuerySet[Statement]":
    if not actor.may(Permission.FACT_VIEW):
        return Statement.objects.none()
    if actor.scope.everything:
        return Statement.objects.all()
    return Statement.objects.filter(compound__in=compounds_for(actor).values("id"))


def indicators_for(actor: Actor) -> "QuerySet[Indicator]":
    """Return what the one table asks today, in the policy's order."""
    return (
        Indicator.objects.filter(ended_on__isnull=True) if actor.may(Permission.FACT_VIEW) else Indicator.objects.none()
    )


def cells_of(actor: Actor, compound: Compound) -> "QuerySet[Cell]":
    rows = cells_for(actor).filter(compound=compound, indicator__ended_on__isnull=True)
    return rows.select_related("indicator", "source", "confirmed_by").order_by("indicator__position")


def proposed_facts(actor: Actor, indicator: Indicator, compounds: Iterable[int]) -> "QuerySet[Fact]":
    """Return the facts that the ranks of their sources propose for these compounds: what a whole column is decided by."""
    current = cells_for(actor).filter(indicator=indicator, compound__in=list(compounds), derived=False)
    return Fact.objects.filter(pk__in=current.values("fact_id")).order_by("pk")


def history_of_cell(actor: Actor, compound: Compound, indicator: Indicator) -> list[FactLine]:
    """Return everything ever said about one value of one compound, the newest first."""
    rows = (
        facts_for(actor)
        .filter(statement__compound=compound, indicator=indicator)
        .order_by("-statement__observed_on", "-id")
        .values_list(
            "id", "statement_id", *VALUE, "raw", "note", "statement__source__name", "statement__observed_on",
            "statement__recorder__name", "statement__recorded_at", "statement__withdrawal",
        )
    )  # fmt: skip
    return [_line(row, indicator.type) for row in rows]


def _line(row: tuple[Any, ...], type_: str) -> FactLine:
    pk, statement, low, high, text, form, approximate, raw, note, source, observed_on, recorder, at, withdrawn = row
    value = restore(Stored(low, high, text, form, approximate), type_)
    return FactLine(
        pk, statement, value, raw, note, source, observed_on, recorder or "", at, withdrawn=withdrawn is not None
    )

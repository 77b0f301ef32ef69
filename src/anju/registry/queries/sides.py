"""What each source says about a cell now, and everything that was ever said and decided about it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from anju.base.actor import Actor
from anju.places.models import Compound
from anju.registry.models import Decision, Fact, Indicator
from anju.registry.queries.facts import VALUE, cells_for, facts_for
from anju.registry.queries.settling import Pair, settled_cells
from anju.rules.lists.readings import Value
from anju.rules.lists.stored import Stored, restore


@dataclass(frozen=True, slots=True)
class Side:
    """What one source says. `own`: the actor recorded it; `recorder` and `post` say who did."""

    fact: int
    value: Value
    source: str
    observed_on: date
    recorder: str
    own: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One telling in the history of a cell: what, by whom, and whether it was taken back, when, by whom and why."""

    fact: int
    statement: int
    value: Value
    raw: str
    note: str
    source: str
    observed_on: date
    recorder: str
    own: bool
    at: datetime
    reason: str
    file: str
    line: int | None
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_reason: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """One decision about a cell: which value, by whom, why; `alone`: nobody else could have confirmed it."""

    at: datetime
    value: Value
    source: str
    by: str
    reason: str
    alone: bool


def sides_of(actor: Actor, pairs: Collection[Pair]) -> dict[Pair, list[Side]]:
    """Return what the sources say about each of these cells, the proposed first; five queries, whatever the rows."""
    seen = set(
        cells_for(actor).filter(compound__in={pair[0] for pair in pairs}).values_list("compound_id", "indicator_id")
    )
    settled = settled_cells(set(pairs) & seen)
    live = [told.pk for state in settled.values() for told in state.live]
    facts = Fact.objects.filter(pk__in=live).select_related("indicator", "statement__source", "statement__recorder")
    known = {fact.pk: _side(actor, fact) for fact in facts}
    return {pair: [known[told.pk] for told in state.live] for pair, state in settled.items()}


def _side(actor: Actor, fact: Fact) -> Side:
    told = fact.statement
    return Side(
        fact.pk, value_of_row(fact, fact.indicator.type), told.source.name, told.observed_on,
        told.recorder.name if told.recorder else "", told.recorder_id is not None and told.recorder_id == actor.user_id,
    )  # fmt: skip


def value_of_row(row: object, type_: str) -> Value:
    """Return the value that a fact or a cell keeps."""
    return restore(Stored(*(getattr(row, name) for name in VALUE)), type_)


def everything_said(actor: Actor, compound: Compound, indicator: Indicator) -> list[Said | Settlement]:
    """Return every telling and every decision about one cell, the newest first. Nothing that was said is ever left out."""
    rows = facts_for(actor).filter(statement__compound=compound, indicator=indicator)
    rows = rows.select_related(
        "statement__source", "statement__recorder", "statement__list_import", "statement__withdrawal__by"
    )
    said: list[Said | Settlement] = [_said(actor, row, indicator.type) for row in rows]
    if not said:
        return []
    decided = Decision.objects.filter(compound=compound, indicator=indicator)
    for row in decided.select_related("by", "fact__statement__source"):
        value, source = value_of_row(row.fact, indicator.type), row.fact.statement.source.name
        said.append(Settlement(row.at, value, source, row.by.name if row.by else "", row.reason, row.alone))
    return sorted(said, key=lambda one: (one.at, isinstance(one, Settlement), getattr(one, "fact", 0)), reverse=True)


def _said(actor: Actor, row: Fact, type_: str) -> Said:
    told, back = row.statement, getattr(row.statement, "withdrawal", None)
    return Said(
        row.pk, told.pk, value_of_row(row, type_), row.raw, row.note, told.source.name, told.observed_on,
        told.recorder.name if told.recorder else "", told.recorder_id is not None and told.recorder_id == actor.user_id,
        told.recorded_at, told.reason, told.list_import.file_name if told.list_import else "", told.line,
        back.at if back else None, back.by.name if back and back.by else "", back.reason if back else "",
    )  # fmt: skip

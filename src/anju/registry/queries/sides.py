"""What each source says about a cell now, and everything that was ever said and decided about it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from anju.accounts.models import Post
from anju.base.actor import Actor
from anju.places.models import Compound
from anju.registry.models import Decision, Fact, Indicator, Statement, Withdrawal
from anju.registry.queries.facts import VALUE, cells_for, facts_for
from anju.registry.queries.settling import Pair, settled_cells
from anju.rules.lists.readings import Value
from anju.rules.lists.stored import Stored, restore
from anju.rules.permissions import Permission


@dataclass(frozen=True, slots=True)
class Side:
    """What one source says. `own`: the actor recorded it; `by` is who did."""

    fact: int
    value: Value
    source: str
    observed_on: date
    by: str
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
    by: str
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
    facts = Fact.objects.filter(pk__in=live).select_related("indicator", "statement__source")
    who = names_of_posts(actor, (fact.statement.recorder_post for fact in facts))
    known = {fact.pk: _side(actor, fact, who) for fact in facts}
    return {pair: [known[told.pk] for told in state.live] for pair, state in settled.items()}


def names_of_posts(actor: Actor, posts: Iterable[int | None]) -> dict[int | None, str]:
    """Return who acted in these posts: the unit, and the person's name for those who may see posts."""
    rows = Post.objects.filter(pk__in={pk for pk in posts if pk is not None})
    named = actor.may(Permission.POST_VIEW)
    told = rows.values_list("id", "user__name", "organisation__name")
    return {pk: f"{person}，{body}" if named else body for pk, person, body in told}


def _side(actor: Actor, fact: Fact, who: dict[int | None, str]) -> Side:
    told = fact.statement
    value, own = value_of_row(fact, fact.indicator.type), _own(actor, told)
    return Side(fact.pk, value, told.source.name, told.observed_on, who.get(told.recorder_post, ""), own)


def _own(actor: Actor, told: Statement) -> bool:
    return told.recorder_id is not None and told.recorder_id == actor.user_id


def value_of_row(row: object, type_: str) -> Value:
    """Return the value that a fact or a cell keeps."""
    return restore(Stored(*(getattr(row, name) for name in VALUE)), type_)


def everything_said(actor: Actor, compound: Compound, indicator: Indicator) -> list[Said | Settlement]:
    """Return every telling and every decision about one cell, the newest first. Nothing that was said is ever left out."""
    rows = facts_for(actor).filter(statement__compound=compound, indicator=indicator)
    rows = rows.select_related("statement__source", "statement__list_import", "statement__withdrawal")
    decided = Decision.objects.filter(compound=compound, indicator=indicator).select_related("fact__statement__source")
    backs = [back.by_post for row in rows if (back := _back(row))]
    who = names_of_posts(
        actor, [*(row.statement.recorder_post for row in rows), *(row.by_post for row in decided), *backs]
    )
    said: list[Said | Settlement] = [_said(actor, row, indicator.type, who) for row in rows]
    said += [_settlement(row, indicator.type, who) for row in decided] if said else []
    return sorted(said, key=lambda one: (one.at, isinstance(one, Settlement), getattr(one, "fact", 0)), reverse=True)


def _settlement(row: Decision, type_: str, who: dict[int | None, str]) -> Settlement:
    told = row.fact.statement
    return Settlement(
        row.at, value_of_row(row.fact, type_), told.source.name, who.get(row.by_post, ""), row.reason, row.alone
    )


def _back(row: Fact) -> Withdrawal | None:
    return getattr(row.statement, "withdrawal", None)


def _said(actor: Actor, row: Fact, type_: str, who: dict[int | None, str]) -> Said:
    told, back = row.statement, _back(row)
    return Said(
        row.pk, told.pk, value_of_row(row, type_), row.raw, row.note, told.source.name, told.observed_on,
        who.get(told.recorder_post, ""), _own(actor, told), told.recorded_at, told.reason,
        told.list_import.file_name if told.list_import else "", told.line,
        back.at if back else None, who.get(back.by_post, "") if back else "", back.reason if back else "",
    )  # fmt: skip

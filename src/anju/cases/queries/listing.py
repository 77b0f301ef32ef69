"""The list of cases: what is due first, a page at a time, as plain values. Asked within what the actor may see."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from anju.base.actor import Actor
from anju.base.composed import composed
from anju.cases.models import Case, CaseTask
from anju.cases.queries.parties import OUTSIDERS, cases_about, outside_for, with_places
from anju.cases.queries.scoped import cases_for, of_units
from anju.places.models import Compound
from anju.rules.cases.numbers import BadNumber, read_number

PAGE: Final = 50
OPEN: Final = ("open", "waiting")
_ROW: Final = (
    "id", "number", "type", "matter__name", "compound__name", "compound_id", "spot", "urgency", "state", "lead__name",
    "due_at", "due_clock", "provisional", "level", "joined", "nudges", "filed_at", "version", "lookup_digest",
    "outside",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CasesSought:
    """`view`: "" all that is open, mine (given to the actor's unit), late, waiting for the actor's part of the process, ended."""

    type: str = ""
    view: str = ""
    state: str = ""
    urgency: str = ""
    text: str = ""
    compound: Compound | None = None


@dataclass(frozen=True, slots=True)
class CasePage:
    """`after` is the id to go on from, None at the end."""

    rows: list[dict[str, Any]]
    after: int | None


def find_cases(actor: Actor, sought: CasesSought, at: datetime) -> "QuerySet[Case]":
    return _found(actor, sought, _late(sought, at))


def _found(actor: Actor, sought: CasesSought, late: datetime | None) -> "QuerySet[Case]":
    found = cases_for(actor)
    found = found.exclude(kind__in=OPEN) if sought.view == "ended" else found.filter(kind__in=OPEN)
    if sought.view == "mine":
        own = CaseTask.objects.filter(of_units(_own_units(actor)), case=OuterRef("pk"), state="open")
        found = found.filter(Exists(own))
    if late:
        found = found.filter(due_at__lte=late)
    plain = {"type": sought.type, "state": sought.state, "urgency": sought.urgency}
    found = found.filter(**{name: value for name, value in plain.items() if value})
    if sought.compound:
        found = found.filter(compound=sought.compound)
    return found.filter(_said(actor, sought.text)) if sought.text else found


def _own_units(actor: Actor) -> list[int]:
    return [actor.organisation_id] if actor.organisation_id else []


def _said(actor: Actor, text: str) -> Q:
    """A number, or part of a compound's or matter's name, or of the spot where it may be read whole. Never of what the reporter wrote."""
    try:
        return Q(number=str(read_number(text)))
    except BadNumber:
        found = Q(compound__name__contains=text) | Q(compound__initials__startswith=text.lower())
        found |= Q(matter__name__contains=text)
        if actor.organisation_id is None or not searches_spots(actor):
            return found
        return found | Q(spot__contains=text) & ~Q(pk__in=cases_about(actor.organisation_id))


def searches_spots(actor: Actor) -> bool:
    """Say whether the actor's search looks at the spot (3幢2单元天台) too: not for those who may not read it whole."""
    return actor.role not in OUTSIDERS and actor.organisation_id is not None


def case_page(actor: Actor, sought: CasesSought, at: datetime, *, after: int | None = None) -> CasePage:
    """Return one page by its end, those without an end last; `after` is the last row of the page before."""
    late = _late(sought, at)
    mark = _mark(actor, sought, late, after) if after is not None else []
    rows = [dict(zip(_ROW, row, strict=True)) for row in _page(actor, sought, late, mark[0] if mark else None)]
    shown = with_places(rows[:PAGE])
    return CasePage(shown, shown[-1]["id"] if len(rows) > PAGE else None)


def count_by_type(actor: Actor, sought: CasesSought, at: datetime) -> dict[str, int]:
    """Return how many of each type there are, whatever type is sought."""
    return dict(_counts(actor, replace(sought, type=""), _late(sought, at)))


def _late(sought: CasesSought, at: datetime) -> datetime | None:
    """The moment, where it is asked for: questions that do not look at the clock are the same all day."""
    return at if sought.view == "late" else None


@composed
def _page(
    actor: Actor, sought: CasesSought, late: datetime | None, mark: tuple[datetime | None, int] | None
) -> "QuerySet[Case, Any]":
    found = _found(actor, sought, late).annotate(outside=outside_for(actor))
    if mark:
        found = found.filter(_beyond(*mark))
    return found.order_by(F("due_at").asc(nulls_last=True), "id").values_list(*_ROW)[: PAGE + 1]


@composed
def _mark(actor: Actor, sought: CasesSought, late: datetime | None, after: int) -> "QuerySet[Case, Any]":
    return _found(actor, sought, late).filter(pk=after).values_list("due_at", "pk")


@composed
def _counts(actor: Actor, sought: CasesSought, late: datetime | None) -> "QuerySet[Case, Any]":
    return _found(actor, sought, late).order_by().values_list("type").annotate(count=Count("*"))


def _beyond(due: datetime | None, pk: int) -> Q:
    if due is None:
        return Q(due_at=None, id__gt=pk)
    return Q(due_at__gt=due) | Q(due_at=due, id__gt=pk) | Q(due_at=None)

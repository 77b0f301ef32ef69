"""What the engine judges a case by: its book, and its facts as the fold of its events."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from anju.base.composed import composed
from anju.base.queries.calendar import calendar_in_force
from anju.cases.models import Case, CaseEvent, UnitCode
from anju.cases.queries.catalogue import limits_for, workflow_of_case
from anju.places.models import Organisation
from anju.rules.cases.book import Book
from anju.rules.cases.counting import Counting
from anju.rules.cases.engine import fold
from anju.rules.cases.facts import Event, Facts
from anju.rules.cases.stored import read_event
from anju.rules.cases.workflow import Urgency, Workflow
from anju.rules.periods import UnknownYear

if TYPE_CHECKING:
    from django.db.models import QuerySet


def book_of(workflow: Workflow, case: Case | None = None) -> tuple[Book, Counting]:
    """Return the book, and the counting beneath it that knows which ends were provisional. A case keeps its matter's limit."""
    counting = Counting(calendar_in_force())
    bureau = bureau_units(workflow.recusal.bureau)
    return Book(workflow, counting.deadline, counting.resumed, bureau, limits_for(case)), counting


def bureau_units(code: str) -> frozenset[str]:
    """Return the ids of the body with this code and of the offices that are part of it, as the rules write them."""
    return frozenset(str(pk) for pair in _with_offices(code) for pk in pair if pk)


@composed
def _with_offices(code: str) -> "QuerySet[Any, tuple[int, int | None]]":
    own = UnitCode.objects.filter(code=code).values("organisation_id")
    return Organisation.objects.filter(pk__in=own).values_list("pk", "children__pk")


def units_of(organisation_id: int | None) -> frozenset[str]:
    """Return the units somebody of this organisation acts as: his own and those it is part of."""
    found: list[str] = []
    while organisation_id is not None and str(organisation_id) not in found:
        found.append(str(organisation_id))
        organisation_id = Organisation.objects.values_list("parent_id", flat=True).get(pk=organisation_id)
    return frozenset(found)


def events_of(case: Case) -> Iterator[Event]:
    for body in CaseEvent.objects.filter(case=case).order_by("seq").values_list("body", flat=True):
        yield read_event(json.loads(body))


def facts_of(case: Case, workflow: Workflow) -> Facts:
    return fold(workflow, events_of(case))


def events_of_each(cases: Iterable[Case]) -> dict[int, list[Event]]:
    """Return the events of several cases, by id, in one query."""
    found: dict[int, list[Event]] = {case.pk: [] for case in cases}
    rows = CaseEvent.objects.filter(case__in=found).order_by("case_id", "seq")
    for pk, body in rows.values_list("case_id", "body"):
        found[pk].append(read_event(json.loads(body)))
    return found


def latest_end(case: Case, transition: str, at: datetime) -> datetime | None:
    """Return the latest end that an act at this moment may set (整改、挂账), None where it sets none or it cannot be counted."""
    workflow = workflow_of_case(case)
    clock = next((one for one in workflow.clocks.values() if one.given and transition in one.start), None)
    if clock is None:
        return None
    book, _ = book_of(workflow, case)
    longest = book.limit(clock.code, case.type, case.matter.code, Urgency(case.urgency))
    try:
        return book.end(at, longest) if longest else None
    except UnknownYear:
        return None

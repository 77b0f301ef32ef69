"""What of the cases is due for one actor: given to his unit, waiting for his part of the process, his quiet numbers."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from anju.accounts.queries.today import EACH, Task
from anju.base.actor import Actor
from anju.base.composed import Rows, composed
from anju.cases.models import Case, CaseParty, CaseRequest, CaseTask
from anju.cases.queries.parties import outside_for, with_places
from anju.cases.queries.scoped import cases_for, of_units
from anju.rules.permissions import Permission


class Kind(StrEnum):
    """What is to be done with a case by somebody of this post."""

    GIVEN = "case_given"
    ACCEPT = "case_accept"
    DISPATCH = "case_dispatch"
    VERIFY = "case_verify"
    GRANT = "case_grant"
    RULE = "case_rule"


_COUNTY, _SUPERVISORS = ("bureau_officer",), ("bureau_reviewer", "county_supervisor")
_VERIFIERS = ("community_worker", "town_officer")
_COLUMNS = (
    "waits_as", "total", "place", "id", "number", "matter__name", "spot", "lookup_digest", "outside", "compound__name",
    "due_at",
)  # fmt: skip
_FOR = {
    Kind.ACCEPT: (*_COUNTY, *_VERIFIERS),
    Kind.DISPATCH: _COUNTY,
    Kind.VERIFY: (*_VERIFIERS, "county_supervisor"),
    Kind.GRANT: (*_COUNTY, *_SUPERVISORS),
    Kind.RULE: _SUPERVISORS,
}


def tasks_for(actor: Actor) -> Iterator[Task]:
    if not actor.may(Permission.CASE_VIEW):
        return
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in _waiting(actor)]
    for row in with_places(rows):
        day = timezone.localdate(row["due_at"] - timedelta(seconds=1)) if row["due_at"] else None
        what = f"{row['spot']} {row['matter__name']}".strip()
        yield Task(row["waits_as"], row["id"], due=day, what=what, place=row["compound__name"], other=row["number"])
        if row["place"] == EACH and row["total"] > EACH:
            yield Task(row["waits_as"], left=row["total"] - EACH)


def kinds_for(role: str) -> tuple[Kind, ...]:
    """Return what may wait for a post of this role."""
    return tuple(kind for kind in Kind if role in _FOR.get(kind, (role,)))


@composed
def _waiting(actor: Actor) -> "QuerySet[Any, Any]":
    """The first of each kind by their end, with the number of all: one query."""
    first, *others = (_first(actor, kind) for kind in kinds_for(actor.role))
    return first.union(*others, all=True) if others else first


def _first(actor: Actor, kind: Kind) -> "QuerySet[Any, Any]":
    order = (F("due_at").asc(nulls_last=True), F("id").asc())
    found = rows_of(actor, kind).annotate(
        waits_as=Value(kind.value),
        total=Window(Count("pk")),
        place=Window(RowNumber(), order_by=order),
        outside=outside_for(actor),
    )
    return found.order_by(*order).values_list(*_COLUMNS)[:EACH]


def rows_of(actor: Actor, kind: Kind) -> "QuerySet[Case]":
    found = cases_for(actor).filter(kind__in=("open", "waiting"))
    match kind:
        case Kind.GIVEN:
            units = of_units([actor.organisation_id] if actor.organisation_id else [])
            own = CaseTask.objects.filter(units, case=OuterRef("pk"), state="open")
            return found.filter(Exists(own)).exclude(state__in=("verifying", "feedback"))
        case Kind.ACCEPT:
            return found.filter(state="submitted")
        case Kind.DISPATCH:
            return found.filter(state="accepted")
        case Kind.VERIFY:
            return _to_verify(actor, found.filter(state="verifying"))
        case Kind.GRANT:
            return found.filter(Exists(CaseRequest.objects.filter(case=OuterRef("pk"), decision="")))
        case Kind.RULE:
            ruling = CaseTask.objects.filter(case=OuterRef("pk"), kind="ruling", state="open")
            return found.filter(state="feedback").filter(Exists(ruling))


def _to_verify(actor: Actor, found: "QuerySet[Case]") -> "QuerySet[Case]":
    """Leave what this post may verify, as `separation.verifier_apart` has it: nobody his own unit's work, no community that of 县住建局.

    A supervisor is left what nobody nearby may: the work of 县住建局 and the town together.
    """
    own = of_units([actor.organisation_id] if actor.organisation_id else [])
    bureau = Exists(_did(Q(unit__kind="bureau"))) | Exists(
        CaseParty.objects.filter(case=OuterRef("pk"), role="respondent", organisation__kind="bureau")
    )
    match actor.role:
        case "town_officer":
            return found.exclude(Exists(_did(own)))
        case "community_worker":
            return found.exclude(Exists(_did(own)) | bureau)
        case _:
            return found.filter(bureau & Exists(_did(Q(unit__kind="town"))))


def _did(units: Q) -> "QuerySet[CaseTask]":
    """Tasks of these units that they do or have done; who gave a case back has not worked on it."""
    done = CaseTask.objects.filter(units, kind__in=("lead", "helpers", "dissuade"), state__in=("open", "done"))
    return done.filter(case=OuterRef("pk"))


def numbers_of(actor: Actor, on: date) -> Rows:
    """The cases open, and those past their end at the beginning of the day."""
    begins = timezone.make_aware(datetime.combine(on, time()))
    return {
        "cases_open": lambda: cases_for(actor).filter(kind__in=("open", "waiting")),
        "cases_late": lambda: cases_for(actor).filter(Q(kind__in=("open", "waiting")), due_at__lte=begins),
    }

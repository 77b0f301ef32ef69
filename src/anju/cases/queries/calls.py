"""The call list: whom to telephone because no short message can be sent. Of the cases an actor may see and may reveal the reporter of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat

from anju.base.actor import Actor
from anju.base.models import Notice
from anju.base.outbox import call_list
from anju.cases.models import Case, CaseParty
from anju.cases.queries.reckoning import units_of
from anju.cases.queries.scoped import cases_for
from anju.rules.permissions import Permission

MOST: Final = 200
_ABOUT: Final = "case:"


@dataclass(frozen=True, slots=True)
class Call:
    """One call to make. `phone` is whole: a door shows it masked, or notes that it showed it."""

    pk: int
    number: str
    compound: str
    template: str
    values: dict[str, str | int]
    phone: str
    urgent: bool
    since: datetime


def calls_for(actor: Actor, *, at: datetime) -> "QuerySet[Notice]":
    """Return the calls that are the actor's to make. A unit that the case is about never gets its reporter's number."""
    if not actor.may(Permission.CASE_REVEAL):
        return Notice.objects.none()
    own = [int(unit) for unit in units_of(actor.organisation_id)]
    about_own = CaseParty.objects.filter(role=CaseParty.Role.RESPONDENT, organisation__in=own).values("case")
    cases = cases_for(actor).exclude(pk__in=about_own).order_by()
    names = cases.annotate(about=Concat(Value(_ABOUT), Cast("pk", CharField()))).values("about")
    return call_list(at=at).filter(about__in=names).exclude(phone="")


def call_rows(actor: Actor, *, at: datetime) -> list[Call]:
    """Return the first calls of the list, the urgent and the oldest first."""
    notices = list(calls_for(actor, at=at)[:MOST])
    pks = [int(one.about.removeprefix(_ABOUT)) for one in notices]
    known = {row.pk: row for row in Case.objects.filter(pk__in=pks).select_related("compound")}
    return [_row(one, known[pk]) for one, pk in zip(notices, pks, strict=True)]


def _row(notice: Notice, case: Case) -> Call:
    return Call(
        pk=notice.pk,
        number=case.number,
        compound=case.compound.name,
        template=notice.template,
        values=notice.values,
        phone=notice.phone,
        urgent=notice.urgent,
        since=notice.queued_at,
    )

"""今日: corrections that are owed a reply and those whose right value waits for a second person, proposals that wait for a reviewer."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, DateField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from anju.accounts.queries.today import EACH, Task
from anju.base.actor import Actor
from anju.base.composed import composed
from anju.disclosure.models import ReleaseProposal
from anju.disclosure.queries.corrections import unconfirmed_corrections, waiting_corrections
from anju.rules.permissions import Permission


class Kind(StrEnum):
    CORRECTION = "correction"
    CONFIRM = "correction_confirm"
    RELEASE = "release"


class Due(NamedTuple):
    """One row of the one query. `ref`: the town that answers, or the fact to confirm."""

    kind: str
    pk: int
    place: str
    what: str
    due: date | None
    since: datetime
    ref: int | None


def tasks_for(actor: Actor, at: datetime) -> Iterator[Task]:
    """Yield what is due. A town's corrections are its own; the bureau sees those that have no town and those that are late."""
    if not any(actor.may(permission) for permission in _ASKED):
        return
    today = timezone.localdate(at)
    rows = [row for row in (Due(*one) for one in _due(actor)) if _concerns(actor, row, today)]
    for kind in Kind:
        of_kind = sorted((row for row in rows if row.kind == kind), key=lambda row: (row.due or date.max, row.since))
        yield from (_task(row) for row in of_kind[:EACH])
        if len(of_kind) > EACH:
            yield Task(kind, left=len(of_kind) - EACH)


def _task(row: Due) -> Task:
    since = timezone.localdate(row.since)
    if row.kind == Kind.RELEASE:
        return Task(row.kind, row.pk, since=since, place=row.place, other=row.what)
    body = row.ref if row.kind == Kind.CONFIRM else None
    return Task(row.kind, row.pk, due=row.due, since=since, what=row.what, place=row.place, body=body)


def _concerns(actor: Actor, row: Due, today: date) -> bool:
    if row.kind != Kind.CORRECTION:
        return True
    late = row.due is not None and row.due < today
    return row.ref is None or late if actor.scope.everything else row.ref is not None


@composed
def _due(actor: Actor) -> "QuerySet[Any, Any]":
    parts = [ask(actor) for permission, ask in _ASKED.items() if actor.may(permission)]
    return parts[0].union(*parts[1:], all=True)


def _corrections(actor: Actor) -> "QuerySet[Any, Any]":
    rows = waiting_corrections(actor).select_related(None)[:_MOST]
    columns = ("id", "compound__name", "indicator__name", "due_on", "asked_at", "held_by")
    return rows.values_list(Value(Kind.CORRECTION.value), *columns)


def _facts(actor: Actor) -> "QuerySet[Any, Any]":
    where = ("statement__compound_id", "statement__compound__name", "indicator__name")
    rows = unconfirmed_corrections(actor).order_by("id")[:_MOST]
    return rows.values_list(Value(Kind.CONFIRM.value), *where, _NO_DAY, "statement__recorded_at", "id")


def _proposals(actor: Actor) -> "QuerySet[Any, Any]":
    rows = ReleaseProposal.objects.filter(verdict__isnull=True).exclude(by=actor.user_id).order_by("id")[:_MOST]
    place = Coalesce("compound__name", "division__name")
    return rows.values_list(Value(Kind.RELEASE.value), "id", place, "by__name", _NO_DAY, "at", _NO_REF)


_MOST = 200
_NO_DAY = Cast(Value(None), DateField())
_NO_REF = Cast(Value(None), BigIntegerField())
_ASKED = {
    Permission.CORRECTION_ANSWER: _corrections,
    Permission.FACT_CONFIRM: _facts,
    Permission.RELEASE_GRANT: _proposals,
}

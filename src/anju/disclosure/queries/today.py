"""今日: corrections that are owed a reply and those whose right value waits for a second person, proposals that wait for a reviewer."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
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


def tasks_for(actor: Actor, at: datetime) -> Iterator[Task]:
    """Yield what is due. A town's corrections are its own; the bureau sees those that have no town and those that are late."""
    today = timezone.localdate(at)
    if actor.may(Permission.CORRECTION_ANSWER):
        rows = [row for row in _corrections(actor) if _concerns(actor, row, today)]
        for pk, compound, item, due, asked_at, _ in rows[:EACH]:
            since = timezone.localdate(asked_at)
            yield Task(Kind.CORRECTION, pk, due=due, since=since, what=item, place=compound)
        if len(rows) > EACH:
            yield Task(Kind.CORRECTION, left=len(rows) - EACH)
    facts = _facts(actor) if actor.may(Permission.FACT_CONFIRM) else []
    for fact, compound, name, item, recorded_at in facts[:EACH]:
        since = timezone.localdate(recorded_at)
        yield Task(Kind.CONFIRM, compound, since=since, what=item, place=name, body=fact)
    if actor.may(Permission.RELEASE_GRANT):
        waiting = _proposals(actor)
        for pk, proposed_at, by, division, compound in waiting[:EACH]:
            since = timezone.localdate(proposed_at)
            yield Task(Kind.RELEASE, pk, since=since, place=compound or division or "", other=by)
        if len(waiting) > EACH:
            yield Task(Kind.RELEASE, left=len(waiting) - EACH)


def _concerns(actor: Actor, row: Any, today: Any) -> bool:
    _, _, _, due, _, town = row
    return not actor.scope.everything or town is None or (due is not None and due < today)


@composed
def _corrections(actor: Actor) -> "QuerySet[Any, Any]":
    rows = waiting_corrections(actor).select_related(None)
    return rows.values_list("id", "compound__name", "indicator__name", "due_on", "asked_at", "town_id")[:200]


@composed
def _facts(actor: Actor) -> "QuerySet[Any, Any]":
    rows = unconfirmed_corrections(actor).order_by("id")
    told = ("statement__compound_id", "statement__compound__name", "indicator__name", "statement__recorded_at")
    return rows.values_list("id", *told)[:EACH]


@composed
def _proposals(actor: Actor) -> "QuerySet[Any, Any]":
    rows = ReleaseProposal.objects.filter(verdict__isnull=True).exclude(by=actor.user_id).order_by("id")
    return rows.values_list("id", "at", "by__name", "division__name", "compound__name")[:200]

"""Recording that somebody keeps out of everything about one organisation or compound (回避), and ending it."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from anju.accounts.models import Recusal, User
from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.places.models import Compound, Organisation
from anju.rules.permissions import Permission

_FIELDS = ("user", "organisation", "compound", "starts_on", "ends_on")


def record_recusal(
    *,
    actor: Actor,
    person: User,
    organisation: Organisation | None = None,
    compound: Compound | None = None,
    reason: str,
    starts_on: date,
    ends_on: date | None = None,
    at: datetime,
) -> Recusal:
    """Record a recusal: one's own, or as whoever appoints posts anybody's. `ends_on` is the first day it no longer holds."""
    own = person.pk == actor.user_id
    actor.require(Permission.POST_RECUSE if own else Permission.POST_APPOINT)
    if (organisation is None) == (compound is None):
        raise Refused("recusal.one_subject")
    if ends_on is not None and ends_on <= starts_on:
        raise Refused("recusal.dates")
    row = Recusal(user=person, organisation=organisation, compound=compound, starts_on=starts_on, ends_on=ends_on)
    row.reason, row.recorded_by_id, row.recorded_at = reason, actor.user_id, at
    with transaction.atomic():
        row.save(force_insert=True)
        change = audit.difference({}, audit.snapshot(row, _FIELDS))
        audit.record(actor=actor, action="recusal.recorded", subject=row, change=change, at=at)
    return row


def end_recusal(*, actor: Actor, recusal: Recusal, at: datetime) -> Recusal:
    """End a recusal today. Nobody lifts their own: that would be deciding in one's own case."""
    actor.require(Permission.POST_APPOINT)
    today = timezone.localdate(at)
    with transaction.atomic():
        row = Recusal.objects.select_for_update().get(pk=recusal.pk)
        if row.user_id == actor.user_id:
            raise Refused("recusal.end_own")
        if row.ends_on is not None and row.ends_on <= today:
            raise Refused("recusal.already_ended")
        before = audit.snapshot(row, _FIELDS)
        row.ends_on = max(today, row.starts_on)
        row.save(update_fields=["ends_on"])
        change = audit.difference(before, audit.snapshot(row, _FIELDS))
        audit.record(actor=actor, action="recusal.ended", subject=row, change=change, at=at)
    return row

"""Confirming a year of the working-day calendar. Here and not in `base`, because who may depends on who else holds a post."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from anju.accounts.queries.separation import holdings_on
from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.base.models import CalendarYear
from anju.base.queries.calendar import days_of, newest_version
from anju.base.services.calendar import Head, write_version
from anju.rules.permissions import Permission
from anju.rules.separation import Area, deciders
from anju.rules.workdays.years import YearTable, missing_holidays


@transaction.atomic
def confirm_year(*, actor: Actor, year: int, based_on: int, at: datetime) -> CalendarYear:
    """Put the newest version of a year in force. Nobody confirms what they entered where somebody else could."""
    actor.require(Permission.CALENDAR_CONFIRM)
    row = newest_version(year)
    if row is None or row.version != based_on:
        raise Refused("calendar.changed", year=year)
    if row.confirmed:
        raise Refused("calendar.already_confirmed", year=year)
    if not row.region_known:
        raise Refused("calendar.region_unset", year=year)
    if missing := missing_holidays(YearTable(year, tuple(days_of(row)), confirmed=False)):
        raise Refused(
            "calendar.holidays_missing", year=year, days="、".join(f"{day.month}月{day.day}日" for day in missing)
        )
    alone = actor.user_id in editors_of(row)
    if alone and _another_could(actor, at):
        raise Refused("calendar.confirm_own")
    done = write_version(
        actor=actor,
        year=year,
        based_on=based_on,
        days=days_of(row),
        head=Head(row.region_known, row.cite, row.note),
        change="确认",
        at=at,
        confirmed=True,
    )
    note = {"year": year, "version": done.version, "alone": alone}
    audit.record(actor=actor, action="calendar.confirmed", subject=done, note=note, at=at)
    return done


def editors_of(row: CalendarYear) -> frozenset[int]:
    """Return who made the versions since the last confirmed one."""
    versions = CalendarYear.objects.filter(year=row.year, version__lte=row.version)
    last = versions.filter(confirmed=True).order_by("-version").values_list("version", flat=True).first() or 0
    made = versions.filter(version__gt=last, user_id__isnull=False)
    return frozenset(user for user in made.values_list("user_id", flat=True) if user is not None)


def _another_could(actor: Actor, at: datetime) -> bool:
    assert actor.user_id is not None
    return bool(deciders(Area.BUSINESS, holdings_on(timezone.localdate(at)), proposer=actor.user_id))

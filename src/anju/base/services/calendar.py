"""Writing the working-day calendar: every change is a whole new version of one year, and nothing is confirmed by it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.base.models import CalendarDay, CalendarHours, CalendarYear
from anju.base.queries.calendar import days_of, newest_version
from anju.rules.permissions import Permission
from anju.rules.workdays.hours import BadHours, OfficeHours
from anju.rules.workdays.notice import BadNotice, read_notice
from anju.rules.workdays.policy import LONGEST, PolicyCalendar, PolicyYear
from anju.rules.workdays.years import FIRST_YEAR, LAST_YEAR, Mark, PublishedDay, Scope, belongs_to, is_weekend

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Head:
    """What a version says beside its days."""

    region_known: bool
    cite: str
    note: str = ""


@transaction.atomic
def load_calendar(*, actor: Actor, calendar: PolicyCalendar, at: datetime) -> list[CalendarYear]:
    """Write the years of a policy folder that are not there yet, and its office hours where there are none. Nothing is confirmed."""
    actor.require(Permission.CALENDAR_EDIT)
    if not CalendarHours.objects.exists():
        _write_hours(actor, calendar.hours, at)
    missing = [table for table in calendar.years if newest_version(table.year) is None]
    return [load_year(actor=actor, table=table, based_on=0, at=at) for table in missing]


@transaction.atomic
def load_year(*, actor: Actor, table: PolicyYear, based_on: int, at: datetime) -> CalendarYear:
    """Take a year over as the policy folder has it, in place of what has been entered."""
    actor.require(Permission.CALENDAR_EDIT)
    row = write_version(
        actor=actor,
        year=table.year,
        based_on=based_on,
        days=table.days,
        head=Head(table.region_known, table.cite, table.note),
        change="从方案载入",
        at=at,
    )
    note = {"year": row.year, "version": row.version, "rows": len(table.days)}
    audit.record(actor=actor, action="calendar.loaded", subject=row, note=note, at=at)
    return row


@transaction.atomic
def begin_year(*, actor: Actor, year: int, cite: str, at: datetime) -> CalendarYear:
    """Open a year that nobody has entered anything for."""
    actor.require(Permission.CALENDAR_EDIT)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused("calendar.year_range", low=FIRST_YEAR, high=LAST_YEAR)
    row = write_version(actor=actor, year=year, based_on=0, days=(), head=Head(False, cite), change="新开年度", at=at)
    audit.record(actor=actor, action="calendar.begun", subject=row, note={"year": year}, at=at)
    return row


@transaction.atomic
def mark_days(
    *, actor: Actor, year: int, based_on: int, first: date, last: date, scope: Scope, mark: Mark | None, name: str,
    cite: str, at: datetime,
) -> CalendarYear:  # fmt: skip
    """Enter the days from `first` to `last` as published, or take them out again where `mark` is None."""
    actor.require(Permission.CALENDAR_EDIT)
    head, kept = _latest(year, based_on)
    span = _checked_span(year, first, last, mark)
    days = [row for row in kept if row.scope != scope or row.day not in span]
    if mark is not None:
        days += [PublishedDay(day, mark, scope, name, cite) for day in span]
    if set(days) == set(kept):
        raise Refused("calendar.unchanged")
    word = {Mark.OFF: "休", Mark.WORK: "班", None: "取消"}[mark]
    told = (
        f"{first:%m-%d}" + (f"至{last:%m-%d}" if last != first else "") + f" {word}" + (f"（{name}）" if name else "")
    )
    row = write_version(actor=actor, year=year, based_on=based_on, days=days, head=head, change=told, at=at)
    note = {"year": year, "version": row.version, "days": told, "cite": cite}
    audit.record(actor=actor, action="calendar.edited", subject=row, note=note, at=at)
    return row


@transaction.atomic
def take_over_notice(*, actor: Actor, year: int, based_on: int, text: str, cite: str, at: datetime) -> CalendarYear:
    """Enter the nation's days as the yearly notice tells them, in place of those entered before; the region's stay."""
    actor.require(Permission.CALENDAR_EDIT)
    head, kept = _latest(year, based_on)
    found = _read_notice(text, year, cite)
    days = [*(row for row in kept if row.scope != Scope.NATIONAL), *found]
    if set(days) == set(kept):
        raise Refused("calendar.unchanged")
    row = write_version(actor=actor, year=year, based_on=based_on, days=days, head=head, change="按通知全文登记", at=at)
    note = {"year": year, "version": row.version, "rows": len(found), "cite": cite}
    audit.record(actor=actor, action="calendar.edited", subject=row, note=note, at=at)
    return row


@transaction.atomic
def describe_year(*, actor: Actor, year: int, based_on: int, head: Head, at: datetime) -> CalendarYear:
    """Say by which notices a year was entered, and whether the region's own days are among them."""
    actor.require(Permission.CALENDAR_EDIT)
    before, days = _latest(year, based_on)
    if before == head:
        raise Refused("calendar.unchanged")
    told = "地方放假日已登记" if head.region_known and not before.region_known else "改依据和说明"
    row = write_version(actor=actor, year=year, based_on=based_on, days=days, head=head, change=told, at=at)
    note = {"year": year, "version": row.version, "cite": head.cite}
    audit.record(actor=actor, action="calendar.described", subject=row, note=note, at=at)
    return row


@transaction.atomic
def set_office_hours(*, actor: Actor, spans: Iterable[str], cite: str, at: datetime) -> CalendarHours:
    """Set the county's office hours. Deadlines that run keep theirs until they are counted again."""
    actor.require(Permission.CALENDAR_EDIT)
    try:
        hours = OfficeHours.of(spans, cite=cite)
    except BadHours as bad:
        raise Refused("calendar.bad_hours") from bad
    row = _write_hours(actor, hours, at)
    note = {"days": row.spans, "cite": cite}
    audit.record(actor=actor, action="calendar.hours_set", subject=row, note=note, at=at)
    return row


def write_version(
    *, actor: Actor, year: int, based_on: int, days: Iterable[PublishedDay], head: Head, change: str, at: datetime,
    confirmed: bool = False,
) -> CalendarYear:  # fmt: skip
    """Append the next version; `based_on` is the one it was made from, and must still be the newest."""
    newest = newest_version(year)
    if (newest.version if newest else 0) != based_on:
        raise Refused("calendar.changed", year=year)
    try:
        with transaction.atomic():
            row = CalendarYear.objects.create(
                year=year, version=based_on + 1, confirmed=confirmed, region_known=head.region_known, cite=head.cite,
                note=head.note, change=change, user_id=actor.user_id, made_as=actor.post_name or "系统", made_at=at,
            )  # fmt: skip
    except IntegrityError as clash:
        raise Refused("calendar.changed", year=year) from clash
    CalendarDay.objects.bulk_create(
        CalendarDay(edition=row, day=one.day, mark=one.mark, scope=one.scope, name=one.name, cite=one.cite)
        for one in days
    )
    return row


def _latest(year: int, based_on: int) -> tuple[Head, list[PublishedDay]]:
    newest = newest_version(year)
    if newest is None or newest.version != based_on:
        raise Refused("calendar.changed", year=year)
    return Head(newest.region_known, newest.cite, newest.note), days_of(newest)


def _read_notice(text: str, year: int, cite: str) -> tuple[PublishedDay, ...]:
    try:
        return read_notice(text, year, cite=cite)
    except BadNotice as bad:
        told = {"name": bad.name, "said": bad.said, "counted": bad.counted, "year": year}
        match bad.code:
            case "weekday" | "count":
                raise Refused("calendar.notice_contradicts", **told) from bad
            case "span":
                raise Refused("calendar.notice_span", **told) from bad
            case "worked_weekday":
                raise Refused("calendar.notice_worked_weekday", **told) from bad
            case _:
                raise Refused("calendar.notice_unread", **told) from bad


def _checked_span(year: int, first: date, last: date, mark: Mark | None) -> list[date]:
    if not 0 <= (last - first).days < LONGEST:
        raise Refused("calendar.bad_span", limit=LONGEST)
    span = [first + _DAY * number for number in range((last - first).days + 1)]
    if not all(belongs_to(day, year) for day in span):
        raise Refused("calendar.day_of_another_year", year=year)
    if mark is Mark.WORK and not all(is_weekend(day) for day in span):
        raise Refused("calendar.worked_weekday")
    return span


def _write_hours(actor: Actor, hours: OfficeHours, at: datetime) -> CalendarHours:
    return CalendarHours.objects.create(
        spans=" ".join(hours.texts),
        cite=hours.cite,
        user_id=actor.user_id,
        made_as=actor.post_name or "系统",
        made_at=at,
    )

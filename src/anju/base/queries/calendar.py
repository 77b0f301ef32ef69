"""The working-day calendar in force, and the versions of its years. It is no secret: it is read without an actor where time is counted."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Value

from anju.base.actor import Actor
from anju.base.composed import composed
from anju.base.models import CalendarDay, CalendarHours, CalendarYear
from anju.rules.permissions import Permission
from anju.rules.workdays.calendar import Calendar
from anju.rules.workdays.hours import UNSET, OfficeHours
from anju.rules.workdays.years import Mark, PublishedDay, Scope, YearTable

State = tuple[tuple[int, int, int], ...]
_UNLOADED = range(
    2024, 2031
)  # counted from Monday to Friday where nothing has been loaded, and every date marked provisional
_known: tuple[State, Calendar] | None = None


def calendar_in_force() -> Calendar:
    """Return the calendar to count in: one small query, and the tables only when a version has been added since."""
    global _known
    state = tuple(sorted(_state()))
    if _known is None or _known[0] != state:
        _known = state, _read(".".join(str(newest) for _, _, newest in state))
    return _known[1]


def forget() -> None:
    """Ask the database again next time: another database has taken its place (tests, restore)."""
    global _known
    _known = None


@composed
def _state() -> "QuerySet[Any, tuple[int, int, int]]":
    """Return what changes with every version that becomes visible: how many there are and the newest, whatever their order of commit."""
    years, hours = _counted(CalendarYear.objects.all(), 0), _counted(CalendarHours.objects.all(), 1)
    return years.union(hours, all=True)


def _counted(rows: "QuerySet[Any]", which: int) -> "QuerySet[Any, tuple[int, int, int]]":
    grouped = rows.annotate(which=Value(which)).values("which").annotate(count=Count("pk"), newest=Max("pk"))
    found: QuerySet[Any, tuple[int, int, int]] = grouped.values_list("which", "count", "newest")
    return found


def _read(version: str) -> Calendar:
    rows = {row.pk: row for row in _counted_by()}
    days: dict[int, list[PublishedDay]] = {pk: [] for pk in rows}
    for day in CalendarDay.objects.filter(edition__in=rows):
        days[day.edition_id].append(_published(day))
    tables = [YearTable(row.year, tuple(days[pk]), row.confirmed) for pk, row in rows.items()]
    return Calendar.of(tables or _nothing(), hours=office_hours(), version=version)


def _counted_by() -> "QuerySet[CalendarYear]":
    """Return for each year the version it is counted by: the newest confirmed, or the newest of all."""
    best = CalendarYear.objects.filter(year=OuterRef("year")).order_by("-confirmed", "-version").values("pk")[:1]
    return CalendarYear.objects.filter(pk=Subquery(best)).order_by("year")


def _nothing() -> Iterable[YearTable]:
    return [YearTable(year, (), confirmed=False) for year in _UNLOADED]


def days_of(row: CalendarYear) -> list[PublishedDay]:
    return [_published(day) for day in row.days.order_by("day", "scope")]


def _published(row: CalendarDay) -> PublishedDay:
    return PublishedDay(row.day, Mark(row.mark), Scope(row.scope), row.name, row.cite)


def office_hours() -> OfficeHours:
    row = CalendarHours.objects.order_by("-pk").first()
    return UNSET if row is None else OfficeHours.of(row.spans.split(" "), cite=row.cite)


def confirmed_years() -> frozenset[int]:
    return frozenset(CalendarYear.objects.filter(confirmed=True).values_list("year", flat=True))


def newest_version(year: int) -> CalendarYear | None:
    return CalendarYear.objects.filter(year=year).order_by("-version").first()


def versions_of(actor: Actor, year: int) -> "QuerySet[CalendarYear]":
    """Return all versions of a year, the newest first, to those who may look at the calendar."""
    if not actor.may(Permission.CALENDAR_VIEW):
        return CalendarYear.objects.none()
    return CalendarYear.objects.filter(year=year).order_by("-version")


def hours_versions(actor: Actor) -> "QuerySet[CalendarHours]":
    if not actor.may(Permission.CALENDAR_VIEW):
        return CalendarHours.objects.none()
    return CalendarHours.objects.order_by("-pk")


def years_known(actor: Actor) -> list[tuple[int, bool]]:
    """Return the years that have a version, each with whether one of them is confirmed, the earliest first."""
    if not actor.may(Permission.CALENDAR_VIEW):
        return []
    return [(year, bool(done)) for year, done in _years()]


@composed
def _years() -> "QuerySet[CalendarYear, Any]":
    """Each year that has a version, with how many of them are confirmed."""
    return (
        CalendarYear.objects.order_by("year").values_list("year").annotate(done=Count("pk", filter=Q(confirmed=True)))
    )

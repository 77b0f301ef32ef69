"""Periods and terms (民法典 200-204). Days in, days out; holidays come as a calendar, and an unknown year is refused."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class UnknownYear(LookupError):
    """A year whose days off have not been published: nothing is computed from Monday to Friday alone."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days off of whole years: weekends, holidays and regional holidays, less the working days they were swapped for."""

    years: frozenset[int]
    off: frozenset[date]

    @classmethod
    def of(cls, years: Iterable[int], *, off: Iterable[date], working: Iterable[date] = ()) -> "Calendar":
        """Build the calendar of `years` from the published holidays and the weekend days made up for (调休)."""
        known = frozenset(years)
        weekends = {day for year in known for day in _days_of(year) if day.weekday() >= _SATURDAY}
        return cls(known, frozenset((weekends | set(off)) - set(working)))

    def is_off(self, day: date) -> bool:
        """Say whether nobody works on this day (法定休假日). Raises `UnknownYear`."""
        if day.year not in self.years:
            raise UnknownYear(day.year)
        return day in self.off


def _days_of(year: int) -> Iterable[date]:
    first = date(year, 1, 1)
    return (first + _ONE_DAY * number for number in range((date(year, 12, 31) - first).days + 1))


@dataclass(frozen=True, slots=True)
class Span:
    """The length of a period in calendar years, months and days (民法典 200). Exactly one of them is given."""

    years: int = 0
    months: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        given = sorted((self.years, self.months, self.days))
        if given[:2] != [0, 0] or given[2] < 1:
            raise ValueError("a period has one length, of at least one")


@dataclass(frozen=True, slots=True)
class Period:
    """A period: the first day that counts, the last by count, and the last that the law gives. Both are to be shown."""

    first_day: date
    nominal_last_day: date
    last_day: date

    @property
    def is_moved(self) -> bool:
        """Say whether the last day was moved because nobody works on it (民法典 203)."""
        return self.last_day != self.nominal_last_day


def nominal_last_day(start: date, span: Span) -> date:
    """Return the last day by count: the day of the beginning is not counted (民法典 201 第一款).

    Months and years end on the corresponding day, or on the month's last where there is none (202). Holidays are left aside:
    so end terms of office and rights that expire.
    """
    if span.days:
        return start + span.days * _ONE_DAY
    return _shift_months(start, span.years * 12 + span.months)


def period(start: date, span: Span, calendar: Calendar) -> Period:
    """Return the period that began on `start`: one that ends on a day off ends on the next working day (民法典 203 第一款).

    Raises `UnknownYear` where the calendar does not hold the days asked about.
    """
    nominal = nominal_last_day(start, span)
    last = nominal
    while calendar.is_off(last):
        last += _ONE_DAY
    return Period(start + _ONE_DAY, nominal, last)


def latest_day_before(event: date, span: Span) -> date:
    """Return the latest day to act so many days or months before an event (提前15日通知): counted back, never rolled forward.

    An assembly of 2026-12-20 is notified by 2026-12-05 (物业管理条例 14).
    """
    if span.days:
        return event - span.days * _ONE_DAY
    return _shift_months(event, -(span.years * 12 + span.months))


def working_day_after(start: date, count: int, calendar: Calendar) -> date:
    """Return the `count`-th working day after `start`, which is not counted itself (民法典 201; 行政处罚法 85).

    Raises `UnknownYear` as soon as the counting leaves the calendar, `ValueError` for a count below one.
    """
    if count < 1:
        raise ValueError("a period has at least one day")
    day = start
    while count:
        day += _ONE_DAY
        count -= not calendar.is_off(day)
    return day


def closes_at(last_day: date, zone: tzinfo, *, business_ends: time | None = None) -> datetime:
    """Return the moment from which it is too late: 24:00 of the last day, or the end of business (民法典 203 第二款)."""
    if business_ends is not None:
        return datetime.combine(last_day, business_ends, zone)
    return datetime.combine(last_day + _ONE_DAY, time.min, zone)


def ends_after_hours(start: datetime, hours: int) -> datetime:
    """Return the end of a period in hours: it runs from the very moment (民法典 201 第二款)."""
    if hours < 1:
        raise ValueError("a period has at least one hour")
    return start + timedelta(hours=hours)


def _shift_months(day: date, months: int) -> date:
    """Return the corresponding day of another month, or that month's last (民法典 202)."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

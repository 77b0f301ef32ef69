"""Deadlines and what is left of them, to the second, in China's time.

A moment is an aware datetime; fractions of its second are dropped. Nothing here asks a clock or guesses a day: a year outside the calendar
raises `UnknownYear`, a year nobody has confirmed is named in the answer.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from anju.rules.workdays.calendar import CHINA, Calendar
from anju.rules.workdays.limits import Closing, Limit, Unit

_SECOND = timedelta(seconds=1)
_OF_HOURS = frozenset({Unit.HOURS, Unit.WORKING_HOURS})
_HOURS, _WORKING_HOURS, _WORKING_DAYS, _MIDNIGHT = Unit.HOURS, Unit.WORKING_HOURS, Unit.WORKING_DAYS, Closing.MIDNIGHT


class Deadline(NamedTuple):
    """Until when, and from what it was counted. Acting before `at` is in time; 24:00 of a day is 0:00 of the next.

    `last_day` is the last day that counts, `nominal_last_day` the one before it was moved from a day off (民法典 203 第一款). `unconfirmed`
    names the years that nobody has confirmed and that decide about it: while there are any, the date is provisional (暂估).
    """

    at: datetime
    last_day: date
    nominal_last_day: date
    start: datetime
    limit: Limit
    closing: Closing = Closing.MIDNIGHT
    unconfirmed: tuple[int, ...] = ()
    calendar_version: str = ""

    @property
    def is_provisional(self) -> bool:
        return bool(self.unconfirmed)


def deadline(calendar: Calendar, start: datetime, limit: Limit, closing: Closing = Closing.MIDNIGHT) -> Deadline:
    """Return the deadline of a limit that begins at `start` (民法典 200-204).

    Hours begin at once (201 第二款), working hours with the next office hour; of days the day of the beginning is not counted (201 第一款),
    and one that ends on a day off ends on the next working day (203 第一款). `closing` is for days.
    """
    if limit.amount < 1:
        raise ValueError("a limit has at least one of its unit")
    return _counted(calendar, start, limit, closing)


def resume(calendar: Calendar, at: datetime, left: Limit, closing: Closing = Closing.MIDNIGHT) -> Deadline:
    """Return the deadline of what a pause left, taken up again at `at`: none of it is lost and none is gained."""
    return _counted(calendar, at, left, closing)


def left_at(calendar: Calendar, unit: Unit, end: tuple[datetime, date, date], at: datetime) -> int:
    """Return what is left until an end (the first three of a `Deadline`): seconds, or days after today. Below zero it is late by so much.

    0 days: today is the last day, or a day off before nothing but the last day's end. What a pause leaves for `resume` is this.
    """
    (until, last_day, nominal), local = end, _local(at)
    if unit is Unit.HOURS:
        return int((until - local) / _SECOND)
    if unit is Unit.WORKING_HOURS:
        return _position(calendar, until) - _position(calendar, local)
    if unit is Unit.WORKING_DAYS:
        return calendar.worked[calendar.place(last_day) + 1] - calendar.worked[calendar.place(local) + 1]
    day, last = local.toordinal(), last_day.toordinal()
    return last - day if day > last else max(nominal.toordinal() - day, 0)


def warning_before(calendar: Calendar, due: Deadline, amount: int) -> datetime:
    """Return the moment at which `amount` of the limit's own unit is left: 1 工作日 before is the working day before, at opening time.

    Never before the limit began, and always before it ends: of hours at least a second is left, of days 0 is the last day itself.
    """
    unit = due.limit.unit
    if unit in _OF_HOURS:
        amount = max(amount, 1)
    if amount >= due.limit.amount:
        return due.start
    if unit is Unit.HOURS:
        return due.at - amount * _SECOND
    if unit is Unit.WORKING_HOURS:
        return _after_office_seconds(calendar, _position(calendar, due.at) - amount)
    if unit is Unit.WORKING_DAYS:
        return _opening(calendar, calendar.worked[calendar.place(due.last_day) + 1] - amount, due)
    return _opening(calendar, calendar.worked[calendar.place(due.nominal_last_day) - amount + 1], due)


def warning_at(calendar: Calendar, due: Deadline, percent: int) -> datetime:
    """Return the moment at which `percent` (1 to 99) of the limit is used; what is left is rounded down to whole days."""
    return warning_before(calendar, due, due.limit.amount * (100 - percent) // 100)


def _counted(calendar: Calendar, start: datetime, limit: Limit, closing: Closing) -> Deadline:
    unit, amount = limit
    local = _local(start)
    if unit is _HOURS:
        at = local + timedelta(seconds=amount)
        return Deadline(at, at.date(), at.date(), start, limit, closing, (), calendar.version)
    place = calendar.checked(local.toordinal() - calendar.first)
    if unit is _WORKING_HOURS:
        at = _after_office_seconds(calendar, _position(calendar, local) + amount)
        end = at.toordinal() - calendar.first
        return Deadline(at, at.date(), at.date(), start, limit, closing, calendar.doubts(place, end), calendar.version)
    if not amount and closing is not _MIDNIGHT and local >= _closing_of(calendar, place):
        place = calendar.checked(place + 1)  # what was left of a last day is taken up when the day is over
    if unit is _WORKING_DAYS:
        nominal = end = calendar.working_day(
            calendar.worked[place + 1] + amount - 1 if amount else calendar.worked[place]
        )
        doubts = calendar.doubts(min(place + 1, end), end)
    else:
        nominal = calendar.checked(place + amount)
        end = calendar.working_day(calendar.worked[nominal])
        doubts = calendar.doubts(nominal, end)
    at = calendar.midnights[end + 1] if closing is _MIDNIGHT else _closing_of(calendar, end)
    dates = calendar.dates
    return Deadline(at, dates[end], dates[nominal], start, limit, closing, doubts, calendar.version)


def _closing_of(calendar: Calendar, place: int) -> datetime:
    return calendar.midnights[place] + timedelta(seconds=calendar.hours.closing)


def _local(moment: datetime) -> datetime:
    """Return the moment in China's time, in whole seconds."""
    if moment.tzinfo is not CHINA:
        if moment.tzinfo is None:
            raise ValueError("a moment says its zone")
        moment = moment.astimezone(CHINA)
    return moment.replace(microsecond=0) if moment.microsecond else moment


def _position(calendar: Calendar, local: datetime) -> int:
    """Return the office seconds from the calendar's first day to this moment."""
    place = calendar.checked(local.toordinal() - calendar.first)
    before, hours = calendar.worked[place], calendar.hours
    position = before * hours.total
    if calendar.worked[place + 1] == before:
        return position
    return position + hours.worked_by(local.hour * 3600 + local.minute * 60 + local.second)


def _after_office_seconds(calendar: Calendar, position: int) -> datetime:
    """Return the moment by which so many office seconds have passed: the end of an office hour, not the beginning of the next."""
    days, second = divmod(position - 1, calendar.hours.total)
    place = calendar.working_day(days)
    return calendar.midnights[place] + timedelta(seconds=calendar.hours.clock_after(second + 1))


def _opening(calendar: Calendar, number: int, due: Deadline) -> datetime:
    """Return the opening of the working day of that number, no earlier than the limit's beginning."""
    place = calendar.working_day(max(number, 1) - 1)
    return max(calendar.midnights[place] + timedelta(seconds=calendar.hours.opening), due.start)

"""The county's working-day calendar as a `Book` asks for it, and which of the ends it gave are provisional."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from anju.rules.cases.workflow import Amount
from anju.rules.workdays.calendar import CHINA, Calendar
from anju.rules.workdays.deadlines import Deadline, deadline, left_at, resume, warning_at
from anju.rules.workdays.limits import Limit, Unit

_SECONDS: Final = 3600
_OF_HOURS: Final = frozenset({Unit.HOURS, Unit.WORKING_HOURS})
_INSTANT: Final = timedelta(seconds=1)
_HALF, _WARNED_AT = 50, 80  # percent


@dataclass(slots=True)
class Counting:
    """`deadline` and `resumed` of `Book`. `provisional` gathers the ends that hang on a year nobody has confirmed."""

    calendar: Calendar
    provisional: set[datetime] = field(default_factory=set)

    def deadline(self, start: datetime, unit: str, amount: int) -> datetime:
        """Return the end; amounts are whole hours or days. Raises `UnknownYear`."""
        return self._noted(deadline(self.calendar, start, _limit(unit, amount)))

    def resumed(self, due: datetime, paused: datetime, again: datetime, unit: str) -> datetime:
        """Return the end after a pause: what was left is left. What was late already stays as late as it was."""
        if paused >= due:
            return due
        of = Unit(unit)
        left = left_at(self.calendar, of, _end(due), paused)
        return self._noted(resume(self.calendar, again, Limit(of, left)))

    def _noted(self, due: Deadline) -> datetime:
        if due.is_provisional:
            self.provisional.add(due.at)
        return due.at


def _limit(unit: str, amount: int) -> Limit:
    of = Unit(unit)
    return Limit(of, amount * _SECONDS if of in _OF_HOURS else amount)


def _end(due: datetime) -> tuple[datetime, date, date]:
    """Return an end that was counted before, as `rules.workdays` asks about it; it is not known whether its last day was moved."""
    return due, last_day(due), last_day(due)


def last_day(due: datetime) -> date:
    """Return the day an end belongs to: 24:00 ends the day before."""
    return (due - _INSTANT).astimezone(CHINA).date()


def days_left(calendar: Calendar, due: datetime, at: datetime) -> int:
    """Return the working days from today to the last day: 0 on the last day itself, below zero so many late, at least one."""
    last = last_day(due)
    today = at.astimezone(CHINA).date()
    left = calendar.worked[calendar.place(last) + 1] - calendar.worked[calendar.place(today) + 1]
    return min(left, -1) if at >= due else max(left, 0)


def is_half_used(calendar: Calendar, started: datetime, due: datetime, amount: Amount, at: datetime) -> bool:
    """Say whether half of the limit is used, counted back from the end as a warning is; of minutes nobody is told."""
    standing = Deadline(*_end(due), started, _limit(amount.unit, amount.number)) if amount.unit != "cm" else None
    return standing is not None and at >= warning_at(calendar, standing, _HALF)


def is_warned(calendar: Calendar, started: datetime, due: datetime, amount: Amount, at: datetime) -> bool:
    """Say whether four fifths of the limit are used or, of one in days, one working day is left (预警).

    Both are counted back from the end in the limit's own unit, so that neither a pause nor a holiday uses any of it. Natural minutes are
    too short to warn of; of hours a day would be left from the beginning.
    """
    if amount.unit == "cm":
        return at >= due
    standing = Deadline(*_end(due), started, _limit(amount.unit, amount.number))
    of_hours = standing.limit.unit in _OF_HOURS
    return at >= warning_at(calendar, standing, _WARNED_AT) or (not of_hours and days_left(calendar, due, at) <= 1)

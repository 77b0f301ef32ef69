"""The calendar as a value: which days are worked, counted once when it is built so that every question is a look-up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from itertools import accumulate
from typing import Final

from anju.rules import periods
from anju.rules.periods import UnknownYear
from anju.rules.workdays.hours import OfficeHours
from anju.rules.workdays.years import Mark, YearTable, decided_by, fixed_holidays, is_weekend

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")  # one zone, no summer time since 1991
_AHEAD: Final = 2  # whole years beyond the last published one; a limit that ends later is refused


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The working days of whole years in one county, and its office hours. Days are places in `dates`, an unbroken row from 1 January.

    A year that nobody has confirmed is counted from what is known of it (weekends, the law's fixed holidays, what has been entered), and
    everything counted in it says so. `worked[i]` is the number of
    working days before the day i, `doubtful[i]` that of unconfirmed days; `working` are the places of the working days, `midnights` the
    moments with which the days begin.
    """

    version: str
    hours: OfficeHours
    confirmed: frozenset[int]
    first: int
    dates: tuple[date, ...]
    midnights: tuple[datetime, ...]
    worked: tuple[int, ...]
    working: tuple[int, ...]
    doubtful: tuple[int, ...]

    @classmethod
    def of(cls, tables: Iterable[YearTable], *, hours: OfficeHours, version: str = "") -> "Calendar":
        """Build the calendar of the years given, without a gap between the first and the last of them."""
        by_year = {table.year: table for table in tables}
        if not by_year:
            raise ValueError("a calendar has at least one year")
        confirmed = frozenset(year for year, table in by_year.items() if table.confirmed)
        years = range(min(by_year), max(by_year) + _AHEAD + 1)
        marks = {day: Mark.OFF for year in years if year not in confirmed for day in fixed_holidays(year)}
        marks |= {day: mark for year in sorted(by_year) for day, mark in by_year[year].marks().items()}
        first, last = date(years[0], 1, 1).toordinal(), date(years[-1], 12, 31).toordinal()
        dates = tuple(date.fromordinal(ordinal) for ordinal in range(first, last + 1))
        works = [_works(day, marks) for day in dates]
        return cls(
            version=version,
            hours=hours,
            confirmed=confirmed,
            first=first,
            dates=dates,
            midnights=tuple(
                datetime(day.year, day.month, day.day, tzinfo=CHINA) for day in (*dates, date.fromordinal(last + 1))
            ),
            worked=tuple(accumulate(works, initial=0)),
            working=tuple(place for place, is_worked in enumerate(works) if is_worked),
            doubtful=tuple(accumulate((not confirmed.issuperset(decided_by(day)) for day in dates), initial=0)),
        )

    def place(self, day: date) -> int:
        """Return the place of a day. Raises `UnknownYear` outside the calendar."""
        return self.checked(day.toordinal() - self.first)

    def checked(self, place: int) -> int:
        """Return the place of a day, known to be one. Raises `UnknownYear`."""
        if not 0 <= place < len(self.dates):
            raise UnknownYear(date.fromordinal(self.first + place).year)
        return place

    def is_working(self, day: date) -> bool:
        """Say whether the day is worked, as far as is known. Raises `UnknownYear`."""
        place = self.place(day)
        return self.worked[place] < self.worked[place + 1]

    def working_day(self, number: int) -> int:
        """Return the place of the working day that has so many before it."""
        if not 0 <= number < len(self.working):
            raise UnknownYear(self.dates[-1].year + 1 if number > 0 else self.dates[0].year - 1)
        return self.working[number]

    def doubts(self, begin: int, end: int) -> tuple[int, ...]:
        """Return the unconfirmed years that decide about the days from `begin` to `end`, both counted."""
        doubtful = self.doubtful
        if doubtful[begin] == doubtful[end + 1]:
            return ()
        years = {year for day in self.dates[begin : end + 1] for year in decided_by(day)}
        return tuple(sorted(years - self.confirmed))

    def strict(self) -> periods.Calendar:
        """Return the days off of the confirmed years alone, for `rules.periods`: any other year is refused there.

        A year is held to be confirmed there although the notice of the next may still move its last three days.
        """
        off = frozenset(day for day in self.dates if day.year in self.confirmed and not self.is_working(day))
        return periods.Calendar(self.confirmed, off)


def _works(day: date, marks: Mapping[date, Mark]) -> bool:
    return marks[day] is Mark.WORK if day in marks else not is_weekend(day)

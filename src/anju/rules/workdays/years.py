"""The published days of a year: days off and weekend days worked (调休), and who has to look at them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

_DECEMBER, _TAIL, _WARNED_FROM, _SATURDAY = 12, 29, 15, 5
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100


class Mark(StrEnum):
    """What a published day is: nobody works (休), or a weekend day is worked (班)."""

    OFF = "off"
    WORK = "work"


class Scope(StrEnum):
    """Who published it: the State Council for the whole country, or the region (放假办法 第四条). The region's word stands."""

    NATIONAL = "national"
    REGION = "region"


@dataclass(frozen=True, slots=True)
class PublishedDay:
    """One day of a notice, with the notice."""

    day: date
    mark: Mark
    scope: Scope
    name: str
    cite: str


@dataclass(frozen=True, slots=True)
class YearTable:
    """The published days of one year. `confirmed`: an officer has entered it and another has looked at it.

    A notice for a year may move days of the last three days of the year before (国办发明电〔2018〕15号: 2018-12-29上班).
    """

    year: int
    days: tuple[PublishedDay, ...]
    confirmed: bool

    def marks(self) -> dict[date, Mark]:
        """Return what holds for each published day."""
        ordered = sorted(self.days, key=lambda row: row.scope == Scope.REGION)
        return {row.day: row.mark for row in ordered}


def fixed_holidays(year: int) -> tuple[date, ...]:
    """Return the days that the law itself gives by their date (全国年节及纪念日放假办法 第二条), whatever the notice will say.

    The festivals of the moon and every swap are left out: they are not guessed.
    """
    return tuple(date(year, month, day) for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)))


def missing_holidays(table: YearTable) -> tuple[date, ...]:
    """Return the fixed holidays that a table has as working days: a sign that its notice has not been entered whole."""
    marks = table.marks()
    worked = (
        day
        for day in fixed_holidays(table.year)
        if marks.get(day, Mark.OFF if is_weekend(day) else None) is not Mark.OFF
    )
    return tuple(worked)


def decided_by(day: date) -> tuple[int, ...]:
    """Return the years whose notices decide whether a day is worked."""
    return (day.year, day.year + 1) if (day.month, day.day) >= (_DECEMBER, _TAIL) else (day.year,)


def belongs_to(day: date, year: int) -> bool:
    """Say whether a notice for `year` may name the day."""
    return year in decided_by(day)


def is_weekend(day: date) -> bool:
    return day.weekday() >= _SATURDAY


def twice_named(days: Iterable[PublishedDay]) -> PublishedDay | None:
    """Return the first day that one publisher names twice."""
    seen: set[tuple[date, Scope]] = set()
    for row in days:
        if (row.day, row.scope) in seen:
            return row
        seen.add((row.day, row.scope))
    return None


def years_to_confirm(confirmed: Collection[int], today: date) -> tuple[int, ...]:
    """Return the years that should have been confirmed by now: this one, and from 15 December the next."""
    wanted = [today.year]
    if (today.month, today.day) >= (_DECEMBER, _WARNED_FROM):
        wanted.append(today.year + 1)
    return tuple(year for year in wanted if year not in confirmed)

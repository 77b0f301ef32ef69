"""A year as twelve small tables of weeks, and its published days as rows of a list."""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from anju.rules.workdays.years import Mark, PublishedDay, Scope, is_weekend

WEEK = "一二三四五六日"
SCOPES = {Scope.NATIONAL: "全国", Scope.REGION: "地方"}
MARKS = {Mark.OFF: "休", Mark.WORK: "班"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One day: `mark` is 休, 班 or nothing; `free` says that nobody works; `told` is read aloud and shown by the pointer."""

    day: date
    mark: str
    free: bool
    told: str


@dataclass(frozen=True, slots=True)
class Month:
    number: int
    working: int
    weeks: list[list[Cell | None]]


@dataclass(frozen=True, slots=True)
class Line:
    """Days in a row of one notice and one name."""

    first: date
    last: date
    count: int
    mark: str
    name: str
    scope: str
    cite: str


def months_of(year: int, days: Iterable[PublishedDay]) -> list[Month]:
    named = {row.day: row for row in sorted(days, key=lambda row: row.scope == Scope.REGION)}
    return [_month(year, number, named) for number in range(1, 13)]


def _month(year: int, number: int, named: dict[date, PublishedDay]) -> Month:
    weeks = calendar.Calendar().monthdatescalendar(year, number)
    cells = [[_cell(day, named.get(day)) if day.month == number else None for day in week] for week in weeks]
    return Month(number, sum(not cell.free for week in cells for cell in week if cell), cells)


def _cell(day: date, row: PublishedDay | None) -> Cell:
    if row is None:
        return Cell(day, "", is_weekend(day), "")
    told = f"{row.name}{'放假' if row.mark is Mark.OFF else '调休上班'}"
    return Cell(day, MARKS[row.mark], row.mark is Mark.OFF, told)


def lines_of(days: Iterable[PublishedDay]) -> list[Line]:
    """Return the published days, those that follow each other as one line."""
    ordered = sorted(days, key=lambda row: (row.scope, row.mark, row.name, row.cite, row.day))
    lines = [_line(list(run)) for run in _runs(ordered)]
    return sorted(lines, key=lambda line: line.first)


def _runs(rows: list[PublishedDay]) -> Iterator[list[PublishedDay]]:
    def key(pair: tuple[int, PublishedDay]) -> object:
        number, row = pair
        return (row.scope, row.mark, row.name, row.cite, row.day - timedelta(days=number))

    for _, run in groupby(enumerate(rows), key):
        yield [row for _, row in run]


def _line(run: list[PublishedDay]) -> Line:
    one = run[0]
    return Line(one.day, run[-1].day, len(run), MARKS[one.mark], one.name, SCOPES[one.scope], one.cite)

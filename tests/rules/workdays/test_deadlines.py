"""The deadlines of `deadlines.md`, worked by hand from the holiday notices, beside what the rule says."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from anju.rules.periods import UnknownYear
from anju.rules.workdays.calendar import CHINA
from anju.rules.workdays.deadlines import deadline
from anju.rules.workdays.limits import Closing, Limit, Unit, hours, working_days, working_hours
from anju.rules.workdays.limits import days as natural_days
from tests.rules.workdays.tables import NOW, PAST

TABLE = Path(__file__).with_name("deadlines.md")
LIMIT = re.compile(r"(\d+)(小时|分钟|工作时|分钟工作时|工作日|日)")
LIMITS: dict[str, Callable[[int], Limit]] = {
    "小时": hours,
    "工作时": working_hours,
    "工作日": working_days,
    "日": natural_days,
    "分钟": lambda count: hours(0, count),
    "分钟工作时": lambda count: working_hours(0, count),
}


@dataclass(frozen=True)
class Worked:
    start: datetime
    limit: Limit
    closing: Closing
    at: datetime
    unconfirmed: tuple[int, ...]
    text: str


def moment(text: str) -> datetime:
    """24:00 of a day is 0:00 of the next."""
    day, clock = text.split(" ")
    if clock == "24:00":
        return datetime.fromisoformat(f"{day} 00:00").replace(tzinfo=CHINA) + timedelta(days=1)
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def limit_of(text: str) -> Limit:
    found = LIMIT.fullmatch(text)
    assert found, text
    return LIMITS[found[2]](int(found[1]))


def worked() -> list[Worked]:
    rows = [line.strip("|").split("|") for line in TABLE.read_text().splitlines() if line.startswith("| 2")]
    return [_worked([cell.strip() for cell in row]) for row in rows]


def _worked(cells: list[str]) -> Worked:
    start, limit, closing, at, unconfirmed, _ = cells
    years = tuple(int(year) for year in unconfirmed.split("、") if year)
    ends = Closing.OFFICE if closing else Closing.MIDNIGHT
    return Worked(moment(start), limit_of(limit), ends, moment(at), years, " ".join(cells))


WORKED = worked()


def test_table_is_large_and_says_nothing_twice() -> None:
    assert len(WORKED) >= 200
    assert len({(row.start, row.limit, row.closing) for row in WORKED}) == len(WORKED)
    assert {row.limit.unit for row in WORKED} == set(Unit)


@pytest.mark.parametrize("row", WORKED, ids=lambda row: row.text[:40])
def test_count_deadline_as_worked_by_hand(row: Worked) -> None:
    found = deadline(NOW if row.start.year >= 2024 else PAST, row.start, row.limit, row.closing)
    assert (found.at, found.unconfirmed) == (row.at, row.unconfirmed), row.text


def test_count_deadline_says_which_day_and_whether_it_was_moved() -> None:
    found = deadline(NOW, moment("2026-09-16 09:00"), natural_days(15))
    assert (found.nominal_last_day.isoformat(), found.last_day.isoformat()) == ("2026-10-01", "2026-10-08")
    assert (found.is_provisional, found.calendar_version) == (False, "test")
    assert deadline(NOW, moment("2027-03-01 09:00"), working_days(1)).is_provisional


def test_count_deadline_from_a_moment_of_another_zone() -> None:
    """2026-06-05 23:30 in UTC is Saturday morning in China."""
    there = datetime.fromisoformat("2026-06-05T23:30:00.750000+00:00")
    assert deadline(NOW, there, working_days(1)).at == moment("2026-06-08 24:00")
    assert deadline(NOW, there, hours(1)).at == moment("2026-06-06 08:30")


def test_refuse_deadline_from_a_moment_without_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        deadline(NOW, datetime.fromisoformat("2026-06-05 09:00"), working_days(1))


@pytest.mark.parametrize("limit", [hours(0), working_hours(0), working_days(0), natural_days(0), working_days(-1)])
def test_refuse_deadline_of_nothing(limit: Limit) -> None:
    with pytest.raises(ValueError, match="at least one"):
        deadline(NOW, moment("2026-06-05 09:00"), limit)


@pytest.mark.parametrize("limit", [working_hours(1), working_days(1), natural_days(1)])
@pytest.mark.parametrize("start", ["2023-12-30 09:00", "2028-12-31 09:00", "2031-01-01 09:00"])
def test_refuse_deadline_outside_the_calendar(start: str, limit: Limit) -> None:
    with pytest.raises(UnknownYear):
        deadline(NOW, moment(start), limit)


def test_count_natural_hours_outside_the_calendar() -> None:
    assert deadline(NOW, moment("2031-01-01 09:00"), hours(2)).at == moment("2031-01-01 11:00")

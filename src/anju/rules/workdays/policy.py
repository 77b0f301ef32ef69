"""`calendar.toml` of a policy folder: office hours and the published days of each year, read whole or refused whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from anju.rules.policy_faults import Fault, PolicyFaults
from anju.rules.policy_shapes import CALENDAR, CITE, FILE, TABLES
from anju.rules.policy_tables import Field, Row, Shape, read_toml, shape_faults
from anju.rules.workdays.hours import BadHours, OfficeHours
from anju.rules.workdays.years import (
    FIRST_YEAR,
    LAST_YEAR,
    Mark,
    PublishedDay,
    Scope,
    belongs_to,
    is_weekend,
    twice_named,
)

LONGEST: Final = 31  # days of one row
_YEAR: Final = Field(int, low=FIRST_YEAR, high=LAST_YEAR)
_CITE: Final = Field(str, limit=200)
HOURS: Final[Shape] = {"spans": Field(list, limit=11, least=1), "cite": _CITE}
YEAR: Final[Shape] = {
    "year": _YEAR,
    "region": Field(str, choices=("known", "unset")),
    "cite": _CITE,
    "note": Field(str, limit=300, required=False),
}
DAYS: Final[Shape] = {
    "year": _YEAR,
    "mark": Field(str, choices=tuple(Mark)),
    "scope": Field(str, choices=tuple(Scope)),
    "name": Field(str, limit=20),
    "first": Field(date),
    "last": Field(date, required=False),
    "cite": CITE,
}
ROOT: Final[Shape] = {**FILE, "hours": Field(dict), "year": TABLES, "days": TABLES}
REGION_UNSET: Final = "unset"


@dataclass(frozen=True, slots=True)
class PolicyYear:
    """The days of one year as the file has them. `region_known` is False where the region's own days are 未配置."""

    year: int
    region_known: bool
    cite: str
    note: str
    days: tuple[PublishedDay, ...]


@dataclass(frozen=True, slots=True)
class PolicyCalendar:
    hours: OfficeHours
    years: tuple[PolicyYear, ...]


def parse_calendar(files: Mapping[str, str | bytes]) -> PolicyCalendar:
    """Return the calendar that the files hold, or raise `PolicyFaults` with all that is wrong with it."""
    faults: list[Fault] = []
    root = _root(files, faults)
    if not faults:
        faults.extend(_contradictions(root))
    if faults:
        raise PolicyFaults(faults)
    return PolicyCalendar(_hours(root), tuple(_year(row, root) for row in root.tables("year")))


def _root(files: Mapping[str, str | bytes], faults: list[Fault]) -> Row:
    nothing = Row(CALENDAR, (), {}, {})
    if CALENDAR not in files:
        faults.append(Fault(CALENDAR, 0, "missing_file"))
        return nothing
    content = files[CALENDAR]
    try:
        text = content if isinstance(content, str) else content.decode()
    except UnicodeDecodeError:
        faults.append(Fault(CALENDAR, 1, "not_utf8"))
        return nothing
    root = read_toml(CALENDAR, text.removeprefix("\ufeff"))
    if isinstance(root, Fault):
        faults.append(root)
        return nothing
    faults.extend(shape_faults(root, ROOT))
    faults.extend(shape_faults(root.table("hours"), HOURS) if "hours" in root.values else ())
    for table, shape in (("year", YEAR), ("days", DAYS)):
        for row in root.tables(table):
            faults.extend(shape_faults(row, shape))
    return root


def _contradictions(root: Row) -> Iterator[Fault]:
    """Office hours that follow each other, each year once, days in their year, once each, and worked days at weekends."""
    try:
        _hours(root)
    except BadHours:
        yield root.table("hours").fault("spans", "bad_hours")
    known: dict[int, Row] = {}
    for row in root.tables("year"):
        before = known.setdefault(row.values["year"], row)
        if before is not row:
            yield row.fault("year", "repeated_code", value=row.values["year"], first=before.line("year"))
    for row in root.tables("days"):
        yield from _row_faults(row, known)
    yield from _repeated(root)


def _row_faults(row: Row, known: Mapping[int, Row]) -> Iterator[Fault]:
    year, first, last = row.values["year"], row.values["first"], row.values.get("last", row.values["first"])
    if last < first:
        yield row.fault("last", "dates_reversed", earliest=first)
    elif (last - first).days >= LONGEST:
        yield row.fault("last", "too_many_days", limit=LONGEST)
    elif not (belongs_to(first, year) and belongs_to(last, year)):
        yield row.fault("first", "day_of_another_year", value=year)
    elif row.values["mark"] == Mark.WORK and not all(is_weekend(day) for day in _span(row)):
        yield row.fault("mark", "worked_weekday")
    if year not in known:
        yield row.fault("year", "unknown_choice", value=year, choices="、".join(str(each) for each in known))
    elif row.values["scope"] == Scope.REGION and known[year].values["region"] == REGION_UNSET:
        yield row.fault("scope", "region_unset", value=year)


def _repeated(root: Row) -> Iterator[Fault]:
    """Rows with other faults are read as far as they go: a row of a thousand days is not."""
    seen: list[PublishedDay] = []
    for row in root.tables("days"):
        seen.extend(found := _days(row))
        if found and (twice := twice_named(seen)):
            yield row.fault("first", "day_twice", value=twice.day)
            del seen[-len(found) :]


def _hours(root: Row) -> OfficeHours:
    values = root.table("hours").values
    return OfficeHours.of(values["spans"], cite=values["cite"])


def _year(row: Row, root: Row) -> PolicyYear:
    values = row.values
    mine = [one for one in root.tables("days") if one.values["year"] == values["year"]]
    days = sorted((day for one in mine for day in _days(one)), key=lambda day: (day.day, day.scope))
    return PolicyYear(
        values["year"], values["region"] != REGION_UNSET, values["cite"], values.get("note", ""), tuple(days)
    )


def _days(row: Row) -> list[PublishedDay]:
    values = row.values
    mark, scope = Mark(values["mark"]), Scope(values["scope"])
    return [PublishedDay(day, mark, scope, values["name"], values["cite"]) for day in _span(row)]


def _span(row: Row) -> list[date]:
    first = row.values["first"]
    count = (row.values.get("last", first) - first).days + 1
    return [first + timedelta(days=number) for number in range(min(count, LONGEST))]

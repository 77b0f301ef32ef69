"""Calendars to count in: the demo county's, and past years with what 广西 did at 三月三, as far as the hand-worked table needs them."""

from datetime import date, timedelta

from anju.rules.workdays.calendar import Calendar
from anju.rules.workdays.hours import OfficeHours
from anju.rules.workdays.policy import PolicyCalendar, parse_calendar
from anju.rules.workdays.years import Mark, PublishedDay, Scope, YearTable
from tests.house.source import ROOT

HOURS = OfficeHours.of(["08:00-12:00", "15:00-18:00"], cite="示例")


def policy_of(code: str) -> PolicyCalendar:
    return parse_calendar({"calendar.toml": (ROOT / "policy" / code / "calendar.toml").read_bytes()})


def tables_of(code: str, *, confirmed: frozenset[int] = frozenset({2024, 2025, 2026})) -> list[YearTable]:
    return [YearTable(one.year, one.days, one.year in confirmed) for one in policy_of(code).years]


def calendar_of(*tables: YearTable) -> Calendar:
    return Calendar.of(tables, hours=HOURS, version="test")


def days(mark: Mark, scope: Scope, *spans: str) -> tuple[PublishedDay, ...]:
    """Return published days written 2017-03-30 or 2017-03-30/2017-03-31."""
    found = []
    for span in spans:
        first, _, last = span.partition("/")
        day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        while day <= end:
            found.append(PublishedDay(day, mark, scope, "示例", "示例"))
            day += timedelta(days=1)
    return tuple(found)


def off(*spans: str) -> tuple[PublishedDay, ...]:
    return days(Mark.OFF, Scope.NATIONAL, *spans)


def work(*spans: str) -> tuple[PublishedDay, ...]:
    return days(Mark.WORK, Scope.NATIONAL, *spans)


def region_off(*spans: str) -> tuple[PublishedDay, ...]:
    return days(Mark.OFF, Scope.REGION, *spans)


def region_work(*spans: str) -> tuple[PublishedDay, ...]:
    return days(Mark.WORK, Scope.REGION, *spans)


PAST = calendar_of(
    # 国办发明电〔2016〕17号; 自治区人民政府办公厅 2017-02-10
    YearTable(
        2017,
        (
            *off("2017-04-02/2017-04-04"),
            *work("2017-04-01"),
            *region_off("2017-03-30/2017-03-31", "2017-04-01"),
            *region_work("2017-04-08"),
        ),
        confirmed=True,
    ),
    YearTable(2018, (*region_off("2018-04-18/2018-04-20"), *region_work("2018-04-15")), confirmed=True),
    # 国办发明电〔2018〕15号
    YearTable(2019, (*off("2018-12-30/2019-01-01"), *work("2018-12-29")), confirmed=True),
    YearTable(2021, (*region_off("2021-04-14/2021-04-16"), *region_work("2021-04-18")), confirmed=True),
    # 国办发明电〔2022〕16号 has 2023-04-23 worked; the region had it off
    YearTable(2023, (*work("2023-04-23"), *region_off("2023-04-21/2023-04-23")), confirmed=True),
)
NOW = calendar_of(*tables_of("demo"))

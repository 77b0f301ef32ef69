"""The calendar as a value: which days are worked, who says so, and which years are in doubt."""

from datetime import date, datetime, timedelta

import chinese_calendar
import pytest

from anju.rules.periods import Span, UnknownYear, period
from anju.rules.workdays.calendar import CHINA, Calendar
from anju.rules.workdays.hours import UNSET, BadHours, OfficeHours
from anju.rules.workdays.limits import Limit, Unit, days, hours, working_days, working_hours
from anju.rules.workdays.years import (
    Mark,
    Scope,
    YearTable,
    belongs_to,
    decided_by,
    fixed_holidays,
    missing_holidays,
    twice_named,
    years_to_confirm,
)
from tests.rules.workdays.tables import HOURS, NOW, PAST, calendar_of, off, policy_of, region_off, tables_of, work


@pytest.mark.parametrize("policy", ["demo", "zhongshan-2024"])
def test_national_days_are_those_of_a_second_witness(policy: str) -> None:
    tables = [
        YearTable(one.year, tuple(day for day in one.days if day.scope == Scope.NATIONAL), confirmed=True)
        for one in policy_of(policy).years
    ]
    calendar, day, wrong = calendar_of(*tables), date(2024, 1, 1), []
    while day.year <= 2026:
        if calendar.is_working(day) != chinese_calendar.is_workday(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert not wrong


def test_notice_of_the_next_year_has_moved_days_of_december() -> None:
    """Why the last three days of a year are in doubt until the next is confirmed."""
    assert chinese_calendar.is_workday(date(2018, 12, 29))
    assert not chinese_calendar.is_workday(date(2018, 12, 31))
    assert decided_by(date(2018, 12, 29)) == (2018, 2019)
    assert decided_by(date(2018, 12, 28)) == (2018,)
    assert belongs_to(date(2018, 12, 29), 2019)
    assert not belongs_to(date(2018, 12, 28), 2019)
    assert PAST.is_working(date(2018, 12, 29))


def test_word_of_the_region_stands_over_the_nations() -> None:
    assert not PAST.is_working(date(2017, 4, 1))
    assert PAST.is_working(date(2017, 4, 8))


def test_unknown_year_has_weekends_and_the_holidays_of_the_law() -> None:
    assert [NOW.is_working(date(2027, 1, day)) for day in (1, 2, 3, 4)] == [False, False, False, True]
    assert not NOW.is_working(date(2028, 5, 2))
    with pytest.raises(UnknownYear):
        NOW.is_working(date(2029, 1, 1))


def test_confirmed_year_is_what_was_published_and_nothing_else() -> None:
    calendar = calendar_of(YearTable(2026, (), confirmed=True))
    assert calendar.is_working(date(2026, 1, 1))


def test_table_without_the_holidays_of_the_law_is_not_whole() -> None:
    """In 2027 the first two days of May and 2 and 3 October are a weekend."""
    assert [(day.month, day.day) for day in missing_holidays(YearTable(2027, (), confirmed=False))] == [(1, 1), (10, 1)]
    worked = YearTable(2027, (*off("2027-01-01", "2027-10-01"), *work("2027-05-02")), confirmed=False)
    assert [(day.month, day.day) for day in missing_holidays(worked)] == [(5, 2)]
    for policy in ("demo", "zhongshan-2024"):
        for one in policy_of(policy).years:
            assert missing_holidays(YearTable(one.year, one.days, confirmed=False)) == ()


def test_year_between_two_tables_is_in_doubt() -> None:
    calendar = calendar_of(YearTable(2024, (), confirmed=True), YearTable(2026, (), confirmed=True))
    assert calendar.doubts(calendar.place(date(2024, 12, 28)), calendar.place(date(2025, 1, 2))) == (2025,)
    assert calendar.doubts(calendar.place(date(2024, 12, 27)), calendar.place(date(2024, 12, 28))) == ()


def test_refuse_calendar_of_no_year() -> None:
    with pytest.raises(ValueError, match="at least one year"):
        Calendar.of([], hours=HOURS)


def test_place_outside_the_calendar_names_the_year() -> None:
    for wrong, year in ((-1, 2023), (len(NOW.dates), 2029)):
        with pytest.raises(UnknownYear) as caught:
            NOW.checked(wrong)
        assert caught.value.args == (year,)
    for number, year in ((-1, 2023), (10_000, 2029)):
        with pytest.raises(UnknownYear) as caught:
            NOW.working_day(number)
        assert caught.value.args == (year,)


def test_strict_calendar_serves_months_and_refuses_unconfirmed_years() -> None:
    """Three months from 2026-07-01 end on 1 October, moved to the 8th (民法典 202, 203)."""
    strict = NOW.strict()
    assert period(date(2026, 7, 1), Span(months=3), strict).last_day == date(2026, 10, 8)
    with pytest.raises(UnknownYear):
        period(date(2026, 10, 1), Span(months=6), strict)


def test_day_named_twice_by_one_publisher() -> None:
    assert twice_named([*off("2026-05-01"), *region_off("2026-05-01")]) is None
    twice = twice_named([*off("2026-05-01"), *work("2026-05-01")])
    assert twice is not None
    assert twice.day == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("today", "confirmed", "missing"),
    [
        (date(2026, 11, 24), {2026}, ()),
        (date(2026, 12, 14), {2026}, ()),
        (date(2026, 12, 15), {2026}, (2027,)),
        (date(2026, 12, 15), {2026, 2027}, ()),
        (date(2027, 1, 1), {2026}, (2027,)),
        (date(2026, 12, 31), set[int](), (2026, 2027)),
    ],
)
def test_year_that_should_have_been_confirmed(today: date, confirmed: set[int], missing: tuple[int, ...]) -> None:
    assert years_to_confirm(confirmed, today) == missing


def test_office_hours_as_people_write_them() -> None:
    assert HOURS.texts == ("08:00-12:00", "15:00-18:00")
    assert (HOURS.total, HOURS.opening, HOURS.closing) == (7 * 3600, 8 * 3600, 18 * 3600)
    assert OfficeHours.of(["00:00-24:00"], cite="示例").total == 24 * 3600
    assert UNSET.cite == "示例·需本县核定"
    with pytest.raises(ValueError, match="no more"):
        HOURS.clock_after(7 * 3600 + 1)


@pytest.mark.parametrize(
    "spans",
    [
        [],
        ["8:00-12:00"],
        ["08:00"],
        ["12:00-08:00"],
        ["08:00-08:00"],
        ["08:00-12:00", "11:00-18:00"],
        ["08:00-12:00", "12:00-18:00"],
        ["15:00-18:00", "08:00-12:00"],
        ["08:00-24:01"],
        ["08:00-25:00"],
    ],
)
def test_refuse_office_hours_that_are_none(spans: list[str]) -> None:
    with pytest.raises(BadHours):
        OfficeHours.of(spans, cite="示例")


def test_office_hours_end_with_the_day_whatever_their_number() -> None:
    with pytest.raises(BadHours):
        OfficeHours.of(["08:00-12:00", "20:00-24:30"], cite="示例")
    assert OfficeHours.of(["08:30-12:00", "20:15-24:00"], cite="示例").spans == ((30_600, 43_200), (72_900, 86_400))


def test_year_counts_the_region_last_and_knows_the_days_of_the_law() -> None:
    """Whoever is written down first."""
    given = (*region_off("2023-04-23"), *work("2023-04-23"))
    assert YearTable(2023, given, confirmed=True).marks() == {date(2023, 4, 23): Mark.OFF}
    found = [f"{day:%m%d}" for day in fixed_holidays(2027)]
    assert found == ["0101", "0501", "0502", "1001", "1002", "1003"]


def test_calendar_is_whole_from_its_first_day_to_its_last() -> None:
    """2024 to 2026 are confirmed and two years go on; three days of December 2026, 2027 and 2028 are in doubt."""
    calendar = calendar_of(*tables_of("demo"))
    assert (calendar.dates[0], calendar.dates[-1]) == (date(2024, 1, 1), date(2028, 12, 31))
    assert len(calendar.midnights) == len(calendar.dates) + 1
    assert calendar.midnights[-1] == datetime(2029, 1, 1, tzinfo=CHINA)
    assert (calendar.doubtful[0], calendar.doubtful[-1]) == (0, 3 + 365 + 366)
    assert not calendar.is_working(date(2027, 1, 1))
    assert (calendar.version, Calendar.of(tables_of("demo"), hours=HOURS).version) == ("test", "")


def test_limit_is_of_seconds_or_of_days() -> None:
    assert [hours(1, 30), working_hours(1, 30)] == [Limit(Unit.HOURS, 5400), Limit(Unit.WORKING_HOURS, 5400)]
    assert [working_days(2), days(3)] == [Limit(Unit.WORKING_DAYS, 2), Limit(Unit.DAYS, 3)]

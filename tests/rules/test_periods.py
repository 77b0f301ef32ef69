"""Periods by 民法典 200-204, with the worked dates of the law file; 2026 as published for the whole country."""

from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.rules.periods import (
    Calendar,
    Period,
    Span,
    UnknownYear,
    closes_at,
    ends_after_hours,
    latest_day_before,
    nominal_last_day,
    period,
    working_day_after,
)


def _days(month: int, first: int, last: int) -> list[date]:
    return [date(2026, month, day) for day in range(first, last + 1)]


C2026 = Calendar.of(
    [2026],
    off=[
        *_days(1, 1, 3),
        *_days(2, 15, 23),
        *_days(4, 4, 6),
        *_days(5, 1, 5),
        *_days(6, 19, 21),
        *_days(9, 25, 27),
        *_days(10, 1, 7),
    ],
    working=[
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ],
)


@pytest.mark.parametrize(
    ("what", "start", "span", "nominal", "last"),
    [
        ("committee filed within 30 days", (2026, 3, 31), Span(days=30), (2026, 4, 30), (2026, 4, 30)),
        ("the 30th day is the first of May", (2026, 4, 1), Span(days=30), (2026, 5, 1), (2026, 5, 6)),
        ("preparatory group within 60 days", (2026, 1, 5), Span(days=60), (2026, 3, 6), (2026, 3, 6)),
        ("first meeting within 90 days", (2026, 3, 6), Span(days=90), (2026, 6, 4), (2026, 6, 4)),
        ("petition forwarded in 15 days", (2026, 9, 16), Span(days=15), (2026, 10, 1), (2026, 10, 8)),
        ("petition decided in 60 days", (2026, 8, 3), Span(days=60), (2026, 10, 2), (2026, 10, 8)),
        ("extended to 90 days, a Sunday", (2026, 8, 3), Span(days=90), (2026, 11, 1), (2026, 11, 2)),
        ("penalty decided in 90 days", (2026, 7, 6), Span(days=90), (2026, 10, 4), (2026, 10, 8)),
        ("a Saturday that is worked does not move", (2026, 9, 30), Span(days=10), (2026, 10, 10), (2026, 10, 10)),
    ],
)
def test_period_as_worked_by_hand(
    what: str, start: tuple[int, int, int], span: Span, nominal: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    begun = date(*start)
    found = period(begun, span, C2026)
    assert found == Period(begun + timedelta(days=1), date(*nominal), date(*last))
    assert found.is_moved is (nominal != last)


@pytest.mark.parametrize(
    ("start", "span", "last"),
    [
        ((2024, 2, 29), Span(years=5), (2029, 2, 28)),
        ((2024, 2, 29), Span(years=4), (2028, 2, 29)),
        ((2026, 3, 1), Span(years=1), (2027, 3, 1)),
        ((2026, 1, 31), Span(months=1), (2026, 2, 28)),
        ((2026, 8, 31), Span(months=3), (2026, 11, 30)),
        ((2026, 11, 30), Span(months=3), (2027, 2, 28)),
        ((2026, 12, 31), Span(months=12), (2027, 12, 31)),
        ((2026, 12, 31), Span(days=1), (2027, 1, 1)),
    ],
)
def test_term_ends_on_the_corresponding_day_or_the_months_last(
    start: tuple[int, int, int], span: Span, last: tuple[int, int, int]
) -> None:
    assert nominal_last_day(date(*start), span) == date(*last)


@pytest.mark.parametrize(
    ("event", "span", "latest"),
    [
        ((2026, 12, 20), Span(days=15), (2026, 12, 5)),
        ((2027, 5, 31), Span(months=3), (2027, 2, 28)),
        ((2026, 12, 31), Span(days=90), (2026, 10, 2)),
        ((2027, 3, 1), Span(days=60), (2026, 12, 31)),
        ((2026, 3, 31), Span(years=1), (2025, 3, 31)),
    ],
)
def test_latest_day_before_is_counted_back_and_never_rolled(
    event: tuple[int, int, int], span: Span, latest: tuple[int, int, int]
) -> None:
    assert latest_day_before(date(*event), span) == date(*latest)


@pytest.mark.parametrize(
    ("start", "count", "day"),
    [
        ((2026, 9, 28), 5, (2026, 10, 10)),
        ((2026, 9, 30), 3, (2026, 10, 10)),
        ((2026, 2, 13), 7, (2026, 3, 2)),
        ((2026, 9, 1), 20, (2026, 9, 29)),
        ((2026, 4, 28), 13, (2026, 5, 19)),
    ],
)
def test_working_day_after_as_worked_by_hand(
    start: tuple[int, int, int], count: int, day: tuple[int, int, int]
) -> None:
    assert working_day_after(date(*start), count, C2026) == date(*day)


def test_unknown_year_is_refused() -> None:
    with pytest.raises(UnknownYear):
        period(date(2026, 12, 20), Span(days=30), C2026)
    with pytest.raises(UnknownYear):
        working_day_after(date(2026, 12, 30), 3, C2026)
    with pytest.raises(UnknownYear):
        C2026.is_off(date(2025, 12, 31))


def test_regional_holidays_are_off_as_well() -> None:
    """壮族三月三 2026 falls on Sunday and Monday, 19 and 20 April; how the Sunday is made up for comes as data."""
    guangxi = Calendar.of(C2026.years, off=[*C2026.off, date(2026, 4, 20)])
    assert not C2026.is_off(date(2026, 4, 20))
    assert guangxi.is_off(date(2026, 4, 20))


def test_calendar_counts_weekends_and_takes_worked_ones_back() -> None:
    assert C2026.is_off(date(2026, 11, 21))
    assert C2026.is_off(date(2026, 11, 22))
    assert not C2026.is_off(date(2026, 11, 23))
    assert not C2026.is_off(date(2026, 9, 20))
    assert Calendar.of([2028], off=[]).is_off(date(2028, 12, 31))
    assert Calendar.of([2028], off=[]).is_off(date(2028, 1, 1))
    assert len(Calendar.of([2026], off=[]).off) == 104


@pytest.mark.parametrize(
    "lengths",
    [{}, {"days": 0}, {"days": -1}, {"days": 1, "months": 1}, {"years": 1, "days": 1}, {"months": -2, "days": 3}],
)
def test_span_has_exactly_one_length(lengths: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="one length"):
        Span(**lengths)


CHINA = timezone(timedelta(hours=8))


def moment(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=CHINA)  # type: ignore[arg-type,misc]


def test_period_closes_at_midnight_or_with_the_office() -> None:
    assert closes_at(date(2026, 12, 31), CHINA) == moment(2027, 1, 1)
    assert closes_at(date(2026, 12, 31), CHINA, business_ends=time(17, 30)) == moment(2026, 12, 31, 17, 30)


def test_hours_run_from_the_moment() -> None:
    assert ends_after_hours(moment(2026, 11, 24, 10, 30), 24) == moment(2026, 11, 25, 10, 30)
    with pytest.raises(ValueError, match="one hour"):
        ends_after_hours(moment(2026, 11, 24), 0)
    assert ends_after_hours(moment(2026, 11, 24), 1) == moment(2026, 11, 24, 1)


def test_working_days_start_at_one() -> None:
    with pytest.raises(ValueError, match="one day"):
        working_day_after(date(2026, 11, 24), 0, C2026)
    assert working_day_after(date(2026, 11, 24), 1, C2026) == date(2026, 11, 25)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 200))
def test_months_forward_never_leave_the_month_they_end_in(start: date, months: int) -> None:
    end = nominal_last_day(start, Span(months=months))
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end + timedelta(days=1)).day == 1
    assert end.day <= start.day


@given(st.dates(date(2026, 1, 1), date(2026, 10, 1)), st.integers(1, 60))
def test_period_never_ends_on_a_day_off_or_early(start: date, days: int) -> None:
    found = period(start, Span(days=days), C2026)
    assert not C2026.is_off(found.last_day)
    assert found.last_day >= found.nominal_last_day == start + timedelta(days=days)
    between = (found.last_day - found.nominal_last_day).days
    assert all(C2026.is_off(found.nominal_last_day + timedelta(days=day)) for day in range(between))

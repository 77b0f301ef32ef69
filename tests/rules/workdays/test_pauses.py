"""What is left, pauses, and warnings: worked examples and what must always hold."""

from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from anju.rules.workdays.calendar import CHINA
from anju.rules.workdays.deadlines import Deadline, deadline, left_at, resume, warning_at, warning_before
from anju.rules.workdays.limits import WORDS, Closing, Limit, Unit, days, hours, working_days, working_hours
from tests.rules.workdays.tables import NOW
from tests.rules.workdays.test_deadlines import moment

UNITS = {Unit.HOURS: 300_000, Unit.WORKING_HOURS: 300_000, Unit.WORKING_DAYS: 40, Unit.DAYS: 90}
BEGIN = datetime(2024, 1, 2, tzinfo=CHINA)
MOMENTS = st.integers(0, 1200 * 86_400).map(lambda second: BEGIN + timedelta(seconds=second))
LIMITS = st.sampled_from(list(Unit)).flatmap(lambda unit: st.integers(1, UNITS[unit]).map(lambda n: Limit(unit, n)))
CLOSINGS = st.sampled_from(list(Closing))
LATER = st.integers(0, 90 * 86_400).map(lambda second: timedelta(seconds=second))


def left(due: Deadline, at: datetime) -> int:
    return left_at(NOW, due.limit.unit, due[:3], at)


def pause(due: Deadline, at: datetime) -> Limit:
    return Limit(due.limit.unit, left(due, at))


@given(MOMENTS, LATER, LIMITS, CLOSINGS)
def test_deadline_of_a_later_start_is_never_earlier(
    at: datetime, by: timedelta, limit: Limit, closing: Closing
) -> None:
    assert deadline(NOW, at, limit, closing).at <= deadline(NOW, at + by, limit, closing).at


@given(MOMENTS, LIMITS, CLOSINGS, st.integers(1, 20))
def test_deadline_of_more_is_never_earlier(at: datetime, limit: Limit, closing: Closing, more: int) -> None:
    first = deadline(NOW, at, limit, closing)
    assert at < first.at <= deadline(NOW, at, Limit(limit.unit, limit.amount + more), closing).at


@given(MOMENTS, LIMITS, CLOSINGS)
def test_deadline_is_on_a_working_day_unless_hours_run_through(at: datetime, limit: Limit, closing: Closing) -> None:
    found = deadline(NOW, at, limit, closing)
    assert limit.unit is Unit.HOURS or NOW.is_working(found.last_day)
    assert found.nominal_last_day <= found.last_day


@given(MOMENTS, LIMITS, CLOSINGS)
def test_left_at_the_start_is_the_whole_limit(at: datetime, limit: Limit, closing: Closing) -> None:
    assert left(deadline(NOW, at, limit, closing), at) == limit.amount


@given(MOMENTS, LIMITS, CLOSINGS, LATER, LATER)
def test_pause_loses_nothing_and_gains_nothing(
    at: datetime, limit: Limit, closing: Closing, after: timedelta, lasting: timedelta
) -> None:
    due = deadline(NOW, at, limit, closing)
    since = at + after
    assume(since < due.at)
    rest = pause(due, since)
    again = resume(NOW, since + lasting, rest, closing)
    # Resumed after closing, or on a day off, what is left of a day is the next working day's.
    a_day_more = not rest.amount and (closing is Closing.OFFICE or not NOW.is_working((since + lasting).date()))
    assert left(again, since + lasting) - rest.amount in ({0, 1} if a_day_more else {0})
    assert again.at >= due.at
    assert resume(NOW, since, rest, closing).at == due.at


@given(MOMENTS, LIMITS, CLOSINGS, st.integers(1, 99))
def test_warning_stands_between_the_start_and_the_deadline(
    at: datetime, limit: Limit, closing: Closing, percent: int
) -> None:
    due = deadline(NOW, at, limit, closing)
    warned = warning_at(NOW, due, percent)
    assert at <= warned < due.at
    assert warned <= warning_at(NOW, due, 99)


@given(MOMENTS, LIMITS, st.integers(0, 50))
def test_warning_before_leaves_at_least_what_it_says(at: datetime, limit: Limit, amount: int) -> None:
    due = deadline(NOW, at, limit)
    warned = warning_before(NOW, due, amount)
    assert at <= warned < due.at
    assert left(due, warned) >= min(amount, limit.amount)


def test_pause_over_a_weekend_and_a_festival() -> None:
    """7 working days from 2026-09-16: 17, 18, Sunday 20 to 24. Paused on the 18th with 5 left, resumed on 8 October: 9, 10, 12-14."""
    due = deadline(NOW, moment("2026-09-16 09:00"), working_days(7))
    rest = pause(due, moment("2026-09-18 10:00"))
    assert (due.at, rest) == (moment("2026-09-25 00:00"), working_days(5))
    assert resume(NOW, moment("2026-10-08 09:00"), rest).at == moment("2026-10-14 24:00")


def test_pause_at_lunch_keeps_the_seconds() -> None:
    due = deadline(NOW, moment("2026-06-03 09:00"), working_hours(4))
    rest = pause(due, moment("2026-06-03 13:00"))
    assert rest == working_hours(1)
    assert resume(NOW, moment("2026-06-05 17:30"), rest).at == moment("2026-06-08 08:30")


def test_resume_on_the_last_day_that_was_left() -> None:
    """Paused on the last day, nothing but that day is left: the day of the resumption takes its place, if it is still worked then."""
    due = deadline(NOW, moment("2026-06-03 09:00"), working_days(1), Closing.OFFICE)
    rest = pause(due, moment("2026-06-04 10:00"))
    assert rest == Limit(Unit.WORKING_DAYS, 0)
    ends = [resume(NOW, moment(at), rest, Closing.OFFICE).at for at in ("2026-06-10 17:59", "2026-06-12 18:00")]
    assert ends == [moment("2026-06-10 18:00"), moment("2026-06-15 18:00")]
    assert resume(NOW, moment("2026-06-12 20:00"), rest).at == moment("2026-06-12 24:00")


@pytest.mark.parametrize(
    ("limit", "at", "rest"),
    [
        (hours(2), "2026-06-03 12:00", -3600),
        (working_hours(2), "2026-06-03 17:00", -10_800),
        (working_days(2), "2026-06-05 12:00", 0),
        (working_days(2), "2026-06-07 12:00", 0),
        (working_days(2), "2026-06-09 12:00", -2),
        (days(3), "2026-06-05 12:00", 1),
        (days(3), "2026-06-07 12:00", 0),
        (days(3), "2026-06-08 12:00", 0),
        (days(3), "2026-06-10 12:00", -2),
    ],
)
def test_left_below_zero_is_how_late_it_is(limit: Limit, at: str, rest: int) -> None:
    """From Wednesday 2026-06-03 09:00. Three days end on Saturday, moved to Monday the 8th."""
    due = deadline(NOW, moment("2026-06-03 09:00"), limit)
    assert left(due, moment(at)) == rest


@pytest.mark.parametrize(
    ("limit", "amount", "at"),
    [
        (hours(24), 3600, "2026-09-29 16:00"),
        (hours(24), 0, "2026-09-29 16:59:59"),
        (working_hours(4), 3600, "2026-09-29 10:00"),
        (working_days(3), 1, "2026-09-30 08:00"),
        (working_days(3), 0, "2026-10-08 08:00"),
        (working_days(3), 9, "2026-09-28 17:00"),
        (days(10), 2, "2026-09-30 08:00"),
        (days(10), 30, "2026-09-28 17:00"),
    ],
)
def test_warn_in_the_same_calendar(limit: Limit, amount: int, at: str) -> None:
    """From Monday 2026-09-28 17:00: never at midnight, never on a day off, never before the beginning."""
    due = deadline(NOW, moment("2026-09-28 17:00"), limit)
    assert warning_before(NOW, due, amount) == moment(at)


def test_warn_on_the_natural_day_with_so_many_left() -> None:
    """Five days from Monday 2026-06-01 end on Saturday the 6th, moved to the 8th: with two of the five left it is Thursday."""
    due = deadline(NOW, moment("2026-06-01 09:00"), days(5))
    assert [warning_before(NOW, due, amount) for amount in (2, 3)] == [
        moment("2026-06-04 08:00"),
        moment("2026-06-03 08:00"),
    ]


def test_warn_of_a_whole_limit_when_it_begins_and_not_when_the_office_closed() -> None:
    due = deadline(NOW, moment("2026-09-28 20:00"), working_hours(4))
    assert warning_before(NOW, due, 4 * 3600) == moment("2026-09-28 20:00")


def test_warn_at_half_and_at_four_fifths() -> None:
    """7 working days from 2026-09-16 end on the 24th: 3 left on the 21st, 1 left on the 23rd."""
    due = deadline(NOW, moment("2026-09-16 09:00"), working_days(7))
    assert [warning_at(NOW, due, percent) for percent in (50, 80)] == [
        moment("2026-09-21 08:00"),
        moment("2026-09-23 08:00"),
    ]


def test_warn_near_the_beginning_of_the_calendar() -> None:
    early = deadline(NOW, moment("2024-01-01 09:00"), working_hours(1))
    day = deadline(NOW, moment("2024-01-01 09:00"), days(1))
    assert warning_before(NOW, early, 7200) == warning_before(NOW, day, 30) == moment("2024-01-01 09:00")
    # The first working day there is, Tuesday the 2nd, has nine days after it until the 11th.
    assert warning_before(NOW, deadline(NOW, moment("2024-01-01 09:00"), days(10)), 9) == moment("2024-01-02 08:00")


def test_unit_has_its_word() -> None:
    assert set(WORDS) == set(Unit)

"""Events as they are kept, and the calendar as the engine asks for it."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from anju.rules.cases.counting import Counting, days_left, is_half_used, is_warned, last_day
from anju.rules.cases.facts import Clerk, Event, Mode, Payload
from anju.rules.cases.stored import read_event, stored_event
from anju.rules.cases.workflow import Amount, Unit, Urgency
from anju.rules.workdays.calendar import CHINA, Calendar
from anju.rules.workdays.hours import OfficeHours
from anju.rules.workdays.years import YearTable
from tests.rules.cases.sample import MONDAY, Walk, days, hours
from tests.rules.workdays.tables import off

HOURS = OfficeHours.of(["08:00-12:00", "15:00-18:00"], cite="示例")
KNOWN = Calendar.of([YearTable(year, (), confirmed=True) for year in (2026, 2027)], hours=HOURS)
UNKNOWN = Calendar.of([YearTable(2026, (), confirmed=False)], hours=HOURS)


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=CHINA)


def test_stored_event_is_read_back_as_it_was() -> None:
    payload = Payload(
        type="complaint",
        urgency=Urgency.A,
        mode=Mode.ANONYMOUS,
        respondents=frozenset({"2", "1"}),
        helpers=("3", "4"),
        until=days(2),
        meets_at=days(4),
        attendance=(("3", "came"), ("4", "absent")),
        dues=(("handle", days(3)),),
        score=4,
    )
    due = ("handle", Amount(7, Unit.WD), days(7))
    clerk = Clerk("town", frozenset({"9"}))
    event = Event(3, "dispatch", "dispatcher", MONDAY, "5", frozenset({"8", "7"}), payload, (due,), clerk)
    kept = json.loads(json.dumps(stored_event(event, user=5)))
    assert kept["user"] == 5
    assert "master" not in kept["payload"]
    assert read_event(kept) == event


def test_stored_events_of_a_walk_are_read_back() -> None:
    walk = Walk().handling().report().verify()
    assert [read_event(json.loads(json.dumps(stored_event(one)))) for one in walk.events] == walk.events


@pytest.mark.parametrize(
    ("start", "unit", "amount", "end"),
    [
        (at(24, 10), "ch", 2, at(24, 12)),
        (at(24, 10), "wh", 4, at(24, 17)),
        (at(24, 10), "wd", 1, at(26)),
        (at(27, 10), "wd", 1, at(30) + timedelta(days=1)),
        (at(27, 10), "cd", 1, at(30) + timedelta(days=1)),
    ],
)
def test_counting_ends_as_the_calendar_says(start: datetime, unit: str, amount: int, end: datetime) -> None:
    """Tuesday 24 and Friday 27 November 2026: natural days that end on a Saturday end on Monday."""
    counting = Counting(KNOWN)
    assert counting.deadline(start, unit, amount) == end
    assert not counting.provisional


def test_counting_gathers_what_is_provisional() -> None:
    counting = Counting(UNKNOWN)
    end = counting.deadline(at(24, 10), "wd", 1)
    assert counting.provisional == {end}


def test_end_belongs_to_the_day_that_it_ends_in_china() -> None:
    """24:00 is of the day before; five in the morning is 21:00 of the day before elsewhere."""
    assert [last_day(one).day for one in (at(28), at(28) + timedelta(seconds=1), at(25, 5))] == [27, 28, 25]
    assert last_day(datetime(2026, 11, 24, 21, tzinfo=UTC)) == date(2026, 11, 25)


def test_counting_gives_back_what_a_pause_took() -> None:
    """Two of three working days were left on Wednesday; taken up on Monday they end on Wednesday."""
    counting = Counting(KNOWN)
    due = counting.deadline(at(24, 10), "wd", 3)
    assert due == at(28)
    assert counting.resumed(due, at(25, 9), at(30, 9), "wd") == at(30) + timedelta(days=3)
    assert counting.resumed(due, at(30, 9), at(30, 10), "wd") == due
    assert counting.resumed(due, due, at(30, 10), "wd") == due
    assert counting.resumed(at(24, 17), at(24, 11), at(25, 9), "wh") == at(25, 12)


@pytest.mark.parametrize(
    ("moment", "left"),
    [(at(24, 9), 3), (at(27, 9), 0), (at(28), -1), (at(30, 9), -1), (at(30) + timedelta(days=2), -3)],
)
def test_days_left_of_a_friday(moment: datetime, left: int) -> None:
    assert days_left(KNOWN, at(28), moment) == left


def test_days_left_before_a_working_day() -> None:
    """Until Wednesday 24:00, whatever day comes after it."""
    assert [days_left(KNOWN, at(26), at(day, 9)) for day in (23, 24, 25, 26)] == [2, 1, 0, -1]


def test_is_warned_at_the_moment_itself() -> None:
    """Three working days until Friday the 27th: with two left nobody is urged, with one he is.

    Ten working hours from Tuesday 9:00 are 9-12, 15-18 and Wednesday 8-12: eight are used at 10:00.
    """
    three, ten = Amount(3, Unit.WD), Amount(10, Unit.WH)
    assert [is_warned(KNOWN, at(25), at(28), three, at(day, 9)) for day in (25, 26)] == [False, True]
    ends = at(25, 12)
    before = at(25, 10) - timedelta(seconds=1)
    assert [is_warned(KNOWN, at(24, 9), ends, ten, moment) for moment in (before, at(25, 10))] == [False, True]


def test_half_is_used_by_what_is_left_in_the_limit_s_own_unit() -> None:
    """Seven working days from Tuesday 24: on Monday 30 T1 W2 T3 are left. Ten working hours from Tuesday 9: 9-12 and 15-17 are five.

    Of minutes nobody is told.
    """
    seven, ten = Amount(7, Unit.WD), Amount(10, Unit.WH)
    ends = datetime(2026, 12, 4, tzinfo=CHINA)
    assert [is_half_used(KNOWN, at(24, 10), ends, seven, at(day, 9)) for day in (27, 30)] == [False, True]
    moments = (at(24, 17) - timedelta(seconds=1), at(24, 17))
    assert [is_half_used(KNOWN, at(24, 9), at(25, 12), ten, moment) for moment in moments] == [False, True]
    assert not is_half_used(KNOWN, at(24, 9), at(24, 10), Amount(60, Unit.CM), at(24, 10))


def test_is_warned_by_what_is_left_of_the_limit_and_not_by_the_days_that_passed() -> None:
    """Neither a pause nor a holiday uses any of it.

    Of seven working days from 24 November five were left at a pause from the 26th to Thursday 31 December: F1 M4 T5 W6 T7.
    Ten from Wednesday 30 September with 国庆节 off: T8 F9 M12-F16 M19 T20 W21, with two left on Monday 19.
    """
    seven, ten = Amount(7, Unit.WD), Amount(10, Unit.WD)
    ends = datetime(2027, 1, 8, tzinfo=CHINA)
    days = [datetime(2027, 1, day, 9, tzinfo=CHINA) for day in (1, 5, 6)]
    assert [is_warned(KNOWN, at(24, 10), ends, seven, day) for day in days] == [False, False, True]
    october = Calendar.of([YearTable(2026, off("2026-10-01/2026-10-07"), confirmed=True)], hours=HOURS)
    start = datetime(2026, 9, 30, 9, tzinfo=CHINA)
    ends = Counting(october).deadline(start, "wd", 10)
    assert ends == datetime(2026, 10, 22, tzinfo=CHINA)
    days = [datetime(2026, 10, day, 9, tzinfo=CHINA) for day in (16, 18, 19)]
    assert [is_warned(october, start, ends, ten, day) for day in days] == [False, False, True]


def test_is_warned_when_little_is_left() -> None:
    week = Amount(5, Unit.WD)
    assert not is_warned(KNOWN, at(23, 9), at(28), week, at(24, 9))
    assert is_warned(KNOWN, at(23, 9), at(28), week, at(26, 9))
    assert is_warned(KNOWN, at(23, 9), at(28), week, at(28))
    minutes = Amount(30, Unit.CM)
    assert not is_warned(KNOWN, MONDAY, hours(0.5), minutes, MONDAY)
    assert is_warned(KNOWN, MONDAY, hours(0.5), minutes, hours(1))
    assert date(2026, 11, 24).weekday() == 1


def test_is_warned_of_hours_only_when_most_are_used() -> None:
    """Of 24 hours, less than a working day is left from the first minute; nobody is urged before four fifths of them are used."""
    day = Amount(24, Unit.CH)
    assert not is_warned(KNOWN, at(24, 9), at(25, 9), day, at(24, 9))
    assert not is_warned(KNOWN, at(24, 9), at(25, 9), day, at(25, 4))
    assert is_warned(KNOWN, at(24, 9), at(25, 9), day, at(25, 5))

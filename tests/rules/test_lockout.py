"""The lock-out rule: exact, forgetful in time, and generous with what turns out to be right."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from anju.rules.lockout import ADDRESS, CODE, KNOWN_DEVICE, STRANGE_DEVICES, Count, Limit, give_back, minutes, take

AT = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
THREE = Limit(3, timedelta(minutes=10), timedelta(minutes=20), "for the tests")
SECOND = timedelta(seconds=1)


def taken(times: int, at: datetime = AT) -> Count:
    count: Count | None = None
    for _ in range(times):
        count, wait = take(count, THREE, at)
        assert wait is None
    assert count is not None
    return count


def test_take_attempt_admits_exactly_the_limit() -> None:
    count = taken(3)
    assert count.locked_until == AT + THREE.pause
    assert take(count, THREE, AT + SECOND) == (count, THREE.pause - SECOND)


def test_take_attempt_before_the_limit_leaves_the_door_open() -> None:
    assert taken(2).locked_until is None


def test_take_attempt_after_the_pause_begins_anew() -> None:
    count, wait = take(taken(3), THREE, AT + THREE.pause)
    assert (count, wait) == (Count(1, AT + THREE.pause), None)


def test_take_attempt_after_the_window_forgets_the_old_ones() -> None:
    count, _ = take(taken(2), THREE, AT + THREE.window)
    assert count == Count(1, AT + THREE.window)


def test_take_attempt_inside_the_window_counts_on() -> None:
    count, _ = take(taken(2), THREE, AT + THREE.window - SECOND)
    assert count.attempts == 3
    assert count.locked_until is not None


def test_give_back_attempt_that_closed_the_door_opens_it() -> None:
    assert give_back(taken(3), THREE) == Count(2, AT)


def test_give_back_attempt_above_the_limit_keeps_the_door_closed() -> None:
    closed = Count(5, AT, AT + THREE.pause)
    assert give_back(closed, THREE) == Count(4, AT, AT + THREE.pause)


def test_give_back_attempt_never_goes_below_none() -> None:
    assert give_back(Count(0, AT), THREE) == Count(0, AT)


def test_minutes_to_wait_are_rounded_up() -> None:
    assert [minutes(timedelta(seconds=part)) for part in (0, 1, 60, 61, 899)] == [1, 1, 1, 2, 15]


def test_limit_states_its_reason_and_strangers_have_the_least() -> None:
    limits = (STRANGE_DEVICES, KNOWN_DEVICE, ADDRESS, CODE)
    assert all(limit.reason and limit.attempts > 0 and limit.window and limit.pause for limit in limits)
    assert STRANGE_DEVICES.attempts < KNOWN_DEVICE.attempts < ADDRESS.attempts


@given(st.lists(st.integers(min_value=0, max_value=4000), max_size=60))
def test_take_attempt_admits_no_more_than_the_limit_in_any_pause(gaps: list[int]) -> None:
    """Whatever the rhythm, two windows that touch admit at most twice the limit, and a closed door admits nothing."""
    count: Count | None = None
    at, admitted = AT, []
    for gap in gaps:
        at += timedelta(seconds=gap)
        before = count
        count, wait = take(count, THREE, at)
        closed = before is not None and before.locked_until is not None and at < before.locked_until
        assert (wait is not None) == closed
        if wait is None:
            admitted.append(at)
    for first in admitted:
        inside = [moment for moment in admitted if first <= moment < first + THREE.window]
        assert len(inside) <= 2 * THREE.attempts

"""When a message may reach a person, and when it is tried again."""

from datetime import datetime, timedelta, timezone

import pytest

from anju.rules.sending import next_attempt, sending_moment

CHINA = timezone(timedelta(hours=8))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        (at(2, 8), at(2, 8)),
        (at(2, 19, 59), at(2, 19, 59)),
        (at(2, 20), at(3, 8)),
        (at(3, 7, 59), at(3, 8)),
        (at(30, 23), datetime(2026, 12, 1, 8, tzinfo=CHINA)),
    ],
)
def test_message_waits_for_the_morning_unless_urgent(wanted: datetime, goes: datetime) -> None:
    assert sending_moment(wanted, urgent=False) == goes
    assert sending_moment(wanted, urgent=True) == wanted


def test_message_is_tried_four_times_again() -> None:
    waits = [next_attempt(attempts, at(2, 9)) for attempts in range(1, 6)]
    assert waits == [at(2, 9, 1), at(2, 9, 5), at(2, 9, 30), at(2, 11), None]

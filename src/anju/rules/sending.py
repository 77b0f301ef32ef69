"""When a message may reach a person: not at night, unless it is urgent. Sources: issue 5 point 12; times are the county's own."""

from datetime import datetime, time, timedelta
from typing import Final

MORNING: Final = time(8, 0)
EVENING: Final = time(20, 0)
_WAITS: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))


def sending_moment(wanted: datetime, *, urgent: bool) -> datetime:
    """Return the first moment from `wanted` on at which a person may be disturbed; `wanted` is in the county's own time."""
    if urgent or MORNING <= wanted.time() < EVENING:
        return wanted
    day = wanted.date() + timedelta(days=wanted.time() >= EVENING)
    return datetime.combine(day, MORNING, tzinfo=wanted.tzinfo)


def next_attempt(attempts: int, at: datetime) -> datetime | None:
    """Return when to try again after `attempts` failures (at least one), None when it has been tried often enough."""
    return at + _WAITS[attempts - 1] if attempts <= len(_WAITS) else None

"""Lock-out that stops guessing and cannot be turned against the person whose password is guessed.

After OWASP "device cookies": a device that has signed in before as this person is counted by itself. All other devices share
one count of the account, so a stranger who guesses locks out only strangers' devices. Each address has a count as well,
against one machine that tries many names; many people sit behind one office address, so it is generous, and known
devices do not touch it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `attempts` within `window`; the one that reaches the limit closes the door for `pause`."""

    attempts: int
    window: timedelta
    pause: timedelta
    reason: str


QUARTER = timedelta(minutes=15)
STRANGE_DEVICES = Limit(
    5, QUARTER, QUARTER, "480 guesses a day against one account, far too few for a 10-character password"
)
KNOWN_DEVICE = Limit(10, QUARTER, QUARTER, "its owner mistypes; a stolen device still guesses no faster than 960 a day")
ADDRESS = Limit(100, QUARTER, QUARTER, "a whole office signs in from one address on Monday morning")
CODE = Limit(
    5, QUARTER, QUARTER, "three codes of a million are valid at a time: 15 chances in a million per quarter of an hour"
)


@dataclass(frozen=True, slots=True)
class Count:
    """Attempts since `since`; closed until `locked_until` where that is set."""

    attempts: int
    since: datetime
    locked_until: datetime | None = None


def take(count: Count | None, limit: Limit, at: datetime) -> tuple[Count, timedelta | None]:
    """Count one attempt before it is made; return the new count, and how long to wait where it may not be made.

    Counting first is what makes the limit exact when many attempts arrive at the same moment.
    """
    if count and count.locked_until and at < count.locked_until:
        return count, count.locked_until - at
    if count is None or count.locked_until or at - count.since >= limit.window:
        count = Count(0, at)
    taken = count.attempts + 1
    locked_until = at + limit.pause if taken >= limit.attempts else None
    return Count(taken, count.since, locked_until), None


def give_back(count: Count, limit: Limit) -> Count:
    """Return the count without one attempt that turned out to be right."""
    left = max(count.attempts - 1, 0)
    return Count(left, count.since, count.locked_until if left >= limit.attempts else None)


def minutes(wait: timedelta) -> int:
    """Return whole minutes, rounded up: what a person is told to wait."""
    return max(1, -(-int(wait.total_seconds()) // 60))

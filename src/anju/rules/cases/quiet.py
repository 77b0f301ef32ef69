"""When a message may go out: at most five to a citizen in one case, none at night unless it is urgent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

MOST: Final = 5
NIGHT_BEGINS, NIGHT_ENDS = time(21), time(8)
# The last message of a case must find room: what may come several times leaves it one.
LAST_WORDS: Final = frozenset({"result", "ended", "rejected", "rights"})


@dataclass(frozen=True, slots=True)
class Delivery:
    """`at` None: not sent; the case's own page says it, and `reason` why it was kept back (spent)."""

    at: datetime | None
    reason: str = ""


def delivery(code: str, audience: str, *, sent: Sequence[str], at: datetime, urgent: bool) -> Delivery:
    """Return when a notice goes out. `sent`: the codes already sent to this reporter in this case. `at` is the county's own time."""
    if audience == "reporter":
        room = MOST if code in LAST_WORDS else MOST - 1
        if len(sent) >= room:
            return Delivery(None, "spent")
    return Delivery(at if urgent else by_day(at))


def by_day(at: datetime) -> datetime:
    """Return the moment itself by day, and eight in the morning for what falls into the night (21:00 to 8:00)."""
    clock = at.timetz().replace(tzinfo=None)
    if NIGHT_ENDS <= clock < NIGHT_BEGINS:
        return at
    morning = at if clock < NIGHT_ENDS else at + timedelta(days=1)
    return morning.replace(hour=NIGHT_ENDS.hour, minute=0, second=0, microsecond=0)

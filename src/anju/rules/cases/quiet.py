"""When a message may go out: at most five to a citizen in one case, none at night unless it is urgent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from anju.rules.sending import sending_moment

MOST: Final = 5
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
    return Delivery(sending_moment(at, urgent=urgent))

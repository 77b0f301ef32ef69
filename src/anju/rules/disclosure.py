"""What of a compound the public may see, and how often strangers may write to us.

政府信息公开条例 第十七条: what is to be published is examined first, by somebody answerable, in a set order. So nothing is public by
itself: the county's policy says what may be examined at all, a named reviewer releases it, and even then a value shows only once somebody
stands behind it. 个人信息保护法 第六条, 第十条: names and numbers of people are never among it.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from anju.rules.lockout import Limit

PERSONAL: Final = frozenset({"person", "phone"})
CODE_SIGNS: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # 32 signs that nobody mistakes for one another
CODE_LENGTH: Final = 10  # 50 bits: a thousand guesses a second find one of 10,000 cards in 1,800 years
_LOOKS_LIKE: Final = str.maketrans({"o": "0", "i": "1", "l": "1", "-": "", " ": ""})
_NUMBER_OF_A_PERSON: Final = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?!\d)")


class Bar(StrEnum):
    """Why a value is not public."""

    PERSONAL = "personal"
    NOT_ALLOWED = "not_allowed"
    ENDED = "ended"
    NOT_RELEASED = "not_released"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Item:
    """What is asked of compounds, as far as publishing it goes. `allowed`: the policy says it may be public once released."""

    code: str
    type: str
    allowed: bool
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How sure a value is. `known`: somebody has said it and it is not 未知."""

    known: bool
    conflict: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """`listed`: the item stands on the card; `public`: its value does. `bars` are all the reasons against."""

    listed: bool
    public: bool
    bars: tuple[Bar, ...]


def may_be_released(item: Item, *, complaint_item: str = "") -> tuple[Bar, ...]:
    """Return what forbids releasing an item at all; nothing: a reviewer may.

    The one number that may be public is that of complaints, where the policy names its item.
    """
    of_complaints = item.type == "phone" and complaint_item != "" and item.code == complaint_item
    personal = item.type in PERSONAL and not of_complaints
    reasons = ((personal, Bar.PERSONAL), (not item.allowed, Bar.NOT_ALLOWED), (item.ended, Bar.ENDED))
    return tuple(bar for against, bar in reasons if against)


def may_be_public(item: Item, standing: Standing | None, *, released: bool, complaint_item: str = "") -> Shown:
    """Say whether an item and its value may be seen by anyone. `standing` is None where nobody has said anything.

    What is released and not sure is listed without its value: the card says 待核实.
    """
    bars = may_be_released(item, complaint_item=complaint_item)
    if not released:
        bars = (*bars, Bar.NOT_RELEASED)
    doubts = _doubts(standing)
    return Shown(listed=not bars, public=not bars and not doubts, bars=(*bars, *doubts))


def _doubts(standing: Standing | None) -> tuple[Bar, ...]:
    if standing is None:
        return (Bar.UNKNOWN,)
    reasons = (
        (not standing.known, Bar.UNKNOWN),
        (standing.conflict, Bar.CONFLICT),
        (not standing.confirmed, Bar.UNCONFIRMED),
    )
    return tuple(bar for against, bar in reasons if against)


def without_numbers(text: str) -> str:
    """Return a text with mobile and identity numbers blotted out: free words may hold what they should not."""
    return _NUMBER_OF_A_PERSON.sub(lambda found: f"{found[0][:3]}****", text)


def read_code(typed: str) -> str:
    """Return a code as it is kept, whatever spaces, hyphens, capitals or look-alikes it was typed with; "" for what is none."""
    code = typed.strip().lower().translate(_LOOKS_LIKE)
    return code if len(code) == CODE_LENGTH and set(code) <= set(CODE_SIGNS) else ""


def written_code(code: str) -> str:
    """Return a code in two halves, as people copy it."""
    half = CODE_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
DEVICE = Limit(5, _HOUR, _HOUR, "one person standing in one compound finds no more than a handful of errors")
ADDRESS = Limit(
    20,
    _HOUR,
    _HOUR,
    "a carrier puts thousands of phones behind one address: beyond this a sum is asked, nobody is shut out",
)
COMPOUND = Limit(60, _DAY, _DAY, "more in a day is not citizens; whoever comes then is asked to telephone")
FILING = Limit(10, _HOUR, _HOUR, "somebody who walks through a compound and reports all there is to see")
FILING_HERE = Limit(3, _HOUR, _HOUR, "one phone, one compound: more in an hour is a mistake, dangers apart")
FILING_ADDRESS = Limit(
    300, _HOUR, _HOUR, "a carrier's address stands for thousands of phones; beyond it a sum is asked"
)
UPLOADS = Limit(30, _HOUR, _HOUR, "photos tried again and again on a bad line")
UPLOADS_ADDRESS = Limit(2000, _HOUR, _HOUR, "what one machine can write anew in an hour beside its other work")

"""The short link of a message that opens one case: its row and its last day, sealed so that nobody guesses one.

Fifteen bytes, twenty characters: 4 of the case, 2 of the day, 9 of HMAC-SHA-256 over them. A machine that tries a thousand links a
second needs longer than the universe is old for one hit, so misses need not be counted. Nothing is kept: the key makes the link again.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

LIFE: Final = timedelta(days=15)
LENGTH: Final = 20
_WRITTEN: Final = re.compile(rf"[A-Za-z0-9_-]{{{LENGTH}}}")
_SEAL: Final = 9
_EPOCH: Final = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Link:
    """`case` is the row's number in the database; `until` the last day on which the link opens it."""

    case: int
    until: date

    def opens(self, on: date) -> bool:
        return on <= self.until


def sealed_link(link: Link, key: bytes) -> str:
    """Return the twenty characters. Raises OverflowError for a row above four bytes or a day before 2020 or after 2199."""
    told = link.case.to_bytes(4) + (link.until - _EPOCH).days.to_bytes(2)
    return base64.urlsafe_b64encode(told + _seal(told, key)).decode()


def read_link(text: str, key: bytes) -> Link | None:
    """Return what a link says, whether or not its day is over; None where we did not seal it."""
    if not _WRITTEN.fullmatch(text):
        return None
    given = base64.urlsafe_b64decode(text)
    told, seal = given[:-_SEAL], given[-_SEAL:]
    if not hmac.compare_digest(seal, _seal(told, key)):
        return None
    return Link(int.from_bytes(told[:4]), _EPOCH + timedelta(days=int.from_bytes(told[4:])))


def _seal(told: bytes, key: bytes) -> bytes:
    return hmac.new(key, b"anju.cases.link:" + told, hashlib.sha256).digest()[:_SEAL]

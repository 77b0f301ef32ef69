"""The six digits with which a citizen without an account sees his own case, and how guessing is stopped.

A device that has opened the case before counts by itself. All other devices share one count of the case: who guesses locks out
strangers for a while, never the reporter. The address has a count too, against one machine that tries many cases; thousands of
telephones share a carrier's address, so it is high, its pause is short and devices that are known somewhere do not touch it.
"""

import hashlib
import hmac
from datetime import timedelta
from itertools import pairwise
from typing import Final

from anju.rules.lockout import KNOWN_DEVICE, QUARTER, Limit

DIGITS: Final = 6
STRANGERS: Final = Limit(5, QUARTER, QUARTER, "480 guesses a day at a million codes, for one case")
CARRIER: Final = Limit(600, QUARTER, timedelta(minutes=1), "thousands of telephones share one address of a carrier")


def lookup_code(chance: int) -> str:
    """Return the code for a random number of at least 64 bits. Codes that people would try first are never given."""
    number = chance % 10**DIGITS
    while is_easy(f"{number:06}"):
        number = (number + 1) % 10**DIGITS
    return f"{number:06}"


def is_easy(code: str) -> bool:
    """Say whether a code is one that is tried first: one digit, two by turns, or a run up or down."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(code)}
    return len(set(code[::2])) == len(set(code[1::2])) == 1 or steps in ({1}, {9})


def is_code(text: str) -> bool:
    return len(text) == DIGITS and text.isascii() and text.isdecimal()


def lookup_digest(number: str, code: str, key: bytes) -> str:
    """Return what is kept instead of the code: HMAC-SHA-256 under a key outside the database, 64 hexadecimal digits."""
    return hmac.new(key, f"{number}:{code}".encode(), hashlib.sha256).hexdigest()


def lookup_counts(
    number: str, *, device: str, address: str, known_here: bool, known_anywhere: bool
) -> dict[str, Limit]:
    """Return the counts that an attempt is taken from (`lockout.take`), by key. All of them must let it through."""
    if known_here:
        return {f"lookup:{number}:{device}": KNOWN_DEVICE}
    counts = {f"lookup:{number}": STRANGERS}
    return counts if known_anywhere else {**counts, f"lookup-address:{address}": CARRIER}

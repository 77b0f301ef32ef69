"""Case numbers that a slip of the pen does not turn into another's: TS-2026-000123-7.

The last digit is ISO 7064 Mod 11,10 over the letters (A = 01 ... Z = 26), the year and the running number: one wrong digit is always found.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from stdnum.iso7064 import mod_11_10

_SHAPE: Final = re.compile(r"([A-Z]{2})-?(\d{4})-?(\d{6})-?(\d)")
_BETWEEN: Final = re.compile(r"[\s‐-―−_·./]+")
MOST: Final = 999_999


class BadNumber(ValueError):
    """What was typed is no case number; it says why: not_a_number or wrong_digit."""


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """`sequence` counts from 1 within a prefix and year."""

    prefix: str
    year: int
    sequence: int

    @property
    def check_digit(self) -> str:
        letters = "".join(f"{ord(letter) - 64:02}" for letter in self.prefix)
        return str(mod_11_10.calc_check_digit(f"{letters}{self.year:04}{self.sequence:06}"))

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year:04}-{self.sequence:06}-{self.check_digit}"


def read_number(text: str) -> CaseNumber:
    """Return the number that somebody typed, with or without dashes, in any width of letters. Raises `BadNumber`."""
    plain = unicodedata.normalize("NFKC", text[:80]).strip().upper()
    found = _SHAPE.fullmatch(_BETWEEN.sub("-", plain))
    if not found:
        raise BadNumber("not_a_number")
    number = CaseNumber(found[1], int(found[2]), int(found[3]))
    if number.check_digit != found[4]:
        raise BadNumber("wrong_digit")
    return number

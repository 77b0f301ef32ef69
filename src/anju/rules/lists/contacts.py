"""Numbers that must be right to the last digit: phones, identity numbers, credit codes. A spoiled one is refused, never rounded."""

import re
from typing import Final

from anju.rules.credit_codes import BadCreditCode, tidy_credit_code
from anju.rules.lists.readings import Doubtful, Known, Missing, Reading, Words
from anju.rules.lists.text import idle_words, is_spoiled, said_nothing, says_none, spoiled
from anju.rules.phones import BadPhone, normalise_phone

_BETWEEN: Final = re.compile(r"[/、;,|]|\s+(?=\d{7})")
_DECIMAL: Final = re.compile(r"(\d+)\.0")
_EMPTIED: Final = re.compile(
    r"\d{5,}0{6,}|\d{12,}000"
)  # what remains of a long number once a text file went through a spreadsheet


def read_phone(text: str) -> Reading:
    """Read a plain text as one phone number or several, in the form that is stored."""
    if early := _before(text):
        return early
    phones = []
    for part in filter(None, (piece.strip() for piece in _BETWEEN.split(_whole(text)))):
        try:
            phones.append(normalise_phone(part))
        except BadPhone as bad:
            return spoiled() if bad.code == "spoiled" else Doubtful(f"phone_{bad.code}")
    return Known(Words("、".join(dict.fromkeys(phones)))) if phones else Doubtful("phone_not_a_phone")


def read_credit_code(text: str) -> Reading:
    """Read a plain text as a unified social credit code, its check sign tested."""
    if early := _before(text):
        return early
    try:
        return Known(Words(tidy_credit_code(_whole(text))))
    except BadCreditCode:
        return Doubtful("bad_credit_code")


def _before(text: str) -> Reading | None:
    if (nothing := said_nothing(text)) or says_none(text):
        return nothing or Missing(text)
    if is_spoiled(text) or _EMPTIED.fullmatch(_whole(text)):
        return spoiled()
    return idle_words(text)


def _whole(text: str) -> str:
    """A workbook's number ends in .0 once it is text."""
    found = _DECIMAL.fullmatch(text)
    return found[1] if found else text

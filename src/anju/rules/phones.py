"""Phone numbers as Chinese offices write them: mobiles, and landlines with their area code. Stored in one form, shown masked."""

import re
import unicodedata

from anju.rules.names import plain_words

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
# Area codes: 010 and 02x have three digits, all others four; the number behind them has seven or eight.
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})([2-8][0-9]{6,7})")
_COUNTRY = re.compile(r"^(?:\+|00)86|^86(?=1[3-9][0-9]{9}$)")
_SERVICE = re.compile(r"1[0-9]{2}|12[0-9]{3}")
_SPOILED = re.compile(r"[0-9]+(\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)


class BadPhone(ValueError):
    """A number that cannot be stored. `code` is one of spoiled, no_area_code, not_a_phone."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def normalise_phone(text: str) -> str:
    """Return 13500000000 or 0774-5280000, or an empty string for no number at all. Raises `BadPhone`."""
    plain = unicodedata.normalize("NFKC", plain_words(text)).strip()
    if not plain:
        return ""
    if _SPOILED.fullmatch(plain):
        raise BadPhone("spoiled")
    digits = _without_country(re.sub(r"[\s\-()—–]", "", plain))
    if _MOBILE.fullmatch(digits):
        return digits
    if landline := _LANDLINE.fullmatch(digits):
        return f"{landline[1]}-{landline[2]}"
    raise BadPhone("no_area_code" if re.fullmatch(r"[2-8][0-9]{6,7}", digits) else "not_a_phone")


def office_phone(text: str) -> str:
    """Return the number of an office: as `normalise_phone`, or a service number such as 110 or 12345. Raises `BadPhone`."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return plain if _SERVICE.fullmatch(plain) else normalise_phone(plain)


def _without_country(digits: str) -> str:
    """+86 774 5280000 is written without the area code's zero."""
    left = _COUNTRY.sub("", digits)
    return left if left == digits or left.startswith(("0", "1")) else f"0{left}"


def phone_from_cell(cell: str | float) -> str:
    """Return the number of a spreadsheet cell.

    A cell that holds a number keeps eleven digits exactly, so it can be read; but one ending in six zeros is what remains of
    1.38E+10 after a text file was saved again, and is refused as spoiled.
    """
    if isinstance(cell, str):
        return normalise_phone(cell.strip().removesuffix(".0"))
    if cell != int(cell) or int(cell) % 10**6 == 0:
        raise BadPhone("spoiled")
    return normalise_phone(str(int(cell)))


def mask_phone(phone: str) -> str:
    """Return 135****0000 for a mobile, 0774-*****00 for a landline, and nothing for nothing."""
    area, _, number = phone.rpartition("-")
    if area:
        return f"{area}-{'*' * (len(number) - 2)}{number[-2:]}"
    return f"{phone[:3]}****{phone[-4:]}" if phone else ""

"""Areas as people write them, and back: decimal strings in m², never a float."""

import re

MAX_AREA_LENGTH = 1000
_AREA = re.compile(r"[0-9]+(\.[0-9]+)?")  # not \d: full-width digits are not digits here


def parse_area(text: str) -> tuple[int, int]:
    """Return the digits and how many of them are decimals: "88.50" is (8850, 2). Raises `ValueError`.

    No sign, exponent, separator or space; at most 1,000 characters.
    """
    if len(text) > MAX_AREA_LENGTH or not _AREA.fullmatch(text):
        raise ValueError(text)
    whole, _, decimals = text.partition(".")
    return int(whole + decimals), len(decimals)


def write_area(area: int, decimals: int) -> str:
    """Return the area as a plain decimal string with all its decimals (at least one): 8850, 2 is "88.50"."""
    digits = str(area).zfill(decimals + 1)
    return f"{digits[:-decimals]}.{digits[-decimals:]}"


def show_area(area: int, decimals: int) -> str:
    """Return the area as people read it, thousands separated, decimals beyond two only where they say something."""
    whole, _, rest = write_area(area, decimals).partition(".")
    return f"{int(whole):,}.{rest[:2]}{rest[2:].rstrip('0')}"


def show_percentage(have: int, of: int) -> str:
    """Return the share rounded half up to two decimals of a percent. For reading only: nothing is ever compared by it."""
    hundredths = (2 * have * 10_000 + of) // (2 * of)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"

"""Division codes: GB/T 2260 for the county, the statistics bureau's nine and twelve digits below it."""

from typing import Final

COUNTY, TOWN, COMMUNITY = "county", "town", "community"
DIGITS: Final = {COUNTY: 6, TOWN: 9, COMMUNITY: 12}
BELOW: Final = {COUNTY: TOWN, TOWN: COMMUNITY}
AWAITING_TAIL = "999"  # no town bears it: the holder of compounds whose town is not known yet


def level_below(level: str) -> str | None:
    """Return the level of what lies directly below, or None below a community."""
    return BELOW.get(level)


def is_code(code: str, level: str, *, below: str = "") -> bool:
    """Say whether `code` has the digits of its level and continues the code `below` which it stands."""
    plain = code.isascii() and code.isdigit()
    return plain and len(code) == DIGITS[level] and code.startswith(below)


def awaiting_code(county_code: str) -> str:
    """Return the code of the county's holder for compounds without a town (待定乡镇)."""
    return county_code + AWAITING_TAIL

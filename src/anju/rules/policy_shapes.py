"""The shapes of a policy's tables: every key a file may hold. Lengths are those of the columns that keep them."""

from datetime import date
from typing import Final

from anju.rules.divisions import COUNTY, TOWN
from anju.rules.policy_tables import Field, Shape

KINDS: Final = (
    "bureau", "department", "government", "town", "community", "party", "mass", "court",
    "company", "committee", "developer", "supervising_unit", "other",
)  # fmt: skip
_HIGHEST_VERSION: Final = 9999
LISTS: Final = ("indicators.toml", "columns.toml", "plausibility.toml")  # read by rules.lists.catalogue
DISCLOSURE: Final = "disclosure.toml"  # read by rules.disclosure_policy
CASES: Final = ("workflow.toml", "matters.toml")  # read by rules.cases.policy
REGION: Final = "region.csv"  # read by rules.policy_region
CALENDAR: Final = "calendar.toml"  # read by rules.workdays.policy
BESIDE: Final = (*LISTS, REGION, CALENDAR, *CASES, DISCLOSURE)

_VERSION = Field(int, low=1, high=_HIGHEST_VERSION)
_NAME = Field(str)
CITE = Field(str, limit=50)
_NOTE = Field(str, limit=500, required=False)
_UNIT_CODE = r"[a-z][a-z0-9_]{1,39}"
_ITEM_CODE = Field(str, limit=10, pattern=r"\d{1,2}\.\d{1,2}")
_HEADING = Field(str)
_TEXT = Field(str, limit=4000)
TABLES = Field(list, limit=0, least=1)

DOCUMENT: Final[Shape] = {
    "code": Field(str, limit=50, pattern=r"[a-z0-9]+(-[a-z0-9]+)*"),
    "version": _VERSION,
    "title": Field(str, limit=200),
    "number": Field(str, limit=50),
    "issuer": Field(str),
    "issued_on": Field(date),
    "in_force_from": Field(date),
    "county": Field(str, pattern=r"\d{6}"),
    "county_name": _NAME,
    "cite": CITE,
}
DIVISIONS_SOURCE: Final[Shape] = {"source": Field(str, limit=200)}
REPORT: Final[Shape] = {
    "day": Field(int, low=1, high=28),
    "to": Field(str, pattern=_UNIT_CODE),
    "phone": Field(str, limit=50),
    "email": Field(str),
    "cite": CITE,
    "note": _NOTE,
}
UNIT: Final[Shape] = {
    "code": Field(str, pattern=_UNIT_CODE),
    "name": _NAME,
    "kind": Field(str, choices=KINDS),
    "level": Field(str, choices=(COUNTY, TOWN)),
    "aliases": Field(list),
    "cite": CITE,
    "division": Field(str, required=False, pattern=r"\d{6}|\d{9}"),
    "parent": Field(str, required=False, pattern=_UNIT_CODE),
    "town_of_compound": Field(bool, required=False),
    "note": _NOTE,
}
REQUIREMENT: Final[Shape] = {"code": _ITEM_CODE, "heading": _HEADING, "cite": CITE, "text": _TEXT}
ITEM: Final[Shape] = {
    **REQUIREMENT,
    "units_text": Field(str, limit=300),
    "units": Field(list, pattern=_UNIT_CODE, least=1),
}

FILE: Final[Shape] = {"version": _VERSION, "valid_from": Field(date)}
ROOTS: Final[dict[str, Shape]] = {
    "policy.toml": {"policy": Field(dict), "divisions": Field(dict), "report": Field(dict)},
    "units.toml": {**FILE, "unit": TABLES},
    "items.toml": {**FILE, "item": TABLES, "requirement": TABLES},
}

"""One cell of a column of known type: which parser reads it, and what is wrong with a cell in any column."""

import re
from typing import Final

from anju.rules.lists.answers import read_answer
from anju.rules.lists.bays import read_bays
from anju.rules.lists.catalogue import QUANTITIES
from anju.rules.lists.companies import read_company
from anju.rules.lists.contacts import read_credit_code, read_phone
from anju.rules.lists.fees import read_fee
from anju.rules.lists.moments import read_moment
from anju.rules.lists.names import read_name, read_organisation, read_text
from anju.rules.lists.points import read_angle, read_point
from anju.rules.lists.quantities import read_quantity
from anju.rules.lists.readings import Doubtful, Known, Missing, Number, Point, Reading, Rejected, value_of
from anju.rules.lists.text import has_control, plain, strange, without_control

_BARE: Final = re.compile(r"[\d.,]+")
_LARGEST: Final = 10**15


def read_cell(
    raw: str, type_: str, *, latest: int, unit: str = "", zero: bool = False, headings: frozenset[str] = frozenset()
) -> Reading:
    """Read a cell as a value of `type_` (`catalogue.TYPES` and `COLUMN_TYPES`).

    `latest`: the year of the list; `unit`: what the heading says figures are in; `headings`: known names of columns.
    """
    if type_ == "ignored" or not raw:
        return Rejected("name_empty") if type_ == "name" else Missing(raw)
    if wrong := strange(raw):
        return wrong if type_ != "name" else _no_name(wrong)
    if has_control(raw):
        return _cleaned(raw, type_, latest=latest, unit=unit, zero=zero, headings=headings)
    return _words(raw, type_, headings) or _kept(_figures(plain(raw), type_, latest, unit, zero=zero))


def _no_name(wrong: Doubtful) -> Rejected:
    """A row needs its name: what other columns may leave open refuses the row, for the same reason."""
    return Rejected("name_too_long") if wrong.reason == "too_long" else Rejected(wrong.reason, found=wrong.found)


def _kept(reading: Reading) -> Reading:
    """No column of the database holds a figure of hundreds of digits, and no compound has one."""
    value = value_of(reading)
    return Doubtful("unreadable") if isinstance(value, Number) and value.high > _LARGEST else reading


def _cleaned(raw: str, type_: str, *, latest: int, unit: str, zero: bool, headings: frozenset[str]) -> Reading:
    if type_ == "name":
        return Rejected("name_control")
    reading = read_cell(without_control(raw), type_, latest=latest, unit=unit, zero=zero, headings=headings)
    return reading if isinstance(reading, Rejected) else Doubtful("control_characters", value_of(reading))


def _words(raw: str, type_: str, headings: frozenset[str]) -> Reading | None:
    if type_ == "name":
        return read_name(raw)
    if type_ == "service":
        return read_company(raw, headings=headings)
    if type_ in {"organisation", "person"}:
        return read_organisation(raw, headings=headings)
    return read_text(raw, headings=headings) if type_ in {"text", "place", "address"} else None


def _figures(text: str, type_: str, latest: int, unit: str, *, zero: bool) -> Reading:
    if type_ in QUANTITIES:
        whole = text + unit if _BARE.fullmatch(text) else text
        if type_ == "bays":
            return read_bays(whole, zero=zero)
        return read_quantity(whole, type_, zero=zero, none=zero)
    if type_ == "fee":
        return read_fee(text)
    if type_ in {"year", "date"}:
        return read_moment(text, latest=latest, serial=type_ == "date")
    if type_ == "answer":
        return read_answer(text)
    if type_ in {"phone", "credit_code"}:
        return read_phone(text) if type_ == "phone" else read_credit_code(text)
    if type_ == "point":
        return read_point(text, system=unit or "unknown")
    angle = read_angle(text)
    return Known(Point(angle, 0, "unknown")) if isinstance(angle, int) else angle

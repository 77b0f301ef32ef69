"""A row that names another county in its own text is not taken for one of ours (区划不符)."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from anju.rules.lists.catalogue import Catalogue
from anju.rules.lists.rows import Doubt, ListRow
from anju.rules.lists.text import plain

_PROVINCE: Final = re.compile(r"^[\u4e00-\u9fff]{2,3}省|^[\u4e00-\u9fff]{2,6}自治区")
_LED_BY: Final = re.compile(
    r"^([\u4e00-\u9fff]{1,7}?自治县|[\u4e00-\u9fff]{1,4}?县(?!城|道|级|委|政|医|一|二|第|人民)|[\u4e00-\u9fff]{2,3}?市(?![场区政民郊内府委直中一二第东南西北容]))"
)
_SUFFIX: Final = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:(?:[\u4e00-\u9fff]{1,3}族)*自治[县区]|省|市|县|区|地区)$")


@dataclass(frozen=True, slots=True)
class Home:
    """The county of an import: its name, the names above it and below it; `others` are full names of other counties and cities."""

    name: str
    above: Collection[str] = ()
    below: Collection[str] = ()
    others: Collection[str] = ()
    own: frozenset[str] = field(init=False)
    strangers: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        own = {self.name, *self.above, *self.below}
        object.__setattr__(self, "own", frozenset(own | {short_name(name) for name in own}))
        strange = {*self.others, *(short_name(name) for name in self.others)}
        object.__setattr__(self, "strangers", frozenset(strange - self.own))


def short_name(name: str) -> str:
    """Return a division's name as people say it: 富川 for 富川瑶族自治县."""
    return _SUFFIX.sub("", name)


def foreign_division(row: ListRow, home: Home, catalogue: Catalogue) -> Doubt | None:
    """Return the doubt about the first cell of a row that names another county or city."""
    for cell in row.cells.values():
        type_ = catalogue.by_code[cell.code].type
        text = plain(row.text(cell.code))
        if not text or type_ not in {"place", "address"}:
            continue
        found = _foreign_place(text, cell.code, home) if type_ == "place" else _foreign_address(text, home)
        if found:
            return Doubt(cell.code, cell.raw, "foreign_division", (("found", found), ("home", home.name)))
    return None


def _foreign_place(text: str, code: str, home: Home) -> str:
    """A column of places holds names alone, short or whole, or a chain of them."""
    if code == "city":
        return "" if text in home.own or short_name(text) in home.own else text
    parts = [part for part in re.split(r"[>\-/\s]+", text) if part]
    if any(part in home.own for part in parts):
        return ""
    return next((part for part in parts if part in home.strangers or _foreign_address(part, home)), "")


def _foreign_address(text: str, home: Home) -> str:
    """An address begins with its divisions. What follows them may be a street called after a far city."""
    rest = re.sub(r"^[(\[]", "", text)
    if (province := _PROVINCE.match(rest)) and province[0] not in home.own:
        return province[0]
    rest = rest[province.end() :] if province else rest
    for name in sorted(home.own, key=len, reverse=True):
        if name in {home.name, *home.above} and rest.startswith(name):
            return "" if name == home.name else _foreign_address(rest[len(name) :], home)
    whole = [name for name in home.strangers if rest.startswith(name) and _SUFFIX.search(name)]
    if whole:
        return max(whole, key=len)
    found = _LED_BY.match(rest)
    return found[0] if found and found[0] not in home.own else ""

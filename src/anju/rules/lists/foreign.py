"""A row that names another county in its own text is not taken for one of ours (区划不符)."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from anju.rules.divisions import COUNTY
from anju.rules.lists.catalogue import Catalogue
from anju.rules.lists.rows import Doubt, ListRow
from anju.rules.lists.text import plain
from anju.rules.policy_divisions import PolicyDivision

_PROVINCE: Final = re.compile(r"^[\u4e00-\u9fff]{2,3}省|^[\u4e00-\u9fff]{2,6}自治区")
_LED_BY: Final = re.compile(
    r"^([\u4e00-\u9fff]{1,7}?自治县|[\u4e00-\u9fff]{1,4}?县(?!城|道|级|委|政|医|一|二|第|人民)|[\u4e00-\u9fff]{2,3}?市(?![场区政民郊内府委直中一二第东南西北容]))"
)
_LINKS: Final = re.compile(r"[>\-/\s]+")
_CHAIN: Final = 3
_STREET: Final = re.compile("[大中东南西北一二三四]?(?:路|街|道|巷)")
_SUFFIX: Final = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:(?:[\u4e00-\u9fff]{1,3}族)*自治[县区]|省|市|县|区|地区)$")


@dataclass(frozen=True, slots=True)
class Home:
    """The county of an import: its name, the names above it and below it; `others` are full names of other counties and cities.

    `near` are those of them that lie in the same city: their short names tell even where more follows.
    """

    name: str
    above: Collection[str] = ()
    below: Collection[str] = ()
    others: Collection[str] = ()
    near: Collection[str] = ()
    own: frozenset[str] = field(init=False)
    strangers: frozenset[str] = field(init=False)
    led_by_own: tuple[str, ...] = field(init=False)
    led_by_stranger: tuple[str, ...] = field(init=False)
    neighbours: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        names = {self.name, *self.above, *self.below}
        own = frozenset({*names, *map(short_name, names)})
        strangers = frozenset({*self.others, *map(short_name, self.others)} - own)
        computed = {
            "own": own,
            "strangers": strangers,
            "led_by_own": _longest_first({self.name, *self.above}),
            "led_by_stranger": _longest_first(name for name in strangers if _SUFFIX.search(name)),
            "neighbours": _longest_first({short_name(name) for name in self.near} - own),
        }
        for name, value in computed.items():
            object.__setattr__(self, name, value)


def _longest_first(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def home_of(divisions: Iterable[PolicyDivision], region: Mapping[str, str]) -> Home:
    """Return the home of a policy's county: `divisions` its own, `region` the names of its province, cities and counties by code.

    What the county's code begins with lies above it; every other city and county of the region is a stranger.
    """
    own = tuple(divisions)
    county = next(division for division in own if division.level == COUNTY)
    return Home(
        county.name,
        above=tuple(name for code, name in region.items() if county.code.startswith(code) and code != county.code),
        below=tuple(division.name for division in own if division.level != COUNTY),
        others=tuple(name for code, name in region.items() if not county.code.startswith(code)),
        near=tuple(
            name for code, name in region.items() if code[:4] == county.code[:4] != code and code != county.code
        ),
    )


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
    """A column of places holds names alone, short or whole, or a chain of them; a district may have a quarter behind it."""
    if code == "city":
        return "" if text in home.own or short_name(text) in home.own else text
    parts = [part for part in _LINKS.split(text) if part]
    if any(part in home.own for part in parts):
        return ""
    found = (part if part in home.strangers else _foreign_address(part, home) for part in parts)
    return next(filter(None, found), "") or (_neighbour(text, home) if code == "district" else "")


def _neighbour(text: str, home: Home) -> str:
    """邻近老街 in a column of districts lies in 邻近; 邻近路 may lie anywhere."""
    found = next((name for name in home.neighbours if text.startswith(name)), "")
    return "" if _STREET.match(text, len(found)) else found


def _foreign_address(text: str, home: Home) -> str:
    """An address begins with its divisions. What follows them may be a street called after a far city.

    邻近-老街-甲路 is a chain of short names.
    """
    rest = text.lstrip("([")
    if (province := _PROVINCE.match(rest)) and province[0] not in home.own:
        return province[0]
    rest = rest[province.end() :] if province else rest
    if (links := rest.split("-", 2)) and len(links) == _CHAIN and links[0] in home.strangers:
        return links[0]
    if own := next((name for name in home.led_by_own if rest.startswith(name)), ""):
        return "" if own == home.name else _foreign_address(rest.removeprefix(own), home)
    if rest.startswith(home.led_by_stranger):
        return next(name for name in home.led_by_stranger if rest.startswith(name))
    found = _LED_BY.match(rest)
    return found[0] if found and found[0] not in home.own else ""

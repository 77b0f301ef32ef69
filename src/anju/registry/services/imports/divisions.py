"""Where a row belongs: the divisions that its own text names, else the one the import was given, else 待定乡镇."""

from collections.abc import Mapping
from dataclasses import dataclass

from anju.base.actor import Refused
from anju.places.models import OPEN, Division
from anju.rules.lists.foreign import Home, home_of
from anju.rules.policy_divisions import PolicyDivision

_ENDINGS = {
    "town": ("街道办事处", "街道", "镇", "乡"),
    "community": ("社区居民委员会", "社区居委会", "居委会", "村民委员会", "村委会", "社区", "村"),
}
_LEAST = 2


@dataclass(frozen=True, slots=True)
class Divisions:
    """The divisions in force of one county, with how people call them."""

    county: Division
    awaiting: Division | None
    default: Division
    by_id: Mapping[int, Division]
    _by_name: Mapping[tuple[str, str], tuple[Division, ...]]

    def of(self, told: Mapping[str, str]) -> Division:
        """Return where a row lies that tells of its town and community in its own columns, or begins its address with them."""
        town = self._within(self.default, self._named("town", told.get("town", ""), told.get("address", "")))
        parent = town or (self.default if self.default.level != "county" else None)
        community = self._within(parent or self.county, self._named("community", told.get("community", "")))
        found = community or parent or self.awaiting
        if found is None:
            raise Refused("import.no_awaiting")
        return found

    def _named(self, level: str, text: str, address: str = "") -> tuple[Division, ...]:
        if found := self._by_name.get((level, bare_name(level, text)), ()):
            return found
        if not address:
            return ()
        return tuple(one for one in self.by_id.values() if one.level == level and _begins(address, one))

    def _within(self, preferred: Division, found: tuple[Division, ...]) -> Division | None:
        """Of several of one name the only one that lies where it should; 城北社区 there may be in two towns."""
        near = [one for one in found if one.path.startswith(preferred.path)] or found
        return near[0] if len(near) == 1 else None


def divisions_around(default: Division) -> Divisions:
    """Return the divisions of the county in which `default` lies."""
    root = default.path.split("/", 1)[0]
    rows = list(Division.objects.filter(OPEN, path__startswith=f"{root}/").order_by("code"))
    named: dict[tuple[str, str], tuple[Division, ...]] = {}
    for row in rows:
        if row.level != "county" and not row.awaiting:
            key = (row.level, bare_name(row.level, row.name))
            named[key] = (*named.get(key, ()), row)
    by_id = {row.pk: row for row in rows}
    awaiting = next((row for row in rows if row.awaiting), None)
    return Divisions(by_id[int(root)], awaiting, default, by_id, named)


def bare_name(level: str, text: str) -> str:
    """Return a name without what it is: 城关 for 城关镇, 城北 for 城北社区居委会."""
    for ending in _ENDINGS.get(level, ()):
        if text.endswith(ending) and len(text) >= len(ending) + _LEAST:
            return text.removesuffix(ending)
    return text


def _begins(address: str, division: Division) -> bool:
    """Whether an address names a town in full near its beginning: 示例县城关镇环城路1号."""
    return not division.awaiting and division.name in address[:24]


def home_around(divisions: Divisions, region: Mapping[str, str]) -> Home:
    """Return the county with the names above, below and beside it, for telling rows of other counties."""
    rows = [one for one in divisions.by_id.values() if not one.awaiting]
    return home_of([PolicyDivision(one.code, one.name, one.level, "", one.valid_from) for one in rows], region)

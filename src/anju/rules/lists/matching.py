"""Whether the compound of a row is one we know. An equal name that nothing contradicts is linked; anything less is offered to a person."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from anju.rules.coordinates import metres_between, to_wgs84
from anju.rules.lists.addresses import AGREES, DIFFERS, House, address_agreement, house_key, houses_of, is_same_house
from anju.rules.lists.foreign import short_name
from anju.rules.lists.likeness import Stem, contains, differing, is_one_phase, stem_of, without_place
from anju.rules.lists.names import name_key
from anju.rules.lists.readings import Known, Point
from anju.rules.lists.repeats import PLACES
from anju.rules.lists.rows import ListRow
from anju.rules.lists.text import plain

SAME, LIKELY, NONE = "same", "likely", "none"
OFFERED: Final = 5
_SAME_SITE: Final = 500  # metres within which two points can be one compound
_UNSURE: Final = 1500  # metres more where the system of either point is unknown: WGS-84 and BD-09 lie so far apart
_NEXT_TO: Final = 50  # metres within which another name is likely another spelling
_TELLING: Final = 4  # signs from which on an address within another says something
_CROWD: Final = 20  # where more lie in one square or house, the point or the address is one that stands for none
_SQUARE: Final = 10_000  # steps of the grid, at least 60 m everywhere in the country
_ENDINGS: Final = {
    "town": ("街道办事处", "街道", "镇", "乡"),
    "community": ("社区居委会", "居委会", "村委会", "社区", "村"),
}
_FAR: Final = ("city", "district")  # one who lies in another of these is not asked about

_Told = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Described:
    """What is said of a compound. `places` by level (`repeats.PLACES`); `point` in WGS-84, in steps, `approximate` as `Located`."""

    name: str
    aliases: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    point: tuple[int, int] | None = None
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class KnownCompound:
    """A compound that we have, with its key in the database."""

    pk: int
    said: Described


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a compound is taken for another: a code of `reasons.MATCHES` and what its sentence tells."""

    code: str
    told: _Told = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known compound that a row may be about, with what speaks for and against it."""

    pk: int
    name: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """`kind` is same (link it), likely (ask, with `candidates`, the likeliest first, at most `OFFERED`) or none (new)."""

    kind: str
    candidates: tuple[Candidate, ...] = ()

    @property
    def pk(self) -> int | None:
        return self.candidates[0].pk if self.candidates else None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.candidates[0].reasons if self.candidates else ()


def described(row: ListRow) -> Described:
    """Return what a row says of its compound."""
    cell = row.cells.get("point")
    value = cell.reading.value if cell and isinstance(cell.reading, Known) else None
    located = to_wgs84(value) if isinstance(value, Point) else None
    return Described(
        row.text("name"),
        tuple(filter(None, [row.text("alias")])),
        {level: text for level in PLACES if (text := row.text(level))},
        row.text("address"),
        located[:2] if located else None,
        approximate=bool(located and located.approximate),
    )


class _Entry:
    """A compound with what is compared of it, made out once."""

    __slots__ = ("houses", "key", "keys", "pk", "places", "said", "stem")

    def __init__(self, said: Described, pk: int = 0) -> None:
        self.said, self.pk = said, pk
        name, place = without_place(_without_own_place(said))
        self.key = name_key(name)
        self.keys = (self.key, *map(name_key, said.aliases))
        self.stem: Stem = stem_of(name)
        self.houses: tuple[House, ...] = (*houses_of(said.address), *houses_of(place))
        self.places = {level: _place_key(level, text) for level, text in said.places.items() if text}


class Index:
    """All known compounds, to be asked row by row."""

    def __init__(self, compounds: Iterable[KnownCompound]) -> None:
        self._by_key: dict[str, list[_Entry]] = {}
        self._by_stem: dict[str, list[_Entry]] = {}
        self._by_house: dict[tuple[str, int], list[_Entry]] = {}
        self._by_square: dict[tuple[int, int], list[_Entry]] = {}
        for compound in compounds:
            self.add(compound)

    def add(self, compound: KnownCompound) -> None:
        """Take in one more, such as a compound that an earlier row of the same import has made."""
        entry = _Entry(compound.said, compound.pk)
        for key in set(entry.keys):
            self._by_key.setdefault(key, []).append(entry)
        self._by_stem.setdefault(entry.stem.text, []).append(entry)
        for house in entry.houses:
            if house.number:
                self._by_house.setdefault(house_key(house), []).append(entry)
        if point := compound.said.point:
            self._by_square.setdefault((point[0] // _SQUARE, point[1] // _SQUARE), []).append(entry)

    def match(self, said: Described) -> Match:
        """Return which known compound this is, or which ones it may be."""
        sought = _Entry(said)
        named = [found for entry in self._named(sought) if (found := _evidence(sought, entry)).asks]
        if named:
            return _among_namesakes(sought, named)
        alike = [
            candidate
            for entry in _once((*self._by_stem.get(sought.stem.text, ()), *self._beside(sought)))
            if (candidate := _alike(sought, entry))
        ]
        alike.sort(key=lambda one: -len(one.reasons))
        return Match(LIKELY, tuple(alike[:OFFERED])) if alike else Match(NONE)

    def _named(self, sought: _Entry) -> Iterator[_Entry]:
        if len(sought.keys) == 1:
            return iter(self._by_key.get(sought.key, ()))
        return _once(entry for key in sought.keys for entry in self._by_key.get(key, ()))

    def _beside(self, sought: _Entry) -> Iterator[_Entry]:
        """Yield what lies in the same house or, roughly, at the same point."""
        for house in sought.houses:
            if house.number:
                yield from _unless_crowded(self._by_house.get(house_key(house), []))
        if point := sought.said.point:
            x, y = point[0] // _SQUARE, point[1] // _SQUARE
            for square in ((x + east, y + north) for east in (-1, 0, 1) for north in (-1, 0, 1)):
                yield from _unless_crowded(self._by_square.get(square, []))


def _unless_crowded(entries: list[_Entry]) -> list[_Entry]:
    return entries if len(entries) <= _CROWD else []


def _once(entries: Iterable[_Entry]) -> Iterator[_Entry]:
    return iter({entry.pk: entry for entry in entries}.values())


def _without_own_place(said: Described) -> str:
    """示例花园（邻市） in 邻市 is 示例花园: so the second of a name is registered, with where it lies behind it."""
    if not said.name.endswith((")", "）")) or not said.places:
        return said.name
    name, _, place = plain(said.name)[:-1].rpartition("(")
    own = {*said.places.values(), "".join(said.places.get(level, "") for level in PLACES)}
    return name if name and place in own else said.name


@lru_cache(maxsize=20_000)
def _place_key(level: str, text: str) -> str:
    """城东镇, 城东 and 城东街道办事处 are one place; so are 城北社区 and 城北居委会."""
    for ending in _ENDINGS.get(level, ()):
        if text.endswith(ending) and len(text) > len(ending) + 1:
            return text.removesuffix(ending)
    return short_name(text)


def _differs_in(level: str, one: _Entry, other: _Entry) -> bool:
    here, there = one.places.get(level), other.places.get(level)
    return here is not None and there is not None and here != there


@dataclass(slots=True)
class _Evidence:
    """What speaks for two descriptions being one compound and what against it, names aside."""

    entry: _Entry
    pro: list[Reason] = field(default_factory=list)
    contra: list[Reason] = field(default_factory=list)
    elsewhere: bool = False

    @property
    def asks(self) -> bool:
        """Tell whether a namesake is worth a question: not in another city or county, nor in another town where more speaks against it."""
        return not self.elsewhere and (len(self.contra) < 2 or self.contra[0].code != "place_differs")


def _evidence(sought: _Entry, entry: _Entry) -> _Evidence:
    """Hold towns, addresses and points against each other.

    Where points are near, the addresses need not agree: a corner has two. Where addresses agree, points of unknown systems need not.
    """
    found = _Evidence(entry, elsewhere=any(_differs_in(level, sought, entry) for level in _FAR))
    if found.elsewhere:
        return found
    for level in ("town", "community"):
        if _differs_in(level, sought, entry):
            told = (("known", entry.said.places[level]), ("found", sought.said.places[level]))
            found.contra.append(Reason("place_differs", told))
            break
        if level in sought.places and level in entry.places:
            found.pro.append(Reason("place_agrees", (("known", entry.said.places[level]),)))
    metres, agreement = _metres(sought.said, entry.said), _agreement(sought, entry)
    approximate = sought.said.approximate or entry.said.approximate
    near = metres is not None and metres <= _SAME_SITE
    if near:
        found.pro.append(Reason("point_agrees", (("metres", str(metres)),)))
    elif (
        metres is not None and metres > _SAME_SITE + _UNSURE * approximate and not (approximate and agreement == AGREES)
    ):
        found.contra.append(Reason("point_differs", (("metres", str(metres)),)))
    if agreement == AGREES:
        found.pro.append(Reason("address_agrees", (("known", entry.said.address),)))
    elif agreement == DIFFERS and not near:
        found.contra.append(Reason("address_differs", (("known", entry.said.address),)))
    return found


def _agreement(one: _Entry, other: _Entry) -> str:
    """市场旁 names no road, but it is the same words."""
    here, there = sorted((one.said.address, other.said.address), key=len)
    return AGREES if len(here) >= _TELLING and here in there else address_agreement(one.houses, other.houses)


def _metres(one: Described, other: Described) -> int | None:
    return metres_between(one.point, other.point) if one.point and other.point else None


def _among_namesakes(sought: _Entry, found: list[_Evidence]) -> Match:
    """One that nothing contradicts is the same; among several it must be the only one that something else speaks for."""
    held = sorted(found, key=lambda one: (len(one.contra), -len(one.pro)))
    free = [one for one in held if not one.contra]
    sure = [one for one in free if one.pro] if len(held) > 1 else free
    if len(sure) == 1:
        return Match(SAME, (_candidate(sure[0], _named_by(sought, sure[0].entry)),))
    namesakes = (
        (Reason("several_of_name", (("where", _whereabouts([one.entry for one in held])),)),) if len(held) > 1 else ()
    )
    return Match(LIKELY, tuple(_candidate(one, *namesakes, _named_by(sought, one.entry)) for one in held[:OFFERED]))


def _candidate(found: _Evidence, *first: Reason) -> Candidate:
    return Candidate(found.entry.pk, found.entry.said.name, (*first, *found.contra, *found.pro))


def _named_by(sought: _Entry, entry: _Entry) -> Reason:
    code = "same_name" if sought.key == entry.key else "same_alias"
    return Reason(code, (("name", entry.said.name),))


def _whereabouts(entries: list[_Entry]) -> str:
    """城东、西河各有 1 个; 库中有 2 个 where it is not known where they lie."""
    towns = Counter(entry.said.places.get("town", "") for entry in entries)
    if "" in towns:
        return f"库中有 {len(entries)} 个"
    by_count: dict[int, list[str]] = {}
    for town, count in towns.items():
        by_count.setdefault(count, []).append(town)
    return "，".join(
        f"{'、'.join(names)}{'各' if len(names) > 1 else ''}有 {count} 个" for count, names in by_count.items()
    )


def _alike(sought: _Entry, entry: _Entry) -> Candidate | None:
    """Return a compound of another name as a candidate: alike in name, and nothing against it.

    Where nothing but the name speaks for it, one name must stand whole in the other: 示例花园 and 示例苑 are two.
    """
    if not is_one_phase(sought.stem, entry.stem):
        return None
    name = (("name", entry.said.name),)
    if sought.stem.text == entry.stem.text:
        reason = Reason("name_stem", name)
    elif not _is_beside(sought, entry):
        return None
    elif count := differing(sought.key, entry.key):
        reason = Reason("name_near", (*name, ("count", str(count))))
    elif contains(sought.stem.text, entry.stem.text):
        reason = Reason("name_contains", name)
    else:
        return None
    found = _evidence(sought, entry)
    if found.contra or found.elsewhere:
        return None
    whole = sought.key in entry.key or entry.key in sought.key
    return _candidate(found, reason) if found.pro or whole else None


def _is_beside(sought: _Entry, entry: _Entry) -> bool:
    here, there = sought.said.point, entry.said.point
    if here and there and abs(here[1] - there[1]) < _SQUARE and metres_between(here, there) <= _NEXT_TO:
        return True
    return is_same_house(sought.houses, entry.houses)

"""The catalogue of matters (事项): who handles what, when it is a case and when it is settled. `matters.toml`, read whole or refused.

The plan lists units per item and neither leads nor limits. So every lead is a proposal until the county confirms the catalogue
(`confirmed`), and units beyond the item's own list are told apart (`beyond`): 待确认 on every page that shows them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from anju.rules.cases.workflow import Amount, Urgency
from anju.rules.cases.workflow_file import read_root
from anju.rules.cases.workflow_references import named, repeated
from anju.rules.cases.workflow_shapes import AMOUNT_PATTERN, CODE, NAME, SOME_CODES
from anju.rules.policy_faults import Fault, PolicyFaults
from anju.rules.policy_shapes import FILE, TABLES
from anju.rules.policy_tables import Field, Row, Shape, shape_faults

MATTERS: Final = "matters.toml"
TOWN: Final = "town"
FIRST: Final = ("company", "developer", "supervising_unit", "utility")
_MATTER_CODE: Final = r"[A-Z]{2}\d{2}"
_URGENCY: Final = tuple(Urgency)
_NUMBERS: Final = Field(list, limit=20, pattern=r"\d{3,12}", required=False)
_TEXT: Final = Field(str, limit=200)

MATTER: Final[Shape] = {
    "code": Field(str, limit=4, pattern=_MATTER_CODE),
    "name": NAME,
    "item": Field(str, limit=10, pattern=r"\d{1,2}\.\d{1,2}"),
    "cite": Field(str, limit=100),
    "type": CODE,
    "urgency": Field(str, choices=_URGENCY),
    "lead": CODE,
    "joint": Field(list, limit=40, pattern=CODE.pattern),
    "source": Field(str, choices=("seed", "statute", "manual")),
    "beyond": SOME_CODES,
    "confirm": Field(str, limit=200, required=False),
    "dissuade": Field(bool, required=False),
    "first": Field(str, choices=FIRST, required=False),
    "emergency": _NUMBERS,
    "private": Field(bool, required=False),
    "handle": Field(str, limit=20, pattern=AMOUNT_PATTERN, required=False),
    "file_when": _TEXT,
    "close_when": _TEXT,
    "when": Field(list, limit=0, required=False),
}
WHEN: Final[Shape] = {
    "circumstance": CODE,
    "lead": Field(str, limit=40, pattern=CODE.pattern, required=False),
    "urgency": Field(str, choices=_URGENCY, required=False),
    "first": Field(str, choices=FIRST, required=False),
}
CIRCUMSTANCE: Final[Shape] = {"code": CODE, "name": NAME}
TILE: Final[Shape] = {
    "code": CODE,
    "name": Field(str, limit=20),
    "matter": Field(str, limit=4, pattern=_MATTER_CODE),
    "more": Field(list, limit=4, pattern=_MATTER_CODE),
    "danger": Field(bool, required=False),
    "circumstance": Field(str, limit=40, pattern=CODE.pattern, required=False),
}
_LISTED: Final[dict[str, Shape]] = {"circumstance": CIRCUMSTANCE, "matter": MATTER, "tile": TILE}
_ROOT: Final[Shape] = {**FILE, "confirmed": Field(bool), **dict.fromkeys(_LISTED, TABLES)}


@dataclass(frozen=True, slots=True)
class When:
    """In this circumstance another unit leads, it is more urgent, or another body is asked first."""

    circumstance: str
    lead: str = ""
    urgency: Urgency | None = None
    first: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """One row. Units are codes of units.toml, `town` is the town of the compound. `first`: who has to put it right, before the lead
    makes them. `emergency`: numbers shown before the form, which they never block. `private`: only counted, never published.
    """

    code: str
    name: str
    item: str
    cite: str
    type: str
    urgency: Urgency
    lead: str
    joint: tuple[str, ...]
    source: str
    file_when: str
    close_when: str
    beyond: tuple[str, ...] = ()
    confirm: str = ""
    dissuade: bool = False
    first: str = ""
    emergency: tuple[str, ...] = ()
    private: bool = False
    handle: Amount | None = None
    when: tuple[When, ...] = ()

    @property
    def pending(self) -> bool:
        """Say whether the plan leaves a gap here that the county must settle (待确认)."""
        return bool(self.beyond or self.confirm)


@dataclass(frozen=True, slots=True)
class Tile:
    """What a citizen presses: plain words, one matter meant by default, others to choose from.

    `danger`: shown behind 有危险, where the emergency numbers come first; `circumstance`: what pressing it already says.
    """

    code: str
    name: str
    matter: str
    more: tuple[str, ...]
    danger: bool = False
    circumstance: str = ""


@dataclass(frozen=True, slots=True)
class Matters:
    """One version of the catalogue. `confirmed`: the county has confirmed leads and limits."""

    version: int
    valid_from: date
    confirmed: bool
    matters: Mapping[str, Matter]
    circumstances: Mapping[str, str]
    tiles: tuple[Tile, ...]

    @property
    def limits(self) -> Mapping[tuple[str, str], Amount]:
        """Return the matters' own limits by clock and matter, for `Book.matter_limits`."""
        return {("handle", one.code): one.handle for one in self.matters.values() if one.handle}


def parse_matters(
    content: str | bytes, *, units: frozenset[str], items: Mapping[str, tuple[str, ...]], types: frozenset[str]
) -> Matters:
    """Return the catalogue of a file's content, or raise `PolicyFaults`.

    `units`: codes of units.toml. `items`: the units of each item of items.toml by its code. `types`: those of the workflow.
    """
    root = read_root(MATTERS, content, _ROOT, _LISTED, {})
    faults = list(_faults(root, units, items, types))
    if faults:
        raise PolicyFaults(faults)
    return Matters(
        version=root.values["version"],
        valid_from=root.values["valid_from"],
        confirmed=root.values["confirmed"],
        matters={row.values["code"]: _matter(row) for row in root.tables("matter")},
        circumstances={row.values["code"]: row.values["name"] for row in root.tables("circumstance")},
        tiles=tuple(Tile(**_plain(row)) for row in root.tables("tile")),
    )


def row_faults(
    values: Mapping[str, Any],
    units: frozenset[str],
    items: Mapping[str, Collection[str]],
    types: frozenset[str],
    circumstances: set[str],
) -> Iterator[Fault]:
    """Yield what is wrong with one matter that does not stand in a file: its shape first, then what it names."""
    row = Row(MATTERS, (), values, {})
    misshapen = list(shape_faults(row, MATTER))
    yield from misshapen or _reference_faults(row, units, items, types, circumstances)


def _reference_faults(
    row: Row,
    units: frozenset[str],
    items: Mapping[str, Collection[str]],
    types: frozenset[str],
    circumstances: set[str],
) -> Iterator[Fault]:
    yield from named(row, "type", [row.values["type"]], types)
    yield from _unit_faults(row, units, items)
    for when in row.tables("when"):
        yield from _when_faults(when, units, circumstances)


def _faults(
    root: Row, units: frozenset[str], items: Mapping[str, tuple[str, ...]], types: frozenset[str]
) -> Iterator[Fault]:
    """Codes once; units, items, types, circumstances and matters that exist; `beyond` what the item's list lacks, no more."""
    rows = {table: root.tables(table) for table in _LISTED}
    for table in _LISTED:
        yield from repeated(rows[table], "code")
    codes = {table: {row.values["code"] for row in rows[table]} for table in _LISTED}
    for row in rows["matter"]:
        yield from _reference_faults(row, units, items, types, codes["circumstance"])
    for row in rows["tile"]:
        yield from named(row, "matter", [row.values["matter"]], codes["matter"])
        yield from named(row, "more", row.values["more"], codes["matter"])
        yield from named(row, "circumstance", [row.values.get("circumstance") or ""], codes["circumstance"] | {""})


def _unit_faults(row: Row, units: frozenset[str], items: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    values = row.values
    asked = [values["lead"], *values["joint"]]
    for key, names in (("lead", asked[:1]), ("joint", asked[1:])):
        for name in names:
            if name not in units:
                yield row.fault(key, "unknown_unit", value=name)
    if values["item"] not in items:
        yield row.fault("item", "unknown_item", value=values["item"])
        return
    beyond = [name for name in asked if name not in items[values["item"]]]
    if beyond != values.get("beyond", []):
        yield row.fault("beyond", "beyond_differs", expected="、".join(beyond) or "无")
    if values["source"] == "seed" and values["lead"] in beyond:
        yield row.fault("source", "unknown_choice", value="seed", choices="statute、manual")


def _when_faults(row: Row, units: frozenset[str], circumstances: set[str]) -> Iterator[Fault]:
    misshapen = list(shape_faults(row, WHEN))
    if misshapen:
        yield from misshapen
        return
    yield from named(row, "circumstance", [row.values["circumstance"]], circumstances)
    lead = row.values.get("lead")
    if lead and lead not in units:
        yield row.fault("lead", "unknown_unit", value=lead)


def _matter(row: Row) -> Matter:
    values = _plain(row)
    when = tuple(_when(one) for one in row.tables("when"))
    handle = values.pop("handle", None)
    urgency = Urgency(values.pop("urgency"))
    return Matter(**{**values, "when": when}, urgency=urgency, handle=Amount.of(handle) if handle else None)


def _when(row: Row) -> When:
    urgency = row.values.get("urgency")
    return When(**{**row.values, "urgency": Urgency(urgency) if urgency else None})


def _plain(row: Row) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.values.items()}

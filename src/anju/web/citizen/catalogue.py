"""The tiles a citizen presses and what is behind them, with the drawing of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from anju.base.actor import Refused
from anju.cases.queries.catalogue import matter_row, matters_in_force, tiles
from anju.rules.cases.matters import Matter, Tile
from anju.rules.cases.workflow import Urgency

DANGER: Final = "danger"
OTHER: Final = "other"
NEGLECT: Final = "PC03"  # 职能部门和街道社区履责
# Where the catalogue names no number, these two answer everywhere.
EVERYWHERE: Final = ("119", "110")
NUMBERS: Final[dict[str, str]] = {
    "119": "着火、被困、漏气",
    "110": "有人威胁、打架、砸物",
    "120": "有人受伤",
}
_DRAWINGS: Final = {
    "light": "bulb",
    "lift": "lift",
    "parking": "parking",
    "charging": "scooter",
    "building": "wall",
    "piling": "bin",
    "leak": "drop",
    "road": "road",
    "fire": "flame",
    "falling": "falling",
    "fees": "bill",
    "people": "people",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A tile as a page shows it."""

    code: str
    name: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What may be pressed and what is behind it, as the bureau has it now."""

    tiles: tuple[Tile, ...]
    matters: Mapping[str, Matter]


def catalogue_here() -> Catalogue | None:
    """Return the catalogue in force, None where there is none yet."""
    try:
        shown = tiles()
    except Refused:
        return None
    known = {code: matter_row(row) for code, row in matters_in_force().items()}
    return Catalogue(tuple(tile for tile in shown if tile.matter in known), known)


def everyday(catalogue: Catalogue) -> list[Choice]:
    """Return the tiles of the first page, the last one (说不清) left to its own button."""
    return [
        Choice(tile.code, tile.name, _DRAWINGS.get(tile.code, ""))
        for tile in catalogue.tiles
        if not tile.danger and tile.code != OTHER
    ]


def dangers(catalogue: Catalogue) -> list[tuple[str, str]]:
    return [(tile.code, tile.name) for tile in catalogue.tiles if tile.danger]


def tile_of(catalogue: Catalogue, code: str) -> Tile | None:
    return next((tile for tile in catalogue.tiles if tile.code == code), None)


def kinds_of(catalogue: Catalogue, tile: Tile) -> list[tuple[str, str]]:
    """Return the matters one may mean by a tile, the usual one first: code and name."""
    meant = dict.fromkeys((tile.matter, *tile.more))
    return [(code, catalogue.matters[code].name) for code in meant if code in catalogue.matters]


def is_urgent(tile: Tile, matter: Matter) -> bool:
    return tile.danger or matter.urgency is Urgency.A


def numbers_for(matter: Matter) -> list[tuple[str, str]]:
    """Return the telephone numbers to show before the form and what each is for: the matter's own first."""
    return [(number, NUMBERS.get(number, "救援")) for number in dict.fromkeys((*matter.emergency, *EVERYWHERE))]

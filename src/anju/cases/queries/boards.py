"""执法进小区公示牌 (方案二(二)9): who enforces what in a compound, under which number, read off the catalogue of matters.

It is what holds now. Leads are proposals until somebody has confirmed their route; the board says so.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from anju.base.actor import Actor
from anju.cases.queries.catalogue import OTHER, matter_row, matters_in_force, tiles
from anju.cases.queries.places import town_code, units_by_code
from anju.places.models import Compound, Organisation
from anju.places.queries.phones import phones_of
from anju.places.queries.scoped import compounds_for
from anju.rules.cases.matters import TOWN
from anju.rules.cases.matters import Matter as MatterRow

BUREAU: Final = "housing_office"
_ROOM: Final = 40  # characters that are read from two steps away, on two lines


@dataclass(frozen=True, slots=True)
class Duty:
    """One unit on the board. `sees` is what the wall says, in short; `matters` is everything, with what is still 待确认."""

    unit: str
    phone: str
    sees: str
    matters: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Board:
    compound: Compound
    place: str
    confirmed: bool
    duties: tuple[Duty, ...]
    emergency: tuple[str, ...]
    office: str
    office_phone: str


def board_of(actor: Actor, pk: int) -> Board | None:
    """Return the board of a compound the actor may see, None where there is none."""
    compound = compounds_for(actor).filter(pk=pk).select_related("division__parent").first()
    if compound is None:
        return None
    held = matters_in_force()
    rows = [matter_row(row) for row in held.values()]
    confirmed = {code for code, row in held.items() if row.confirmed}
    units = units_by_code()
    office = units.get(BUREAU) or units.get("bureau")
    phones = phones_of(unit.pk for unit in units.values())
    return Board(
        compound=compound,
        place=compound.division.name,
        confirmed=confirmed == set(held),
        duties=tuple(_duties(rows, confirmed, units, town_code(compound), phones)),
        emergency=_emergency(rows),
        office=office.name if office else "",
        office_phone=phones.get(office.pk, "") if office else "",
    )


def _duties(
    rows: Iterable[MatterRow],
    confirmed: Collection[str],
    units: Mapping[str, Organisation],
    town: str,
    phones: Mapping[int, str],
) -> Iterable[Duty]:
    """Yield the units in the order of the catalogue. The town of the compound stands for `town`."""
    led: dict[str, list[MatterRow]] = {}
    for row in rows:
        led.setdefault(row.lead, []).append(row)
    for code, own in led.items():
        unit = units.get(town if code == TOWN else code)
        if unit is not None:
            told = tuple((row.name, row.code not in confirmed) for row in own)
            yield Duty(unit.name, phones.get(unit.pk, ""), _sees(own), told)


def _sees(own: list[MatterRow]) -> str:
    """Say in plain words what to bring to this unit: the citizens' tiles first, then what is urgent, as much as a wall has room for."""
    codes = {row.code for row in own}
    plain = [tile.name for tile in tiles() if tile.matter in codes and tile.matter != OTHER]
    named = [row.name for row in sorted(own, key=lambda row: row.urgency) if row.type != "survey_problem"]
    said: list[str] = []
    for words in dict.fromkeys([*plain, *named, *(row.name for row in own)]):
        if len("、".join([*said, words])) > _ROOM:
            return "、".join(said) + "等"
        if not _said_already(words, "、".join(said)):
            said.append(words)
    return "、".join(said)


def _said_already(words: str, said: str) -> bool:
    """电梯安全 after 电梯 tells a reader nothing new."""
    return any(part in said for part in words.split("、")) or any(part in words for part in said.split("、") if part)


def _emergency(rows: Iterable[MatterRow]) -> tuple[str, ...]:
    """Return the emergency numbers of the matters, the most frequent first; two stand on the wall."""
    counts: dict[str, int] = {}
    for row in rows:
        for number in row.emergency:
            counts[number] = counts.get(number, 0) + 1
    return tuple(sorted(counts, key=lambda number: (-counts[number], number))[:2])

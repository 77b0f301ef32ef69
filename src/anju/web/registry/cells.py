"""Rows of the list of cells that wait: each with what its sources say and who may settle it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from anju.accounts.queries.seconds import second_confirmers
from anju.base.actor import Actor
from anju.registry.models import Indicator
from anju.registry.queries.settling import VALUE
from anju.registry.queries.sides import Side, sides_of
from anju.rules.lists.stored import Stored, restore
from anju.web.registry.words import Shown, aged, is_stale, shown

COLUMNS = (
    "compound_id", "indicator_id", "fact_id", "conflict", "sources", "observed_on", "stale_on", "source__name",
    "compound__name", "compound__division__name", "compound__division__level", "compound__division__parent__name",
    "confirmed_at", *VALUE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CellLine:
    """One cell. `seconds`: it is the actor's own word, and these may confirm it; empty where the actor may."""

    compound: int
    name: str
    town: str
    place: str
    indicator: Indicator
    value: Shown
    fact: int
    source: str
    observed_on: date
    stale: str
    sides: tuple[tuple[Side, Shown], ...]
    seconds: str


def lines_of(actor: Actor, rows: Sequence[dict[str, Any]], today: date) -> list[CellLine]:
    """Return the lines of a page; a fixed number of queries, whatever the rows."""
    sides = sides_of(actor, {(row["compound_id"], row["indicator_id"]) for row in rows})
    indicators = Indicator.objects.in_bulk({row["indicator_id"] for row in rows})
    own = {row["compound_id"] for row in rows if _own(row, sides)}
    seconds = second_confirmers(own, apart=actor.user_id, on=today) if own else {}
    return [_line(row, indicators[row["indicator_id"]], sides, seconds, today) for row in rows]


def _own(row: dict[str, Any], sides: dict[tuple[int, int], list[Side]]) -> bool:
    told = sides.get((row["compound_id"], row["indicator_id"]), [])
    return any(side.own for side in told if side.fact == row["fact_id"])


def _line(
    row: dict[str, Any],
    indicator: Indicator,
    sides: dict[tuple[int, int], list[Side]],
    seconds: dict[int, Any],
    today: date,
) -> CellLine:
    told = sides.get((row["compound_id"], row["indicator_id"]), [])
    below = row["compound__division__level"] == "community"
    others = seconds.get(row["compound_id"], []) if _own(row, sides) else []
    return CellLine(
        row["compound_id"],
        row["compound__name"],
        row["compound__division__parent__name"] if below else row["compound__division__name"],
        row["compound__division__name"] if below else "",
        indicator,
        shown(restore(Stored(*(row[name] for name in VALUE)), indicator.type), indicator),
        row["fact_id"],
        row["source__name"] or "",
        row["observed_on"],
        aged(indicator.stale_days) if is_stale(row["stale_on"], today) else "",
        tuple((side, shown(side.value, indicator)) for side in told),
        "、".join(one.name for one in others[:3]) + ("等" if len(others) > 3 else ""),
    )

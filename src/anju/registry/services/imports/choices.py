"""What a person chose about a row and its doubtful values, and what follows from it. Nothing chosen: nothing that stands is changed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from anju.registry.models import ImportRow
from anju.registry.services.imports.judging import OF_THE_ROW, Cells

WRITE, NEW, LINK, SKIP = "write", "new", "link", "skip"
TAKE, KEEP = "take", "keep"
Act: Final = ImportRow.Act


def is_of_the_row(doubt: Sequence[Any]) -> bool:
    """Whether a doubt concerns the row as a whole, so that it is left out until somebody decides."""
    return doubt[2] in OF_THE_ROW or doubt[0] == "name"


def doubt_key(doubt: Sequence[Any]) -> str:
    return f"{doubt[2]}:{doubt[0]}"


def act_chosen(
    doubts: Sequence[Sequence[Any]], choice: Mapping[str, Any], compound: int | None
) -> tuple[str, int | None]:
    """Return what is done with a row and the compound it is linked to. `compound`: the one it was recognised as."""
    chosen = str(choice.get("row", ""))
    if chosen == SKIP or (not chosen and any(is_of_the_row(doubt) for doubt in doubts)):
        return Act.SKIP, compound
    if chosen.startswith(f"{LINK}:"):
        return Act.LINK, int(chosen.removeprefix(f"{LINK}:"))
    if chosen == NEW or compound is None:
        return Act.CREATE, None
    return Act.LINK, compound


def cells_chosen(cells: Cells, doubts: Sequence[Sequence[Any]], choice: Mapping[str, Any]) -> Cells:
    """Return the values to write: the sure ones, and of those that wait the ones that every doubt about them was set aside for."""
    taken = choice.get("cells", {})
    waiting: dict[str, list[Any]] = {}
    refused: set[str] = set()
    for doubt in doubts:
        for cell in doubt[5]:
            if len(cell) > 2:
                waiting[cell[0]] = cell
            if len(cell) <= 2 or taken.get(doubt_key(doubt)) != TAKE:
                refused.add(cell[0])
    return [*cells, *(cell for code, cell in waiting.items() if code not in refused)]


def options_of(doubt: Sequence[Any], recognised: int | None) -> list[str]:
    """Return what a person may choose about a doubt, the safe choice first."""
    if not is_of_the_row(doubt):
        takeable = doubt[5] and all(len(cell) > 2 for cell in doubt[5])
        return [KEEP, TAKE] if takeable else [KEEP]
    offered = [f"{LINK}:{pk}" for pk, _, _ in doubt[3].get("candidates", ())]
    if doubt[2] == "name_taken":
        return [SKIP, *offered]
    return [SKIP, *offered, NEW] if doubt[2] == "likely_known" else [SKIP, WRITE]

"""What a person chose about a row and its doubtful values, and what follows from it. Nothing chosen: nothing that stands is changed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from anju.registry.models import ImportRow
from anju.registry.services.imports.judging import OF_THE_DATABASE, OF_THE_ROW, Cells, Staged

WRITE, NEW, LINK, SKIP = "write", "new", "link", "skip"
TAKE, KEEP = "take", "keep"
Act: Final = ImportRow.Act


def is_of_the_row(doubt: Sequence[Any]) -> bool:
    """Whether a doubt concerns the row as a whole, so that it is left out until somebody decides."""
    return doubt[2] in OF_THE_ROW or doubt[0] == "name"


def doubt_key(doubt: Sequence[Any]) -> str:
    return f"{doubt[2]}:{doubt[0]}"


def answer_to(doubt: Sequence[Any], choice: Mapping[str, Any]) -> str:
    """Return what a person chose about a doubt of the row, empty where nobody has.

    Each doubt has its own answer: who says that a row is this county's has not said that it is no compound known already.
    """
    answers: Mapping[str, str] = choice.get("rows", {})
    answer = answers.get(doubt_key(doubt)) or str(choice.get("row", ""))  # `row`: one for all, as it was kept before
    return answer or (WRITE if settled_by_name(doubt, choice) else "")


def name_of(name: str, choice: Mapping[str, Any]) -> str:
    """Return the name that a row goes by: the one that a person gave it, else the one in the file."""
    return str(choice.get("name") or name)


def settled_by_name(doubt: Sequence[Any], choice: Mapping[str, Any]) -> bool:
    """Whether a doubt is about the name in the file, and a person has given the row another."""
    return bool(choice.get("name")) and doubt[0] == "name" and doubt[2] not in OF_THE_DATABASE


def about_name(key: str) -> bool:
    """Whether the doubt of a `doubt_key` is about a row's name."""
    return key.endswith(":name")


def may_be_named(row: Staged | ImportRow) -> bool:
    """Whether a person may give a row another name: its own is doubted or refused, and nothing but the name keeps it out for good.

    Who has given it one may change or take that back.
    """
    if row.unchanged or "name" in row.choice:
        return not row.unchanged
    doubted = row.act != Act.LINK and any(doubt[0] == "name" for doubt in row.doubts)
    return doubted and not is_refused(row.doubts, {"name": "another"})


def is_refused(doubts: Sequence[Sequence[Any]], choice: Mapping[str, Any]) -> bool:
    """Whether a row must not be written, whatever a person chooses about it."""
    return any(doubt[4] and not settled_by_name(doubt, choice) for doubt in doubts)


def act_chosen(
    doubts: Sequence[Sequence[Any]], choice: Mapping[str, Any], compound: int | None
) -> tuple[str, int | None]:
    """Return what is done with a row and the compound it is linked to. `compound`: the one it was recognised as.

    A row is left out while one doubt about it waits.
    """
    answers = [answer_to(doubt, choice) for doubt in doubts if is_of_the_row(doubt)]
    if not all(answers) or SKIP in answers:
        return Act.SKIP, compound
    if linked := next((one for one in answers if one.startswith(f"{LINK}:")), ""):
        return Act.LINK, int(linked.removeprefix(f"{LINK}:"))
    if compound is None or NEW in (choice.get("row"), *choice.get("rows", {}).values()):
        return Act.CREATE, None
    return Act.LINK, compound


def done_with(choice: Mapping[str, Any]) -> dict[str, Any]:
    """Return a choice as it stands once its row is written: which compound it is has been settled, and is not asked again."""
    once = {doubt: WRITE if to != SKIP else SKIP for doubt, to in choice.get("rows", {}).items()}
    told = {"row": WRITE} if choice.get("row", SKIP) != SKIP else {}
    return {**choice, **({"rows": once} if once else {}), **told}


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

"""Conditions of a rectification's items: ordered within the order's end, done one by one, verified one by one. Listed in `guards`."""

from typing import Final

from anju.rules.cases.facts import ItemState
from anju.rules.cases.question import Question


def items_in_limit(q: Question) -> str:
    """No item is due before now or after the order's own end."""
    until = q.act.payload.until
    late = until is not None and any(not q.act.at < due <= until for due in q.act.payload.items)
    return "item_end_out_of_limit" if late else ""


def item_open(q: Question) -> str:
    return _meant(q, ItemState.OPEN, "no_open_item")


def item_waiting(q: Question) -> str:
    return _meant(q, ItemState.DONE, "no_done_item")


def _meant(q: Question, state: ItemState, none: str) -> str:
    """Return nothing if the item that is meant stands in this state, else why not."""
    places = {place for place, item in enumerate(q.facts.items, 1) if item.state is state}
    if not places:
        return none
    return "" if q.act.payload.item in places else "item_other"


def items_done(q: Question) -> str:
    """The whole is done when each item is; an order that was not divided brings its proof at once."""
    if not q.facts.items:
        return "" if "items_proof" in q.act.evidence else "items_unproved"
    return "items_open" if any(item.state is ItemState.OPEN for item in q.facts.items) else ""


def items_passed(q: Question) -> str:
    """Nothing closes over an item that nobody verified."""
    return "items_not_passed" if any(item.state is not ItemState.PASSED for item in q.facts.items) else ""


GUARDS: Final = (items_in_limit, item_open, item_waiting, items_done, items_passed)

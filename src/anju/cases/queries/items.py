"""The items of a case's rectification as they stand: what the order says, where each is, when it was done and verified."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from anju.cases.models import Case, CaseEvent
from anju.cases.queries.catalogue import workflow_of_case
from anju.cases.queries.reckoning import events_of
from anju.rules.cases.engine import fold
from anju.rules.cases.facts import Event, Facts, Item, ItemState


@dataclass(frozen=True, slots=True)
class ItemLine:
    """`text` is the order's own line, empty when its time is over."""

    place: int
    text: str
    item: Item
    done_at: datetime | None
    passed_at: datetime | None


def items_of(case: Case) -> list[ItemLine]:
    """Return the items of the order in force. Whoever sees the case may read them: an order goes to whom it is about."""
    events = list(events_of(case))
    facts = fold(workflow_of_case(case), events)
    return list(_lines(case, facts, events)) if facts.items else []


def _lines(case: Case, facts: Facts, events: list[Event]) -> Iterator[ItemLine]:
    order = max(event.seq for event in events if event.transition == "order_rectify")
    texts = _texts(case, order)
    last = {(one.transition, one.payload.item): one.at for one in events if one.payload.item and one.seq > order}
    for place, item in enumerate(facts.items, 1):
        done = last.get(("item_done", place)) if item.state is not ItemState.OPEN else None
        passed = last.get(("item_pass", place)) if item.state is ItemState.PASSED else None
        yield ItemLine(place, texts.get(place, ""), item, done, passed)


def _texts(case: Case, order: int) -> dict[int, str]:
    row = CaseEvent.objects.filter(case=case, seq=order).select_related("note").get()
    told = row.note.texts.get("items", "") if hasattr(row, "note") else ""
    return dict(enumerate(told.splitlines(), 1))

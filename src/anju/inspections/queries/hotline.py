"""Orders of the hotline beside what we know: whose compound each names, whether it is a case already, what was replied."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from anju.base.actor import Actor
from anju.base.attachments import open_file
from anju.base.sheets import BadSheet, read_rows, shown
from anju.cases.models import Case, CaseEvent
from anju.cases.queries.catalogue import workflow_of_case
from anju.cases.queries.scoped import cases_for
from anju.inspections.models import HotlineOrder, HotlineSheet
from anju.places.models import OPEN, Compound, CompoundAlias
from anju.places.queries.scoped import compounds_for
from anju.rules.hotline import Layout, Order, find_layout, read_orders
from anju.rules.permissions import Permission

MOST_LINES = 1000
_REPLIES = ("report_result", "reject", "uphold")
_TEXTS = ("reply_text", "reason", "ruling")
_BLANK = re.compile(r"\s+")

Rows = list[list[object]]


@dataclass(frozen=True, slots=True)
class Line:
    """One order as the preview shows it. `faults`: the order's own, and no_place, several_places.

    `number`: of the case it is already, `case` where the actor may open it.
    """

    order: Order
    compound: Compound | None
    number: str
    case: int | None
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replied:
    """What was replied to an order, when, and how the case stands in the words of the desk."""

    text: str
    at: datetime | None
    state: str


def sheets_for(actor: Actor) -> "QuerySet[HotlineSheet]":
    """Return the sheets the actor took in, the county's all."""
    if not actor.may(Permission.HOTLINE_IMPORT):
        return HotlineSheet.objects.none()
    rows = HotlineSheet.objects.select_related("file", "taken_by")
    return rows if actor.scope.everything else rows.filter(taken_by=actor.user_id)


def rows_of(sheet: HotlineSheet) -> tuple[Rows, Layout]:
    """Return the sheet's rows and layout as they came."""
    with open_file(sheet.file) as stream:
        return read_sheet(stream.read())


def read_sheet(content: bytes) -> tuple[Rows, Layout]:
    """Raises `BadSheet`, `no_header` and `no_lines` among its codes."""
    rows: Rows = [list(row) for row in read_rows(content, most=MOST_LINES + 20)]
    layout = find_layout(rows)
    if layout is None:
        raise BadSheet("no_header")
    if not read_orders(rows, layout):
        raise BadSheet("no_lines")
    return rows, layout


def as_text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else shown(cell)  # type: ignore[arg-type]


def lines_of(actor: Actor, sheet: HotlineSheet) -> list[Line]:
    """Return the orders with the compound each names, among those the actor may see."""
    rows, layout = rows_of(sheet)
    orders = read_orders(rows, layout)
    found = HotlineOrder.objects.filter(order__in=[one.order for one in orders]).values_list(
        "order", "case__number", "case"
    )
    known = {order: (number, case) for order, number, case in found}
    seen = set(cases_for(actor).filter(pk__in=[case for _, case in known.values()]).values_list("pk", flat=True))
    names = _names(actor)
    return [_line(one, names, known.get(one.order), seen) for one in orders]


def replies_of(actor: Actor, orders: Sequence[str]) -> dict[str, Replied]:
    """Return by order number what was replied, of the cases that the actor may see."""
    rows = HotlineOrder.objects.filter(order__in=orders, case__in=cases_for(actor).values("id"))
    found = {row.order: row.case for row in rows.select_related("case")}
    events = CaseEvent.objects.filter(case__in=found.values(), transition__in=_REPLIES).order_by("seq")
    told = {case: (texts or {}, at) for case, texts, at in events.values_list("case_id", "note__texts", "at")}
    return {order: _replied(case, *told.get(case.pk, ({}, None))) for order, case in found.items()}


def _replied(case: Case, texts: dict[str, str], at: datetime | None) -> Replied:
    text = next((texts[name] for name in _TEXTS if texts.get(name)), "")
    return Replied(text, at, workflow_of_case(case).states[case.state].name)


def _names(actor: Actor) -> dict[str, set[int]]:
    """Return the names of the actor's compounds, plain, with the compounds they stand for."""
    seen = compounds_for(actor).filter(OPEN)
    found: dict[str, set[int]] = {}
    aliases = CompoundAlias.objects.filter(compound__in=seen.values("id"))
    for name, pk in (*seen.values_list("name", "id"), *aliases.values_list("name", "compound_id")):
        for plain in {_plain(name), _plain(name).removeprefix("示例·")}:
            found.setdefault(plain, set()).add(pk)
    return found


def _line(order: Order, names: dict[str, set[int]], known: tuple[str, int] | None, seen: set[int]) -> Line:
    number, case = known or ("", 0)
    hits = _hits(_plain(order.place), names)
    compound = Compound.objects.get(pk=next(iter(hits))) if len(hits) == 1 else None
    doubt = () if compound or number else ("several_places" if hits else "no_place",)
    return Line(order, compound, number, case if case in seen else None, (*order.faults, *doubt))


def _hits(place: str, names: dict[str, set[int]]) -> set[int]:
    """Return the compounds a place names: the longest name that stands in it."""
    standing = [name for name in names if len(name) > 1 and name in place]
    longest = max((len(name) for name in standing), default=0)
    return {pk for name in standing if len(name) == longest for pk in names[name]}


def _plain(text: str) -> str:
    return _BLANK.sub("", text)

"""What a view must show, worked out the slow way from the registry's own cells: nothing here knows of rows, documents or indexes."""

from datetime import date

from anju.base.actor import Actor
from anju.places.models import Compound, CompoundAlias
from anju.places.queries.scoped import compounds_for
from anju.registry.models import Cell
from anju.reports.columns import DAYS, FIGURES, Columns
from anju.reports.view import Condition, TableView, day_span, figure_of


def rows_of(actor: Actor, view: TableView, columns: Columns, on: date) -> set[int]:
    rows = compounds_for(actor).filter(ended_on=None).select_related("division__parent")
    return {row.pk for row in rows if _shown(row, view, columns, on)}


def _shown(row: Compound, view: TableView, columns: Columns, on: date) -> bool:
    cells = {cell.indicator.code: cell for cell in Cell.objects.filter(compound=row).select_related("indicator")}
    town = row.division.parent if row.division.level == "community" else row.division
    assert town
    return (
        (view.division is None or view.division in {row.division_id, town.pk, town.parent_id})
        and view.kind in {"", row.kind}
        and view.state in {"", row.service_state}
        and _called(row, view.text)
        and (not view.mark or _marked(row, town.awaiting, cells, view, columns, on))
        and all(_fits(one, cells.get(one.code), columns, on) for one in view.conditions)
    )


def _called(row: Compound, text: str) -> bool:
    names = [row.name, *CompoundAlias.objects.filter(compound=row).values_list("name", flat=True)]
    low = text.lower()
    return (
        any(low in name.lower() for name in names)
        or low.replace(" ", "") in row.pinyin.lower()
        or low.replace(" ", "") in row.initials
    )


def _known(cell: Cell | None) -> bool:
    return cell is not None and cell.form != "unknown"


def _old(cell: Cell | None, on: date) -> bool:
    return cell is not None and cell.stale_on is not None and cell.stale_on <= on


def _marked(row: Compound, awaiting: bool, cells: dict[str, Cell], view: TableView, columns: Columns, on: date) -> bool:
    seen = [column.code for column in columns.chosen(view.columns) if column.pk is not None]
    return {
        "awaiting": awaiting,
        "conflict": any(cell.conflict for cell in cells.values()),
        "stale": any(_old(cells.get(code), on) for code in seen),
        "unknown": "unknown" in {row.kind, row.service_state} or not all(_known(cells.get(code)) for code in seen),
    }[view.mark]


def _fits(one: Condition, cell: Cell | None, columns: Columns, on: date) -> bool:
    if one.operator in {"unknown", "known"}:
        return _known(cell) == (one.operator == "known")
    if cell is None:
        return False
    if one.operator in {"stale", "conflict"}:
        return _old(cell, on) if one.operator == "stale" else cell.conflict
    column = columns.by_code[one.code]
    if one.operator == "has":
        return one.value.lower() in cell.text.lower()
    if column.type not in FIGURES | DAYS:
        return cell.form == one.value
    if cell.low is None or cell.high is None:
        return False
    steps = figure_of(column, one.value)
    first, last = (day_span(one.value) or (0, 0)) if column.type in DAYS else (steps or 0, steps or 0)
    return {"ge": cell.low >= first, "le": cell.high <= last, "is": cell.low <= last and cell.high >= first}[
        one.operator
    ]

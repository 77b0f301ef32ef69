"""A table that comes back: what was changed outside becomes corrections to review, everything else changes nothing."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from anju.base.actor import Actor, Refused
from anju.base.sheet_text import GUARD
from anju.base.sheets import Cell
from anju.reports.columns import HIDDEN, Column, Columns
from anju.reports.models import ReturnedTable
from anju.reports.queries.cells import Told, told_of
from anju.reports.queries.export import CHECK, ID, heading, mark, opened, plain, typed
from anju.reports.queries.rows import columns_for, digits, rows_for
from anju.rules.lists.cells import read_cell
from anju.rules.lists.readings import Doubtful, Known, Rejected
from anju.rules.lists.stored import store
from anju.rules.permissions import Permission

MOST_CHANGES = 5000
_HEAD_WITHIN = 5
_STEP = 1000


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    pk: int
    marks: dict[int, str]
    cells: dict[int, Cell]


@transaction.atomic
def take_back(*, actor: Actor, rows: Iterable[Sequence[Cell]], file_name: str, at: datetime) -> ReturnedTable:
    """Compare a returned table with what it left with and with what holds now; keep what it would change for review."""
    actor.require(Permission.FACT_EDIT)
    columns = columns_for(actor)
    refusals: list[list[object]] = []
    lines = _within_reach(actor, _lines(rows, columns, refusals), refusals)
    changes: list[list[object]] = []
    unchanged = 0
    for line, name, document in lines:
        before = len(changes) + len(refusals)
        _compare(line, name, document, columns, changes, refusals, at)
        unchanged += len(changes) + len(refusals) == before
        if len(changes) > MOST_CHANGES:
            raise Refused("table.returned_too_much", most=MOST_CHANGES)
    refused_lines = {line for line, _, column, *_ in refusals if not column}
    return ReturnedTable.objects.create(
        by_id=actor.user_id, at=at, file_name=file_name[:200], rows=len(lines) + len(refused_lines), unchanged=unchanged,
        changes=changes, refusals=refusals,
    )  # fmt: skip


def _lines(rows: Iterable[Sequence[Cell]], columns: Columns, refusals: list[list[object]]) -> list[_Line]:
    by_heading = {heading(column): column for column in columns.by_pk.values()}
    head: dict[str, int] = {}
    read: list[tuple[int, Sequence[Cell]]] = []
    for number, row in enumerate(rows, start=1):
        if not head:
            words = {str(cell).strip(): at for at, cell in enumerate(row)}
            head = words if {ID, CHECK} <= words.keys() else {}
            if number >= _HEAD_WITHIN and not head:
                break
        elif any(cell != "" for cell in row):
            read.append((number, row))
    if not head:
        raise Refused("table.returned_no_ids")
    places = {column.pk: head[words] for words, column in by_heading.items() if words in head and column.pk is not None}
    ids = Counter(plain(_at(row, head[ID])) for _, row in read)
    lines = (_line(number, row, head, places, ids, refusals) for number, row in read)
    return [line for line in lines if line]


def _line(
    number: int,
    row: Sequence[Cell],
    head: dict[str, int],
    places: dict[int, int],
    ids: Counter[str],
    refusals: list[list[object]],
) -> _Line | None:
    text = plain(_at(row, head[ID]))
    reason = "id_missing" if not text else "id_unreadable" if not _is_id(text) else "id_twice" if ids[text] > 1 else ""
    marks = opened(int(text), plain(_at(row, head[CHECK]))) if not reason else None
    if marks is None:
        refusals.append([number, str(_at(row, 0))[:50], "", reason or "id_foreign", {}])
        return None
    return _Line(number, int(text), marks, {pk: _at(row, at) for pk, at in places.items() if pk in marks})


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18 and not text.startswith("0")


def _at(row: Sequence[Cell], place: int) -> Cell:
    return row[place] if place < len(row) else ""


def _within_reach(
    actor: Actor, lines: Sequence[_Line], refusals: list[list[object]]
) -> list[tuple[_Line, str, dict[str, dict[str, Any]]]]:
    found: list[tuple[_Line, str, dict[str, dict[str, Any]]]] = []
    for start in range(0, len(lines), _STEP):
        some = lines[start : start + _STEP]
        rows = rows_for(actor).filter(pk__in=[line.pk for line in some]).values_list("pk", "name", "cells")
        known = {pk: (name, cells) for pk, name, cells in rows}
        for line in some:
            if line.pk in known:
                found.append((line, *known[line.pk]))
            else:
                refusals.append([line.number, "", "", "id_outside", {}])
    return found


def _compare(
    line: _Line, name: str, document: dict[str, dict[str, Any]], columns: Columns, changes: list[list[object]],
    refusals: list[list[object]], at: datetime,
) -> None:  # fmt: skip
    today = timezone.localdate(at)
    for pk, cell in line.cells.items():
        column, text = columns.by_pk[pk], plain(cell)
        old = plain(typed(column, told_of(document, column, digits(today))))
        if mark(cell) == line.marks[pk] or text == old or _lost_signs(text, old):
            continue
        reason, told = _reading(column, text, today.year)
        if reason:
            refusals.append([line.number, name, column.name, reason, told | {"value": text[:50]}])
        elif not _says_the_same(column, text, today.year, {line.marks[pk], mark(old)}):
            changes.append([line.pk, name, column.code, old, text, line.number])


def _lost_signs(text: str, old: str) -> bool:
    """Whether a value is as it was but for signs that a file in GBK cannot hold: rare characters, and our own guard."""
    return "?" in text and text in {one.encode("gbk", "replace").decode("gbk") for one in (old, GUARD + old)}


def _says_the_same(column: Column, text: str, year: int, marks: Collection[str]) -> bool:
    """Whether a text is what left or what holds, in another notation, as 2019年3月 for 2019-03. A masked value never is."""
    reading = read_cell(text, column.type, latest=year, zero=True)
    if column.type in HIDDEN or not isinstance(reading, Known):
        return False
    kept = store(reading.value)
    told = Told(kept.low, kept.high, kept.text, kept.form, kept.approximate, 1, conflict=False, stale=False)
    return mark(typed(column, told)) in marks


def _reading(column: Column, text: str, year: int) -> tuple[str, dict[str, str]]:
    """Return why a text cannot be taken for a column, an empty reason where it can."""
    if not text:
        return "cell_emptied", {}
    if column.type in HIDDEN and "*" in text:
        return "cell_masked", {}
    if column.derived:
        return "cell_derived", {}
    if column.type == "point":
        return "cell_elsewhere", {}
    reading = read_cell(text, column.type, latest=year, zero=True)
    if isinstance(reading, Doubtful | Rejected):
        return reading.reason, {"found": reading.found, "column": column.name}
    return ("", {}) if isinstance(reading, Known) else ("unreadable", {"column": column.name})

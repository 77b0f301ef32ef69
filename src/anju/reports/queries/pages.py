"""The rows of a view in their order, cut into pages."""

from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import BigIntegerField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import GreaterThan, LessThan

from anju.base.composed import composed
from anju.reports.columns import Columns
from anju.reports.models import TableRow
from anju.reports.queries.rows import Found, Sought, found_by
from anju.reports.view import TableView

PAGE = 50
_ENDS = {"asc": 2**62, "desc": -(2**62)}  # where a cell without a figure stands: always last
ROW = (
    "compound_id",
    "town_id",
    "place",
    "pinyin",
    "name",
    "kind",
    "service_state",
    "division_id",
    "division__name",
    "division__level",
    "cells",
)


Row = tuple[Any, ...]  # plain values in the order of `ROW`; in a page the cells are text, as PostgreSQL gives them


@dataclass(frozen=True, slots=True)
class Rows:
    """One page. `before`, `after`: ids to go on from, None at an end."""

    rows: list[Row]
    before: int | None
    after: int | None


def page_of(asked: Sought, *, before: int | None = None, after: int | None = None) -> Rows:
    """Cut one page before or after a row; an id that is not among the found begins at the top."""
    mark = _mark(asked, before or after)
    backwards = before is not None and mark is not None
    rows = _cut(asked, mark, backwards)
    shown, more = rows[:PAGE], len(rows) > PAGE
    if backwards:
        return Rows(shown[::-1], shown[-1][0] if shown and more else None, shown[0][0] if shown else None)
    return Rows(shown, shown[0][0] if shown and mark else None, shown[-1][0] if shown and more else None)


Mark = tuple[Any, ...]  # the keys of the row that a page lies beside


@composed
def _cut(asked: Sought, mark: Mark | None, backwards: bool) -> "QuerySet[TableRow, Row]":
    """One row more than a page."""
    ordered, keys = order(found_by(asked), asked.view, asked.columns)
    if mark:
        ordered = ordered.filter(beyond(keys, mark, backwards=backwards))
    names = [("-" if down != backwards else "") + name for name, down in keys]
    return ordered.order_by(*names).values_list(*ROW[:-1], Cast("cells", TextField()))[: PAGE + 1]


Keys = tuple[tuple[str, bool], ...]  # name of a key, and whether it falls


def order(found: Found, view: TableView, columns: Columns) -> tuple["QuerySet[TableRow]", Keys]:
    """Return the rows with what they are ordered by: by town and name, or by the figure of a column."""
    if not view.sort:
        by_name: Keys = (("pinyin", False), ("compound_id", False))
        return found.rows, by_name if found.one_town else (("place", False), *by_name)
    column, falls = columns.by_code[view.sort.removeprefix("-")], view.sort.startswith("-")
    figure = Cast(KeyTextTransform("l", KeyTransform(f"i{column.pk}", "cells")), BigIntegerField())
    last = Value(_ENDS["desc" if falls else "asc"], BigIntegerField())
    ordered = found.rows.annotate(key=Coalesce(figure, last))
    return ordered, (("key", falls), ("pinyin", False), ("compound_id", False))


class _Row(Func):
    """Several values as one, compared from the left."""

    function = "ROW"
    output_field = TextField()


def _typed(value: Any) -> Value:
    """A figure as one of eight bytes: the end where cells without a figure stand is more than four hold."""
    return Value(value, BigIntegerField()) if isinstance(value, int) else Value(value)


def _mark(asked: Sought, pk: int | None) -> Mark | None:
    if pk is None:
        return None
    ordered, keys = order(found_by(asked), asked.view, asked.columns)
    return ordered.filter(pk=pk).values_list(*(name for name, _ in keys)).first()


def beyond(keys: Keys, mark: tuple[Any, ...], *, backwards: bool) -> Q:
    """Rows after the mark in the order of the keys, or before it.

    Keys that all go one way are compared as one row of values: so the index begins at the mark, not at the first row of its town.
    """
    sides = [("lt" if falls != backwards else "gt") for _, falls in keys]
    if len(set(sides)) == 1:
        compared = LessThan if sides[0] == "lt" else GreaterThan
        return Q(compared(_Row(*(F(name) for name, _ in keys)), _Row(*map(_typed, mark))))
    beyond = Q(pk__in=[])
    for number, (name, _) in enumerate(keys):
        same = reduce(and_, (Q(**{keys[n][0]: mark[n]}) for n in range(number)), Q())
        beyond |= same & Q(**{f"{name}__{sides[number]}": mark[number]})
    return Q(**{f"{keys[0][0]}__{sides[0]}e": mark[0]}) & beyond

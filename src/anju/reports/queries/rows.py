"""The rows of the one table that an actor may see and a view asks for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce

from anju.base.actor import Actor
from anju.places.models import OPEN, Compound, CompoundAlias, Division
from anju.places.queries.scoped import divisions_for, reaches
from anju.registry.queries.facts import indicators_for
from anju.reports.columns import DAYS, FIGURES, Column, Columns, columns_of
from anju.reports.models import TableRow
from anju.reports.view import Condition, TableView, day_span, figure_of
from anju.rules.permissions import Permission

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


@dataclass(frozen=True, slots=True)
class Rows:
    """One page as plain values in the order of `ROW`. `before`, `after`: ids to go on from, None at an end."""

    rows: list[tuple[Any, ...]]
    before: int | None
    after: int | None


def columns_for(actor: Actor) -> Columns:
    """Return the columns that the actor may have in the table."""
    found = indicators_for(actor).values_list("code", "name", "type", "group", "unit", "id", "owner")
    return columns_of(
        Column(code, name, type_, group, unit, pk, derived=bool(owner))
        for code, name, type_, group, unit, pk, owner in found
    )


class Found(NamedTuple):
    """Rows without order. `one_town`: they all lie in one, so that the order of the towns says nothing."""

    rows: "QuerySet[TableRow]"
    one_town: bool


def rows_for(actor: Actor) -> "QuerySet[TableRow]":
    return _reach(actor).rows


def _reach(actor: Actor) -> Found:
    """Return the rows of `compounds_for(actor)` that are in force: the same reach, asked in the way the table's indexes answer."""
    if not (actor.may(Permission.FACT_VIEW) and actor.may(Permission.COMPOUND_VIEW)):
        return Found(TableRow.objects.none(), one_town=True)
    scope = actor.scope
    if scope.everything:
        return Found(TableRow.objects.all(), one_town=False)
    within = reduce(or_, map(_below, scope.divisions), Q(pk__in=[]))
    beside = Compound.objects.filter(Q(pk__in=scope.compounds) | Q(supervising_unit__in=scope.organisations), OPEN)
    if scope.divisions and not beside.exists():
        one_town = len(scope.divisions) == 1 and scope.divisions[0].count("/") > 1
        return Found(TableRow.objects.filter(within), one_town)
    return Found(TableRow.objects.filter(within | Q(compound__in=beside.values("id"))), one_town=False)


def _below(path: str) -> Q:
    """The rows in a division: its level is the depth of its path."""
    ids = [int(part) for part in path.split("/") if part]
    return ~Q(pk__in=[]) if len(ids) == 1 else Q(town=ids[1]) if len(ids) == 2 else Q(division=ids[-1])


def division_asked(actor: Actor, view: TableView) -> Division | None:
    """Return the division of a view, None where it names none. `LookupError`: there is none such, or it is out of reach."""
    if view.division is None:
        return None
    row = divisions_for(actor).filter(pk=view.division).first()
    scope = actor.scope
    if row is None or not (
        reaches(scope, row) or not scope.divisions or any(p.startswith(row.path) for p in scope.divisions)
    ):
        raise LookupError
    return row


def find_rows(actor: Actor, view: TableView, columns: Columns, *, on: date) -> Found:
    """Return the rows of a view. `LookupError`: the division it names is not there or out of reach."""
    rows, one_town = _reach(actor)
    if division := division_asked(actor, view):
        rows = rows.filter(_below(division.path))
        one_town = one_town or division.level != "county"
    if view.kind:
        rows = rows.filter(kind=view.kind)
    if view.state:
        rows = rows.filter(service_state=view.state)
    if view.text:
        rows = rows.filter(_called(view.text))
    if view.mark:
        rows = rows.filter(Probably(_marked(view.mark, view, columns, on)))
    rows = reduce(lambda found, one: found.filter(Probably(_fits(one, columns, on))), view.conditions, rows)
    return Found(rows, one_town)


def _called(text: str) -> Q:
    spelled = text.replace(" ", "").lower()
    named = CompoundAlias.objects.filter(compound=OuterRef("pk"), name__icontains=text)
    return Q(name__icontains=text) | Q(pinyin__icontains=spelled) | Q(initials__contains=spelled) | Q(Exists(named))


def _marked(mark: str, view: TableView, columns: Columns, on: date) -> Q:
    """Rows with a mark: two sources anywhere; something old or not known among the columns one looks at."""
    seen = [column for column in columns.chosen(view.columns) if column.pk is not None]
    if mark == "awaiting":
        return Q(place__startswith="1")
    if mark == "conflict":
        return _any(Q(**{f"{key(column)}__c__isnull": False}) for column in columns.by_pk.values())
    if mark == "stale":
        return _any(Q(**{f"{key(column)}__d__lte": digits(on)}) for column in seen)
    return _any(map(_unknown, seen)) | Q(kind="unknown") | Q(service_state="unknown")


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, Q(pk__in=[]))


def key(column: Column) -> str:
    return f"cells__i{column.pk}"


def digits(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def _unknown(column: Column) -> Q:
    return Q(**{f"{key(column)}__isnull": True}) | Q(**{f"{key(column)}__f": "unknown"})


def _fits(condition: Condition, columns: Columns, on: date) -> Q:
    column = columns.by_code[condition.code]
    here, value = key(column), condition.value
    match condition.operator:
        case "unknown":
            return _unknown(column)
        case "known":
            return Q(**{f"{here}__isnull": False}) & _not_said_unknown(column)
        case "stale":
            return Q(**{f"{here}__d__lte": digits(on)})
        case "conflict":
            return Q(**{f"{here}__c__isnull": False})
        case "has":
            return Q(**{f"{here}__t__icontains": value})
    if column.type not in FIGURES and column.type not in DAYS:
        return Q(**{f"{here}__f": value})
    first, last = _span(column, value)
    at_least, at_most = {f"{here}__l__gte": first}, {f"{here}__h__lte": last}
    if condition.operator == "is":
        return Q(**{f"{here}__l__lte": last, f"{here}__h__gte": first})
    return Q(**(at_least if condition.operator == "ge" else at_most))


def _not_said_unknown(column: Column) -> Q:
    form = f"{key(column)}__f"
    return Q(**{f"{form}__isnull": True}) | ~Q(**{form: "unknown"})


def _span(column: Column, value: str) -> tuple[int, int]:
    if column.type in DAYS:
        return day_span(value) or (0, 0)
    steps = figure_of(column, value) or 0
    return steps, steps


class Probably(Case):
    """A condition that the planner takes for even odds. Of what lies in a document it knows nothing, guesses one row in two hundred, and
    would then sort a whole town instead of walking along it until a page is full.
    """

    def __init__(self, condition: Q) -> None:
        super().__init__(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def page_of(
    found: Found,
    view: TableView,
    columns: Columns,
    *,
    before: int | None = None,
    after: int | None = None,
) -> Rows:
    """Cut one page before or after a row; an id that is not among the found begins at the top."""
    ordered, keys = order(found, view, columns)
    mark = _mark(ordered, keys, before or after)
    backwards = before is not None and mark is not None
    if mark:
        ordered = ordered.filter(beyond(keys, mark, backwards=backwards))
    names = [("-" if down != backwards else "") + name for name, down in keys]
    rows = list(ordered.order_by(*names).values_list(*ROW)[: PAGE + 1])
    shown, more = rows[:PAGE], len(rows) > PAGE
    if backwards:
        return Rows(shown[::-1], shown[-1][0] if shown and more else None, shown[0][0] if shown else None)
    return Rows(shown, shown[0][0] if shown and mark else None, shown[-1][0] if shown and more else None)


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


def _mark(ordered: "QuerySet[TableRow]", keys: Keys, pk: int | None) -> tuple[Any, ...] | None:
    if pk is None:
        return None
    return ordered.filter(pk=pk).values_list(*(name for name, _ in keys)).first()


def beyond(keys: Keys, mark: tuple[Any, ...], *, backwards: bool) -> Q:
    """Rows after the mark in the order of the keys, or before it."""
    sides = [("lt" if falls != backwards else "gt") for _, falls in keys]
    beyond = Q(pk__in=[])
    for number, (name, _) in enumerate(keys):
        same = reduce(and_, (Q(**{keys[n][0]: mark[n]}) for n in range(number)), Q())
        beyond |= same & Q(**{f"{name}__{sides[number]}": mark[number]})
    return Q(**{f"{keys[0][0]}__{sides[0]}e": mark[0]}) & beyond

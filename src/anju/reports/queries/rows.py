"""The rows of the one table that an actor may see and a view asks for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from anju.base.actor import Actor
from anju.base.composed import composed
from anju.places.models import OPEN, Compound, CompoundAlias, Division
from anju.places.queries.scoped import divisions_for, reaches
from anju.registry.queries.facts import indicators_for
from anju.reports.columns import DAYS, FIGURES, Column, Columns, columns_of
from anju.reports.models import TableRow
from anju.reports.view import Condition, TableView, day_span, figure_of
from anju.rules.permissions import Permission


def columns_for(actor: Actor) -> Columns:
    """Return the columns that the actor may have in the table."""
    return _columns(tuple(_asked_columns(actor)))


@composed
def _asked_columns(actor: Actor) -> "QuerySet[Any, tuple[Any, ...]]":
    return indicators_for(actor).values_list("code", "name", "type", "group", "unit", "id", "owner")


@lru_cache(maxsize=16)
def _columns(found: tuple[tuple[Any, ...], ...]) -> Columns:
    return columns_of(
        Column(code, name, type_, group, unit, pk, derived=bool(owner))
        for code, name, type_, group, unit, pk, owner in found
    )


class Found(NamedTuple):
    """Rows without order. `one_town`: they all lie in one, so that the order of the towns says nothing."""

    rows: "QuerySet[TableRow]"
    one_town: bool


@dataclass(frozen=True, slots=True)
class Sought:
    """All that decides which rows are found, already looked up: from the same value the same question is composed.

    `beside`: the actor's reach has rows outside its divisions; `path`, `level`: of the division the view names, if any.
    """

    actor: Actor
    view: TableView
    columns: Columns
    on: date
    beside: bool
    path: str = ""
    level: str = ""


def sought(actor: Actor, view: TableView, columns: Columns, *, on: date) -> Sought:
    """Return what a view asks for. `LookupError`: the division it names is not there or out of reach."""
    division = division_asked(actor, view)
    path, level = (division.path, division.level) if division else ("", "")
    return Sought(actor, view, columns, on, _has_beside(actor), path, level)


def rows_for(actor: Actor) -> "QuerySet[TableRow]":
    return _reach(actor, beside=_has_beside(actor)).rows


def _has_beside(actor: Actor) -> bool:
    return not actor.scope.everything and bool(_one_beside(actor))


@composed
def _one_beside(actor: Actor) -> "QuerySet[Compound, tuple[int]]":
    return _beside(actor).values_list("pk")[:1]


def _beside(actor: Actor) -> "QuerySet[Compound]":
    """Compounds in force that the actor reaches by themselves, wherever they lie."""
    scope = actor.scope
    return Compound.objects.filter(Q(pk__in=scope.compounds) | Q(supervising_unit__in=scope.organisations), OPEN)


def _reach(actor: Actor, *, beside: bool) -> Found:
    """Return the rows of `compounds_for(actor)` that are in force: the same reach, asked in the way the table's indexes answer."""
    if not (actor.may(Permission.FACT_VIEW) and actor.may(Permission.COMPOUND_VIEW)):
        return Found(TableRow.objects.none(), one_town=True)
    scope = actor.scope
    if scope.everything:
        return Found(TableRow.objects.all(), one_town=False)
    within = reduce(or_, map(_below, scope.divisions), Q(pk__in=[]))
    if scope.divisions and not beside:
        one_town = len(scope.divisions) == 1 and scope.divisions[0].count("/") > 1
        return Found(TableRow.objects.filter(within), one_town)
    return Found(TableRow.objects.filter(within | Q(compound__in=_beside(actor).values("id"))), one_town=False)


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
    return found_by(sought(actor, view, columns, on=on))


def found_by(asked: Sought) -> Found:
    """Return the rows that a view seeks; asks nothing itself."""
    view, columns, on = asked.view, asked.columns, asked.on
    rows, one_town = _reach(asked.actor, beside=asked.beside)
    if asked.path:
        rows = rows.filter(_below(asked.path))
        one_town = one_town or asked.level != "county"
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

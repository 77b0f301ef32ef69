"""Totals of a view, for each town and for the whole: what is summed says how many are missing from it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from anju.base.actor import Actor
from anju.places.models import Division
from anju.registry.models import Cell
from anju.reports.columns import SUMMED, Column, Columns
from anju.reports.models import TableRow
from anju.reports.queries.rows import find_rows
from anju.reports.view import TableView


@dataclass(frozen=True, slots=True)
class Sum_:
    """Of one column: `figure`, the sum of the lower ends or the number of 有; `missing`, rows of which nothing is known."""

    figure: int
    missing: int


@dataclass(slots=True)
class Total:
    """Of one town, or of everything (`town` None)."""

    town: int | None
    name: str
    rows: int = 0
    unmanaged: int = 0
    sums: dict[int, Sum_] = field(default_factory=dict)


def totals_of(actor: Actor, view: TableView, columns: Columns, *, on: date) -> tuple[list[Total], Total]:
    """Return the totals of each town in the table's order, and of all. Three queries, whatever the rows."""
    found = find_rows(actor, view, columns, on=on).rows
    counted = (
        found.order_by()
        .values("place", "town_id")
        .annotate(rows=Count("pk"), unmanaged=Count("pk", filter=Q(service_state="unmanaged")))
    )
    towns = {
        row["town_id"]: Total(row["town_id"], "", row["rows"], row["unmanaged"]) for row in counted.order_by("place")
    }
    for pk, name in Division.objects.filter(pk__in=towns).values_list("id", "name"):
        towns[pk].name = name
    whole = Total(None, "合计", sum(t.rows for t in towns.values()), sum(t.unmanaged for t in towns.values()))
    added = [column for column in columns.chosen(view.columns) if is_added(column)]
    _add(found, towns, whole, added)
    return list(towns.values()), whole


def is_added(column: Column) -> bool:
    return column.pk is not None and (column.type in SUMMED or column.type == "answer")


def _add(found: "QuerySet[TableRow]", towns: dict[int, Total], whole: Total, added: list[Column]) -> None:
    types = {column.pk: column.type for column in added if column.pk is not None}
    told = (
        Cell.objects.filter(indicator__in=list(types), compound__table_row__in=found)
        .order_by()
        .values("compound__table_row__town_id", "indicator_id")
        .annotate(
            figures=Count("low"),
            total=Sum("low"),
            yes=Count("pk", filter=Q(form="yes")),
            known=Count("pk", filter=~Q(form="unknown")),
        )
    )
    everything: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for row in told.values_list("compound__table_row__town_id", "indicator_id", "figures", "total", "yes", "known"):
        town, pk, figures, total, yes, known = row
        said, figure = (known, yes) if types[pk] == "answer" else (figures, total or 0)
        towns[town].sums[pk] = Sum_(figure, towns[town].rows - said)
        everything[pk][0] += figure
        everything[pk][1] += said
    whole.sums = {pk: Sum_(figure, whole.rows - said) for pk, (figure, said) in everything.items()}
    for total_ in (*towns.values(), whole):
        for pk in types:
            total_.sums.setdefault(pk, Sum_(0, total_.rows))

"""How many rows each of the common views has."""

from datetime import date

from anju.base.actor import Actor
from anju.reports.columns import Columns
from anju.reports.queries.rows import find_rows
from anju.web.reports.asking import common_views


def counts_of(actor: Actor, columns: Columns, on: date) -> list[tuple[str, int]]:
    """Return the id of each view's tab with its number of rows; the tab shows it when it comes."""
    return [(id_, find_rows(actor, view, columns, on=on).rows.count()) for id_, _, view in common_views(columns)]

"""How many rows each of the common views has."""

from datetime import date

from django.http import QueryDict

from anju.base.actor import Actor
from anju.reports.columns import Columns
from anju.reports.queries.rows import find_rows
from anju.reports.view import read_view
from anju.web.reports.words import VIEWS


def counts_of(actor: Actor, columns: Columns, on: date) -> list[tuple[str, int]]:
    """Return the id of each view's tab with its number of rows; the tab shows it when it comes."""
    return [
        (f"v{number}", find_rows(actor, read_view(QueryDict(query), columns), columns, on=on).rows.count())
        for number, (_, query) in enumerate(VIEWS)
    ]

"""What stands around the rows: tabs, filters, heads. They depend on nothing but what is passed, so each is kept once rendered."""

from dataclasses import replace
from functools import lru_cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from anju.reports.columns import Columns
from anju.reports.view import TableView
from anju.web.reports.asking import (
    address,
    chips,
    chooser,
    filter_choices,
    heads,
    sifted_options,
    tabs_of,
    told_conditions,
)

Places = tuple[tuple[int, str, str], ...]  # id, name, level
TABLE = "reports:table"
_KEPT = 128  # some 10 kB each


@lru_cache(maxsize=_KEPT)
def tabs(view: TableView, columns: Columns, saved: tuple[tuple[int, str, str], ...]) -> SafeString:
    """The views of everyone, then one's own: id, name, query."""
    return render_to_string("reports/tabs.html", {"tabs": tabs_of(view, columns, saved), "query": view.query()})


@lru_cache(maxsize=_KEPT)
def sift(view: TableView, columns: Columns, places: Places, *, of: str = TABLE) -> SafeString:
    """The filters and the chooser of columns, with the conditions already set. `of`: the page that they narrow."""
    chosen = columns.chosen(view.columns)
    context = {
        "view": view,
        "places": [(pk, name if level == "town" else f"　{name}") for pk, name, level in places],
        "chips": chips(view, columns, of=of),
        "sifted": sifted_options(columns),
        "chooser": chooser(columns, frozenset(column.code for column in chosen)) if of == TABLE else "",
        "shown": len(chosen),
        "clear_url": reverse(of),
        "told": _told(view, columns, places),
    }
    return render_to_string("reports/sift.html", context | filter_choices(view))


def _told(view: TableView, columns: Columns, places: Places) -> str:
    """What narrows the view, for paper, which has no filters to read it from."""
    names = {pk: name for pk, name, _ in places}
    where = [names.get(view.division, "一个区划")] if view.division else []
    return "；".join(where + told_conditions(view, columns))


@lru_cache(maxsize=_KEPT)
def head(view: TableView, columns: Columns) -> SafeString:
    """The two lines of the table's head, each column with the way to order by it."""
    groups, cells = heads(columns.chosen(view.columns), view)
    context = {"view": view, "groups": groups, "heads": cells, "unsorted_url": address(replace(view, sort=""))}
    return render_to_string("reports/heads.html", context)

"""The one table: a page of it, and its totals, which come after."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from anju.reports.columns import Column
from anju.reports.queries.rows import Rows, digits, find_rows, page_of
from anju.reports.queries.saved import places_of, saved_views, town_names
from anju.reports.queries.totals import Total, totals_of
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.places.filters import PageForm
from anju.web.reports.asking import (
    Asked,
    address,
    asked_of,
    chips,
    chooser,
    filter_choices,
    heads,
    sifted_options,
    tabs_of,
)
from anju.web.reports.counting import counts_of
from anju.web.reports.render import Grid, body, sums


@door(Permission.FACT_VIEW)
def table(request: ActorRequest) -> HttpResponse:
    asked = asked_of(request, request.actor)
    if not asked.problem and {"c", "fc"} & request.GET.keys():
        return redirect(address(asked.view))  # what the form asked, as the link that is worth keeping
    columns = asked.columns.chosen(asked.view.columns)
    page = _page(request, asked)
    places = list(places_of(request.actor).values_list("id", "name", "level"))
    names = town_names({row[1] for row in page.rows}, {pk: name for pk, name, _ in places})
    heads_of_towns, whole = sums([Total(pk, name) for pk, name in names.items()], None, columns, asked.view)
    if page.rows and request.GET.get("totals"):
        heads_of_towns, whole = _sums(request, asked, columns)
    context = {
        "view": asked.view,
        "problem": asked.problem,
        "places": [(pk, name if level == "town" else f"　{name}") for pk, name, level in places],
        "tabs": tabs_of(asked.view, asked.columns, list(saved_views(request.actor))),
        "chips": chips(asked.view, asked.columns),
        "grid": _grid(request, asked, columns, page, heads_of_towns, names),
        "whole": whole,
        "count": len(page.rows),
        "newer_url": address(asked.view, before=page.before) if page.before else "",
        "older_url": address(asked.view, after=page.after) if page.after else "",
        "breadcrumb": [{"label": "全县一张表"}],
    }
    context |= _around(request, asked, columns)
    return render(request, "reports/table.html", context, status=400 if asked.problem else 200)


@door(Permission.FACT_VIEW)
def totals(request: ActorRequest) -> HttpResponse:
    """The rows of totals and the counts of the views, for the page to put in their places."""
    asked = asked_of(request, request.actor)
    if asked.problem:
        raise Http404
    columns = asked.columns.chosen(asked.view.columns)
    each, whole = _sums(request, asked, columns)
    counts = counts_of(request.actor, asked.columns, timezone.localdate())
    return render(request, "reports/totals.html", {"each": list(each.values()), "whole": whole, "counts": counts})


def _sums(request: ActorRequest, asked: Asked, columns: tuple[Column, ...]) -> tuple[dict[int, SafeString], SafeString]:
    try:
        towns, whole = totals_of(request.actor, asked.view, asked.columns, on=timezone.localdate())
        return sums(towns, whole, columns, asked.view)
    except LookupError as outside:
        raise Http404 from outside


def _page(request: ActorRequest, asked: Asked) -> Rows:
    if asked.problem:
        return Rows([], None, None)
    try:
        found = find_rows(request.actor, asked.view, asked.columns, on=timezone.localdate())
    except LookupError as outside:
        raise Http404 from outside
    return page_of(found, asked.view, asked.columns, **PageForm(request.GET).place())


def _grid(
    request: ActorRequest,
    asked: Asked,
    columns: tuple[Column, ...],
    page: Rows,
    towns: dict[int, SafeString],
    names: dict[int, str],
) -> SafeString:
    grid = Grid(
        columns=columns,
        rows=page.rows,
        asked=asked.columns.keys,
        today=digits(timezone.localdate()),
        editable=request.actor.may(Permission.FACT_EDIT),
        grouped=not asked.view.sort,
        towns=names,
    )
    return body(grid, towns)


def _around(request: ActorRequest, asked: Asked, columns: tuple[Column, ...]) -> dict[str, Any]:
    """What stands around the rows: heads, filters, the chooser of columns."""
    groups, cells = heads(columns, asked.view)
    return {
        "groups": groups,
        "heads": cells,
        "wide": len(cells) + 1,
        "sifted": sifted_options(asked.columns.every),
        "chooser": chooser(asked.columns.every, frozenset(column.code for column in columns)),
        "query": asked.view.query(),
        "totals_url": address(asked.view, totals=1),
        "clear_url": reverse("reports:table"),
        "unsorted_url": address(replace(asked.view, sort="")),
        "may_edit": request.actor.may(Permission.FACT_EDIT),
        "may_export": request.actor.may(Permission.TABLE_EXPORT),
        "now": timezone.now(),
    } | filter_choices(asked.view)

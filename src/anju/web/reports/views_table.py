"""The one table: a page of it, and its totals, which come after."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString

from anju.reports.columns import Column
from anju.reports.queries.pages import Rows, page_of
from anju.reports.queries.rows import digits, sought
from anju.reports.queries.saved import places_named, tabs_saved, town_names
from anju.reports.queries.totals import Total, totals_of
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.places.filters import PageForm
from anju.web.reports.around import head, sift, tabs
from anju.web.reports.asking import Asked, address, asked_of
from anju.web.reports.counting import counts_of
from anju.web.reports.render import body, look_of, sums


@door(Permission.FACT_VIEW)
def table(request: ActorRequest) -> HttpResponse:
    asked = asked_of(request, request.actor)
    if not asked.problem and {"c", "fc"} & request.GET.keys():
        return redirect(address(asked.view))  # what the form asked, as the link that is worth keeping
    columns = asked.columns.chosen(asked.view.columns)
    page = _page(request, asked)
    places = places_named(request.actor)
    names = town_names({row[1] for row in page.rows}, {pk: name for pk, name, _ in places})
    heads_of_towns, whole = sums([Total(pk, name) for pk, name in names.items()], None, columns, asked.view)
    if page.rows and request.GET.get("totals"):
        heads_of_towns, whole = _sums(request, asked, columns)
    context = {
        "view": asked.view,
        "problem": asked.problem,
        "tabs": tabs(asked.view, asked.columns, tuple(tabs_saved(request.actor))),
        "sift": sift(asked.view, asked.columns, tuple(places)),
        "head": head(asked.view, asked.columns),
        "grid": _grid(request, asked, page, heads_of_towns, names),
        "whole": whole,
        "count": len(page.rows),
        "newer_url": address(asked.view, before=page.before) if page.before else "",
        "older_url": address(asked.view, after=page.after) if page.after else "",
        "breadcrumb": [{"label": "全县一张表"}],
    }
    context |= _around(request, asked)
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
        wanted = sought(request.actor, asked.view, asked.columns, on=timezone.localdate())
    except LookupError as outside:
        raise Http404 from outside
    return page_of(wanted, **PageForm(request.GET).place())


def _grid(
    request: ActorRequest, asked: Asked, page: Rows, towns: dict[int, SafeString], names: dict[int, str]
) -> SafeString:
    look = look_of(
        asked.columns,
        asked.view.columns,
        today=digits(timezone.localdate()),
        editable=request.actor.may(Permission.FACT_EDIT),
        grouped=not asked.view.sort,
    )
    return body(look, page.rows, towns, names)


def _around(request: ActorRequest, asked: Asked) -> dict[str, Any]:
    """What the page may offer, and where it leads."""
    return {
        "wide": len(asked.columns.chosen(asked.view.columns)) + 1,
        "query": asked.view.query(),
        "totals_url": address(asked.view, totals=1),
        "may_edit": request.actor.may(Permission.FACT_EDIT),
        "may_export": request.actor.may(Permission.TABLE_EXPORT),
        "now": timezone.now(),
    }

"""The same selection as the table, seen as a map, with its list beside it; the list works without the map."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.reports.queries.map import GEOJSON, placed, stream_places, without_point
from anju.reports.queries.pages import Rows, page_of
from anju.reports.queries.rows import Found, Sought, found_by, sought
from anju.reports.queries.saved import places_named
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.places.filters import PageForm
from anju.web.reports.around import sift
from anju.web.reports.asking import STATES, Asked, address, asked_of

HERE = "reports:map"


@door(Permission.FACT_VIEW)
def map_(request: ActorRequest) -> HttpResponse:
    asked = asked_of(request, request.actor)
    if not asked.problem and "fc" in request.GET:
        return redirect(address(asked.view, of=HERE))
    view = replace(asked.view, sort="")
    wanted = None if asked.problem else _sought(request, replace(asked, view=view))
    found = found_by(wanted) if wanted else None
    page = page_of(wanted, **PageForm(request.GET).place()) if wanted else Rows([], None, None)
    context = {
        "view": asked.view,
        "problem": asked.problem,
        "sift": sift(asked.view, asked.columns, tuple(places_named(request.actor)), of=HERE),
        "rows": _listed(found, asked, page) if found else [],
        "counted": placed(request.actor, found, asked.columns) if found else None,
        "newer_url": address(asked.view, of=HERE, before=page.before) if page.before else "",
        "older_url": address(asked.view, of=HERE, after=page.after) if page.after else "",
        "breadcrumb": [{"label": "全县一张表", "url": address(asked.view)}, {"label": "地图"}],
    }
    return render(request, "reports/map.html", context | _around(asked), status=400 if asked.problem else 200)


@door(Permission.FACT_VIEW)
def map_data(request: ActorRequest) -> HttpResponseBase:
    """The points and areas of the view as GeoJSON, for the page to draw."""
    asked = asked_of(request, request.actor)
    if asked.problem:
        raise Http404
    stream = stream_places(request.actor, found_by(_sought(request, asked)), asked.columns)
    response = StreamingHttpResponse(stream, content_type=GEOJSON)
    response["Cache-Control"] = "private, no-store"
    return response


def _sought(request: ActorRequest, asked: Asked) -> Sought:
    try:
        return sought(request.actor, asked.view, asked.columns, on=timezone.localdate())
    except LookupError as outside:
        raise Http404 from outside


def _listed(found: Found, asked: Asked, page: Rows) -> list[dict[str, Any]]:
    bare = without_point(found, asked.columns, (row[0] for row in page.rows))
    return [
        {
            "pk": row[0],
            "name": row[4],
            "place": row[8],
            "state": row[6],
            "state_words": STATES.get(row[6], ""),
            "bare": row[0] in bare,
        }
        for row in page.rows
    ]


def _around(asked: Asked) -> dict[str, Any]:
    query = asked.view.query()
    return {
        "query": query,
        "table_url": address(asked.view),
        "clear_url": reverse(HERE),
        "data_url": f"{reverse('reports:map_data')}?{query}",
        "tiles": settings.TILES,
        "legend": tuple(STATES.items()),
    }

"""进度: how complete, fresh and sure the facts are by town and by whoever answers; each number opens its rows. On paper for a meeting."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from anju.base.installation import installation, is_trial
from anju.papers.progress import progress_pdf as paper_of
from anju.places.queries.paging import Page
from anju.registry.queries.progress import count_gaps, gap_page
from anju.registry.queries.progress import progress as progress_of
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.places.filters import PageForm, address
from anju.web.registry.forms import GapFilter
from anju.web.registry.words import GROUPS


@door(Permission.FACT_VIEW)
def progress(request: ActorRequest) -> HttpResponse:
    found = progress_of(request.actor, on=timezone.localdate())
    groups: dict[str, list[Any]] = {}
    for line in found.indicators:
        groups.setdefault(GROUPS.get(line.group, line.group), []).append(line)
    context = {
        "progress": found,
        "groups": groups.items(),
        "today": timezone.localdate(),
        "breadcrumb": [{"label": "底数进度"}],
    }
    return render(request, "registry/progress.html", context)


@door(Permission.FACT_VIEW)
def progress_pdf(request: ActorRequest) -> HttpResponse:
    county, today = installation(), timezone.localdate()
    paper = paper_of(
        progress=progress_of(request.actor, on=today),
        county=county.county_name if county else "",
        on=today,
        trial=is_trial(),
    )
    headers = {"Content-Disposition": 'inline; filename="progress.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


@door(Permission.FACT_VIEW)
def missing(request: ActorRequest) -> HttpResponse:
    actor, form = request.actor, GapFilter(request.actor, request.GET)
    gaps, page = form.gaps(), Page([], None, None)
    count, asked = 0, 0
    if gaps is not None:
        page = gap_page(actor, gaps, **PageForm(request.GET).place())
        count, asked = count_gaps(actor, gaps)
    context = {
        "form": form,
        "rows": [_row(row) for row in page.rows],
        "count": count,
        "asked": asked,
        "may_fill": actor.may(Permission.FACT_EDIT),
        "newer_url": address(request, before=page.before) if page.before else "",
        "older_url": address(request, after=page.after) if page.after else "",
        "breadcrumb": [{"label": "底数进度", "url": "../progress/"}, {"label": "缺项"}],
    }
    return render(request, "registry/missing.html", context)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    below = row["division__level"] == "community"
    return row | {
        "town": row["division__parent__name"] if below else row["division__name"],
        "place": row["division__name"] if below else "",
        "names": "、".join(one.name for one in row["missing"]),
    }

"""问题清单: on the screen, as a workbook and on paper."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from anju.base.installation import installation, is_trial
from anju.base.sheet_export import XLSX_TYPE
from anju.cases.queries.ledger import (
    STATES,
    Problem,
    ProblemPage,
    ProblemsSought,
    every_problem,
    find_problems,
    problem_page,
)
from anju.cases.services.printing import note_list
from anju.papers.problems import MOST_ON_PAPER, problem_workbook, problems_pdf, source_words
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.ledger.forms import PlaceInForm, ProblemFilter
from anju.web.places.filters import address


@door(Permission.CASE_VIEW)
def problems(request: ActorRequest) -> HttpResponse:
    form, place, at = ProblemFilter(request.actor, request.GET), PlaceInForm(request.GET), timezone.now()
    sought = form.sought()
    page, count = ProblemPage((), None), 0
    if sought:
        found = find_problems(request.actor, sought, at)
        page = problem_page(request.actor, found, at, after=place.cleaned_data["after"] if place.is_valid() else None)
        count = found.count()
    context = {
        "form": form,
        "rows": _shown(page.rows),
        "count": count,
        "compound": sought.compound if sought else None,
        "asked": address(request),
        "older_url": address(request, after=page.after) if page.after else "",
        "breadcrumb": [{"label": "销号清单"}],
    }
    return render(request, "ledger/problems.html", context)


def _shown(rows: Iterable[Problem]) -> list[dict[str, Any]]:
    return [{"row": row, "source": source_words(row)} for row in rows]


@door(Permission.CASE_VIEW)
def workbook(request: ActorRequest) -> HttpResponseBase:
    sought = _sought(request)
    at = timezone.now()
    note_list(actor=request.actor, form="xlsx", about=_about(sought), at=at)
    stream = problem_workbook(every_problem(request.actor, find_problems(request.actor, sought, at), at))
    response = StreamingHttpResponse(stream, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="wentiqingdan-{timezone.localdate():%Y%m%d}.xlsx"'
    return response


@door(Permission.CASE_VIEW)
def paper(request: ActorRequest) -> HttpResponse:
    sought, county, at = _sought(request), installation(), timezone.now()
    found = find_problems(request.actor, sought, at)
    if found.count() > MOST_ON_PAPER:
        return render(request, "ledger/too_long.html", {"most": MOST_ON_PAPER, "asked": address(request)}, status=422)
    note_list(actor=request.actor, form="pdf", about=_about(sought), at=at)
    printed = problems_pdf(
        islice(every_problem(request.actor, found, at), MOST_ON_PAPER),
        about=_about(sought),
        county=county.county_name if county else "",
        on=timezone.localdate(),
        trial=is_trial(),
    )
    headers = {"Content-Disposition": 'inline; filename="problems.pdf"'}
    return HttpResponse(printed, content_type="application/pdf", headers=headers)


def _sought(request: ActorRequest) -> ProblemsSought:
    sought = ProblemFilter(request.actor, request.GET).sought()
    if sought is None:
        raise Http404
    return sought


def _about(sought: ProblemsSought) -> str:
    parts = [
        sought.compound.name if sought.compound else "",
        sought.town.name if sought.town else "",
        STATES.get(sought.state, ""),
        f"{sought.first or ''} 至 {sought.last or ''}" if sought.first or sought.last else "",
    ]
    return "，".join(part for part in parts if part) or "全部"

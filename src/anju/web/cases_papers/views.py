"""The papers of one case: which there are, and each as a PDF."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from anju.base.installation import installation, is_trial
from anju.cases.models import Case
from anju.cases.queries.papers import RECTIFICATION, case_for_papers, papers_of, sheet_of
from anju.cases.services.printing import note_paper
from anju.papers.case_papers import Printing, case_paper_pdf
from anju.places.queries.phones import phone_of
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door


@door(Permission.CASE_VIEW)
def papers(request: ActorRequest, pk: int) -> HttpResponse:
    case = _case(request, pk)
    context = {
        "case": case,
        "offers": papers_of(request.actor, case),
        "breadcrumb": [{"label": case.number, "url": reverse("cases:case", args=[case.pk])}, {"label": "文书"}],
    }
    return render(request, "cases_papers/papers.html", context)


@door(Permission.CASE_VIEW)
def paper(request: ActorRequest, pk: int, code: str) -> HttpResponse:
    case = _case(request, pk)
    sheet = sheet_of(request.actor, case, code)
    if sheet is None:
        raise Http404
    county = installation()
    around = Printing(
        county=county.county_name if county else "",
        on=timezone.localdate(),
        address=request.build_absolute_uri(reverse("cases:case", args=[case.pk])),
        phone=phone_of(sheet.lead) if sheet.lead and code == RECTIFICATION else "",
        trial=is_trial(),
    )
    printed = case_paper_pdf(sheet, around)
    note_paper(actor=request.actor, case=case, paper=code, at=timezone.now())
    headers = {"Content-Disposition": f'inline; filename="{case.number}-{code}.pdf"'}
    return HttpResponse(printed, content_type="application/pdf", headers=headers)


def _case(request: ActorRequest, pk: int) -> Case:
    case = case_for_papers(request.actor, pk)
    if case is None:
        raise Http404
    return case

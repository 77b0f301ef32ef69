"""The ledger: the list, one case, its files, and who reported it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.base.models import Attachment
from anju.base.queries.calendar import calendar_in_force
from anju.cases.models import Case
from anju.cases.queries.catalogue import workflow_if_loaded, workflow_of_case
from anju.cases.queries.listing import case_page, count_by_type
from anju.cases.queries.parties import may_reveal_reporter
from anju.cases.queries.photos import may_review
from anju.cases.queries.record import case_record, files_for
from anju.cases.queries.together import together_in
from anju.cases.services.revealing import reveal_reporter
from anju.rules.permissions import Permission
from anju.web.cases.filters import CaseFilter
from anju.web.cases.forms import RevealForm
from anju.web.cases.rows import drawn
from anju.web.cases.showing import record_context
from anju.web.cases.views_together import NAMES
from anju.web.cases.words import TYPES, row_words
from anju.web.doors import ActorRequest, door
from anju.web.files import serve_file
from anju.web.places.filters import PageForm, address
from anju.web.refusals import refusals


@door(Permission.CASE_VIEW)
def cases(request: ActorRequest) -> HttpResponse:
    workflow, at = workflow_if_loaded(), timezone.now()
    if workflow is None:
        return render(request, "cases/unready.html", {"breadcrumb": [{"label": "问题清单"}]})
    form = CaseFilter(request.actor, request.GET, workflow)
    context: dict[str, Any] = {"form": form, "count": 0, "breadcrumb": [{"label": "问题清单"}]}
    if form.is_valid():
        sought = form.sought()
        whole = count_by_type(request.actor, sought, at)
        page = case_page(request.actor, sought, at, after=PageForm(request.GET).place().get("after"))
        calendar, act = calendar_in_force(), together_in(request.actor, workflow, sought)
        context |= {
            "drawn": drawn((row_words(row, workflow, calendar, at) for row in page.rows), act),
            "tabs": _tabs(request, whole, sought.type),
            "count": whole.get(sought.type, 0) if sought.type else sum(whole.values()),
            "compound": sought.compound,
            "older_url": address(request, after=page.after) if page.after else "",
            "together": act,
            "together_name": NAMES.get(act, ""),
        }
    return render(request, "cases/list.html", context | {"may_file": request.actor.may(Permission.CASE_FILE)})


def _tabs(request: ActorRequest, whole: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    named = [("", "全部", sum(whole.values())), *((code, name, whole.get(code, 0)) for code, name in TYPES.items())]
    return [
        {"label": label, "count": count, "url": address(request, type=code), "current": code == chosen}
        for code, label, count in named
    ]


@door(Permission.CASE_VIEW)
def case(request: ActorRequest, pk: int) -> HttpResponse:
    row = case_or_404(request, pk)
    return render(request, "cases/case.html", record_context(request.actor, row, timezone.now()))


@door(Permission.CASE_REVEAL)
def reporter(request: ActorRequest, pk: int) -> HttpResponse:
    row = case_or_404(request, pk)
    if not may_reveal_reporter(request.actor, row):
        messages.error(request, "这件事的反映人不能查看。")
        return redirect("cases:case", pk=pk)
    form, contact = RevealForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            contact = reveal_reporter(
                actor=request.actor, case=row, reason=form.cleaned_data["reason"], at=timezone.now()
            )
    context = {
        "form": form,
        "case": row,
        "contact": contact,
        "title": "查看反映人",
        "submit": "查看",
        "consequences": ["您的姓名、岗位、时间和用途会记入审计记录。"],
        "back_url": reverse("cases:case", args=[pk]),
    }
    return render(request, "cases/reporter.html", context | {"breadcrumb": trail(row, "查看反映人")})


@door(Permission.CASE_VIEW)
def file(request: ActorRequest, pk: int, name: str) -> HttpResponseBase:
    row = case_or_404(request, pk)
    shown = {one.attachment_id for one in files_for(request.actor, row)}

    def may(found: Attachment) -> bool:
        """What was made of a photo belongs to whoever decides whether it becomes public."""
        made = found.derived_from_id in shown and may_review(request.actor, row, timezone.now())
        return found.pk in shown or made

    return serve_file(name, may, thumbnail="small" in request.GET)


def case_or_404(request: ActorRequest, pk: int) -> Case:
    row = case_record(request.actor, pk)
    if row is None:
        raise Http404
    return row


def trail(row: Case, here: str, url: str = "") -> list[dict[str, str]]:
    """The way to a page of a case. `url`: of that page, where it is not the last."""
    kind = workflow_of_case(row).types[row.type].name
    return [
        {"label": "问题清单", "url": reverse("cases:list")},
        {"label": f"{kind} {row.number}", "url": reverse("cases:case", args=[row.pk])},
        {"label": here, "url": url} if url else {"label": here},
    ]

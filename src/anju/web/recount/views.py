"""Recounting a vote in public: nothing is stored, not even what was counted."""

from pathlib import Path

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anju.base.installation import is_trial
from anju.papers.recount import recount_pdf
from anju.web.doors import ActorRequest, missing, public
from anju.web.recount.forms import DocumentForm, MatterForm, TableForm, TotalsForm
from anju.web.recount.showing import for_paper, show, text_of

VERIFIERS = Path(__file__).resolve().parents[4] / "verifiers"


@public
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: ActorRequest) -> HttpResponse:
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    return _answer(request, form, "recount/page.html")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def totals(request: ActorRequest) -> HttpResponse:
    form = TotalsForm(request.POST) if request.method == "POST" else TotalsForm()
    return _answer(request, form, "recount/totals.html")


def _answer(request: ActorRequest, form: MatterForm, template: str) -> HttpResponse:
    if not form.is_valid():
        return render(request, template, {"form": form})
    shown = show(form.recount.decide(), title=form.cleaned_data["title"], document=text_of(form.document))
    return render(request, "recount/result.html", {"shown": shown, "filled": form.filled, "again": request.path})


@public
@require_POST
def file(request: ActorRequest) -> HttpResponse:
    form = DocumentForm(request.POST)
    if not form.is_valid():
        return redirect("recount:page")
    headers = {"Content-Disposition": 'attachment; filename="anju-recount.json"'}
    return HttpResponse(form.cleaned_data["document"], content_type="application/json", headers=headers)


@public
@require_POST
def paper(request: ActorRequest) -> HttpResponse:
    form = DocumentForm(request.POST)
    if not form.is_valid():
        return redirect("recount:page")
    shown = show(form.recount.decide(), title=form.cleaned_data["title"], document=form.cleaned_data["document"])
    printed = recount_pdf(for_paper(shown), on=timezone.localdate(), trial=is_trial())
    headers = {"Content-Disposition": 'inline; filename="anju-recount.pdf"'}
    return HttpResponse(printed, content_type="application/pdf", headers=headers)


@public
@require_safe
def script(request: ActorRequest) -> HttpResponseBase:
    return _verifier(request, "recount.py")


@public
@require_safe
def offline(request: ActorRequest) -> HttpResponseBase:
    """As a download, never as a page of ours: its script stands in the page, which our own policy refuses."""
    return _verifier(request, "recount.html")


def _verifier(request: ActorRequest, name: str) -> HttpResponseBase:
    path = VERIFIERS / name
    if not path.is_file():
        return missing(request)
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream")

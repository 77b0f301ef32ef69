"""A table that was edited outside comes back: handed in, looked through, written now or by the worker, or given up."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from anju.base.actor import Refused
from anju.base.sheets import BadSheet, open_book
from anju.reports.models import ReturnedTable
from anju.reports.queries.rows import columns_for
from anju.reports.services.returned import take_back
from anju.reports.services.settling import abandon_returned
from anju.reports.tasks import begin_settling, settle_again
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.refusals import refusals
from anju.web.reports.forms import BESIDE, WordForm
from anju.web.reports.returning import change_rows, failure, refusal_rows, waited_for
from anju.web.sheet_words import said_sheet
from anju.web.words import sentence

LARGEST = 40 * 1024 * 1024


@door(Permission.FACT_EDIT)
def bring_back(request: ActorRequest) -> HttpResponse:
    """Hand in a table that was exported and edited outside."""
    problem = ""
    if request.method == "POST":
        try:
            returned = _taken(request)
        except BadSheet as bad:
            problem = said_sheet(bad)
        except Refused as refusal:
            problem = sentence(refusal)
        else:
            return redirect("reports:returned", pk=returned.pk)
    waiting = _own(request).order_by("-id")[:10]
    return render(
        request, "reports/bring_back.html", {"problem": problem, "waiting": waiting, "breadcrumb": _trail("带回修改")}
    )


def _taken(request: ActorRequest) -> ReturnedTable:
    upload = request.FILES.get("file")
    if upload is None or upload.size is None:
        raise BadSheet("empty")
    if upload.size > LARGEST:
        raise BadSheet("too_big")
    book = open_book(BytesIO(upload.read()))
    rows = book.sheets[0].rows() if book.sheets else iter(())
    return take_back(actor=request.actor, rows=rows, file_name=upload.name or "", at=timezone.now())


def _own(request: ActorRequest) -> "QuerySet[ReturnedTable]":
    return ReturnedTable.objects.filter(by=request.actor.user_id)


@door(Permission.FACT_EDIT)
def returned(request: ActorRequest, pk: int) -> HttpResponse:
    """What a returned table would change: look, choose, say who says so, write or give up."""
    row = get_object_or_404(_own(request), pk=pk)
    if "abandon" in request.POST:
        abandon_returned(actor=request.actor, returned=row, at=timezone.now())
        return redirect("reports:bring_back")
    if "again" in request.POST:
        if row.state == "writing":
            settle_again(actor=request.actor, returned=row, at=timezone.now())
        return redirect("reports:returned", pk=pk)
    form = WordForm(request.actor, request.POST if "write" in request.POST else None, today=timezone.localdate())
    chosen = _chosen(request)
    if "write" in request.POST and form.is_valid():
        with refusals(form, BESIDE) as done:
            written = _settled(request, row, form, chosen)
        if done.ok:
            return redirect("reports:edits") if written else redirect("reports:returned", pk=pk)
    return render(request, "reports/returned.html", _shown(request, row, form, chosen))


@door(Permission.FACT_EDIT)
@require_safe
def returned_progress(request: ActorRequest, pk: int) -> HttpResponse:
    """The bar alone, asked for every second; once there is nothing to wait for, the browser loads the page anew."""
    row = get_object_or_404(_own(request), pk=pk)
    response = render(request, "parts/progress.html", waited_for(row))
    if row.state != "writing":
        response["HX-Refresh"] = "true"
    return response


def _chosen(request: ActorRequest) -> frozenset[int]:
    given = request.POST.getlist("change")
    return frozenset(int(text) for text in given if text.isascii() and text.isdigit() and len(text) < 7)


def _settled(request: ActorRequest, row: ReturnedTable, form: WordForm, chosen: frozenset[int]) -> bool:
    now = timezone.now()
    word = form.word(request.actor, now)
    written = begin_settling(actor=request.actor, returned=row, chosen=sorted(chosen), word=word, at=now)
    if written:
        messages.success(request, f"已按带回的表登记 {len(chosen)} 处。可以在这里撤回。")
    return written


def _shown(request: ActorRequest, row: ReturnedTable, form: WordForm, chosen: frozenset[int]) -> dict[str, Any]:
    columns, writing = columns_for(request.actor).by_code, row.state == "writing"
    return {
        "row": row,
        "form": form,
        "failure": failure(row),
        "changes": "" if writing else change_rows(row, columns, timezone.localdate(), chosen),
        "refused": [] if writing else refusal_rows(row),
        "breadcrumb": _trail("带回修改"),
    } | (waited_for(row) if writing else {})


def _trail(label: str) -> list[dict[str, str]]:
    return [{"label": "全县一张表", "url": reverse("reports:table")}, {"label": label}]

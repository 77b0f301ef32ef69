"""The table on its way out and back, and the views that people keep."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.base.actor import Refused
from anju.base.sheets import BadSheet, open_book
from anju.reports.models import ReturnedTable
from anju.reports.queries.files import FORMS, stream_table
from anju.reports.queries.rows import columns_for, find_rows
from anju.reports.queries.saved import saved_views
from anju.reports.services.export import note_export
from anju.reports.services.returned import abandon_returned, take_back, write_returned
from anju.reports.services.views import drop_view, rename_view, save_view
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.refusals import refusals
from anju.web.reports.asking import asked_of, told_view
from anju.web.reports.forms import BESIDE, ViewForm, WordForm
from anju.web.reports.returning import change_rows, refusal_rows
from anju.web.sheet_words import said_sheet
from anju.web.words import sentence

LARGEST = 40 * 1024 * 1024


@door(Permission.TABLE_EXPORT)
def export(request: ActorRequest) -> HttpResponseBase:
    """The page that offers the forms; with `form`, the file itself as a stream."""
    asked = asked_of(request, request.actor)
    form = request.GET.get("form", "")
    if asked.problem or (form and form not in FORMS):
        raise Http404
    try:
        found = find_rows(request.actor, asked.view, asked.columns, on=timezone.localdate())
    except LookupError as outside:
        raise Http404 from outside
    if not form:
        return render(request, "reports/export.html", _offer(request, asked, found.rows.count()))
    note_export(actor=request.actor, view=asked.view, form=form, at=timezone.now())
    stream: Iterator[bytes] = stream_table(form, found, asked.view, asked.columns, at=timezone.now())
    response = StreamingHttpResponse(stream, content_type=FORMS[form])
    response["Content-Disposition"] = f'attachment; filename="yizhangbiao-{timezone.localdate():%Y%m%d}.{form}"'
    return response


def _offer(request: ActorRequest, asked: Any, count: int) -> dict[str, Any]:
    query = asked.view.query()
    return {
        "count": count,
        "told": told_view(asked),
        "forms": [(form, f"{reverse('reports:export')}?{query}{'&' if query else ''}form={form}") for form in FORMS],
        "back_url": f"{reverse('reports:table')}?{query}",
        "breadcrumb": _trail("导出"),
    }


def _trail(label: str) -> list[dict[str, str]]:
    return [{"label": "全县一张表", "url": reverse("reports:table")}, {"label": label}]


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
    form = WordForm(request.actor, request.POST if "write" in request.POST else None, today=timezone.localdate())
    chosen = {
        int(text) for text in request.POST.getlist("change") if text.isascii() and text.isdigit() and len(text) < 7
    }
    if "abandon" in request.POST:
        abandon_returned(actor=request.actor, returned=row, at=timezone.now())
        return redirect("reports:bring_back")
    if "write" in request.POST and form.is_valid():
        with refusals(form, BESIDE) as done:
            word = form.word(request.actor, timezone.now())
            write_returned(actor=request.actor, returned=row, chosen=sorted(chosen), word=word, at=timezone.now())
        if done.ok:
            messages.success(request, f"已按带回的表登记 {len(chosen)} 处。可以在这里撤回。")
            return redirect("reports:edits")
    context = {
        "row": row,
        "form": form,
        "refused": refusal_rows(row),
        "breadcrumb": _trail("带回修改"),
        "chosen": chosen,
    }
    columns = columns_for(request.actor).by_code
    context["changes"] = change_rows(row, columns, timezone.localdate())
    return render(request, "reports/returned.html", context)


@door(Permission.FACT_VIEW)
def views(request: ActorRequest) -> HttpResponse:
    """Keep the view one came from, rename or drop those one has."""
    asked = asked_of(request, request.actor)
    if asked.problem:
        raise Http404
    form = ViewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form) as done:
            save_view(actor=request.actor, name=form.cleaned_data["name"], query=asked.view.query(), at=timezone.now())
        if done.ok:
            messages.success(request, f"已保存视图“{form.cleaned_data['name']}”。")
            return redirect(f"{reverse('reports:table')}?{asked.view.query()}")
    link = request.build_absolute_uri(f"{reverse('reports:table')}?{asked.view.query()}")
    context = {
        "form": form,
        "rows": saved_views(request.actor),
        "told": told_view(asked),
        "link": link,
        "breadcrumb": _trail("视图"),
    }
    return render(
        request, "reports/views.html", context | {"back_url": f"{reverse('reports:table')}?{asked.view.query()}"}
    )


@door(Permission.FACT_VIEW)
def view(request: ActorRequest, pk: int) -> HttpResponse:
    """Rename one of one's own views, or drop it."""
    row = get_object_or_404(saved_views(request.actor), pk=pk)
    form = ViewForm(request.POST or None, initial={"name": row.name})
    if "drop" in request.POST:
        drop_view(actor=request.actor, view=row, at=timezone.now())
        messages.success(request, f"已删除视图“{row.name}”。")
        return redirect("reports:views")
    if request.method == "POST" and form.is_valid():
        with refusals(form) as done:
            rename_view(actor=request.actor, view=row, name=form.cleaned_data["name"], at=timezone.now())
        if done.ok:
            return redirect("reports:views")
    return render(
        request,
        "reports/view.html",
        {"form": form, "row": row, "back_url": reverse("reports:views"), "breadcrumb": _trail(row.name)},
    )

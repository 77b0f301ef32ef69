"""The table on its way out, and the views that people keep."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.reports.queries.files import FORMS, stream_table
from anju.reports.queries.rows import find_rows
from anju.reports.queries.saved import saved_views
from anju.reports.services.export import note_export
from anju.reports.services.views import drop_view, rename_view, save_view
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.refusals import refusals
from anju.web.reports.asking import asked_of, told_view
from anju.web.reports.forms import ViewForm


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

"""摸底排查: the list of imports, choosing a file, its preview, and the files that belong to it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from anju.base.sheet_export import XLSX_TYPE
from anju.registry.models import ListImport
from anju.registry.queries.imports import PAGE, import_page, import_record
from anju.registry.services.imports.correction import correction_rows
from anju.registry.services.imports.opening import ListFile, open_import
from anju.registry.services.statements import source_named
from anju.registry.tasks import begin_reading
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.imports.files import blank_form, correction_book
from anju.web.imports.forms import BESIDE, ListForm, TownForm
from anju.web.imports.showing import WORKED, Naming, failure, preview, steps, trail, undone, waited_for
from anju.web.imports.words import said_doubt
from anju.web.refusals import refusals

IMPORT = Permission.LIST_IMPORT


@door(IMPORT)
@require_safe
def imports(request: ActorRequest) -> HttpResponse:
    given = request.GET.get("before", "")
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 18 else None
    rows = import_page(request.actor, before=before)
    context = {
        "rows": rows[:PAGE],
        "older_url": f"?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
        "breadcrumb": [{"label": "摸底排查"}],
    }
    return render(request, "imports/imports.html", context)


@door(IMPORT)
def import_new(request: ActorRequest) -> HttpResponse:
    form = ListForm(request.actor, request.POST or None, request.FILES or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        with refusals(form, BESIDE) as done:
            row = _opened(request, form.cleaned_data)
        if done.ok:
            return redirect("imports:import", pk=row.pk)
    context = {"form": form, "steps": steps(None), "breadcrumb": trail(None, "导入名册")}
    return render(request, "imports/new.html", context, status=422 if form.errors else 200)


def _opened(request: ActorRequest, given: dict[str, Any]) -> ListImport:
    now, content = timezone.now(), given["file"].read()
    source = source_named(actor=request.actor, name=given["source"], kind=given["source_kind"], at=now)
    file = ListFile(given["file"].name, content, source, given["division"], given["observed_on"], given["kind"])
    row = open_import(actor=request.actor, file=file, at=now)
    begin_reading(actor=request.actor, row=row, content=content, at=now)
    return row


@door(IMPORT)
@require_safe
def import_(request: ActorRequest, pk: int) -> HttpResponse:
    return import_page_of(request, found(request, pk), request.GET.dict())


def import_page_of(
    request: ActorRequest, row: ListImport, asked: Mapping[str, str], naming: Naming | None = None
) -> HttpResponse:
    """Draw the page of an import; `naming`: a name that was refused for one of its rows."""
    context = {"row": row, "steps": steps(row), "breadcrumb": trail(row)}
    context["failure"] = naming.why if naming else failure(row)
    if row.state in {"previewed", "written", "undone"}:
        context |= preview(request.actor, row, asked, naming)
    if row.state == "previewed":
        context |= {"town_form": TownForm(request.actor)}
    if row.state == "undone":
        context |= undone(row)
    if row.state in WORKED:
        context |= waited_for(row)
    return render(request, "imports/import.html", context, status=422 if naming else 200)


_DONE = {"treating": "已按您选的处理，下面是新的预览。", "undoing": "已整批撤回。"}


@door(IMPORT)
@require_safe
def progress(request: ActorRequest, pk: int) -> HttpResponse:
    """The bar alone, asked for every second; once there is nothing to wait for, the browser loads the page anew."""
    row = found(request, pk)
    response = render(request, "parts/progress.html", waited_for(row))
    if row.state not in WORKED:
        if not row.failure and (said := _DONE.get(request.GET.get("of", ""))):
            messages.success(request, said)
        response["HX-Refresh"] = "true"
    return response


@door(IMPORT)
@require_safe
def correction(request: ActorRequest, pk: int) -> HttpResponseBase:
    row = found(request, pk)
    if row.state not in {"previewed", "written", "undone"}:
        raise Http404
    parts = correction_book(correction_rows(row, said_doubt))
    return StreamingHttpResponse(parts, content_type=XLSX_TYPE, headers=_attached(f"anju-import-{row.pk}.xlsx"))


@door(IMPORT)
@require_safe
def template(request: ActorRequest) -> HttpResponse:
    return HttpResponse(blank_form(), content_type=XLSX_TYPE, headers=_attached("anju-compounds.xlsx"))


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def found(request: ActorRequest, pk: int) -> ListImport:
    row = import_record(request.actor, pk)
    if row is None:
        raise Http404
    return row

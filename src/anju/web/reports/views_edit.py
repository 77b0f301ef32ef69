"""Editing where one stands: a cell, several rows, and taking an act back."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from anju.base.actor import Refused
from anju.places.models import Compound
from anju.places.queries.scoped import compounds_for
from anju.registry.queries.facts import history_of_cell
from anju.reports.columns import HIDDEN, Column, Columns
from anju.reports.models import TableEdit
from anju.reports.queries.cells import Told, told_of, written
from anju.reports.queries.rows import columns_for, digits, rows_for
from anju.reports.queries.saved import edits_of
from anju.reports.services.edits import Telling, move_rows, tell_cells, undo_edit
from anju.rules.lists.canonical import canonical
from anju.rules.permissions import Permission
from anju.rules.phones import mask_phone
from anju.web.doors import ActorRequest, door
from anju.web.refusals import refusals
from anju.web.reports.asking import table_address
from anju.web.reports.forms import BESIDE, CellForm, indicator_of
from anju.web.reports.selecting import Selection, selection_of
from anju.web.words import sentence

_OWN = frozenset({"csrfmiddlewaretoken", "write", "row", "next"})  # what the page writes itself when it repeats a form


@door(Permission.FACT_EDIT)
def cell(request: ActorRequest, pk: int) -> HttpResponse:
    """One cell: what is said of it, and a form for a new word. The table opens it beside itself by Enter or a double click."""
    compound = get_object_or_404(compounds_for(request.actor).filter(ended_on=None), pk=pk)
    columns = columns_for(request.actor)
    column = columns.by_code.get(request.GET.get("c", ""))
    if column is None or column.pk is None:
        return render(request, "reports/cells.html", _cells_context(request, compound, columns))
    row = get_object_or_404(rows_for(request.actor), pk=pk)
    told, today = told_of(row.cells, column, digits(timezone.localdate())), timezone.localdate()
    now = "" if told is None or column.type in HIDDEN else written(column, told).replace(",", "")
    form = CellForm(request.actor, column, request.POST or None, today=today, now=now)
    bare = request.headers.get("X-Requested-With") == "fetch"
    if request.method == "POST" and not column.derived and form.is_valid() and _tell(request, compound, column, form):
        messages.success(request, f"已登记{compound.name}的{column.name}。可以在“我的修改”里撤回。")
        return HttpResponse(status=204) if bare else redirect(_back(request, pk))
    template = "reports/cell_drawer.html" if bare else "reports/cell.html"
    return render(request, template, _cell_context(request, compound, column, told, form))


def _tell(request: ActorRequest, compound: Compound, column: Column, form: CellForm) -> bool:
    now = timezone.now()
    with refusals(form, BESIDE) as done:
        tell_cells(
            actor=request.actor,
            tellings=[Telling(compound, ((indicator_of(column), form.saying),))],
            word=form.word(request.actor, now),
            about=f"{compound.name}：{column.name}",
            at=now,
        )
    return done.ok


def _back(request: ActorRequest, pk: int) -> str:
    """The table at the row one came from."""
    return f"{table_address(request)}#r{pk}"


def _cell_context(
    request: ActorRequest, compound: Compound, column: Column, told: Told | None, form: CellForm
) -> dict[str, Any]:
    lines = history_of_cell(request.actor, compound, indicator_of(column))
    return {
        "compound": compound, "column": column, "now": "未知" if told is None else written(column, told), "told": told, "form": form,
        "lines": [(line, mask_phone(line.raw) if column.type in HIDDEN else canonical(line.value)) for line in lines],
        "back_url": _back(request, compound.pk), "here": request.get_full_path(),
        "breadcrumb": _trail(f"{compound.name} {column.name}"),
    }  # fmt: skip


def _cells_context(request: ActorRequest, compound: Compound, columns: Columns) -> dict[str, Any]:
    rest = urlencode({"next": request.GET.get("next", "")})
    named = [(column.name, f"?c={column.code}&{rest}") for column in columns.every if column.pk is not None]
    return {
        "compound": compound,
        "named": named,
        "back_url": _back(request, compound.pk),
        "breadcrumb": _trail(compound.name),
    }


def _trail(label: str) -> list[dict[str, str]]:
    return [{"label": "全县一张表", "url": reverse("reports:table")}, {"label": label}]


@door(Permission.FACT_EDIT)
def choose(request: ActorRequest) -> HttpResponse:
    """Several rows: what to do with them, then a look at what would change, then it is done."""
    selection = selection_of(request)
    if not selection.rows:
        messages.error(request, "没有选中小区。请先在表里勾选要改的小区。")
        return redirect(table_address(request))
    form = selection.form
    if request.method == "POST" and form.is_valid() and "write" in request.POST:
        with refusals(form, BESIDE) as done:
            _write(request, selection)
        if done.ok:
            messages.success(request, f"已修改 {len(selection.rows)} 个小区。可以在“我的修改”里撤回。")
            return redirect("reports:edits")
    previewed = request.method == "POST" and form.is_valid()
    context = {
        "form": form, "rows": selection.rows, "changes": selection.changes() if previewed else [], "previewed": previewed,
        "typed": [pair for pair in parse_qsl(request.POST.urlencode()) if pair[0] not in _OWN],
        "next": request.POST.get("next", request.GET.get("next", "")), "back_url": table_address(request),
        "breadcrumb": _trail("修改选中的小区"),
    }  # fmt: skip
    return render(request, "reports/choose.html", context)


def _write(request: ActorRequest, selection: Selection) -> None:
    data, at, actor = selection.form.cleaned_data, timezone.now(), request.actor
    if data["act"] == "indicator":
        column = selection.form.columns.by_code[data["column"]]
        sayings = ((indicator_of(column), selection.form.saying),)
        tellings = [Telling(row, sayings) for row in selection.rows]
        tell_cells(actor=actor, tellings=tellings, word=selection.form.word(actor, at), about=selection.about(), at=at)
        return
    move_rows(
        actor=actor, compounds=selection.rows, division=data["division"] if data["act"] == "division" else None,
        kind=data["kind"] if data["act"] == "kind" else "", about=selection.about(), at=at,
    )  # fmt: skip


@door(Permission.FACT_EDIT)
def edits(request: ActorRequest) -> HttpResponse:
    rows = list(edits_of(request.actor)[:100])
    return render(request, "reports/edits.html", {"rows": rows, "breadcrumb": _trail("我的修改")})


@require_POST
@door(Permission.FACT_EDIT)
def undo(request: ActorRequest, pk: int) -> HttpResponse:
    edit: TableEdit | None = edits_of(request.actor).filter(pk=pk).first()
    if edit is None:
        raise Http404
    try:
        undo_edit(actor=request.actor, edit=edit, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, f"已撤回：{edit.about}。")
    return redirect("reports:edits")

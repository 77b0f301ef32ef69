"""What is done with an import: its columns, its doubts, where its rows belong, writing it, giving it up, taking it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from anju.base.actor import Refused
from anju.places.models import Division
from anju.registry.models import ListImport
from anju.registry.queries.imports import awaiting_lines, file_content, placed_in
from anju.registry.services.imports.opening import abandon_import, correct_columns
from anju.registry.services.imports.ordering import stop_order
from anju.registry.services.imports.treating import assign_division, choose_treatments, name_row
from anju.registry.tasks import begin_assigning, begin_reading, begin_treating, begin_undoing, begin_writing
from anju.web.doors import ActorRequest, door
from anju.web.imports.forms import BESIDE, TownForm, UndoForm
from anju.web.imports.showing import Naming, trail
from anju.web.imports.views import IMPORT, found, import_page_of
from anju.web.imports.words import said_named
from anju.web.refusals import refusals
from anju.web.words import sentence


@door(IMPORT)
@require_POST
def columns(request: ActorRequest, pk: int) -> HttpResponse:
    row, now = found(request, pk), timezone.now()
    given = {key.removeprefix("c-"): code for key, code in request.POST.items() if key.startswith("c-")}
    codes = {int(at): str(code) for at, code in given.items() if at.isascii() and at.isdigit() and len(at) < 5}
    try:
        if correct_columns(actor=request.actor, row=row, codes=codes, at=now):
            row.refresh_from_db()
            begin_reading(actor=request.actor, row=row, content=file_content(row), at=now)
            messages.success(request, "已按更正的列重新核对，以后遇到同样的列名也这样对。")
    except Refused as refusal:
        messages.warning(request, sentence(refusal))
    return redirect("imports:import", pk=pk)


@door(IMPORT)
@require_POST
def treat(request: ActorRequest, pk: int) -> HttpResponse:
    """The choices of one page, or one choice for all rows of a reason."""
    row, now = found(request, pk), timezone.now()
    try:
        if reason := request.POST.get("for_reason", ""):
            done = begin_treating(actor=request.actor, row=row, reason=reason, to=request.POST.get("to", ""), at=now)
        else:
            choose_treatments(actor=request.actor, row=row, chosen=_chosen(request), at=now)
            done = True
        if done:
            messages.success(request, "已记下处理办法。")
    except Refused as refusal:
        messages.warning(request, sentence(refusal))
    return redirect(_back(request, pk))


def _chosen(request: ActorRequest) -> dict[tuple[int, str], str]:
    chosen: dict[tuple[int, str], str] = {}
    for key, to in request.POST.items():
        _, _, rest = key.partition("t-")
        given, _, doubt = rest.partition("-")
        if key.startswith("t-") and (line := _line(given)):
            chosen[line, doubt] = str(to)
    return chosen


def _back(request: ActorRequest, pk: int) -> str:
    asked = request.POST.get("next", "")
    return reverse("imports:import", args=[pk]) + (asked if asked.startswith("?") else "")


@door(IMPORT)
@require_POST
def assign(request: ActorRequest, pk: int) -> HttpResponse:
    row, form = found(request, pk), TownForm(request.actor, request.POST)
    lines = [line for given in request.POST.getlist("line") if (line := _line(given))]
    if not form.is_valid():
        messages.warning(request, "请选择归到哪个乡镇或社区（村）。")
        return redirect(_back(request, pk))
    town, meant, now = form.cleaned_data["division"], lines or awaiting_lines(row), timezone.now()
    try:
        if lines:
            assign_division(actor=request.actor, row=row, lines=lines, division=town, at=now)
        if lines or begin_assigning(actor=request.actor, row=row, division=town, at=now):
            _say_placed(request, row, meant, town)
    except Refused as refusal:
        messages.warning(request, sentence(refusal))
    return redirect(_back(request, pk))


def _say_placed(request: ActorRequest, row: ListImport, lines: list[int], town: Division) -> None:
    """Say where rows went, and which of them are held back there or are a compound that is known already."""
    counts = placed_in(row, lines, town)
    linked = f"其中 {counts['linked']} 行对上那里已有的同名小区，写入前请核对。" if counts["linked"] else ""
    messages.success(request, f"{counts['placed']} 行已归到{town.name}。{linked}")
    if counts["namesakes"]:
        messages.warning(
            request,
            f"{counts['namesakes']} 行在{town.name}与别的小区同名，没有合成一个，暂不写入。请在“存疑”里核对，或改归别的乡镇。",
        )


@door(IMPORT)
@require_POST
def name(request: ActorRequest, pk: int) -> HttpResponse:
    """Another name for one row. Refused, the preview is shown again with what was typed and the reason beside it."""
    row, typed, line = found(request, pk), request.POST.get("name", ""), _line(request.POST.get("line", ""))
    wanted = None if "back" in request.POST else typed
    try:
        named = name_row(actor=request.actor, row=row, line=line, name=wanted, at=timezone.now())
    except Refused as refusal:
        asked = QueryDict(request.POST.get("next", "").removeprefix("?")).dict()
        return import_page_of(request, row, asked, Naming(line, typed, sentence(refusal)))
    messages.success(request, said_named(named))
    return redirect(f"{_back(request, pk)}#row-{line}")


def _line(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@door(IMPORT)
@require_POST
def write(request: ActorRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    try:
        begin_writing(actor=request.actor, row=row, plan=request.POST.get("plan", ""), at=timezone.now())
    except Refused as refusal:
        messages.warning(request, sentence(refusal))
    return redirect("imports:import", pk=pk)


@door(IMPORT)
@require_POST
def stop(request: ActorRequest, pk: int) -> HttpResponse:
    """Back to where the import was, where a worker that was to treat or undo many rows never came or was killed."""
    try:
        stop_order(actor=request.actor, row=found(request, pk), at=timezone.now())
        messages.success(request, "已停下，那一次什么也没有做。")
    except Refused as refusal:
        messages.warning(request, sentence(refusal))
    return redirect(_back(request, pk))


@door(IMPORT)
@require_POST
def again(request: ActorRequest, pk: int) -> HttpResponse:
    """Read a file from its beginning, where reading it was cut off or failed."""
    row = found(request, pk)
    try:
        begin_reading(actor=request.actor, row=row, content=file_content(row), at=timezone.now())
    except Refused as refusal:
        messages.warning(request, sentence(refusal))
    return redirect("imports:import", pk=pk)


@door(IMPORT)
@require_POST
def abandon(request: ActorRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    try:
        abandon_import(actor=request.actor, row=row, at=timezone.now())
    except Refused as refusal:
        messages.warning(request, sentence(refusal))
        return redirect("imports:import", pk=pk)
    messages.success(request, f"已放弃导入“{row.file_name}”，什么也没有写入。")
    return redirect("imports:imports")


@door(IMPORT)
def undo(request: ActorRequest, pk: int) -> HttpResponse:
    row, form = found(request, pk), UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form, BESIDE) as done:
            if begin_undoing(actor=request.actor, row=row, reason=form.cleaned_data["reason"], at=timezone.now()):
                messages.success(request, "已整批撤回。")
        if done.ok:
            return redirect("imports:import", pk=pk)
    return render(request, "base/confirm.html", _undo_context(row, form))


def _undo_context(row: ListImport, form: UndoForm) -> dict[str, Any]:
    return {
        "form": form,
        "title": f"撤回“{row.file_name}”",
        "submit": "整批撤回",
        "consequences": (
            f"这份名册写入的底数全部撤回，由它新登记的 {row.created} 个小区注销。",
            "导入以后改过、核定过、别的来源也报过的行，会列出来，保留不动。",
            "撤回记入审计记录；历史不删除。",
        ),
        "back_url": reverse("imports:import", args=[row.pk]),
        "breadcrumb": trail(row, "撤回"),
    }

"""纠错 at the desk: what waits for an answer, answering it, and the phone somebody left."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from anju.disclosure.models import Correction
from anju.disclosure.queries.corrections import (
    answered_corrections,
    corrections_for,
    handovers_of,
    holds_correction,
    waiting_corrections,
)
from anju.disclosure.queries.policy import disclosure_here
from anju.disclosure.services.corrections import accept_correction, hand_correction, reject_correction, reveal_contact
from anju.registry.models import Cell
from anju.registry.queries.catalogue import catalogue_here
from anju.registry.queries.facts import cells_for
from anju.rules.permissions import Permission
from anju.rules.workdays.limits import Limit, Unit
from anju.web.disclosure.forms import AcceptForm, HandoverForm, RejectForm, RevealForm
from anju.web.doors import ActorRequest, door
from anju.web.refusals import refusals
from anju.web.registry.words import shown_row

_MOST = 200


@door(Permission.CORRECTION_ANSWER)
def corrections(request: ActorRequest) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    context = {
        "waiting": [_row(row, today) for row in waiting_corrections(actor)[:_MOST]],
        "answered": answered_corrections(actor)[:50],
        "sub": _lead(disclosure_here().reply),
        "breadcrumb": [{"label": "纠错"}],
    }
    return render(request, "disclosure/corrections.html", context)


@door(Permission.CORRECTION_ANSWER)
def correction(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(corrections_for(request.actor), pk=pk)
    accept, reject = _forms(request, row)
    if request.method == "POST" and _answered(request, row, accept, reject):
        messages.success(request, "已答复，纠错人凭编号能看到。")
        return redirect("disclosure:corrections")
    context = {
        "row": row,
        "told": _row(row, timezone.localdate()),
        "accept": accept,
        "reject": reject,
        "cell": _now(request, row),
        "reply": getattr(row, "reply", None),
        "contact": getattr(row, "contact", None),
        "handovers": [(one, _unit(one.town.name if one.town else None)) for one in handovers_of(row)],
        "may_hand": holds_correction(request.actor, row),
        "breadcrumb": _trail(row.indicator.name),
    }
    return render(request, "disclosure/correction.html", context)


@door(Permission.CORRECTION_ANSWER)
def hand_over(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(corrections_for(request.actor), pk=pk)
    form = HandoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form, {"correction.reason_missing": "reason"}) as done:
            handed = hand_correction(
                actor=request.actor, correction=row, reason=form.cleaned_data["reason"], at=timezone.now()
            )
        if done.ok:
            messages.success(request, f"已转给{_unit(handed.town.name if handed.town else None)}。")
            return redirect("disclosure:corrections")
    to = "所在乡镇" if row.held_by is None else "县住建局"
    context = {
        "form": form,
        "title": f"转给{to}答复",
        "submit": f"转给{to}",
        "consequences": ("答复的期限不变。", f"{to}的今日里会出现这一件，纠错人凭编号看到的答复单位也跟着变。"),
        "back_url": reverse("disclosure:correction", args=[row.pk]),
        "breadcrumb": _trail("转办"),
    }
    return render(request, "base/confirm.html", context)


@door(Permission.CORRECTION_ANSWER)
@never_cache
def phone(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(corrections_for(request.actor), pk=pk)
    form = RevealForm(request.POST or None)
    told = ""
    if request.method == "POST" and form.is_valid():
        with refusals(form) as done:
            told = reveal_contact(
                actor=request.actor, correction=row, reason=form.cleaned_data["reason"], at=timezone.now()
            )
        if done.ok:
            return render(request, "disclosure/phone.html", {"row": row, "phone": told, "breadcrumb": _trail("电话")})
    context = {
        "form": form,
        "title": "查看纠错人的电话",
        "submit": "查看",
        "consequences": ("谁看的、为什么看，会记入审计记录。",),
        "back_url": reverse("disclosure:correction", args=[row.pk]),
        "breadcrumb": _trail("电话"),
    }
    return render(request, "base/confirm.html", context)


def _forms(request: ActorRequest, row: Correction) -> tuple[AcceptForm, RejectForm]:
    known = catalogue_here().by_code.get(row.indicator.code)
    zero = bool(known and known.zero)  # a column of the catalogue says so too
    chosen = request.POST.get("decision", "") if request.method == "POST" else ""
    accept = AcceptForm(
        row.indicator,
        row.right_value,
        today=timezone.localdate(),
        zero=zero,
        typed=request.POST if chosen == "accept" else None,
    )
    return accept, RejectForm(request.POST if chosen == "reject" else None)


def _answered(request: ActorRequest, row: Correction, accept: AcceptForm, reject: RejectForm) -> bool:
    told: dict[str, Any] = {"actor": request.actor, "correction": row, "at": timezone.now()}
    if accept.is_bound and accept.is_valid():
        with refusals(accept) as done:
            data = accept.cleaned_data
            accept_correction(saying=data["value"], words=data["words"], **told)
        return done.ok
    if reject.is_bound and reject.is_valid():
        with refusals(reject) as done:
            reject_correction(words=reject.cleaned_data["words"], **told)
        return done.ok
    return False


def _row(row: Correction, today: Any) -> dict[str, Any]:
    left = (row.due_on - today).days if row.due_on else None
    state, text = "far", "期限未配置"
    if left is not None:
        state = "late" if left < 0 else "today" if left == 0 else "" if left <= 3 else "far"
        text = f"超期{-left}日" if left < 0 else "今天" if left == 0 else f"剩{left}日"
    return {"row": row, "state": state, "due": text, "unit": _unit(row.holder)}


def _unit(town: str | None) -> str:
    return f"{town}人民政府" if town else "县住建局"


def _now(request: ActorRequest, row: Correction) -> dict[str, Any] | None:
    cell: Cell | None = (
        cells_for(request.actor)
        .filter(compound=row.compound, indicator=row.indicator)
        .select_related("source", "indicator")
        .first()
    )
    return {"cell": cell, "value": shown_row(cell, cell.indicator)} if cell else None


def _lead(limit: Limit | None) -> str:
    unit = "个工作日" if limit and limit.unit == Unit.WORKING_DAYS else "日"
    told = (
        f"收到后 {limit.amount} {unit}内答复。"
        if limit
        else "答复期限未配置，请县住建局在方案的 disclosure.toml 里填写。"
    )
    return f"居民说公开页上写错了的。{told}"


def _trail(last: str) -> list[dict[str, str]]:
    return [{"label": "纠错", "url": reverse("disclosure:corrections")}, {"label": last}]

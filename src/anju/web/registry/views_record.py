"""The pages on which one compound's facts are recorded, confirmed, taken back and, where personal, shown whole."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from anju.accounts.queries.seconds import second_confirmers
from anju.places.models import Compound
from anju.places.queries.scoped import compounds_for
from anju.registry.models import Fact, Indicator, Statement
from anju.registry.queries.catalogue import catalogue_here
from anju.registry.queries.facts import cells_for, facts_for, indicators_for, statements_for
from anju.registry.queries.progress import KNOWN
from anju.registry.services.decisions import decide_facts
from anju.registry.services.reveal import reveal_fact
from anju.registry.services.statements import record_statement, source_named, withdraw_statement
from anju.rules.masking import PERSONAL
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.places.pages import form_page, home_of, trail
from anju.web.refusals import refusals
from anju.web.registry.forms import ReasonForm, RecordForm
from anju.web.registry.words import GROUPS, named_value, shown_row

_BESIDE = {"fact.observed_later": "observed_on", "fact.reason_missing": "reason"}
_MOST = 200


@door(Permission.FACT_EDIT)
def record(request: ActorRequest, pk: int) -> HttpResponse:
    row, today = get_object_or_404(compounds_for(request.actor), pk=pk), timezone.localdate()
    show = request.GET.get("show", "")
    zero = frozenset(code for code, one in catalogue_here().by_code.items() if one.zero)
    asked, now = _shown_indicators(request, row, show), _now(request, row)
    form = RecordForm(asked, today=today, zero=zero, now=now, typed=request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form, _BESIDE) as done:
            _record(request, row, form)
        if done.ok:
            messages.success(request, f"已登记 {len(form.sayings())} 项，来源“{form.source_name()}”。")
            return redirect("places:compound", pk=row.pk)
    context = {
        "form": form,
        "compound": row,
        "tabs": _tabs(request, row, show),
        "back_url": home_of(row),
        "breadcrumb": trail(row, {"label": "登记底数"}),
    }
    return render(request, "registry/record.html", context)


def _record(request: ActorRequest, row: Compound, form: RecordForm) -> None:
    actor, at, data = request.actor, timezone.now(), form.cleaned_data
    source = source_named(actor=actor, name=form.source_name(), kind=data["kind"], at=at)
    told = {"observed_on": data["observed_on"], "sayings": form.sayings(), "reason": data["reason"]}
    record_statement(actor=actor, compound=row, source=source, at=at, **told)


def _shown_indicators(request: ActorRequest, row: Compound, show: str) -> "QuerySet[Indicator]":
    """Return those of a group, one by its code, those that nobody has told, or all."""
    rows = indicators_for(request.actor).order_by("position")
    if show in GROUPS:
        return rows.filter(group=show)
    if show == "missing":
        known = cells_for(request.actor).filter(KNOWN, compound=row).values("indicator_id")
        return rows.exclude(pk__in=known).exclude(answers=[])
    one = rows.filter(code=show) if show and "\0" not in show else rows.none()
    return one if one.exists() else rows


def _now(request: ActorRequest, row: Compound) -> dict[int, Any]:
    cells = cells_for(request.actor).filter(compound=row).select_related("indicator")
    return {cell.indicator_id: shown_row(cell, cell.indicator) for cell in cells}


def _tabs(request: ActorRequest, row: Compound, show: str) -> list[dict[str, Any]]:
    there = set(indicators_for(request.actor).values_list("group", flat=True))
    choices = [("", "全部"), ("missing", "缺项"), *((code, name) for code, name in GROUPS.items() if code in there)]
    return [
        {"label": label, "url": f"?show={code}" if code else request.path, "current": code == show, "count": ""}
        for code, label in choices
    ]


@door(Permission.FACT_CONFIRM)
def confirm(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(compounds_for(request.actor), pk=pk)
    chosen = _chosen(request, row)
    own, others = _own(request, row, chosen)
    facts = [fact for fact in chosen if fact not in own]
    form = ReasonForm(request.POST or None, initial={"reason": "已核对，与来源一致"})
    if request.method == "POST" and facts and form.is_valid():
        with refusals(form, _BESIDE) as done:
            decide_facts(actor=request.actor, facts=facts, reason=form.cleaned_data["reason"], at=timezone.now())
        if done.ok:
            messages.success(request, "已核定：" + "、".join(named_value(fact) for fact in facts[:5]) + _rest(facts, 5))
            return redirect("places:compound", pk=row.pk)
    context = {
        "form": form,
        "compound": row,
        "facts": [(fact, shown_row(fact, fact.indicator)) for fact in facts],
        "own": own,
        "others": others,
        "back_url": home_of(row),
        "breadcrumb": trail(row, {"label": "确认底数"}),
    }
    return render(request, "registry/confirm.html", context)


def _rest(facts: list[Fact], told: int) -> str:
    return f"等 {len(facts)} 项。" if len(facts) > told else "。"


def _chosen(request: ActorRequest, row: Compound) -> list[Fact]:
    """Return the facts that the address or the form names, or those of a group that nobody has confirmed yet."""
    asked = request.POST if request.method == "POST" else request.GET
    rows = facts_for(request.actor).filter(statement__compound=row, statement__withdrawal__isnull=True)
    rows = rows.select_related("indicator", "statement__source").order_by("indicator__position", "id")
    if (group := asked.get("group", "")) in GROUPS:
        open_cells = cells_for(request.actor).filter(
            KNOWN, compound=row, indicator__group=group, conflict=False, confirmed_at__isnull=True
        )
        return list(rows.filter(pk__in=open_cells.values("fact_id")))
    return list(rows.filter(pk__in=ids_in(asked.getlist("fact"))))


def ids_in(given: Iterable[str]) -> list[int]:
    """Return what are ids among what a form or an address gives; the rest names nothing."""
    return [int(text) for text in given if text.isascii() and text.isdigit() and len(text) <= 18][:_MOST]


def _own(request: ActorRequest, row: Compound, facts: list[Fact]) -> tuple[list[Fact], str]:
    """Return those that another person must confirm, and who can."""
    me = request.actor.user_id
    own = [fact for fact in facts if fact.statement.recorder_id == me]
    others = second_confirmers([row.pk], apart=me, on=timezone.localdate())[row.pk] if own else []
    return (own, "、".join(f"{one.name}（{one.unit}）" for one in others)) if others else ([], "")


@door(Permission.FACT_EDIT)
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    told = get_object_or_404(statements_for(request.actor).select_related("compound", "source"), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form, _BESIDE) as done:
            withdraw_statement(
                actor=request.actor, statement=told, reason=form.cleaned_data["reason"], at=timezone.now()
            )
        if done.ok:
            messages.success(request, "已撤回。撤回的内容留在记录里，划线显示。")
            return redirect("places:compound", pk=told.compound_id)
    return form_page(
        request,
        form,
        told.compound,
        title=f"撤回 {told.source.name} {told.observed_on} 的登记",
        submit="撤回",
        consequences=_withdrawn(told),
    )


def _withdrawn(told: Statement) -> tuple[str, ...]:
    values = [named_value(fact) for fact in told.facts.select_related("indicator").order_by("indicator__position")]
    return (
        "一次登记的各项一起撤回：" + "、".join(values) + "。",
        "撤回以后按其余来源重新取值；没有别的来源的，恢复为未知。",
        "记录不会删除，会划线并注明谁在什么时候为什么撤回。",
    )


@never_cache
@door(Permission.FACT_REVEAL)
def reveal(request: ActorRequest, pk: int) -> HttpResponse:
    personal = facts_for(request.actor).filter(indicator__type__in=PERSONAL)
    fact = get_object_or_404(personal.select_related("indicator", "statement__compound"), pk=pk)
    row, form, shown = fact.statement.compound, ReasonForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        with refusals(form, {"fact.reveal_reason": "reason"}) as done:
            reason = form.cleaned_data["reason"]
            shown = reveal_fact(actor=request.actor, fact=fact, reason=reason, at=timezone.now())
        if done.ok:
            context = {"compound": row, "fact": fact, "shown": shown, "breadcrumb": trail(row)}
            return render(request, "registry/revealed.html", context)
    told = ("查看的人、时间和用途会记入审计记录。",)
    title = f"查看{row.name}的{fact.indicator.name}"
    return form_page(request, form, row, title=title, submit="查看", consequences=told)

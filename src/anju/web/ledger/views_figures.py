"""What each unit did with what was given to it. Every figure opens its rows."""

from collections import Counter
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from anju.cases.queries.figures import SESSIONS, WHY, UnitLine, calls_behind, cases_behind, figures_of
from anju.cases.queries.ledger import PAGE, ProblemsSought, find_problems, problem_page
from anju.cases.queries.ratings import reason_names
from anju.papers.problems import source_words
from anju.places.models import Organisation
from anju.rules.cases.figures import CallRow, Share
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.ledger.forms import PeriodFilter, PlaceInForm
from anju.web.places.filters import address

WORDS: dict[str, str] = {
    "received": "接到",
    "done": "办完",
    "on_time": "按时",
    "overdue": "在办逾期",
    "returned": "退回",
    "reworked": "返工",
    "redone": "重办",
    "reopened": "重开",
    "rated": "已评价",
    "satisfied": "满意",
    "unrated": "未评价",
    "upheld": "裁定办结",
    "unreachable": "联系不上",
    "by_court": "司法结果",
    "overseen": "被督办",
    "suspended": "挂账",
    "called": "会商应到",
    "excused": "会商请假",
    "absent": "会商未到",
}


@door(Permission.CASE_VIEW)
def figures(request: ActorRequest) -> HttpResponse:
    form = PeriodFilter(request.GET)
    period = form.period()
    lines = figures_of(request.actor, period, timezone.now()) if period else []
    why = _why_words(lines)
    context = {
        "form": form,
        "heads": list(WORDS.values()),
        "rows": [{"unit": line.unit, "cells": _cells(request, line)} for line in lines],
        "why_heads": list(why.values()),
        "why_rows": [
            {"unit": line.unit, "cells": _why_cells(request, line, why)} for line in lines if line.figures.reasons
        ],
        "breadcrumb": [{"label": "单位办理情况"}],
    }
    return render(request, "ledger/figures.html", context)


def _cells(request: ActorRequest, line: UnitLine) -> list[dict[str, Any]]:
    return [_cell(request, line, name, word, getattr(line.figures, name)) for name, word in WORDS.items()]


def _why_cells(request: ActorRequest, line: UnitLine, words: dict[str, str]) -> list[dict[str, Any]]:
    reasons = line.figures.reasons
    whole = next(iter(reasons.values())).whole
    nobody = Share(0, whole, ())
    return [_cell(request, line, f"{WHY}{code}", word, reasons.get(code, nobody)) for code, word in words.items()]


def _cell(request: ActorRequest, line: UnitLine, name: str, word: str, value: Share | int) -> dict[str, Any]:
    part, whole = (value.part, value.whole) if isinstance(value, Share) else (value, None)
    where = reverse("ledger:behind", args=[line.unit.pk]) + address(request, figure=name)
    return {"word": word, "part": part, "whole": whole, "url": where if part else ""}


def _why_words(lines: list[UnitLine]) -> dict[str, str]:
    """Return the reasons that anybody gave, those of the county's list in its order, then what it no longer asks."""
    given = {code for line in lines for code in line.figures.reasons}
    named = {code: word for code, word in reason_names().items() if code in given}
    return named | {code: code for code in sorted(given - named.keys())}


@door(Permission.CASE_VIEW)
def behind(request: ActorRequest, pk: int) -> HttpResponse:
    figure, at = request.GET.get("figure", "received"), timezone.now()
    period, place = PeriodFilter(request.GET).period(), PlaceInForm(request.GET)
    calls = calls_behind(request.actor, period, pk, figure) if period and figure in SESSIONS else []
    numbers = [call.case for call in calls] or (cases_behind(request.actor, period, pk, figure, at) if period else None)
    if numbers is None:
        raise Http404
    unit = get_object_or_404(Organisation, pk=pk)
    times = Counter(numbers)  # a unit may have had a case twice, or been called twice for it
    late = _late(calls)
    found = find_problems(request.actor, ProblemsSought(), at).filter(number__in=times)
    page = problem_page(request.actor, found, at, after=place.cleaned_data["after"] if place.is_valid() else None)
    context = {
        "unit": unit,
        "word": WORDS.get(figure) or f"没有满意的原因：{reason_names().get(figure.removeprefix(WHY), '')}",
        "measure": _measure(times, calls) if figure in SESSIONS else _measure(times),
        "rows": [
            {"row": row, "source": source_words(row), "times": times[row.number], "late": late.get(row.number)}
            for row in page.rows
        ],
        "page_size": PAGE,
        "older_url": address(request, after=page.after) if page.after else "",
        "breadcrumb": [{"label": "单位办理情况", "url": reverse("ledger:figures")}, {"label": unit.name}],
    }
    return render(request, "ledger/behind.html", context)


def _measure(times: Counter[str], calls: list[CallRow] | None = None) -> str:
    """Say how many there are as the figure says it, and of how many cases: one may count twice, one session may serve several."""
    count = times.total() if calls is None else len({call.session for call in calls})
    if calls is None and count == len(times):
        return f"{count:,} 件"
    return f"{count:,} 次" if count == len(times) == times.total() else f"{count:,} 次，{len(times):,} 件"


def _late(calls: list[CallRow]) -> dict[str, str]:
    """Say of each case by how much the unit came late to its sessions."""
    found: dict[str, list[str]] = {}
    for call in calls:
        if call.late:
            found.setdefault(call.case, []).append(f"{call.late} 分钟")
    return {case: f"晚到 {'、'.join(told)}" for case, told in found.items()}

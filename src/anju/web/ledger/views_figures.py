"""What each unit did with what was given to it. Every figure opens its rows."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from anju.cases.queries.figures import UnitLine, cases_behind, figures_of
from anju.cases.queries.ledger import PAGE, ProblemsSought, find_problems, problem_page
from anju.papers.problems import source_words
from anju.places.models import Organisation
from anju.rules.cases.figures import Share
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
}


@door(Permission.CASE_VIEW)
def figures(request: ActorRequest) -> HttpResponse:
    form = PeriodFilter(request.GET)
    period = form.period()
    lines = figures_of(request.actor, period, timezone.now()) if period else []
    context = {
        "form": form,
        "heads": list(WORDS.values()),
        "rows": [{"unit": line.unit, "cells": _cells(request, line)} for line in lines],
        "breadcrumb": [{"label": "单位办理情况"}],
    }
    return render(request, "ledger/figures.html", context)


def _cells(request: ActorRequest, line: UnitLine) -> list[dict[str, Any]]:
    told = []
    for name, word in WORDS.items():
        value = getattr(line.figures, name)
        part, whole = (value.part, value.whole) if isinstance(value, Share) else (value, None)
        where = reverse("ledger:behind", args=[line.unit.pk]) + address(request, figure=name)
        told.append({"word": word, "part": part, "whole": whole, "url": where if part else ""})
    return told


@door(Permission.CASE_VIEW)
def behind(request: ActorRequest, pk: int) -> HttpResponse:
    figure, at = request.GET.get("figure", "received"), timezone.now()
    period, place = PeriodFilter(request.GET).period(), PlaceInForm(request.GET)
    numbers = cases_behind(request.actor, period, pk, figure, at) if period else None
    if numbers is None:
        raise Http404
    unit = get_object_or_404(Organisation, pk=pk)
    found = find_problems(request.actor, ProblemsSought(), at).filter(number__in=numbers)
    page = problem_page(found, at, after=place.cleaned_data["after"] if place.is_valid() else None)
    context = {
        "unit": unit,
        "word": WORDS[figure],
        "count": len(numbers),
        "rows": [{"row": row, "source": source_words(row)} for row in page.rows],
        "page_size": PAGE,
        "older_url": address(request, after=page.after) if page.after else "",
        "breadcrumb": [{"label": "单位办理情况", "url": reverse("ledger:figures")}, {"label": unit.name}],
    }
    return render(request, "ledger/behind.html", context)

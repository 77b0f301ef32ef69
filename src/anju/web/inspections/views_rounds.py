"""公示征集: rounds, what came in by compound, sorting opinions into problems, a case of each problem."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from anju.base.actor import Actor, Refused
from anju.cases.queries.catalogue import matters_in_force
from anju.inspections.models import Problem, Round, RoundPlace
from anju.inspections.queries.rounds import (
    is_open,
    list_rounds,
    places_for,
    places_of,
    problems_of,
    rounds_for,
    unsorted_opinions,
)
from anju.inspections.services.rounds import (
    NewRound,
    begin_round,
    end_round,
    file_problem,
    sort_opinions,
    word_problem,
)
from anju.rules.permissions import Permission
from anju.rules.surveys import QUESTIONS
from anju.web.doors import ActorRequest, door
from anju.web.inspections.forms import RoundForm, SortForm
from anju.web.refusals import refusals
from anju.web.words import sentence

PAGE = 50


@door(Permission.ROUND_VIEW)
def rounds(request: ActorRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = [
        {**row, "open": row["ended_at"] is None and row["closes_on"] >= today} for row in list_rounds(request.actor)
    ]
    context = {
        "rows": rows,
        "may_run": request.actor.may(Permission.ROUND_RUN),
        "breadcrumb": [{"label": "征集和调查"}],
    }
    return render(request, "inspections/rounds.html", context)


@door(Permission.ROUND_RUN)
def begin(request: ActorRequest) -> HttpResponse:
    form = RoundForm(
        request.actor, request.POST or None, initial={"opens_on": timezone.localdate(), "kind": "opinions"}
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form, {"round.closing": "closes_on", "round.compounds": "division"}) as done:
            row = begin_round(actor=request.actor, wanted=_wanted(form), at=timezone.now())
        if done.ok:
            messages.success(request, "已经开始。把海报贴出去，把分享图发到业主群。")
            return redirect("inspections:round", pk=row.pk)
    context = {
        "form": form,
        "title": "问一问居民",
        "sub": "居民扫码就能说，不用登录；到场、打电话说的由工作人员代录。",
        "submit": "开始征集",
        "back_url": reverse("inspections:rounds"),
        "breadcrumb": _trail("新的征集"),
    }
    return render(request, "base/confirm.html", context)


@door(Permission.ROUND_VIEW)
def detail(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(rounds_for(request.actor), pk=pk)
    context = {
        "round": row,
        "open": is_open(row, timezone.localdate()),
        "places": places_of(request.actor, row),
        "may_run": request.actor.may(Permission.ROUND_RUN),
        "may_enter": request.actor.may(Permission.ROUND_ENTER),
        "breadcrumb": _trail(row.title),
    }
    return render(request, "inspections/round.html", context)


@door(Permission.ROUND_RUN)
@require_POST
def end(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(rounds_for(request.actor), pk=pk)
    try:
        end_round(actor=request.actor, row=row, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, "已经停止征集。")
    return redirect("inspections:round", pk=row.pk)


@door(Permission.ROUND_VIEW)
def place(request: ActorRequest, pk: int) -> HttpResponse:
    """What residents of one compound said, and sorting it."""
    row = place_of(request.actor, pk)
    page = _page(request, row)
    opinions = page["opinions"]
    problems = list(problems_of(request.actor, row))
    matters = [one for one in matters_in_force().values() if not one.body["private"]]
    form = SortForm(opinions, problems, matters, request.POST or None)
    may_run = request.actor.may(Permission.ROUND_RUN)
    if request.method == "POST" and may_run and form.is_valid():
        with refusals(form) as done:
            count = _sort(request.actor, row, form.cleaned_data)
        if done.ok:
            messages.success(request, f"归好了 {count} 条意见。")
            return redirect("inspections:place", pk=row.pk)
    context = {
        "place": row,
        **page,
        "problems": problems,
        "form": form,
        "may_run": may_run,
        "breadcrumb": [*_trail(row.round.title, row.round), {"label": row.compound.name}],
    }
    return render(request, "inspections/place.html", context)


@door(Permission.ROUND_RUN)
@require_POST
def file(request: ActorRequest, pk: int) -> HttpResponse:
    """One press makes a case of a problem."""
    row = get_object_or_404(Problem, pk=pk, place__in=places_for(request.actor).values("id"))
    try:
        case = file_problem(actor=request.actor, problem=row, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, f"已列入问题清单，编号 {case.number}。")
    return redirect("inspections:place", pk=row.place_id)


def _page(request: ActorRequest, row: RoundPlace) -> dict[str, Any]:
    """The opinions of one page, how many wait in all, and where the pages before and behind are."""
    waiting, after = unsorted_opinions(request.actor, row), _after(request)
    found = list(waiting.filter(pk__gt=after)[: PAGE + 1])
    return {
        "opinions": found[:PAGE],
        "waiting": waiting.count(),
        "older_url": f"?after={found[PAGE - 1].pk}" if len(found) > PAGE else "",
        "newer_url": request.path if after else "",
    }


def _after(request: ActorRequest) -> int:
    """Return the opinion behind which this page begins; 0 where the address says nothing sensible."""
    told = request.GET.get("after", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 19 else 0


def place_of(actor: Actor, pk: int) -> RoundPlace:
    return get_object_or_404(places_for(actor).select_related("round", "compound__division", "compound__card"), pk=pk)


def _trail(label: str, row: Round | None = None) -> list[dict[str, str]]:
    last = {"label": label, "url": reverse("inspections:round", args=[row.pk])} if row else {"label": label}
    return [{"label": "征集和调查", "url": reverse("inspections:rounds")}, last]


def _wanted(form: RoundForm) -> NewRound:
    data = form.cleaned_data
    kind = Round.Kind(data["kind"])
    return NewRound(
        kind=kind,
        title=data["title"],
        question=data["question"],
        compounds=form.compounds(),
        opens_on=data["opens_on"],
        closes_on=data["closes_on"],
        questions=QUESTIONS if kind == Round.Kind.SURVEY else (),
    )


def _sort(actor: Actor, row: RoundPlace, data: dict[str, Any]) -> int:
    at = timezone.now()
    problem = data["problem"]
    if data["title"]:
        problem = word_problem(actor=actor, place=row, matter=data["matter"], title=data["title"], at=at)
    return sort_opinions(
        actor=actor, place=row, opinions=list(data["opinion"]), problem=problem, reason=data["reason"], at=at
    )

"""What staff enter for residents, the papers of a round, and what a survey brought."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.base.installation import is_trial
from anju.inspections.models import Channel, Opinion, Round, RoundPlace
from anju.inspections.queries.rounds import is_open, places_for, results_of, rounds_for
from anju.inspections.services.rounds import hand_in_opinion
from anju.inspections.services.surveys import Reply, answer_survey, print_slips
from anju.papers.rounds import Asked, poster_pdf, share_card, slips_pdf
from anju.rules.permissions import Permission
from anju.rules.surveys import LEAST, WORDS, Level, Shown
from anju.web.disclosure.views_posters import public_base
from anju.web.doors import ActorRequest, door
from anju.web.files import serve_file
from anju.web.inspections.forms import EnterForm, SlipsForm, SurveyForm
from anju.web.inspections.views_rounds import place_of
from anju.web.refusals import refusals


@door(Permission.ROUND_VIEW)
def results(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(rounds_for(request.actor).filter(kind=Round.Kind.SURVEY), pk=pk)
    told = results_of(request.actor, row)
    context = {
        "round": row,
        "results": [(one, [_line(*both) for both in zip(row.questions, one.lines, strict=True)]) for one in told],
        "levels": list(WORDS.values()),
        "least": LEAST,
        "breadcrumb": _trail(row, "结果"),
    }
    return render(request, "inspections/results.html", context)


@door(Permission.ROUND_ENTER)
def enter(request: ActorRequest, pk: int) -> HttpResponse:
    """One short page for the counter and the telephone; after sending it is empty again for the next."""
    row = place_of(request.actor, pk)
    survey = row.round.kind == Round.Kind.SURVEY
    first = {"key": secrets.token_urlsafe(16), "channel": request.GET.get("channel", "counter")}
    form = (
        survey_form(row, request.POST or None, first, entering=True)
        if survey
        else EnterForm(request.POST or None, initial=first)
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form, {"survey.no_such_slip": "slip", "survey.answered": "slip"}) as done:
            _enter(request, row, form.cleaned_data, survey=survey)
        if done.ok:
            messages.success(request, "记下了，接着录下一条。")
            return redirect(f"{reverse('inspections:enter', args=[pk])}?channel={form.cleaned_data['channel']}")
    context = {
        "place": row,
        "form": form,
        "open": is_open(row.round, timezone.localdate()),
        "breadcrumb": [*_trail(row.round, row.compound.name), {"label": "代录"}],
    }
    return render(request, "inspections/enter.html", context)


@door(Permission.ROUND_VIEW)
def photo(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The photo of an opinion that the actor may read."""
    row = get_object_or_404(Opinion, pk=pk, place__in=places_for(request.actor).values("id"), photo__isnull=False)
    assert row.photo is not None
    return serve_file(row.photo.public_name, lambda _: True)


@door(Permission.ROUND_VIEW)
def poster(request: ActorRequest, pk: int) -> HttpResponse:
    """The poster as PDF (A3 or A4), or the picture to be sent round in a group."""
    row = place_of(request.actor, pk)
    asked, kind = _asked(request, row), request.GET.get("as", "a4")
    if kind == "png":
        return _paper(share_card(asked, trial=is_trial()), "image/png", f"round-{row.pk}.png")
    if kind not in ("a3", "a4"):
        raise Http404
    return _paper(poster_pdf(asked, paper=kind, trial=is_trial()), "application/pdf", f"round-{row.pk}.pdf")


@door(Permission.ROUND_RUN)
def slips(request: ActorRequest, pk: int) -> HttpResponse:
    """So many slips for households, each with a code of its own, printed at once and never again."""
    row = place_of(request.actor, pk)
    form = SlipsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form, {"survey.too_many_slips": "count"}) as done:
            made = print_slips(actor=request.actor, place=row, count=form.cleaned_data["count"], at=timezone.now())
        if done.ok:
            told = [(slip.serial, slip.code) for slip in made]
            return _paper(
                slips_pdf(_asked(request, row), told, trial=is_trial()), "application/pdf", f"slips-{row.pk}.pdf"
            )
    context = {
        "form": form,
        "title": "印住户通知单",
        "sub": f"{row.compound.name}：{row.round.title}",
        "consequences": [
            "每张有自己的住户码，一户只能答一次。",
            "码只在这次印出，以后不能再印同一张。",
            "哪户拿到哪张，系统里不记。",
        ],
        "submit": "印出",
        "back_url": reverse("inspections:round", args=[row.round_id]),
        "breadcrumb": [*_trail(row.round, row.compound.name), {"label": "住户通知单"}],
    }
    return render(request, "base/confirm.html", context)


def survey_form(row: RoundPlace, typed: Any, first: dict[str, Any], *, entering: bool) -> SurveyForm:
    return SurveyForm(row.round.questions, typed, entering=entering, initial=first)


def levels_of(row: RoundPlace, data: dict[str, Any]) -> dict[int, Level]:
    return {number: Level(data[f"q{number}"]) for number in range(len(row.round.questions)) if data[f"q{number}"]}


def _line(question: str, line: Shown) -> dict[str, Any]:
    """A question as the table shows it; a count of None is withheld."""
    rate = line.satisfied
    return {
        "question": question,
        "enough": line.enough,
        "sample": line.sample,
        "counts": [(word, line.counts.get(level)) for level, word in WORDS.items()],
        "rate": "" if rate is None else f"{rate // 10}.{rate % 10}%",
    }


def _enter(request: ActorRequest, row: RoundPlace, data: dict[str, Any], *, survey: bool) -> None:
    channel, at = Channel(data["channel"]), timezone.now()
    if survey:
        reply = Reply(levels_of(row, data), slip=data["slip"], channel=channel, key=data["key"])
        answer_survey(actor=request.actor, place=row, reply=reply, at=at)
        return
    hand_in_opinion(actor=request.actor, place=row, text=data["text"], key=data["key"], channel=channel, at=at)


def _asked(request: ActorRequest, row: RoundPlace) -> Asked:
    address = public_base(request) + reverse("citizen:ask", args=[row.compound.card.code, row.round_id])
    return Asked(
        row.compound.name,
        row.round.title,
        row.round.question,
        row.round.get_kind_display(),
        row.round.closes_on,
        address,
    )


def _trail(row: Round, label: str) -> list[dict[str, str]]:
    return [
        {"label": "征集和调查", "url": reverse("inspections:rounds")},
        {"label": row.title, "url": reverse("inspections:round", args=[row.pk])},
        {"label": label},
    ]


def _paper(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'inline; filename="{name}"'})

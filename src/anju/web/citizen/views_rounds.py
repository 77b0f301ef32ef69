"""What a resident is asked: an opinion, or a survey. By the code on the wall or on the household's slip."""

import secrets
from dataclasses import replace
from typing import Any, BinaryIO, cast

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from anju.base.actor import Refused
from anju.base.attachments import keep_file
from anju.base.file_kinds import BadFile
from anju.disclosure.services.knocks import may_upload, take_filing
from anju.inspections.models import Round, RoundPlace
from anju.inspections.queries.rounds import open_place
from anju.inspections.services.rounds import hand_in_opinion
from anju.inspections.services.surveys import Reply, answer_survey
from anju.web.citizen.forms import OpinionForm
from anju.web.disclosure.views_public import citizen_frame
from anju.web.disclosure.visitor import device_of, knock_of, remember
from anju.web.doors import ActorRequest, public
from anju.web.files import FILE_WORDS
from anju.web.inspections.forms import SurveyForm
from anju.web.inspections.views_results import levels_of
from anju.web.refusals import refusals

_BESIDE = {"survey.no_such_slip": "slip", "survey.answered": "slip", "opinion.empty": "text"}


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: ActorRequest, code: str, pk: int) -> HttpResponse:
    """One page, then thanks."""
    place = open_place(request.actor, code, pk, on=timezone.localdate())
    if place is None:
        return render(request, "citizen/closed.html", {"code": code, **citizen_frame()}, status=404)
    form = _form(request, place)
    if request.method == "POST" and form.is_valid():
        with refusals(form, _BESIDE) as done:
            _take(request, place, form)
        if done.ok:
            return render(request, "citizen/thanks.html", _frame(place, code))
    response = render(request, "citizen/ask.html", {"form": form, "code": code} | _frame(place, code))
    remember(request, response)
    return response


def _form(request: ActorRequest, place: RoundPlace) -> Any:
    first = {"key": secrets.token_urlsafe(16), "slip": request.GET.get("slip", "")[:20]}
    typed = request.POST if request.method == "POST" else None
    if place.round.kind == Round.Kind.SURVEY:
        return SurveyForm(place.round.questions, typed, entering=False, initial=first)
    return OpinionForm(typed, initial=first)


def _take(request: ActorRequest, place: RoundPlace, form: Any) -> None:
    """Raises `Refused`. A photo that cannot be kept is said beside its field."""
    at, data = timezone.now(), form.cleaned_data
    device = device_of(request)
    knock = replace(
        knock_of(request), sum_solved=True
    )  # a pressed tile or two: no sum, the device's own count is enough
    take_filing(actor=request.actor, knock=knock, compound=place.compound_id, key=data["key"], urgent=True, at=at)
    if place.round.kind == Round.Kind.SURVEY:
        reply = Reply(levels_of(place, data), slip=data["slip"], device=device, key=data["key"])
        answer_survey(actor=request.actor, place=place, reply=reply, at=at)
        return
    photo, handed = None, request.FILES.get("photo")
    if handed and may_upload(actor=request.actor, knock=knock_of(request), at=at):
        try:
            photo = keep_file(
                actor=request.actor, name=handed.name or "", content=cast(BinaryIO, handed), at=at, images_only=True
            )
        except BadFile as bad:
            raise Refused("opinion.bad_photo", why=FILE_WORDS[bad.code]) from bad
    hand_in_opinion(actor=request.actor, place=place, text=data["text"], key=data["key"], photo=photo, at=at)


def _frame(place: RoundPlace, code: str) -> dict[str, Any]:
    return {
        "place": place,
        "where": place.compound.name,
        "task": place.round.get_kind_display(),
        "code": code,
        "back_url": reverse("citizen:report", args=[code]),
        **citizen_frame(),
    }

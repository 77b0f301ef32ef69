"""代录 of what is told at the counter or by telephone, with the receipt to read out or to print."""

import secrets
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from anju.cases.queries.citizen import similar_open
from anju.rules.permissions import Permission
from anju.web.citizen.catalogue import catalogue_here
from anju.web.doors import ActorRequest, door
from anju.web.intake.forms import EnterForm
from anju.web.intake.telling import told_of
from anju.web.refusals import refusals

_BESIDE = {"person.bad_phone": "phone", "person.bad_name": "name", "case.text_too_long": "text"}


@door(Permission.ROUND_ENTER)
@never_cache
def enter(request: ActorRequest) -> HttpResponse:
    """One page. Where neighbours reported the like, they are shown once before it is filed."""
    catalogue = catalogue_here()
    if catalogue is None:
        raise Http404
    first = {"key": secrets.token_urlsafe(16), "source": "phone", "mode": "hidden"}
    form = EnterForm(request.actor, catalogue, request.POST or None, initial=first)
    similar: list[Any] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        similar = similar_open(data["compound"], data["matter"])
        if data["seen"] or not similar:
            with refusals(form, _BESIDE) as done:
                told = told_of(request, data, similar)
            if done.ok:
                return render(request, "intake/receipt.html", told | {"breadcrumb": _trail("回执")})
        form = EnterForm(request.actor, catalogue, {**request.POST.dict(), "seen": "yes"}) if form.is_valid() else form
    context = {"form": form, "similar": similar, "breadcrumb": _trail()}
    return render(request, "intake/enter.html", context)


def _trail(last: str = "") -> list[dict[str, str]]:
    first = {"label": "代录"}
    return [first | {"url": reverse("intake:enter")}, {"label": last}] if last else [first]

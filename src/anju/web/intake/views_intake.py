"""代录 of what is told at the counter or by telephone, with the receipt to read out or to print."""

import secrets
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from anju.cases.models import Case
from anju.cases.queries.citizen import similar_open, status_of
from anju.cases.services.filing import Filing, join_case, submit_case
from anju.rules.cases.facts import Mode
from anju.rules.permissions import Permission
from anju.web.citizen.catalogue import catalogue_here
from anju.web.citizen.receipt import in_twos
from anju.web.citizen.showing import until_of
from anju.web.doors import ActorRequest, door
from anju.web.intake.forms import EnterForm
from anju.web.refusals import refusals

_BESIDE = {"person.bad_phone": "phone", "person.bad_name": "name", "case.text_too_long": "text"}


@door(Permission.CASE_FILE)
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
                told = _told(request, data, similar)
            if done.ok:
                return render(request, "intake/receipt.html", told | {"breadcrumb": _trail("回执")})
        form = EnterForm(request.actor, catalogue, {**request.POST.dict(), "seen": "yes"}) if form.is_valid() else form
    context = {"form": form, "similar": similar, "breadcrumb": _trail()}
    return render(request, "intake/enter.html", context)


def _told(request: ActorRequest, data: dict[str, Any], similar: list[Any]) -> dict[str, Any]:
    """File, or count one more who met it, and return what the receipt shows."""
    at = timezone.now()
    same = next((one for one in similar if str(one.pk) == request.POST.get("same")), None)
    if same is not None:
        case = Case.objects.select_related("matter", "compound").get(pk=same.pk)
        household = data["phone"] or data["key"]
        join_case(actor=request.actor, case=case, household=household, phone=data["phone"], at=at)
        return {"joined": case}
    named = data["name"] if data["mode"] == Mode.NAMED else ""
    anonymous = data["mode"] == Mode.ANONYMOUS
    filing = Filing(
        compound=data["compound"],
        matter=data["matter"],
        text=data["text"],
        spot=data["spot"],
        mode=Mode(data["mode"]),
        phone="" if anonymous else data["phone"],
        name=named,
        source=data["source"],
        key=data["key"],
    )
    receipt = submit_case(actor=request.actor, filing=filing, at=at)
    status = status_of(receipt.case, at)
    return {
        "receipt": receipt,
        "code_words": in_twos(receipt.code),
        "status": status,
        "until": until_of(status, at),
    }


def _trail(last: str = "") -> list[dict[str, str]]:
    first = {"label": "代录"}
    return [first | {"url": reverse("intake:enter")}, {"label": last}] if last else [first]

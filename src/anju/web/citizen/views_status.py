"""办到哪了: a case by its number and code, or by a link. What was typed wrong never tells whether a number exists."""

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from anju.base.actor import Refused
from anju.base.file_kinds import BadFile
from anju.cases.models import Case
from anju.cases.queries.citizen import status_of
from anju.cases.queries.ratings import reasons_asked
from anju.cases.services.filing import holds
from anju.cases.services.links import open_link
from anju.cases.services.lookups import look_up_case
from anju.web.citizen.doing import do_act
from anju.web.citizen.forms import LookForm
from anju.web.citizen.passes import LIFE, Pass, open_pass, remember_case, seal_pass, visitor_of
from anju.web.citizen.showing import next_of, stops_of, until_of
from anju.web.disclosure.views_public import citizen_frame
from anju.web.disclosure.visitor import remember
from anju.web.doors import ActorRequest, public
from anju.web.files import FILE_WORDS
from anju.web.refusals import refusals
from anju.web.words import sentence


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: ActorRequest) -> HttpResponse:
    """Number and code."""
    form = LookForm(request.POST or None, initial={"number": request.GET.get("n", "")[:40]})
    response: HttpResponse | None = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refusals(form) as done:
            case = _find(request, data["number"], data["code"])
        if done.ok:
            response = redirect("citizen:case", token=seal_pass(case.number, data["code"], timezone.now()))
            remember_case(request, response, case.number)
    expired = request.method != "POST" and bool(request.GET.get("n"))
    context = {"form": form, "back_url": reverse("card:find"), "task": "查进度", "expired": expired}
    response = response or render(request, "citizen/look.html", context | citizen_frame())
    remember(request, response)
    return response


@public
@never_cache
@require_safe
def short(request: ActorRequest, token: str) -> HttpResponse:
    """The link of a message: on to the case's own page, which opens no longer than the link. Afterwards only the code is asked."""
    at = timezone.localtime(timezone.now())
    found = open_link(actor=request.actor, token=token, on=at.date())
    if found is None or not found.fresh:
        return redirect(f"{reverse('citizen:look')}?n={found.number}" if found else reverse("citizen:look"))
    last = datetime.combine(found.until, time.max, tzinfo=at.tzinfo)
    return redirect("citizen:case", token=seal_pass(found.number, found.code, min(at, last - LIFE)))


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: ActorRequest, token: str) -> HttpResponse:
    """One case, for whoever holds its link; below it what its citizen may do now."""
    at = timezone.now()
    held = open_pass(token, at)
    if held is None or not held.fresh:
        return redirect(f"{reverse('citizen:look')}?n={held.number}" if held else reverse("citizen:look"))
    row = _held(held)
    if row is None:
        return redirect("citizen:look")
    if request.method == "POST":
        if _act(request, row, held):
            return redirect("citizen:case", token=token)
        row.refresh_from_db()
    response = render(request, "citizen/case.html", _shown(request, row, token))
    remember_case(request, response, row.number)
    return response


def _find(request: ActorRequest, number: str, code: str) -> Case:
    return look_up_case(actor=request.actor, number=number, code=code, visitor=visitor_of(request), at=timezone.now())


def _held(held: Pass) -> Case | None:
    """Return the case of a pass. We sealed it once the code had been shown, so nobody guesses here and nothing is counted."""
    row = Case.objects.filter(number=held.number).select_related("compound", "matter", "master").first()
    return row if row is not None and holds(row, held.code) else None


def _act(request: ActorRequest, row: Case, held: Pass) -> bool:
    """Say whether it was done. Where it was not, the page is shown again with what was typed."""
    try:
        done = do_act(request, row, held.code)
    except BadFile as bad:
        messages.error(request, f"照片没收到：{FILE_WORDS[bad.code]}")
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, done)
        return True
    return False


def _shown(request: ActorRequest, row: Case, token: str) -> dict[str, Any]:
    at = timezone.now()
    status = status_of(row, at)
    return {
        "status": status,
        "stops": stops_of(status),
        "until": until_of(status, at),
        "next_step": next_of(status),
        "told": [step for step in reversed(status.steps) if step.text],
        "reasons": () if "rate" in status.may else reasons_asked(row),
        "token": token,
        "typed": {name: request.POST.get(name, "") for name in ("why", "text", "facts")},
        "where": status.compound,
        "task": "查进度",
        "back_url": reverse("citizen:look"),
        **citizen_frame(),
    }

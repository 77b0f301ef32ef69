"""The ledger for everyone: only what a reviewer released, no script, no account."""

from django.http import HttpResponse
from django.shortcuts import render

from anju.cases.queries.published import public_ledger
from anju.web.doors import ActorRequest
from anju.web.doors import public as open_to_all
from anju.web.ledger.forms import PlaceInForm
from anju.web.places.filters import address


@open_to_all
def public(request: ActorRequest) -> HttpResponse:
    place = PlaceInForm(request.GET)
    found = public_ledger(after=place.cleaned_data["after"] if place.is_valid() else None)
    context = {
        "ledger": found,
        "task": "办结情况公开",
        "older_url": address(request, after=found.after) if found.after else "",
    }
    return render(request, "ledger/public.html", context)

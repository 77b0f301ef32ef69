"""The ledger for everyone: only what a reviewer released, no script, no account."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from anju.cases.queries.photos import is_public
from anju.cases.queries.published import public_ledger, released_cases
from anju.web.doors import ActorRequest
from anju.web.doors import public as open_to_all
from anju.web.files import serve_file
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


@open_to_all
@require_safe
def photo(request: ActorRequest, name: str) -> HttpResponseBase:
    """A photo that a reviewer released, of a case that is public; whoever follows an old link is led to what is public now."""
    cases = released_cases()
    try:
        return serve_file(name, lambda file: is_public(file, cases), thumbnail="small" in request.GET)
    except Http404:
        return redirect("ledger:public")

"""Fresh sign-in: before an act that is dangerous or needs two persons, whoever sits at the desk proves who they are."""

import time
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from anju.web.doors import ActorRequest, View

SECONDS = 10 * 60
MOST_HELD = 100_000  # characters; more than a form by hand
_HELD = "_held_request"


def fresh(view: View) -> View:
    """Ask for the password or a code again unless that was done in the last ten minutes. Stands below `@door`.

    What a form had posted is kept, and offered again once the person is known. A form with files is not: it is filled in again.
    """

    @wraps(view)
    def asked(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        if request.method == "POST":
            _hold(request)
        return HttpResponseRedirect(
            f"{reverse('account_reauthenticate')}?{urlencode({'next': request.get_full_path()})}"
        )

    return asked


def is_fresh(request: HttpRequest) -> bool:
    """Signing in counts. A person of the demo county, who has neither password nor code, has nothing to prove."""
    records = get_authentication_records(request, request.user)
    if records and time.time() - records[-1]["at"] < SECONDS:
        return True
    return request.user.is_authenticated and not get_reauthentication_flows(request.user)


def _hold(request: HttpRequest) -> None:
    fields = request.POST.copy()
    fields.pop("csrfmiddlewaretoken", None)
    if request.FILES or len(fields.urlencode()) > MOST_HELD:
        return
    request.session[_HELD] = {"path": request.get_full_path(), "post": fields.urlencode(), "at": time.time()}


def take_held(request: HttpRequest, path: str) -> list[tuple[str, str]] | None:
    """Return, once, the fields that were posted to `path`; None where nothing is held for it.

    Bound to the path the person was asked for, so that a form given up long ago does not come back with another question.
    """
    held = request.session.pop(_HELD, None)
    if not held or held["path"] != path or time.time() - held["at"] >= SECONDS:
        return None
    return [(name, value) for name, values in QueryDict(held["post"]).lists() for value in values]

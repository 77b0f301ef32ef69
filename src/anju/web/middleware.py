"""What happens around every view: who acts, what a refusal becomes, and that a trial stays on its own machine."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from anju.accounts.queries.acting import actor_of
from anju.base import audit
from anju.base.actor import Denied
from anju.base.installation import is_real
from anju.web.doors import ActorRequest, missing

Respond = Callable[[HttpRequest], HttpResponse]
POST_KEY = "acting_post"


class ActorMiddleware:
    """Puts `request.actor` there, from the session's user and chosen post as they stand at this moment."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = cast(ActorRequest, request)
        chosen = request.session.get(POST_KEY)
        asked.actor = actor_of(request.user, chosen_post=chosen, on=timezone.localdate())
        return self.get_response(request)

    def process_exception(self, request: ActorRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Denied):
            return None
        with transaction.atomic():
            audit.record(
                actor=request.actor,
                action="access.denied",
                outcome="refused",
                note={"permission": error.permission.value, "route": _route(request)},
                at=timezone.now(),
            )
        return missing(request)


class TrialMiddleware:
    """An empty or trial installation answers this machine only, whatever stands in front of it."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_real() or _from_here(request):
            return self.get_response(request)
        return render(request, "trial_only_here.html", status=403)


def _from_here(request: HttpRequest) -> bool:
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _route(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""

"""What happens around every view: who acts, what a refusal becomes, and that a trial stays on its own machine."""

from collections.abc import Callable
from http import HTTPStatus
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
        response = self.get_response(request)
        if response.status_code == HTTPStatus.NOT_FOUND and _named_a_row(asked):
            _record_refusal(asked, action="access.outside")
        return response

    def process_exception(self, request: ActorRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Denied):
            return None
        _record_refusal(request, action="access.denied", permission=error.permission.value)
        return missing(request)


class TrialMiddleware:
    """An empty or trial installation answers this machine only, whatever stands in front of it."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_real() or _from_here(request):
            return self.get_response(request)
        return render(request, "trial_only_here.html", status=403)


def _named_a_row(request: ActorRequest) -> bool:
    """Whether somebody signed in asked for a row by its id: one that is not there, or not theirs, which look the same to them."""
    match = request.resolver_match
    return bool(match and match.kwargs) and request.actor.user_id is not None and not hasattr(request, "refused")


def _record_refusal(request: ActorRequest, *, action: str, **note: object) -> None:
    """Write a refused act, in a transaction of its own: whatever the view began is undone."""
    request.refused = True
    with transaction.atomic():
        audit.record(
            actor=request.actor,
            action=action,
            outcome="refused",
            note={"route": _route(request), **note},
            at=timezone.now(),
        )


def _from_here(request: HttpRequest) -> bool:
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _route(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""

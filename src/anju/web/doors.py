"""How a view says who may come in. `make check` fails when a URL leads to a view without one of these marks."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from anju.base.actor import Actor
from anju.rules.permissions import Permission

PUBLIC = "public"
SIGNED_IN = "signed-in"
TRIAL_ONLY = "trial"


class ActorRequest(HttpRequest):
    """A request after `ActorMiddleware`: `actor` is always there, a stranger at least."""

    actor: Actor
    refused: bool  # set once the refusal stands in the trail


View = Callable[Concatenate[ActorRequest, ...], HttpResponseBase]
_Mark = Callable[[View], View]


def door(permission: Permission) -> _Mark:
    """Open to actors with the permission; a stranger is asked to sign in, anyone else gets 404 and leaves a trace."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.actor.user_id is None:
                return redirect_to_login(request.get_full_path())
            request.actor.require(permission)
            return view(request, *args, **kwargs)

        return _marked(guarded, permission.value)

    return mark


def signed_in(view: View) -> View:
    """Open to everyone who has signed in, whatever their post."""

    @wraps(view)
    def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.actor.user_id is None:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return _marked(guarded, SIGNED_IN)


def public(view: View) -> View:
    """Open to everyone."""
    return _marked(view, PUBLIC)


def trial_only(view: View) -> View:
    """Open to everyone while the installation is empty or a trial, and not there at all afterwards."""

    @wraps(view)
    def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        from anju.base.installation import is_real

        if is_real():
            return missing(request)
        return view(request, *args, **kwargs)

    return _marked(guarded, TRIAL_ONLY)


def missing(request: HttpRequest) -> HttpResponse:
    from django.shortcuts import render

    return render(request, "404.html", status=404)


def _marked(view: View, mark: str) -> View:
    view.door = mark  # type: ignore[attr-defined]
    return view

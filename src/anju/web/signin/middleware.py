"""Whoever must change their password does that first: only signing out and the size of type answer before."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from anju.accounts.models import User
from anju.accounts.services.passwords import profile_in_force
from anju.rules.passwords import is_expired

_OPEN = frozenset(
    {"account_change_password", "account_logout", "public:type"}
)  # the size of type: to read this page at all


class PasswordMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in _OPEN or not must_change(request):
            return None
        back = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
        return HttpResponseRedirect(reverse("account_change_password") + back)


def must_change(request: HttpRequest) -> bool:
    """Say whether the person's password was given to them by another, or is too old. Without a password there is none to change."""
    person = request.user
    if not isinstance(person, User) or not person.has_usable_password():
        return False
    return person.must_change_password or is_expired(
        profile_in_force(), changed_at=person.password_changed_at, at=timezone.now()
    )

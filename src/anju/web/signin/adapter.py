"""Where allauth asks us: counting attempts, the trail, and redirects that never leave this site."""

from datetime import datetime
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from anju.accounts.models import User
from anju.accounts.queries.acting import actor_of
from anju.accounts.queries.signin import person_named
from anju.accounts.services import signin
from anju.accounts.services.passwords import refuse_stale
from anju.base.actor import STRANGER, Actor, Refused
from anju.rules.passwords import tidy_password
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest
from anju.web.signin import idle
from anju.web.signin.address import address_of, neighbourhood_of
from anju.web.signin.device import known_device, remember_device
from anju.web.signin.fresh import is_fresh
from anju.web.words import sentence


def visit_of(request: HttpRequest, person: User | None, typed: str = "") -> signin.Visit:
    """Return who is asked for and from where, as the counters know them."""
    account = person.username if person else typed
    device = known_device(request, person.pk if person else None)
    return signin.Visit(account.lower(), neighbourhood_of(request), device)


def acting(request: HttpRequest) -> Actor:
    return cast(ActorRequest, request).actor if hasattr(request, "actor") else STRANGER


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "用户名或密码不对，请核对后再试。连续输错会暂时锁住。",
        "incorrect_password": "密码不对，请再输一次。",
        "incorrect_code": "验证码不对或已用过，请等应用里换出新的六位数再输。",
        "enter_current_password": "现在的密码不对，请再输一次。",
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Count the attempt, then look at the password. An unknown name costs the same count and the same hash."""
        at, typed = timezone.now(), credentials.get("username", "")
        person = person_named(typed)
        visit = visit_of(request, person, typed)
        try:
            closing = signin.take_attempt(actor=acting(request), visit=visit, at=at)
        except Refused as refusal:
            raise ValidationError(sentence(refusal), code="locked") from refusal
        credentials["password"] = tidy_password(credentials["password"])
        user: User | None = super().authenticate(request, **credentials)
        if user is None:
            self._failed(request, person, "password" if person else "unknown", closed=closing)
            return None
        signin.clear_attempts(actor=acting(request), visit=visit, at=at)
        self._refuse_stale(request, user, at)
        return user

    def _refuse_stale(self, request: HttpRequest, user: User, at: datetime) -> None:
        try:
            refuse_stale(person=user, at=at)
        except Refused as refusal:
            self._failed(request, user, "stale")
            raise ValidationError(sentence(refusal), code="stale") from refusal

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Allauth's own counter lives in one process's memory; ours is in the database."""

    def _failed(self, request: HttpRequest, person: User | None, reason: str, *, closed: bool = False) -> None:
        with transaction.atomic():
            signin.record_failed_sign_in(
                actor=acting(request), person=person, reason=reason, closed=closed, at=timezone.now()
            )

    def login(self, request: HttpRequest, user: User) -> None:
        with transaction.atomic():
            super().login(request, user)
            actor = actor_of(user, chosen_post=None, on=timezone.localdate())
            signin.record_sign_in(actor=actor, person=user, at=timezone.now())
            idle.begin(request, timezone.now())

    def post_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **how)
        remember_device(request, response, user.pk)
        return response

    def logout(self, request: HttpRequest) -> None:
        person = cast(User, request.user)
        with transaction.atomic():
            signin.record_sign_out(actor=acting(request), person=person, at=timezone.now())
            super().logout(request)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        self._failed(request, user, "inactive")
        return cast(HttpResponse, super().respond_user_inactive(request, user))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The desk, for whoever has one; a person without a post finds out on their account page what to do."""
        actor = actor_of(request.user, chosen_post=None, on=timezone.localdate())
        return resolve_url("home:today") if actor.may(Permission.DESK_VIEW) else reverse("account_home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our views say what happened, in our words."""

    def is_reauthentication_required(self, app: str) -> bool:
        return not is_fresh(self.request)

    def is_safe_url(self, url: str) -> bool:
        """Own paths only: not even another host of ours."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def is_ajax(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

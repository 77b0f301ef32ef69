"""A sign-in with which nothing is done for long ends by itself: a desk is left, a computer is shared."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from anju.accounts.models import User
from anju.accounts.queries.acting import actor_of
from anju.accounts.services.signin import record_sign_out
from anju.rules.passwords import has_rested
from anju.web.middleware import POST_KEY

SEEN = "seen_at"
_PARTS = 10  # the session is written when a tenth of the limit has passed, not at every request


def begin(request: HttpRequest, at: datetime) -> None:
    """Watch this sign-in from now on. Every way in passes `Adapter.login`, which calls this."""
    request.session[SEEN] = int(at.timestamp())


class IdleMiddleware:
    """Stands after the messages and before whoever asks who acts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SEEN in request.session:
            _watch(request, timezone.now())
        return self.get_response(request)


def _watch(request: HttpRequest, at: datetime) -> None:
    limit, seen_at = settings.IDLE, datetime.fromtimestamp(request.session[SEEN], UTC)
    if has_rested(seen_at=seen_at, limit=limit, at=at):
        _end(request, at)
    elif has_rested(seen_at=seen_at, limit=limit / _PARTS, at=at):
        begin(request, at)


def _end(request: HttpRequest, at: datetime) -> None:
    person, chosen = request.user, request.session.get(POST_KEY)
    with transaction.atomic():
        if isinstance(person, User):
            actor = actor_of(person, chosen_post=chosen, on=timezone.localdate(at))
            record_sign_out(actor=actor, person=person, idle=True, at=at)
        logout(request)
    minutes = settings.IDLE.total_seconds() / 60
    messages.warning(request, f"您有 {minutes:.0f} 分钟没有操作，系统已自动退出。请重新登录，没有保存的内容要重新填。")

"""Who writes without signing in: a cookie that names the device for counting, and a sum for addresses that send very much.

The cookie says nothing of a person and opens nothing; see docs/decisions/0005.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from anju.disclosure.services.knocks import Knock
from anju.web.signin.address import neighbourhood_of

COOKIE = "anju_visitor"
LIFE = timedelta(days=30)
SUM_LIFE = timedelta(minutes=30)
_SALT, _SUM_SALT = "anju.disclosure.visitor", "anju.disclosure.sum"


def device_of(request: HttpRequest) -> str:
    """Return what this device is called in the counts, "" where it shows no cookie of ours."""
    try:
        return str(signing.loads(request.COOKIES[COOKIE], salt=_SALT, max_age=LIFE))
    except (KeyError, signing.BadSignature, ValueError, TypeError):
        return ""


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Name the device, once."""
    if device_of(request):
        return
    response.set_cookie(
        COOKIE,
        signing.dumps(secrets.token_urlsafe(12), salt=_SALT),
        max_age=LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/c/",
    )


def knock_of(request: HttpRequest, *, sum_solved: bool = False) -> Knock:
    return Knock(device_of(request), neighbourhood_of(request), sum_solved)


def new_sum(request: HttpRequest) -> tuple[str, str]:
    """Return a question and its seal. The seal belongs to the device, so that one answer does not serve a thousand."""
    one, other = secrets.randbelow(8) + 2, secrets.randbelow(8) + 2
    return f"{one} 加 {other} 等于几？", signing.dumps([one + other, device_of(request)], salt=_SUM_SALT)


def solved(request: HttpRequest, seal: str, answer: str) -> bool:
    try:
        right, device = signing.loads(seal, salt=_SUM_SALT, max_age=SUM_LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        return False
    return bool(device) and device == device_of(request) and answer.strip() == str(right)

"""What opens one case for whoever holds it: the link of a receipt and the page's own address after number and code were shown.

Encrypted, so that neither an address bar nor a log shows the code; good for fifteen days. Afterwards it still knows its number, so that
only the code must be typed again.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from anju.cases.services.lookups import Visitor
from anju.web.disclosure.visitor import device_of
from anju.web.signin.address import neighbourhood_of

LIFE = timedelta(days=15)
OPENED: Final = "anju_cases"
_OPENED_LIFE = timedelta(days=180)
_MOST_OPENED = 20
_SALT = "anju.citizen.opened"


@dataclass(frozen=True, slots=True)
class Pass:
    """`fresh`: it still opens the case by itself."""

    number: str
    code: str
    fresh: bool = True


def seal_pass(number: str, code: str, at: datetime) -> str:
    told = json.dumps([number, code]).encode()
    return _lock().encrypt_at_time(told, int(at.timestamp())).decode().rstrip("=")


def open_pass(token: str, at: datetime) -> Pass | None:
    """Return what a token holds, None where it is none of ours."""
    padded = (token[:300] + "=" * (-len(token[:300]) % 4)).encode()
    try:
        number, code = json.loads(_lock().decrypt(padded))
        made = _lock().extract_timestamp(padded)
    except (InvalidToken, ValueError, TypeError):
        return None
    return Pass(number, code, fresh=made <= at.timestamp() < made + LIFE.total_seconds())


def visitor_of(request: HttpRequest) -> Visitor:
    return Visitor(neighbourhood_of(request), device_of(request), frozenset(opened_here(request)))


def remember_case(request: HttpRequest, response: HttpResponse, number: str) -> None:
    """Note on the device itself that it has opened this case, so that strangers who guess never lock it out."""
    numbers = [number, *(one for one in opened_here(request) if one != number)][:_MOST_OPENED]
    response.set_cookie(
        OPENED,
        signing.dumps(numbers, salt=_SALT, compress=True),
        max_age=_OPENED_LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/c/",
    )


def opened_here(request: HttpRequest) -> list[str]:
    """Return the numbers of the cases that this device has filed or opened."""
    try:
        return [str(one) for one in signing.loads(request.COOKIES[OPENED], salt=_SALT, max_age=_OPENED_LIFE)]
    except (KeyError, signing.BadSignature, ValueError, TypeError):
        return []


@cache
def _lock() -> Fernet:
    return Fernet(
        base64.urlsafe_b64encode(hashlib.sha256(f"anju.citizen.pass:{settings.SECRET_KEY}".encode()).digest())
    )

"""The cookie of a device: a signed note of who has signed in from it. It opens nothing; it only counts attempts apart."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "anju_device"
LIFE = timedelta(days=180)
MOST_PEOPLE = 12  # at one shared computer
_SALT = "anju.signin.device"

_Note = tuple[int, str]


def known_device(request: HttpRequest, person_id: int | None) -> str | None:
    """Return what this device is called in the counts of this person, if they have signed in from it before."""
    return next((nonce for person, nonce in _notes(request) if person == person_id), None)


def remember_device(request: HttpRequest, response: HttpResponse, person_id: int) -> None:
    """Note a sign-in. The name is new each time, so that a copied cookie and its owner's are counted apart."""
    others = [note for note in _notes(request) if note[0] != person_id]
    notes = [(person_id, secrets.token_urlsafe(12)), *others][:MOST_PEOPLE]
    response.set_cookie(
        COOKIE,
        signing.dumps(notes, salt=_SALT),
        max_age=LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/account/",
    )


def _notes(request: HttpRequest) -> list[_Note]:
    try:
        return [
            (int(person), str(nonce))
            for person, nonce in signing.loads(request.COOKIES[COOKIE], salt=_SALT, max_age=LIFE)
        ]
    except (KeyError, signing.BadSignature, ValueError, TypeError):
        return []

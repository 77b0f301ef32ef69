"""What a password must be: two named profiles, because the national standard and today's best knowledge disagree.

`djbh` is GB/T 22239-2019 (等级保护) 8.1.4.1 a): length, mixture and regular change. `asvs` is OWASP ASVS 5.0 chapter 6: length and
a list of what everybody uses, no mixture, no change without cause. 8.1.4.1 b) also wants a sign-in at rest ended, without saying after
how long: `idle` is our choice, and a parameter of the installation.
"""

import string
import unicodedata
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_LENGTH = 128
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # 31 signs, none of 0 O 1 l I
ONE_TIME_GROUPS = 4  # of four: 16 signs are 79 bits
ONE_TIME_LIFE = timedelta(days=7)  # paper lies about
_LEAST_OWN = 8  # what must be left of a password when the words everybody could guess are taken out
_EDGES = string.digits + string.punctuation + string.whitespace


@dataclass(frozen=True, slots=True)
class Profile:
    """`kinds`: how many of capital, small letter, digit and other sign; `max_age`: None where it need not be changed.

    `idle`: how long a sign-in may rest before it ends, where the installation does not say.
    """

    code: str
    least_length: int
    kinds: int
    max_age: timedelta | None
    idle: timedelta


PROFILES: dict[str, Profile] = {
    "djbh": Profile("djbh", least_length=10, kinds=3, max_age=timedelta(days=90), idle=timedelta(minutes=30)),
    "asvs": Profile("asvs", least_length=12, kinds=0, max_age=None, idle=timedelta(hours=2)),
}


def tidy_password(typed: str) -> str:
    """Return the password in NFKC: a Chinese input method may give full-width letters where another gives plain ones."""
    return unicodedata.normalize("NFKC", typed)


def weaknesses(password: str, *, profile: Profile, context: Iterable[str], common: Container[str]) -> tuple[str, ...]:
    """Return what is wrong with a tidied password: too_long, too_short, too_uniform, common, personal. Empty: it will do.

    `context` are words tied to the person or the place; `common` holds lower-case passwords that everybody uses.
    """
    if len(password) > MAX_LENGTH:
        return ("too_long",)
    found = {
        "too_short": len(password) < profile.least_length,
        "too_uniform": _kinds(password) < profile.kinds,
        "common": _is_common(password, common),
        "personal": _is_personal(password, context),
    }
    return tuple(code for code, applies in found.items() if applies)


def _kinds(password: str) -> int:
    tests = (str.isupper, str.islower, str.isdigit)
    plain = [any(test(sign) for sign in password) for test in tests]
    other = any(not any(test(sign) for test in tests) for sign in password)
    return sum(plain) + other


def _is_common(password: str, common: Container[str]) -> bool:
    """`Password123!` is `password` in its Sunday clothes."""
    lowered = password.casefold()
    return lowered in common or lowered.strip(_EDGES) in common or len(set(lowered)) < 4


def _is_personal(password: str, context: Iterable[str]) -> bool:
    left = password.casefold()
    for word in sorted((tidy_password(word).casefold() for word in context), key=len, reverse=True):
        if len(word) >= (2 if not word.isascii() else 3):
            left = left.replace(word, "")
    return left != password.casefold() and len(left) < _LEAST_OWN


def is_expired(profile: Profile, *, changed_at: datetime | None, at: datetime) -> bool:
    """Say whether a password must be changed because of its age. One that was never dated is not judged."""
    if profile.max_age is None or changed_at is None:
        return False
    return at - changed_at >= profile.max_age


def is_stale(*, must_change: bool, given_at: datetime | None, at: datetime) -> bool:
    """Say whether a password given by another, to be changed at first use, has lain unused too long."""
    return must_change and given_at is not None and at - given_at >= ONE_TIME_LIFE


def has_rested(*, seen_at: datetime, limit: timedelta, at: datetime) -> bool:
    """Say whether a sign-in must end because nothing was done with it for so long."""
    return at - seen_at >= limit

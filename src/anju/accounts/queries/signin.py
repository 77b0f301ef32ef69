"""What signing in needs to read: who a typed name means, from where a person is signed in, their second factor."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet

from anju.accounts.models import User
from anju.base.actor import Actor


def person_named(typed: str) -> User | None:
    """Return the person of a user name as typed, capitals aside. Compared twice, because a database may fold more letters."""
    found = [row for row in User.objects.filter(username__iexact=typed) if row.username.lower() == typed.lower()]
    return found[0] if len(found) == 1 else None


def own_sessions(actor: Actor, at: datetime) -> "QuerySet[UserSession]":
    """Return the actor's own sign-ins that still hold, the newest first."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at)
    mine: QuerySet[UserSession] = UserSession.objects.filter(Exists(alive), user_id=actor.user_id)
    return mine.order_by("-last_seen_at", "-id")


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """Whether a person has an authenticator app, and how many recovery codes they have left."""

    active: bool
    codes_left: int


def own_second_factor(actor: Actor) -> SecondFactor:
    rows = {row.type: row for row in Authenticator.objects.filter(user_id=actor.user_id)}
    codes = rows.get(Authenticator.Type.RECOVERY_CODES)
    left = len(codes.wrap().get_unused_codes()) if codes else 0
    return SecondFactor(active=Authenticator.Type.TOTP in rows, codes_left=left)

"""Ending sign-ins: one's own on another device, or everything of a person whose account is in danger."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef

from anju.accounts.models import User
from anju.base import audit
from anju.base.actor import Actor, Denied
from anju.rules.permissions import Permission


def end_sessions(*, actor: Actor, person: User, at: datetime) -> int:
    """Take back every sign-in of a person (收回登录); return how many there were."""
    actor.require(Permission.PERSON_RESET)
    return drop_sessions(actor=actor, person=person, at=at)


def end_other_sessions(*, actor: Actor, person: User, keep: str, at: datetime) -> int:
    """Take back one's own other sign-ins; `keep` is the key of the session in use."""
    if actor.user_id != person.pk:
        raise Denied(Permission.PERSON_RESET)
    return drop_sessions(actor=actor, person=person, keep=keep, at=at)


def end_own_session(*, actor: Actor, session: UserSession, at: datetime) -> None:
    """Take back one of one's own sign-ins."""
    if actor.user_id != session.user_id:
        raise Denied(Permission.PERSON_RESET)
    with transaction.atomic():
        Session.objects.filter(session_key=session.session_key).delete()
        person = session.user
        session.delete()
        audit.record(actor=actor, action="person.sessions_ended", subject=person, note={"ended": 1}, at=at)


def drop_sessions(*, actor: Actor, person: User, keep: str | None = None, at: datetime) -> int:
    """The part of a larger act that has asked for its own permission: disabling, resetting, changing a password.

    Reads every live session, so that none is missed that no list knows of.
    """
    with transaction.atomic():
        live = Session.objects.filter(expire_date__gt=at).exclude(session_key=keep or "")
        keys = [row.session_key for row in live.iterator() if _belongs(row, person)]
        UserSession.objects.filter(user=person).exclude(session_key=keep or "").delete()
        Session.objects.filter(session_key__in=keys).delete()
        if keys:
            audit.record(actor=actor, action="person.sessions_ended", subject=person, note={"ended": len(keys)}, at=at)
    return len(keys)


def forget_ended_sessions(*, actor: Actor, at: datetime) -> int:
    """Remove what the list of sign-ins keeps (address, browser) of sessions that are over."""
    live = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at)
    removed: int = UserSession.objects.filter(~Exists(live)).delete()[0]
    return removed


def _belongs(session: Session, person: User) -> bool:
    return session.get_decoded().get(SESSION_KEY) == str(person.pk)

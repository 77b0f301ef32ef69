"""Making, changing, disabling and enabling people who sign in."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from anju.accounts.models import User
from anju.accounts.services.passwords import is_administrator, one_time_password
from anju.accounts.services.posts import end_all_posts, is_last_holder
from anju.accounts.services.sessions import drop_sessions
from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.places.services.spelling import spell
from anju.rules.names import BadName, tidy_name
from anju.rules.passwords import tidy_password
from anju.rules.permissions import Permission
from anju.rules.phones import BadPhone, normalise_phone
from anju.rules.usernames import is_username

LONGEST_NAME, _LONGEST_PINYIN = 50, 200
_FIELDS = ("username", "name", "phone", "is_active")
_PERSONAL = frozenset({"username", "name", "phone"})


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A new person and their one-time password, which is stored nowhere and can be shown only now."""

    person: User
    password: str


def create_person(
    *, actor: Actor, name: str, username: str, phone: str = "", at: datetime, persona: bool = False
) -> Enrolment:
    """Make a person without any post. `persona` marks a person of the demo county."""
    actor.require(Permission.PERSON_EDIT)
    if not is_username(username):
        raise Refused("person.bad_username", username=username)
    password = one_time_password()
    person = User(username=username, persona=persona, created_at=at, password_changed_at=at)
    _describe(person, name, phone)
    person.set_password(tidy_password(password))
    with transaction.atomic():
        _insert(person)
        change = audit.difference({}, audit.snapshot(person, _FIELDS), personal=_PERSONAL)
        audit.record(actor=actor, action="person.created", subject=person, change=change, at=at)
    return Enrolment(person, password)


def edit_person(*, actor: Actor, person: User, name: str, phone: str | None, at: datetime) -> User:
    """Change the name and, unless it is None, the phone (empty: none any more). The username stays: the trail knows it."""
    actor.require(Permission.PERSON_EDIT)
    with transaction.atomic():
        person = locked_person(person)
        before = audit.snapshot(person, _FIELDS)
        _describe(person, name, person.phone if phone is None else phone)
        change = audit.difference(before, audit.snapshot(person, _FIELDS), personal=_PERSONAL)
        if change:
            person.save(update_fields=["name", "pinyin", "phone"])
            audit.record(actor=actor, action="person.edited", subject=person, change=change, at=at)
    return person


def reveal_phone(*, actor: Actor, person: User, reason: str, at: datetime) -> str:
    """Return the whole number; who asked, and why, stays in the trail."""
    actor.require(Permission.PERSON_REVEAL)
    if not reason.strip():
        raise Refused("person.reveal_reason")
    if not person.phone:
        raise Refused("person.no_phone", name=person.name)
    with transaction.atomic():
        audit.record(actor=actor, action="person.phone_revealed", subject=person, note={"reason": reason}, at=at)
    return person.phone


def disable_person(*, actor: Actor, person: User, reason: str, at: datetime, approved: bool = False) -> User:
    """Close an account: posts end today, every sign-in ends now. An administrator's needs two persons (`approved`)."""
    actor.require(Permission.PERSON_EDIT)
    if person.pk == actor.user_id:
        raise Refused("person.disable_own")
    with transaction.atomic():
        person = locked_person(person)
        if not person.is_active:
            raise Refused("person.already_disabled", name=person.name)
        if is_administrator(person, at):
            _refuse_to_disable_administrator(actor, person, at, approved)
        ended = end_all_posts(actor=actor, person=person, reason=reason, at=at)
        person.is_active = False
        person.save(update_fields=["is_active"])
        drop_sessions(actor=actor, person=person, at=at)
        note = {"reason": reason, "posts": [post.pk for post in ended]}
        audit.record(actor=actor, action="person.disabled", subject=person, note=note, at=at)
    return person


def enable_person(*, actor: Actor, person: User, at: datetime) -> User:
    """Open a closed account again. Posts do not come back, and the old password is from now on a one-time one."""
    actor.require(Permission.PERSON_EDIT)
    with transaction.atomic():
        person = locked_person(person)
        if person.is_active:
            raise Refused("person.already_enabled", name=person.name)
        person.is_active, person.must_change_password, person.password_changed_at = True, True, at
        person.save(update_fields=["is_active", "must_change_password", "password_changed_at"])
        audit.record(actor=actor, action="person.enabled", subject=person, at=at)
    return person


def locked_person(person: User) -> User:
    """Return the row as it stands now, kept for this transaction: acts about one person wait for each other."""
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _describe(person: User, name: str, phone: str) -> None:
    try:
        person.name = tidy_name(name, limit=LONGEST_NAME)
        person.phone = normalise_phone(phone)
    except BadName as bad:
        raise Refused("person.bad_name", limit=LONGEST_NAME) from bad
    except BadPhone as bad:
        raise Refused("person.bad_phone") from bad
    person.pinyin = spell(person.name).pinyin[:_LONGEST_PINYIN]


def _insert(person: User) -> None:
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as taken:
        raise Refused("person.username_taken", username=person.username) from taken


def _refuse_to_disable_administrator(actor: Actor, person: User, at: datetime, approved: bool) -> None:
    if not approved and actor.user_id is not None:
        raise Refused("person.disable_needs_two", name=person.name)
    if is_last_holder(person.pk, "system_admin", timezone.localdate(at)):
        raise Refused("person.last_system_admin", name=person.name)

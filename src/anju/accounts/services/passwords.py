"""Passwords and second factors: changing one's own, resetting another's."""

import secrets
from datetime import datetime
from functools import cache

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.db import transaction
from django.utils import timezone

from anju.accounts.models import Post, SignInCounter, User
from anju.accounts.queries.acting import held_on
from anju.accounts.services.sessions import drop_sessions
from anju.accounts.services.signin import counter_key
from anju.base import audit
from anju.base.actor import Actor, Denied, Refused
from anju.base.installation import installation
from anju.rules import passwords as rule
from anju.rules.permissions import Permission
from anju.rules.roles import ADMINISTRATORS


def profile_in_force() -> rule.Profile:
    return rule.PROFILES[settings.PASSWORD_PROFILE]


def refuse_stale(*, person: User, at: datetime) -> None:
    """Refuse a one-time password that was right but has lain unused too long. An administrator gives a new one."""
    if rule.is_stale(must_change=person.must_change_password, given_at=person.password_changed_at, at=at):
        raise Refused("signin.one_time_over", days=rule.ONE_TIME_LIFE.days)


def one_time_password() -> str:
    """Return a password to be read from paper or over the telephone and changed at first use."""
    groups = ("".join(secrets.choice(rule.READABLE) for _ in range(4)) for _ in range(rule.ONE_TIME_GROUPS))
    return "-".join(groups)


def weaknesses_of(password: str, person: User) -> tuple[str, ...]:
    """Ask the rule about a password for this person, under the profile in force."""
    county = installation()
    context = (
        person.username,
        person.name,
        person.pinyin,
        person.phone,
        county.county_name if county else "",
        "anju",
        "安居",
    )
    return rule.weaknesses(
        rule.tidy_password(password), profile=profile_in_force(), context=context, common=_common_passwords()
    )


@cache
def _common_passwords() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def change_password(*, actor: Actor, person: User, new: str, keep: str | None, at: datetime) -> None:
    """Change one's own password. The old one was asked by the door; `keep` is the session that goes on, all others end."""
    if actor.user_id != person.pk:
        raise Denied(Permission.PERSON_RESET)
    if weaknesses_of(new, person):
        raise Refused("password.weak")
    if person.check_password(rule.tidy_password(new)):
        raise Refused("password.unchanged")
    with transaction.atomic():
        _write(person, new, must_change=False, at=at)
        drop_sessions(actor=actor, person=person, keep=keep, at=at)
        audit.record(actor=actor, action="person.password_changed", subject=person, at=at)


def reset_password(*, actor: Actor, person: User, at: datetime, approved: bool = False) -> str:
    """Return a one-time password in place of a person's own, to be shown once; every sign-in of theirs ends.

    An administrator's is reset by two persons: `approved` says that a second one has agreed.
    """
    actor.require(Permission.PERSON_RESET)
    if actor.user_id == person.pk:
        raise Refused("password.reset_own")
    if not person.is_active:
        raise Refused("password.reset_inactive")
    if not approved and actor.user_id is not None and is_administrator(person, at):
        raise Refused("password.reset_needs_two")
    password = one_time_password()
    with transaction.atomic():
        _write(person, password, must_change=True, at=at)
        drop_sessions(actor=actor, person=person, at=at)
        SignInCounter.objects.filter(key=counter_key("account", person.username.lower())).delete()
        audit.record(actor=actor, action="person.password_reset", subject=person, at=at)
    return password


def remove_second_factor(*, actor: Actor, person: User, at: datetime) -> None:
    """Remove a lost second factor (解除二次验证). One's own is removed on one's own account page, with a code."""
    actor.require(Permission.PERSON_RESET)
    if actor.user_id == person.pk:
        raise Refused("password.factor_own")
    with transaction.atomic():
        removed, _ = Authenticator.objects.filter(user=person).delete()
        if not removed:
            raise Refused("password.factor_missing")
        drop_sessions(actor=actor, person=person, at=at)
        audit.record(actor=actor, action="person.second_factor_removed", subject=person, at=at)


def is_administrator(person: User, at: datetime) -> bool:
    """Say whether the person holds one of the three administrator posts on that day, or will."""
    day = timezone.localdate(at)
    posts = Post.objects.filter(user=person, role__in=ADMINISTRATORS)
    return posts.filter(held_on(day)).exists() or posts.filter(starts_on__gt=day).exists()


def _write(person: User, password: str, *, must_change: bool, at: datetime) -> None:
    person.set_password(rule.tidy_password(password))
    person.must_change_password = must_change
    person.password_changed_at = at
    person.save(update_fields=["password", "must_change_password", "password_changed_at"])

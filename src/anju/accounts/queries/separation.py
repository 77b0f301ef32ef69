"""Who holds the posts that keep duties apart, as they stand on a day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from anju.accounts.models import Post
from anju.accounts.queries.acting import held_on
from anju.base.actor import Actor
from anju.base.composed import composed
from anju.rules.permissions import Permission
from anju.rules.roles import ADMINISTRATORS, ROLES
from anju.rules.separation import Gap, Holding, gaps

_ROLES = (*ADMINISTRATORS, "bureau_officer", "bureau_reviewer")


@dataclass(frozen=True, slots=True)
class Check:
    """What the separation page shows: who holds each of the five posts, and what is missing."""

    holders: tuple[tuple[str, str, tuple[str, ...]], ...]
    gaps: tuple[Gap, ...]


def holdings_on(day: date) -> tuple[Holding, ...]:
    """Return the posts that count for separation of duties, of people who can sign in."""
    return tuple(Holding(*row) for row in _held(day))


@composed
def _held(day: date) -> "QuerySet[Any, Any]":
    rows = Post.objects.filter(held_on(day), role__in=_ROLES, user__is_active=True)
    return rows.order_by("id").values_list("user_id", "role")


def check_separation(actor: Actor, *, on: date) -> Check:
    """Return the check of the whole county, for those who may see its posts."""
    actor.require(Permission.POST_VIEW)
    rows = Post.objects.filter(held_on(on), role__in=_ROLES, user__is_active=True).order_by("user__pinyin", "id")
    held = [(user, name, role) for user, name, role in rows.values_list("user_id", "user__name", "role")]
    names = {role: tuple(dict.fromkeys(name for _, name, has in held if has == role)) for role in _ROLES}
    listed = [(code, role.name, names[code]) for code, role in ROLES.items() if code in _ROLES]
    return Check(tuple(listed), gaps([Holding(user, role) for user, _, role in held]))

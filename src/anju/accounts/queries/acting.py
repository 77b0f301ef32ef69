"""From a signed-in person and a day to the actor they are: asked at every request, so an ended post ends at once."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from anju.accounts.models import Post, User
from anju.base.actor import STRANGER, Actor
from anju.base.composed import composed
from anju.rules.posts import NOT_DELEGATED
from anju.rules.roles import ADMINISTRATORS, ROLES, STAND_IN, Reach, permissions_of
from anju.rules.scope import EVERYTHING, Scope


class _Held(NamedTuple):
    """A post somebody holds. `path` is that of its own division, `home_path` that of its organisation's."""

    pk: int
    role: str
    organisation: int
    organisation_name: str
    compound: int | None
    delegated_from: int | None
    path: str | None
    home_path: str

    @property
    def name(self) -> str:
        return f"{self.organisation_name} · {ROLES[self.role].name}"


_HELD = (
    "id",
    "role",
    "organisation_id",
    "organisation__name",
    "compound_id",
    "delegated_from_id",
    "division__path",
    "organisation__division__path",
)


def held_on(day: date) -> Q:
    """The condition that a post is held on `day`: begun, and not yet ended (the last day is the one before `ends_on`)."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=day))


def posts_held(user: int, day: date) -> "QuerySet[Post]":
    return Post.objects.filter(held_on(day), user=user).order_by("id")


@composed
def _held(user: int, day: date) -> "QuerySet[Any, Any]":
    return posts_held(user, day).values_list(*_HELD)


def actor_of(user: User | AnonymousUser, *, chosen_post: int | None, on: date) -> Actor:
    """Return the actor: in the chosen post if it is held on that day, else in the first one held, else without rights."""
    if not isinstance(user, User):
        return STRANGER
    held = [_Held(*row) for row in _held(user.pk, on)]
    post = next((post for post in held if post.pk == chosen_post), held[0] if held else None)
    if post is None:
        return Actor(user_id=user.pk, name=user.name)
    return _acting(user, post, on, tuple((each.pk, each.name) for each in held))


def actor_again(user: int | None, post: int | None, *, on: date) -> Actor:
    """Return the person in the post in which they asked for something that is done later, as it stands now."""
    return actor_of(User.objects.get(pk=user or 0), chosen_post=post, on=on)


def _acting(user: User, post: _Held, day: date, posts: tuple[tuple[int, str], ...]) -> Actor:
    vacant = vacancies(day) if post.role in ADMINISTRATORS else frozenset()
    permissions = permissions_of(post.role, vacant=vacant)
    delegated = post.delegated_from is not None
    return Actor(
        user_id=user.pk,
        name=user.name,
        post_id=post.pk,
        post_name=post.name + ("（代理）" if delegated else ""),
        role=post.role,
        organisation_id=post.organisation,
        permissions=permissions - NOT_DELEGATED if delegated else permissions,
        scope=_scope_of(post),
        posts=posts,
    )


def scopes_of_roles(roles: Iterable[str], day: date) -> list[tuple[int, Scope]]:
    """Return who holds one of these roles on `day` and can sign in, each with what that post sees."""
    rows = Post.objects.filter(held_on(day), role__in=roles, user__is_active=True).order_by("id")
    return [(user, _scope_of(_Held(*post))) for user, *post in rows.values_list("user_id", *_HELD)]


def vacancies(day: date) -> frozenset[str]:
    """Return the administrator roles that nobody holds on `day` and for which another stands in."""
    return frozenset(STAND_IN) - {role for (role,) in _stood_in(day)}


@composed
def _stood_in(day: date) -> "QuerySet[Any, Any]":
    filled = Post.objects.filter(held_on(day), role__in=STAND_IN.keys(), user__is_active=True)
    return filled.values_list("role")


def _scope_of(post: _Held) -> Scope:
    """Return what a post sees, from its role's reach and its place."""
    own = frozenset({post.organisation})
    match ROLES[post.role].reach:
        case Reach.COUNTY:
            return EVERYTHING
        case Reach.DIVISION:
            return Scope(divisions=(post.path or post.home_path,), organisations=own)
        case Reach.COMPOUND:
            return Scope(compounds=frozenset({post.compound} if post.compound else ()), organisations=own)
        case Reach.ORGANISATION:
            return Scope(organisations=own)

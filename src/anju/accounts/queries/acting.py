"""From a signed-in person and a day to the actor they are: computed at every request, so an ended post ends at once."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from anju.accounts.models import Post, User
from anju.base.actor import STRANGER, Actor
from anju.rules.posts import NOT_DELEGATED
from anju.rules.roles import ADMINISTRATORS, ROLES, STAND_IN, Reach, permissions_of
from anju.rules.scope import EVERYTHING, Scope


def held_on(day: date) -> Q:
    """The condition that a post is held on `day`: begun, and not yet ended (the last day is the one before `ends_on`)."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=day))


def posts_held(user: User, day: date) -> "QuerySet[Post]":
    rows = Post.objects.filter(held_on(day), user=user).order_by("id")
    return rows.select_related("organisation", "division", "compound", "organisation__division")


def actor_of(user: User | AnonymousUser, *, chosen_post: int | None, on: date) -> Actor:
    """Return the actor: in the chosen post if it is held on that day, else in the first one held, else without rights."""
    if not isinstance(user, User):
        return STRANGER
    held = list(posts_held(user, on))
    post = next((post for post in held if post.pk == chosen_post), held[0] if held else None)
    if post is None:
        return Actor(user_id=user.pk, name=user.name)
    return _acting(user, post, on, tuple((each.pk, name_of(each)) for each in held))


def name_of(post: Post) -> str:
    return f"{post.organisation.name} · {ROLES[post.role].name}"


def _acting(user: User, post: Post, day: date, posts: tuple[tuple[int, str], ...]) -> Actor:
    vacant = vacancies(day) if post.role in ADMINISTRATORS else frozenset()
    permissions = permissions_of(post.role, vacant=vacant)
    delegated = post.delegated_from_id is not None
    return Actor(
        user_id=user.pk,
        name=user.name,
        post_id=post.pk,
        post_name=name_of(post) + ("（代理）" if delegated else ""),
        role=post.role,
        organisation_id=post.organisation_id,
        permissions=permissions - NOT_DELEGATED if delegated else permissions,
        scope=scope_of(post),
        posts=posts,
    )


def vacancies(day: date) -> frozenset[str]:
    """Return the administrator roles that nobody holds on `day` and for which another stands in."""
    filled = Post.objects.filter(held_on(day), role__in=STAND_IN.keys(), user__is_active=True)
    return frozenset(STAND_IN) - set(filled.values_list("role", flat=True))


def scope_of(post: Post) -> Scope:
    """Return what a post sees, from its role's reach and its place."""
    own = frozenset({post.organisation_id})
    match ROLES[post.role].reach:
        case Reach.COUNTY:
            return EVERYTHING
        case Reach.DIVISION:
            place = post.division or post.organisation.division
            return Scope(divisions=(place.path,), organisations=own)
        case Reach.COMPOUND:
            return Scope(compounds=frozenset({post.compound_id} if post.compound_id else ()), organisations=own)
        case Reach.ORGANISATION:
            return Scope(organisations=own)

"""What an actor may see of the people: county offices everyone, a town its own, anybody else only themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from anju.accounts.models import Post, User
from anju.base.actor import Actor
from anju.rules.permissions import Permission
from anju.rules.phones import mask_phone
from anju.rules.roles import ROLES
from anju.rules.scope import Scope
from anju.rules.usernames import suggest_username

COLUMNS = ("name", "username", "phone", "is_active", "must_change_password")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A line of the list of people. `posts` are the posts held, as unit and role."""

    id: int
    name: str
    username: str
    phone: str
    is_active: bool
    must_change_password: bool
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spell:
    """A post in a person's record. `last_day` is the last day held; `state` is one of coming, held, over."""

    post: Post
    role: str
    place: str
    last_day: date | None
    state: str


def people_for(actor: Actor, *, on: date) -> "QuerySet[User]":
    oneself = Q(pk=actor.user_id)
    if not actor.may(Permission.PERSON_VIEW):
        return User.objects.filter(oneself)
    if actor.scope.everything:
        return User.objects.all()
    held = Post.objects.filter(within(actor.scope), ends_later(on), user=OuterRef("pk"))
    return User.objects.filter(oneself | Exists(held))


def within(scope: Scope) -> Q:
    """Posts at places that a scope sees."""
    found = Q(organisation__in=scope.organisations) | Q(compound__in=scope.compounds)
    for path in scope.divisions:
        found |= Q(organisation__division__path__startswith=path)
        found |= Q(division__path__startswith=path) | Q(compound__division__path__startswith=path)
    return found


def ends_later(day: date) -> Q:
    return Q(ends_on__isnull=True) | Q(ends_on__gt=day)


def find_people(actor: Actor, *, text: str, state: str, on: date) -> "QuerySet[User]":
    """People whose name, pinyin or user name holds `text`. `state`: active, disabled, without_post or empty for all."""
    rows = people_for(actor, on=on)
    if text:
        spelled = text.replace(" ", "").lower()
        rows = rows.filter(Q(name__contains=text) | Q(pinyin__istartswith=spelled) | Q(username__startswith=spelled))
    held = Post.objects.filter(ends_later(on), user=OuterRef("pk"))
    match state:
        case "active":
            rows = rows.filter(is_active=True)
        case "disabled":
            rows = rows.filter(is_active=False)
        case "without_post":
            rows = rows.filter(~Exists(held), is_active=True)
    return rows.order_by("pinyin", "id")


def person_rows(people: Iterable[Mapping[str, Any]], *, on: date) -> list[PersonRow]:
    """Return the lines of a page of people (values of `COLUMNS`), with their posts in one further query."""
    shown = list(people)
    posts: dict[int, list[str]] = {person["id"]: [] for person in shown}
    held = Post.objects.filter(ends_later(on), starts_on__lte=on, user__in=posts).order_by("id")
    for user, unit, role, given in held.values_list("user_id", "organisation__name", "role", "delegated_from"):
        posts[user].append(f"{unit} · {ROLES[role].name}{'（代理）' if given else ''}")
    return [_row(person, tuple(posts[person["id"]])) for person in shown]


def _row(person: Mapping[str, Any], posts: tuple[str, ...]) -> PersonRow:
    plain = {key: person[key] for key in ("id", "name", "username", "is_active", "must_change_password")}
    return PersonRow(**plain, phone=mask_phone(person["phone"]), posts=posts)


def record_of(person: User, *, on: date) -> list[Spell]:
    """Return all posts of a person, those held and coming first, then the past, latest first."""
    rows = Post.objects.filter(user=person).select_related(
        "organisation", "division", "compound", "delegated_from__user"
    )
    spells = [spell_of(post, on=on) for post in rows.order_by("-starts_on", "-id")]
    order = {"held": 0, "coming": 1, "over": 2}
    return sorted(spells, key=lambda spell: order[spell.state])


def spell_of(post: Post, *, on: date) -> Spell:
    place = post.compound or post.division
    last = post.ends_on - timedelta(days=1) if post.ends_on else None
    return Spell(post, ROLES[post.role].name, place.name if place else "", last, state_of(post, on=on))


def state_of(post: Post, *, on: date) -> str:
    if post.ends_on is not None and post.ends_on <= max(on, post.starts_on):
        return "over"
    return "held" if post.starts_on <= on else "coming"


def free_username(pinyin: str) -> str:
    """Return a user name that nobody has, from a person's name in pinyin."""
    start = suggest_username(pinyin, ())
    taken = frozenset(User.objects.filter(username__startswith=start).values_list("username", flat=True))
    return suggest_username(pinyin, taken)

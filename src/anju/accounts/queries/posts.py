"""What an actor may see of the posts: who holds which, where, and what stands empty."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from anju.accounts.models import Post, Proposal, User
from anju.accounts.queries.acting import held_on
from anju.accounts.queries.people import Spell, ends_later, spell_of, within
from anju.base.actor import Actor
from anju.places.models import Compound, Organisation
from anju.rules.permissions import Permission
from anju.rules.posts import COUNTY_WIDE, EXPECTED, vacant_roles
from anju.rules.roles import ROLES

_WITH = ("user", "organisation", "division", "compound", "delegated_from__user")
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Unit:
    """A body with its posts held or coming, and the roles it ought to have filled and has not."""

    organisation: Organisation
    spells: tuple[Spell, ...]
    vacant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """The name of somebody in post, as the pages of units and compounds show it."""

    name: str
    role: str
    delegated: bool


@dataclass(frozen=True, slots=True)
class Passing:
    """What passes over, or is left, when a post is handed over."""

    delegations: tuple[Post, ...]
    waiting: tuple[Proposal, ...]
    compounds: tuple[str, ...]


def posts_for(actor: Actor) -> "QuerySet[Post]":
    """All posts in scope, past ones too; one's own always."""
    rows = Post.objects.select_related(*_WITH)
    own = Q(user=actor.user_id)
    if not actor.may(Permission.POST_VIEW):
        return rows.filter(own)
    return rows if actor.scope.everything else rows.filter(within(actor.scope) | own)


def units_for(actor: Actor, *, text: str, show: str, on: date) -> "QuerySet[Organisation]":
    """Bodies in scope that have posts or ought to. `show`: vacant, delegated, ending, or empty for all."""
    if not actor.may(Permission.POST_VIEW):
        return Organisation.objects.none()
    rows = Organisation.objects.filter(ended_on__isnull=True)
    if not actor.scope.everything:
        rows = rows.filter(_bodies_within(actor))
    if text:
        spelled = text.replace(" ", "").lower()
        rows = rows.filter(
            Q(name__contains=text) | Q(pinyin__istartswith=spelled) | Q(aliases__name__contains=text)
        ).distinct()
    return rows.filter(_shown(show, on)).order_by("pinyin", "id")


def _bodies_within(actor: Actor) -> Q:
    found = Q(pk__in=actor.scope.organisations)
    for path in actor.scope.divisions:
        found |= Q(division__path__startswith=path)
    return found


def _shown(show: str, on: date) -> Q:
    posts = Post.objects.filter(ends_later(on), organisation=OuterRef("pk"))
    match show:
        case "vacant":
            return _vacant(on)
        case "delegated":
            return Q(Exists(posts.filter(delegated_from__isnull=False)))
        case "ending":
            return Q(Exists(posts.filter(ends_on__lte=on + SOON)))
    return Q(Exists(posts)) | Q(kind__in=EXPECTED)


def _vacant(on: date) -> Q:
    anywhere = Post.objects.filter(held_on(on), user__is_active=True)
    found = Q(pk__in=[])
    for kind, roles in EXPECTED.items():
        held = anywhere if kind in COUNTY_WIDE else anywhere.filter(organisation=OuterRef("pk"))
        for role in roles:
            found |= Q(~Exists(held.filter(role=role)), kind=kind)
    return found


def unit_rows(actor: Actor, organisations: list[Organisation], *, on: date) -> list[Unit]:
    """Return a page of bodies with their posts, in two further queries."""
    spells: dict[int, list[Spell]] = defaultdict(list)
    posts = posts_for(actor).filter(ends_later(on), organisation__in=organisations).order_by("role", "id")
    for post in posts:
        spells[post.organisation_id].append(spell_of(post, on=on))
    anywhere = frozenset(
        Post.objects.filter(held_on(on), user__is_active=True).values_list("role", flat=True).distinct()
    )
    return [_unit(organisation, tuple(spells[organisation.pk]), anywhere) for organisation in organisations]


def _unit(organisation: Organisation, spells: tuple[Spell, ...], anywhere: frozenset[str]) -> Unit:
    here = frozenset(spell.post.role for spell in spells if spell.state == "held" and spell.post.user.is_active)
    vacant = vacant_roles(organisation.kind, anywhere if organisation.kind in COUNTY_WIDE else here)
    return Unit(organisation, spells, tuple(ROLES[role].name for role in vacant))


def holders_of_unit(organisation: Organisation, *, on: date) -> list[Holder]:
    """Return the names in post at a body the actor was allowed to open. Names only: never a phone."""
    return _holders(Q(organisation=organisation), on)


def holders_of_compound(compound: Compound, *, on: date) -> list[Holder]:
    """Return the names in post for one compound the actor was allowed to open."""
    return _holders(Q(compound=compound), on)


def _holders(where: Q, on: date) -> list[Holder]:
    rows = Post.objects.filter(held_on(on), where, user__is_active=True).select_related("user").order_by("role", "id")
    return [Holder(row.user.name, ROLES[row.role].name, row.delegated_from_id is not None) for row in rows]


def colleagues(post: Post, *, on: date) -> "QuerySet[User]":
    """Those to whom a post can be delegated: in a post of their own in the same unit."""
    own = Post.objects.filter(
        held_on(on), user=OuterRef("pk"), organisation=post.organisation_id, delegated_from__isnull=True
    )
    return User.objects.filter(Exists(own), is_active=True).exclude(pk=post.user_id).order_by("pinyin", "id")


def delegations_for(actor: Actor) -> "QuerySet[Post]":
    """Delegations the actor gave or holds; and all in scope for whoever appoints."""
    own = Q(user=actor.user_id) | Q(delegated_from__user=actor.user_id)
    rows = Post.objects.filter(delegated_from__isnull=False).select_related(*_WITH)
    if actor.may(Permission.POST_APPOINT) and actor.scope.everything:
        return rows
    return rows.filter(own)


def passing_of(post: Post, *, on: date) -> Passing:
    """Return what passes over with a post on the day `on`, and what cannot."""
    delegations = Post.objects.filter(delegated_from=post, ends_on__gt=on).select_related("user", "organisation")
    waiting = Proposal.objects.filter(proposed_post=post, state=Proposal.State.WAITING).order_by("id")
    compounds = [post.compound.name] if post.compound else []
    return Passing(tuple(delegations.order_by("id")), tuple(waiting), tuple(compounds))


def successor_of(post: Post) -> Post | None:
    """Return the post that took this one over: same role and place, begun on the day it ended."""
    if post.ends_on is None:
        return None
    same = Post.objects.filter(
        role=post.role,
        organisation=post.organisation_id,
        division=post.division_id,
        compound=post.compound_id,
        starts_on=post.ends_on,
        delegated_from__isnull=True,
    )
    return same.exclude(pk=post.pk).select_related("user", "appointed_by").order_by("id").first()

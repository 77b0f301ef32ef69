"""What is released where, by whom, since when; what waits for a reviewer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from anju.accounts.queries.acting import scopes_of_roles
from anju.base.actor import Actor
from anju.disclosure.models import Release, ReleaseProposal, Revocation
from anju.disclosure.queries.policy import disclosure_here
from anju.places.models import Compound
from anju.places.queries.scoped import compounds_for
from anju.registry.models import Indicator
from anju.rules.disclosure import Bar, Item, may_be_released
from anju.rules.permissions import Permission
from anju.rules.roles import ROLES

IN_FORCE = ~Exists(Revocation.objects.filter(release=OuterRef("pk")))
_REVIEWERS = tuple(code for code, role in ROLES.items() if Permission.RELEASE_GRANT in role.permissions)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An indicator as far as releasing it goes. `bars`: what forbids it."""

    indicator: Indicator
    bars: tuple[Bar, ...]


def item_of(indicator: Indicator) -> Item:
    return Item(indicator.code, indicator.type, indicator.public, ended=indicator.ended_on is not None)


def candidates(actor: Actor) -> list[Candidate]:
    """Return every indicator of today with what forbids releasing it, in the policy's order."""
    if not actor.may(Permission.RELEASE_VIEW):
        return []
    complaint = disclosure_here().complaint_item
    rows = Indicator.objects.filter(ended_on__isnull=True)
    return [Candidate(row, may_be_released(item_of(row), complaint_item=complaint)) for row in rows]


def releases_for(actor: Actor) -> "QuerySet[Release]":
    """Return the releases that concern places the actor sees: those of the county, and those of divisions above or below."""
    if not actor.may(Permission.RELEASE_VIEW):
        return Release.objects.none()
    if actor.scope.everything:
        return Release.objects.all()
    seen = compounds_for(actor)
    above = Q(pk__in=[])
    for path in actor.scope.divisions:
        steps = [int(step) for step in path.split("/") if step]
        above |= Q(division__in=steps) | Q(division__path__startswith=path)
    return Release.objects.filter(Q(compound__in=seen.values("id")) | above)


def releases_in_force(actor: Actor) -> "QuerySet[Release]":
    rows = releases_for(actor).filter(IN_FORCE)
    return rows.select_related("indicator", "division", "compound", "verdict__by", "verdict__proposal").order_by(
        "indicator__position", "id"
    )


def releases_ended(actor: Actor) -> "QuerySet[Release]":
    rows = releases_for(actor).filter(~IN_FORCE)
    return rows.select_related("indicator", "division", "compound", "revocation__by", "verdict__by").order_by(
        "-revocation__at"
    )


def proposals_for(actor: Actor) -> "QuerySet[ReleaseProposal]":
    if not (actor.may(Permission.RELEASE_PROPOSE) or actor.may(Permission.RELEASE_GRANT)):
        return ReleaseProposal.objects.none()
    return ReleaseProposal.objects.select_related("division", "compound", "by", "verdict__by")


def waiting_proposals(actor: Actor) -> "QuerySet[ReleaseProposal]":
    return proposals_for(actor).filter(verdict__isnull=True)


def indicators_named(codes: Iterable[str]) -> list[Indicator]:
    return list(Indicator.objects.filter(code__in=list(codes)))


def covering(compound: Compound) -> Q:
    """The condition of a release that reaches this compound."""
    above = [int(step) for step in compound.division.path.split("/") if step]
    return Q(compound=compound) | Q(division__in=above)


def other_reviewer_exists(*, apart: int | None, on: date) -> bool:
    """Tell whether somebody else could decide: then nobody decides what they proposed themselves."""
    return any(user != apart for user, _ in scopes_of_roles(_REVIEWERS, on))

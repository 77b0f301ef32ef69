"""Letting something be public and taking it back. 政府信息公开条例 第十七条: examined by a named person before, in a set order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.disclosure.models import Release, ReleaseProposal, ReleaseVerdict, Revocation
from anju.disclosure.queries.policy import disclosure_here
from anju.disclosure.queries.releases import (
    IN_FORCE,
    indicators_named,
    item_of,
    other_reviewer_exists,
    proposals_for,
    releases_for,
)
from anju.places.models import Compound, Division
from anju.places.services.reach import locked_compounds, locked_division
from anju.registry.models import Indicator
from anju.rules.disclosure import may_be_released
from anju.rules.permissions import Permission


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is to be public: in a division with all below it, or in one compound. Exactly one of the two."""

    division: Division | None = None
    compound: Compound | None = None

    @property
    def name(self) -> str:
        return self.compound.name if self.compound else self.division.name if self.division else ""


@transaction.atomic
def propose_release(*, actor: Actor, place: Place, items: Sequence[str], basis: str, at: datetime) -> ReleaseProposal:
    """Ask that these indicators (codes) be public in a place, saying what was examined and by which provision."""
    actor.require(Permission.RELEASE_PROPOSE)
    by, post = _named(actor)
    if not basis.strip():
        raise Refused("release.basis_missing")
    indicators = _allowed(items)
    _lock(actor, Permission.RELEASE_PROPOSE, place)
    _refuse_if_public(place, indicators)
    row = ReleaseProposal.objects.create(
        division=place.division,
        compound=place.compound,
        items=[indicator.code for indicator in indicators],
        basis=basis.strip(),
        by_id=by,
        by_post=post,
        at=at,
    )
    note: dict[str, object] = {"indicators": row.items, "place": place.name, "basis": row.basis}
    audit.record(actor=actor, action="release.proposed", subject=row, note=note, at=at)
    return row


@transaction.atomic
def decide_release(
    *, actor: Actor, proposal: ReleaseProposal, agreed: bool, reason: str = "", at: datetime
) -> ReleaseVerdict:
    """Agree to a proposal, which makes its items public from now on, or send it back with a reason. Once.

    Nobody decides what they proposed where another reviewer could; where there is none, the verdict says so (`alone`).
    """
    actor.require(Permission.RELEASE_GRANT)
    row = proposals_for(actor).filter(pk=proposal.pk).first()
    if row is None or hasattr(row, "verdict"):
        raise Refused("release.decided")
    if not agreed and not reason.strip():
        raise Refused("release.reason_missing")
    alone = row.by_id == actor.user_id
    if alone and other_reviewer_exists(apart=actor.user_id, on=timezone.localdate(at)):
        raise Refused("release.own")
    verdict = _verdict(actor, row, agreed=agreed, reason=reason.strip(), alone=alone, at=at)
    if agreed:
        _release(actor, row, verdict)
    note: dict[str, object] = {"indicators": row.items, "reason": verdict.reason, "alone": alone}
    if agreed:
        audit.record(actor=actor, action="release.granted", subject=row, note=note, at=at)
    else:
        audit.record(actor=actor, action="release.rejected", subject=row, note=note, at=at)
    return verdict


@transaction.atomic
def revoke_releases(*, actor: Actor, releases: Sequence[Release], reason: str, at: datetime) -> list[Revocation]:
    """End releases: the next page anybody opens shows them no more. All of them or none."""
    actor.require(Permission.RELEASE_REVOKE)
    if not reason.strip():
        raise Refused("release.reason_missing")
    rows = list(releases_for(actor).filter(IN_FORCE, pk__in=[row.pk for row in releases]).select_related("indicator"))
    if not rows or len(rows) != len(releases):
        raise Refused("release.gone")
    by, post = _named(actor)
    made = [Revocation(release=row, reason=reason.strip(), by_id=by, by_post=post, at=at) for row in rows]
    try:
        with transaction.atomic():
            Revocation.objects.bulk_create(made)
    except IntegrityError:
        raise Refused("release.gone") from None
    note: dict[str, object] = {
        "indicators": [row.indicator.code for row in rows],
        "releases": [row.pk for row in rows],
        "reason": reason.strip(),
    }
    audit.record(actor=actor, action="release.revoked", subject=rows[0], note=note, at=at)
    return made


def _named(actor: Actor) -> tuple[int, int]:
    """What is public is decided by persons in a post, never by the system."""
    if actor.user_id is None or actor.post_id is None:
        raise Refused("release.needs_a_person")
    return actor.user_id, actor.post_id


def _verdict(
    actor: Actor, proposal: ReleaseProposal, *, agreed: bool, reason: str, alone: bool, at: datetime
) -> ReleaseVerdict:
    """Two who decide at the same moment: the second is told."""
    by, post = _named(actor)
    made = ReleaseVerdict(
        proposal=proposal,
        agreed=agreed,
        reason=reason,
        by_id=by,
        by_post=post,
        at=at,
        alone=alone,
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise Refused("release.decided") from None
    return made


def _release(actor: Actor, proposal: ReleaseProposal, verdict: ReleaseVerdict) -> None:
    """What was allowed when it was proposed must still be allowed, and the place must still be there."""
    place = Place(proposal.division, proposal.compound)
    indicators = _allowed(proposal.items)
    _lock(actor, Permission.RELEASE_GRANT, place)
    _refuse_if_public(place, indicators)
    Release.objects.bulk_create(
        Release(verdict=verdict, indicator=indicator, division=place.division, compound=place.compound)
        for indicator in indicators
    )


def _allowed(codes: Sequence[str]) -> list[Indicator]:
    """Return the indicators of these codes, or refuse with the names of those that may not be public."""
    rows = indicators_named(codes)
    if not rows or len(rows) != len(set(codes)):
        raise Refused("release.nothing_chosen")
    complaint = disclosure_here().complaint_item
    barred = [row.name for row in rows if may_be_released(item_of(row), complaint_item=complaint)]
    if barred:
        raise Refused("release.not_allowed", items="、".join(barred))
    return rows


def _lock(actor: Actor, permission: Permission, place: Place) -> None:
    """Two proposals for one place stand in a line; a place that ended takes none."""
    if place.compound:
        locked_compounds(actor, permission, place.compound.pk)
    elif place.division:
        locked_division(actor, permission, place.division.pk)


def _refuse_if_public(place: Place, indicators: Sequence[Indicator]) -> None:
    there = Release.objects.filter(
        IN_FORCE, division=place.division, compound=place.compound, indicator__in=indicators
    ).values_list("indicator__name", flat=True)
    if named := "、".join(sorted(there)):
        raise Refused("release.already", items=named, place=place.name)

"""What an actor may see of the acts that need two persons, and what they may do about each."""

import hashlib

from django.db.models import Q, QuerySet

from anju.accounts.models import Proposal
from anju.base.actor import Actor
from anju.rules.chain import canonical
from anju.rules.permissions import Permission


def proposals_for(actor: Actor) -> "QuerySet[Proposal]":
    """One's own; and for those who see the posts of the whole county, all of them."""
    rows = Proposal.objects.select_related("proposed_by", "decided_by", "proposed_post__organisation")
    if actor.may(Permission.POST_VIEW) and actor.scope.everything:
        return rows
    return rows.filter(Q(proposed_by=actor.user_id))


def waiting_for(actor: Actor, acts: frozenset[str]) -> "QuerySet[Proposal]":
    """Those of these acts that wait for somebody else than their proposer: the actor, if theirs is to decide."""
    waiting = proposals_for(actor).filter(state=Proposal.State.WAITING, act__in=acts)
    return waiting.exclude(proposed_by=actor.user_id)


def digest_of(proposal: Proposal) -> str:
    """Return what the second person signs: a digest of exactly what the page shows."""
    shown = {
        "id": proposal.pk,
        "act": proposal.act,
        "payload": proposal.payload,
        "reason": proposal.reason,
        "by": proposal.proposed_by_id,
        "post": proposal.proposed_post_id,
    }
    return hashlib.sha256(canonical(shown).encode()).hexdigest()

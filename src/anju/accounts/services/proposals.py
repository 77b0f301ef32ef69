"""Two-person acts (双人办理): one proposes, another reads exactly that and decides, and approving carries it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hmac import compare_digest
from typing import Any

from django.db import transaction
from django.utils import timezone

from anju.accounts.acts import ACTS, Act, Touched
from anju.accounts.models import Proposal
from anju.accounts.queries.acting import actor_of
from anju.accounts.queries.proposals import digest_of
from anju.accounts.queries.recusals import recused_users
from anju.accounts.queries.separation import holdings_on
from anju.base import audit
from anju.base.actor import Actor, Denied, Refused
from anju.rules.permissions import Permission
from anju.rules.separation import DECIDERS, deciders, has_two_persons


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """A proposal that was carried out, with what its service returned: a new post, a one-time password ..."""

    proposal: Proposal
    result: object


@dataclass(frozen=True, slots=True)
class Seconds:
    """Who can be the second person for an act, and whether the county has two persons for it at all."""

    users: frozenset[int]
    possible: bool


_DECIDED = {
    Proposal.State.APPROVED: "proposal.approved",
    Proposal.State.REJECTED: "proposal.rejected",
    Proposal.State.WITHDRAWN: "proposal.withdrawn",
}


class _Rehearsed(Exception):
    """Ends a rehearsal: everything it wrote is undone."""


def propose(*, actor: Actor, act: str, payload: Mapping[str, Any], reason: str, at: datetime) -> Proposal:
    """Ask for a two-person act. It is tried out and undone at once, so that what cannot be done is refused here already."""
    spec, payload = ACTS[act], {**payload, "reason": reason}
    actor.require(spec.permission)
    with transaction.atomic():
        stored = {"args": payload, "facts": spec.facts(payload)}
        _refuse_proposer(actor, spec, payload, timezone.localdate(at))
        if Proposal.objects.filter(state=Proposal.State.WAITING, act=act, payload=stored).exists():
            raise Refused("proposal.already_waiting")
        _rehearse(actor, spec, payload, at)
        row = Proposal(act=act, payload=stored, reason=reason, proposed_at=at)
        row.proposed_by_id, row.proposed_post_id = _person_and_post(actor)
        row.save(force_insert=True)
        audit.record(actor=actor, action="proposal.proposed", subject=row, note={"act": act, "reason": reason}, at=at)
    return row


def approve(*, actor: Actor, proposal: Proposal, digest: str, at: datetime) -> CarriedOut:
    """Agree, as the second person, to what the page showed (`digest`), and carry it out in the same transaction."""
    actor.require(Permission.PROPOSAL_DECIDE)
    with transaction.atomic():
        row, spec = _locked_waiting(proposal)
        _refuse_decider(actor, row, spec, timezone.localdate(at))
        _refuse_unless_shown(row, spec, digest)
        _decide(actor, row, Proposal.State.APPROVED, "", at)
        return CarriedOut(row, _carry_out(row, spec, at))


def reject(*, actor: Actor, proposal: Proposal, reason: str, at: datetime) -> Proposal:
    """Send back, as the second person, with the reason."""
    actor.require(Permission.PROPOSAL_DECIDE)
    if not reason.strip():
        raise Refused("proposal.reject_reason")
    with transaction.atomic():
        row, spec = _locked_waiting(proposal)
        _refuse_decider(actor, row, spec, timezone.localdate(at))
        _decide(actor, row, Proposal.State.REJECTED, reason, at)
    return row


def withdraw(*, actor: Actor, proposal: Proposal, at: datetime) -> Proposal:
    """Take back one's own proposal before it is decided."""
    with transaction.atomic():
        row, _ = _locked_waiting(proposal)
        if row.proposed_by_id != actor.user_id:
            raise Denied(Permission.PROPOSAL_DECIDE)
        _decide(actor, row, Proposal.State.WITHDRAWN, "", at)
    return row


def carry_out_alone(*, actor: Actor, proposal: Proposal, digest: str, at: datetime) -> CarriedOut:
    """Carry out one's own proposal because the county has no second person for it (单人办理). The trail says so for good."""
    with transaction.atomic():
        row, spec = _locked_waiting(proposal)
        if row.proposed_by_id != actor.user_id:
            raise Denied(spec.permission)
        actor.require(spec.permission)
        if seconds_for(spec, row.payload["args"], proposer=row.proposed_by_id, on=timezone.localdate(at)).possible:
            raise Refused("proposal.second_exists")
        _refuse_unless_shown(row, spec, digest)
        row.alone = True
        _decide(actor, row, Proposal.State.APPROVED, "", at)
        return CarriedOut(row, _carry_out(row, spec, at))


def seconds_for(act: Act, payload: Mapping[str, Any], *, proposer: int, on: date) -> Seconds:
    """Return who can decide this act today."""
    held, apart = holdings_on(on), _apart(act, payload, on)
    users = deciders(act.area, held, proposer=proposer, apart=apart)
    return Seconds(users, has_two_persons(act.permission, act.area, held, apart=apart))


def may_decide(actor: Actor, proposal: Proposal, *, on: date) -> bool:
    """Say whether the actor, in the post they act in, can be the second person for a waiting proposal."""
    act = ACTS[proposal.act]
    if not actor.may(Permission.PROPOSAL_DECIDE) or actor.role not in DECIDERS[act.area]:
        return False
    apart = _apart(act, proposal.payload["args"], on) | {proposal.proposed_by_id}
    return proposal.state == Proposal.State.WAITING and actor.user_id not in apart


def _apart(act: Act, payload: Mapping[str, Any], on: date) -> frozenset[int]:
    touched = act.touches(payload)
    return touched.people | _recused(touched, on)


def _recused(touched: Touched, on: date) -> frozenset[int]:
    return recused_users(organisations=touched.organisations, compounds=touched.compounds, on=on)


def _person_and_post(actor: Actor) -> tuple[int, int]:
    if actor.user_id is None or actor.post_id is None:
        raise Denied(Permission.PROPOSAL_DECIDE)
    return actor.user_id, actor.post_id


def _refuse_proposer(actor: Actor, act: Act, payload: Mapping[str, Any], on: date) -> None:
    if actor.user_id in _recused(act.touches(payload), on):
        raise Refused("proposal.recused")
    seconds = seconds_for(act, payload, proposer=_person_and_post(actor)[0], on=on)
    if seconds.possible and not seconds.users:
        raise Refused("proposal.let_another_propose")


def _refuse_decider(actor: Actor, row: Proposal, act: Act, on: date) -> None:
    if actor.role not in DECIDERS[act.area]:
        raise Denied(Permission.PROPOSAL_DECIDE)
    if actor.user_id == row.proposed_by_id:
        raise Refused("proposal.decide_own")
    if actor.user_id in _apart(act, row.payload["args"], on):
        raise Refused("proposal.decide_about_oneself")


def _refuse_unless_shown(row: Proposal, act: Act, digest: str) -> None:
    """What is approved is what was read, and what was read still holds."""
    if not compare_digest(digest.encode(), digest_of(row).encode()):
        raise Refused("proposal.not_what_was_shown")
    if act.facts(row.payload["args"]) != row.payload["facts"]:
        raise Refused("proposal.changed")


def _locked_waiting(proposal: Proposal) -> tuple[Proposal, Act]:
    row = Proposal.objects.select_for_update(of=("self",)).select_related("proposed_by").get(pk=proposal.pk)
    if row.state != Proposal.State.WAITING:
        raise Refused("proposal.decided", state=row.get_state_display())
    return row, ACTS[row.act]


def _decide(actor: Actor, row: Proposal, state: Proposal.State, reason: str, at: datetime) -> None:
    row.state, row.decided_by_id, row.decided_at, row.decision_reason = state, _person_and_post(actor)[0], at, reason
    row.save(update_fields=["state", "decided_by", "decided_at", "decision_reason", "alone"])
    note: dict[str, object] = {"act": row.act, "proposed_by": row.proposed_by_id, "reason": reason}
    if row.alone:
        note["alone"] = True
    audit.record(actor=actor, action=_DECIDED[state], subject=row, note=note, at=at)


def _carry_out(row: Proposal, act: Act, at: datetime) -> object:
    """Do it with the proposer's rights as they are now: a proposal dies with the post it was made in."""
    proposer = actor_of(row.proposed_by, chosen_post=row.proposed_post_id, on=timezone.localdate(at))
    stays = row.proposed_by.is_active and proposer.post_id == row.proposed_post_id
    if not stays or not proposer.may(act.permission):
        raise Refused("proposal.proposer_left", name=row.proposed_by.name)
    return act.carry_out(proposer, row.payload["args"], at)


def _rehearse(actor: Actor, act: Act, payload: Mapping[str, Any], at: datetime) -> None:
    try:
        with transaction.atomic():
            act.carry_out(actor, payload, at)
            raise _Rehearsed
    except _Rehearsed:
        return

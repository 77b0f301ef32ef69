"""Matters edited by the bureau: every change a new version with its reason and document, routes confirmed by a named officer.

Of two who edit at once the first wins and the other is told: whoever changes a matter says which version he saw.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.cases.models import Matter, MatterConfirmation, MatterOffer, MatterVersion
from anju.cases.queries.catalogue import OTHER, catalogue_in_force, workflow_in_force
from anju.cases.queries.matters import REVIEWER, other_deciders, pending_offer, who_made_the_route
from anju.cases.services.matter_versions import Why, begin_matter, confirm_version, last_position, write_version
from anju.rules.cases.matter_changes import beyond, faults, plain, read_plain
from anju.rules.cases.matters import Matter as MatterRow
from anju.rules.names import BadName, tidy_name
from anju.rules.permissions import Permission

MOST_REASON: Final = 200
MOST_CITE: Final = 100
MOST_AT_ONCE: Final = 100
_Change = MatterVersion.Change


@transaction.atomic
def edit_matter(
    *, actor: Actor, matter: Matter, row: MatterRow, based_on: int, reason: str, cite: str, at: datetime
) -> MatterVersion:
    """Write what a matter shall say from now on. Cases that run keep what they were filed under."""
    actor.require(Permission.MATTER_EDIT)
    why, held = _why(actor, reason, cite, at), _locked(matter, based_on)
    told = _checked(replace(row, code=held.code))
    if held.ended_on is not None:
        raise Refused("matter.retired", name=held.name)
    if plain(told) == held.body:
        raise Refused("matter.unchanged")
    done = write_version(held, _Change.EDITED, told, why, auto=held.auto)
    _note(done, why, action="matter.edited")
    return done


@transaction.atomic
def add_matter(*, actor: Actor, row: MatterRow, reason: str, cite: str, at: datetime) -> MatterVersion:
    """Add a matter that neither the plan nor the file has. Its route waits to be confirmed like any other."""
    actor.require(Permission.MATTER_EDIT)
    why, told = _why(actor, reason, cite, at), _checked(row)
    if Matter.objects.filter(code=told.code).exists():
        raise Refused("matter.code_taken", taken=told.code)
    done = write_version(begin_matter(told, last_position() + 1), _Change.ADDED, told, why)
    _note(done, why, action="matter.added")
    return done


@transaction.atomic
def retire_matter(
    *, actor: Actor, matter: Matter, based_on: int, reason: str, cite: str, at: datetime
) -> MatterVersion:
    """Let nothing new be filed under a matter. What runs goes on."""
    actor.require(Permission.MATTER_EDIT)
    why, held = _why(actor, reason, cite, at), _locked(matter, based_on)
    if held.ended_on is not None:
        raise Refused("matter.retired", name=held.name)
    if held.code == OTHER:
        raise Refused("matter.needed", name=held.name)
    done = write_version(held, _Change.RETIRED, read_plain(held.body), why, retired=True)
    _note(done, why, action="matter.retired")
    return done


@transaction.atomic
def restore_matter(
    *, actor: Actor, matter: Matter, based_on: int, reason: str, cite: str, at: datetime
) -> MatterVersion:
    """Take a retired matter up again as it was."""
    actor.require(Permission.MATTER_EDIT)
    why, held = _why(actor, reason, cite, at), _locked(matter, based_on)
    if held.ended_on is None:
        raise Refused("matter.not_retired", name=held.name)
    done = write_version(held, _Change.RESTORED, read_plain(held.body), why)
    _note(done, why, action="matter.restored")
    return done


@transaction.atomic
def switch_route(
    *, actor: Actor, matter: Matter, on: bool, based_on: int, reason: str, cite: str, at: datetime
) -> MatterVersion:
    """Let the system dispatch by a confirmed route, or leave it to a person again."""
    actor.require(Permission.MATTER_EDIT)
    why, held = _why(actor, reason, cite, at), _locked(matter, based_on)
    if on and (held.ended_on is not None or not held.confirmed):
        raise Refused("matter.not_confirmed", name=held.name)
    if held.auto == on:
        raise Refused("matter.unchanged")
    change = _Change.AUTO_ON if on else _Change.AUTO_OFF
    done = write_version(held, change, read_plain(held.body), why, auto=on)
    _note(done, why, action="matter.switched")
    return done


@transaction.atomic
def answer_offer(
    *, actor: Actor, offer: MatterOffer, take: bool, based_on: int, reason: str, cite: str, at: datetime
) -> MatterVersion:
    """Take over what a newer policy file says of a matter that the bureau had edited, or keep the bureau's. Both are versions."""
    actor.require(Permission.MATTER_EDIT)
    why, held = _why(actor, reason, cite, at), _locked(offer.matter, based_on)
    if pending_offer(held) != offer:
        raise Refused("matter.offer_answered")
    row, retired = read_plain(held.body), held.ended_on is not None
    if take:
        row, retired = (read_plain(offer.body) if offer.body else row), offer.body is None
    if retired and held.code == OTHER:
        raise Refused("matter.needed", name=held.name)
    change = _Change.TAKEN if take else _Change.KEPT
    done = write_version(held, change, row, why, retired=retired, auto=held.auto, offer=offer)
    if take:
        _note(done, why, action="matter.offer_taken")
    else:
        _note(done, why, action="matter.offer_kept")
    return done


@transaction.atomic
def confirm_routes(
    *, actor: Actor, routes: Mapping[int, int], reason: str, cite: str, at: datetime
) -> list[MatterConfirmation]:
    """Confirm matters by id, each at the version that was read: all of them or none. Nobody confirms alone what another could."""
    actor.require(Permission.MATTER_CONFIRM)
    why = _why(actor, reason, cite, at)
    if not routes:
        raise Refused("matter.none_chosen")
    if len(routes) > MOST_AT_ONCE:
        raise Refused("matter.too_many", limit=MOST_AT_ONCE)
    rows = Matter.objects.select_for_update().filter(pk__in=routes).order_by("pk")
    done = [_confirmed(row, routes[row.pk], why) for row in rows]
    note = {"matters": "、".join(one.matter.code for one in done), "alone": any(one.alone for one in done)}
    audit.record(actor=actor, action="matter.confirmed", note={**note, "cite": why.cite, "reason": why.reason}, at=at)
    return done


def _confirmed(held: Matter, seen: int, why: Why) -> MatterConfirmation:
    if held.version != seen:
        raise Refused("matter.changed", name=held.name)
    if held.ended_on is not None:
        raise Refused("matter.retired", name=held.name)
    if held.confirmed:
        raise Refused("matter.already_confirmed", name=held.name)
    alone = _is_alone(held, why)
    version = MatterVersion.objects.get(matter=held, version=held.version)
    version.matter = held
    return confirm_version(version, why, alone=alone)


def _is_alone(held: Matter, why: Why) -> bool:
    """A reviewer confirms, and not what is his own; where the county has nobody else for it, one does it alone and that is kept."""
    others = other_deciders(why.actor, timezone.localdate(why.at))
    own, reviews = why.actor.user_id == who_made_the_route(held), why.actor.role == REVIEWER
    if own and others:
        raise Refused("matter.confirm_own", name=held.name)
    if not reviews and others:
        raise Refused("matter.let_a_reviewer", name=held.name)
    return own or not reviews


def _locked(matter: Matter, based_on: int) -> Matter:
    held = Matter.objects.select_for_update().get(pk=matter.pk)
    if held.version != based_on:
        raise Refused("matter.changed", name=held.name)
    return held


def _why(actor: Actor, reason: str, cite: str, at: datetime) -> Why:
    """Both are asked: why, and by which document or decision."""
    try:
        return Why(actor, tidy_name(reason, limit=MOST_REASON), tidy_name(cite, limit=MOST_CITE), at)
    except BadName as bad:
        raise Refused("matter.why_unsaid", reason=MOST_REASON, cite=MOST_CITE) from bad


def _checked(row: MatterRow) -> MatterRow:
    """Return the matter with what the plan's list lacks worked out, held to the law of the policy file."""
    catalogue = catalogue_in_force()
    told = replace(row, beyond=beyond(row.lead, row.joint, catalogue.items.get(row.item, ())))
    found = faults(
        told,
        units=catalogue.units,
        items=catalogue.items,
        types=workflow_in_force().types,
        circumstances=catalogue.circumstances,
    )
    if found:
        raise Refused("matter.faulty", why="".join(found)[:500])
    return told


def _note(done: MatterVersion, why: Why, *, action: str) -> None:
    note: dict[str, Any] = {"code": done.matter.code, "version": done.version, "reason": why.reason, "cite": why.cite}
    audit.record(actor=why.actor, action=action, subject=done.matter, note=note, at=why.at)

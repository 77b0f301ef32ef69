"""Merging and ending compounds (双人办理): the row stays with all its history and names its successor."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.places.models import Compound
from anju.places.services import naming
from anju.places.services.compounds import FIELDS
from anju.places.services.holders import posts_at, recusals_about
from anju.places.services.reach import locked_compounds
from anju.rules.permissions import Permission

MERGE = Permission.COMPOUND_MERGE


@transaction.atomic
def merge_compounds(*, actor: Actor, compound: Compound, into: Compound, reason: str, at: datetime) -> Compound:
    """End `compound` as the same one as `into`, which can be found under its names from now on. Return the successor.

    Refused while posts or recusals name the old one: what people may do, and keep out of, is decided anew.
    """
    actor.require(MERGE)
    rows = locked_compounds(actor, MERGE, compound.pk, into.pk)
    gone, successor = rows[compound.pk], rows[into.pk]
    if gone.pk == successor.pk:
        raise Refused("compound.merge_itself", name=gone.name)
    today = timezone.localdate(at)
    posts, recusals = posts_at(gone, today), recusals_about(gone, today)
    if posts or recusals:
        raise Refused("place.merge_held", name=gone.name, posts=posts, recusals=recusals)
    before = audit.snapshot(gone, FIELDS)
    gone.ended_on, gone.merged_into = today, successor
    gone.save(update_fields=["ended_on", "merged_into"])
    naming.inherit_names(successor, gone, today)
    change = audit.difference(before, audit.snapshot(gone, FIELDS))
    audit.record(actor=actor, action="compound.merged", subject=gone, change=change, note={"reason": reason}, at=at)
    return successor


@transaction.atomic
def end_compound(*, actor: Actor, compound: Compound, reason: str, at: datetime) -> Compound:
    """End a compound that is no more (拆除、误登)."""
    actor.require(MERGE)
    row = locked_compounds(actor, MERGE, compound.pk)[compound.pk]
    today = timezone.localdate(at)
    if posts := posts_at(row, today):
        raise Refused("compound.posts_held", name=row.name, posts=posts)
    row.ended_on = today
    row.save(update_fields=["ended_on"])
    change = {"ended_on": (None, str(today))}
    audit.record(actor=actor, action="compound.ended", subject=row, change=change, note={"reason": reason}, at=at)
    return row

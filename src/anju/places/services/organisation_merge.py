"""Merging one organisation into another of its kind (双人办理)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.places.models import Organisation
from anju.places.services import naming
from anju.places.services.holders import posts_at, recusals_about
from anju.places.services.organisations import EDIT, FIELDS
from anju.places.services.reach import locked_organisations


@transaction.atomic
def merge_organisations(
    *, actor: Actor, organisation: Organisation, into: Organisation, reason: str, at: datetime
) -> Organisation:
    """Give the successor everything: subordinates, supervised compounds, items of the plan, names. Return the successor.

    Refused while posts or recusals name the old one: what people may do, and keep out of, is decided anew.
    """
    actor.require(EDIT)
    rows = locked_organisations(actor, EDIT, organisation.pk, into.pk)
    gone, successor = rows[organisation.pk], rows[into.pk]
    if gone.pk == successor.pk or gone.kind != successor.kind:
        raise Refused("organisation.merge_unlike", name=gone.name, into=successor.name)
    today = timezone.localdate(at)
    posts, recusals = posts_at(gone, today), recusals_about(gone, today)
    if posts or recusals:
        raise Refused("place.merge_held", name=gone.name, posts=posts, recusals=recusals)
    before = audit.snapshot(gone, FIELDS)
    gone.ended_on, gone.merged_into = today, successor
    gone.save(update_fields=["ended_on", "merged_into"])
    moved = _move(gone, successor)
    naming.inherit_names(successor, gone, today)
    change = audit.difference(before, audit.snapshot(gone, FIELDS))
    note = {"reason": reason, **moved}
    audit.record(actor=actor, action="organisation.merged", subject=gone, change=change, note=note, at=at)
    return successor


def _move(gone: Organisation, successor: Organisation) -> dict[str, int]:
    """Move what hangs on it and say how much it was. An item that names both keeps both rows."""
    if successor.parent_id == gone.pk:
        successor.parent_id = gone.parent_id
        successor.save(update_fields=["parent"])
    named = successor.responsibilities.values("item")
    return {
        "children": gone.children.exclude(pk=successor.pk).update(parent=successor),
        "compounds": gone.supervised.update(supervising_unit=successor),
        "items": gone.responsibilities.exclude(item__in=named).update(organisation=successor),
    }

"""Merging one division into another of its level: everything in it moves, the old one ends and names its successor."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.places.models import OPEN, Division
from anju.places.services.divisions import FIELDS, changeable_division
from anju.places.services.holders import posts_over
from anju.places.services.reach import locked_divisions
from anju.rules.permissions import Permission

SHOWN_NAMES = 5


@transaction.atomic
def merge_divisions(*, actor: Actor, division: Division, into: Division, reason: str, at: datetime) -> Division:
    """Move what is in `division` to `into`, end it, and return the successor.

    Refused while posts have it for their scope: they are ended and given anew, so that somebody decides what those people see.
    """
    actor.require(Permission.DIVISION_EDIT)
    locked_divisions(actor, Permission.DIVISION_EDIT, [division.pk, into.pk])
    gone, successor = changeable_division(actor, division), changeable_division(actor, into)
    if gone.pk == successor.pk or gone.level != successor.level:
        raise Refused("division.merge_unlike", name=gone.name, into=successor.name)
    if posts := posts_over(gone, timezone.localdate(at)):
        raise Refused("division.posts_held", name=gone.name, posts=posts)
    _refuse_same_names(gone, successor)
    moved = _move(gone, successor)
    before = audit.snapshot(gone, FIELDS)
    gone.ended_on, gone.merged_into = timezone.localdate(at), successor
    gone.save(update_fields=["ended_on", "merged_into"])
    change = audit.difference(before, audit.snapshot(gone, FIELDS))
    note = {"reason": reason, **moved}
    audit.record(actor=actor, action="division.merged", subject=gone, change=change, note=note, at=at)
    return successor


def _refuse_same_names(gone: Division, successor: Division) -> None:
    for mine, theirs in zip(_contents(gone).values(), _contents(successor).values(), strict=True):
        same = list(mine.filter(name__in=theirs.values("name")).values_list("name", flat=True)[: SHOWN_NAMES + 1])
        if same:
            names = "、".join(same[:SHOWN_NAMES]) + ("等" if len(same) > SHOWN_NAMES else "")
            raise Refused("division.merge_same_names", names=names, into=successor.name)


def _contents(division: Division) -> "dict[str, QuerySet[Any]]":
    return {
        "children": division.children.filter(OPEN),
        "organisations": division.organisations.filter(OPEN),
        "compounds": division.compounds.filter(OPEN),
    }


def _move(gone: Division, successor: Division) -> dict[str, int]:
    """Move what is in force and say how much it was; what had ended stays where it ended."""
    inside = _contents(gone)
    path = Concat(Value(successor.path), Cast(F("pk"), CharField()), Value("/"), output_field=CharField())
    return {
        "children": inside["children"].update(parent=successor, path=path),
        "organisations": inside["organisations"].update(division=successor),
        "compounds": inside["compounds"].update(division=successor),
    }

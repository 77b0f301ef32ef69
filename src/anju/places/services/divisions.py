"""Making, renaming and ending administrative divisions. Nothing is deleted: what ends keeps its row, its names and its dates."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.places.models import OPEN, Division, DivisionName
from anju.places.services.holders import posts_over
from anju.places.services.naming import broken_constraint, tidied, unique_name
from anju.places.services.reach import locked_division
from anju.places.services.spelling import spell
from anju.rules.divisions import COUNTY, awaiting_code, is_code, level_below
from anju.rules.permissions import Permission

FIELDS = ("code", "name", "level", "parent", "valid_from", "ended_on", "merged_into", "awaiting")
AWAITING_NAME = "待定乡镇"


@transaction.atomic
def create_county(*, actor: Actor, name: str, code: str, at: datetime) -> Division:
    """Make the county and, below it, the holder of compounds whose town is not known yet."""
    actor.require(Permission.DIVISION_EDIT)
    if Division.objects.filter(OPEN, level=COUNTY).exists():
        raise Refused("division.county_exists")
    today = timezone.localdate(at)
    county = insert_division(draft_division(code=code, name=name, parent=None, valid_from=today))
    for row in (county, insert_division(draft_awaiting(county))):
        _record_created(actor, row, at)
    return county


@transaction.atomic
def create_division(*, actor: Actor, name: str, code: str, parent: Division, at: datetime) -> Division:
    """Make a town below a county, or a community below a town."""
    actor.require(Permission.DIVISION_EDIT)
    above = locked_division(actor, Permission.DIVISION_EDIT, parent.pk)
    if above.awaiting:
        raise Refused("division.awaiting_stays", name=above.name)
    row = insert_division(draft_division(code=code, name=name, parent=above, valid_from=timezone.localdate(at)))
    _record_created(actor, row, at)
    return row


@transaction.atomic
def rename_division(*, actor: Actor, division: Division, name: str, at: datetime) -> Division:
    """Give a division a new name; the old one is kept with the day it stopped."""
    actor.require(Permission.DIVISION_EDIT)
    row = changeable_division(actor, division)
    before, called = audit.snapshot(row, FIELDS), row.name
    row.name = tidied(name)
    if row.name == called:
        return row
    row.pinyin = spell(row.name).pinyin
    with unique_name(row):
        row.save(update_fields=["name", "pinyin"])
    DivisionName.objects.create(division=row, name=called, until=timezone.localdate(at))
    change = audit.difference(before, audit.snapshot(row, FIELDS))
    audit.record(actor=actor, action="division.renamed", subject=row, change=change, at=at)
    return row


@transaction.atomic
def end_division(*, actor: Actor, division: Division, reason: str, at: datetime) -> Division:
    """End a division on which nothing depends any more."""
    actor.require(Permission.DIVISION_EDIT)
    row = changeable_division(actor, division)
    today = timezone.localdate(at)
    hanging = _dependents(row, today)
    if any(hanging.values()):
        raise Refused("division.in_use", name=row.name, **hanging)
    row.ended_on = today
    row.save(update_fields=["ended_on"])
    change = {"ended_on": (None, str(today))}
    audit.record(actor=actor, action="division.ended", subject=row, change=change, note={"reason": reason}, at=at)
    return row


def changeable_division(actor: Actor, division: Division) -> Division:
    """Return the row, locked; the county itself and the holder of the undecided stay as they are."""
    row = locked_division(actor, Permission.DIVISION_EDIT, division.pk)
    if row.awaiting:
        raise Refused("division.awaiting_stays", name=row.name)
    if row.level == COUNTY:
        raise Refused("division.county_stays", name=row.name)
    return row


def draft_division(*, code: str, name: str, parent: Division | None, valid_from: date) -> Division:
    """Return a new row below `parent`, checked and spelled, not saved."""
    level = level_below(parent.level) if parent else COUNTY
    if level is None:
        raise Refused("division.too_deep", name=parent.name if parent else "")
    if not is_code(code, level, below=parent.code if parent else ""):
        raise Refused("division.bad_code", number=code, parent=parent.code if parent else "")
    tidy = tidied(name)
    return Division(code=code, name=tidy, level=level, parent=parent, pinyin=spell(tidy).pinyin, valid_from=valid_from)


def insert_division(row: Division) -> Division:
    """Save a new row and its path, which holds its own id."""
    try:
        with unique_name(row):
            row.save(force_insert=True)
    except IntegrityError as clash:
        if broken_constraint(clash) != "division_code_in_force":
            raise
        raise Refused("division.code_taken", number=row.code) from clash
    row.path = f"{row.parent.path if row.parent else ''}{row.pk}/"
    row.save(update_fields=["path"])
    return row


def draft_awaiting(county: Division) -> Division:
    """Return the county's holder of compounds whose town is not known yet, not saved."""
    row = draft_division(
        code=awaiting_code(county.code), name=AWAITING_NAME, parent=county, valid_from=county.valid_from
    )
    row.awaiting = True
    return row


def _record_created(actor: Actor, row: Division, at: datetime) -> None:
    change = audit.difference({}, audit.snapshot(row, FIELDS))
    audit.record(actor=actor, action="division.created", subject=row, change=change, at=at)


def _dependents(row: Division, today: date) -> dict[str, int]:
    return {
        "children": row.children.filter(OPEN).count(),
        "compounds": row.compounds.filter(OPEN).count(),
        "organisations": row.organisations.filter(OPEN).count(),
        "posts": posts_over(row, today),
    }

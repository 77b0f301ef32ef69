"""Making, editing and renaming compounds, and the names they are also known by. Identity only: facts belong to the registry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.places.models import Compound, CompoundAlias, Division, Organisation
from anju.places.queries.scoped import organisations_for
from anju.places.services import naming
from anju.places.services.reach import locked_compounds, locked_division
from anju.places.services.spelling import spell
from anju.rules.divisions import COUNTY
from anju.rules.permissions import Permission

FIELDS = (
    "name",
    "division",
    "kind",
    "service_state",
    "supervising_unit",
    "valid_from",
    "ended_on",
    "merged_into",
)
EDIT = Permission.COMPOUND_EDIT
NOT_SUPERVISING = frozenset({"company", "committee"})  # they serve a compound or stand for it; neither is set over it


@dataclass(frozen=True, slots=True)
class CompoundFacts:
    """What a compound is, its name aside. Not known is `unknown`, which is not 失管."""

    division: Division
    kind: str = Compound.Kind.UNKNOWN
    service_state: str = Compound.ServiceState.UNKNOWN
    supervising_unit: Organisation | None = None


@transaction.atomic
def create_compound(
    *, actor: Actor, name: str, facts: CompoundFacts, aliases: Sequence[str] = (), at: datetime
) -> Compound:
    actor.require(EDIT)
    row = Compound(valid_from=timezone.localdate(at))
    _name(row, name)
    _describe(actor, row, facts)
    naming.refuse_alias_of_another(row, row.name)
    with naming.unique_name(row):
        row.save(force_insert=True)
    known = [alias for alias in map(naming.tidied, aliases) if naming.attach_alias(row, alias)]
    change = audit.difference({}, audit.snapshot(row, FIELDS))
    audit.record(
        actor=actor,
        action="compound.created",
        subject=row,
        change=change,
        note={"aliases": "、".join(known)} if known else None,
        at=at,
    )
    return row


@transaction.atomic
def edit_compound(*, actor: Actor, compound: Compound, facts: CompoundFacts, at: datetime) -> Compound:
    """Change its kind, its state of service, its division or its supervising unit."""
    actor.require(EDIT)
    locked_division(actor, EDIT, facts.division.pk)
    row = _changeable(actor, compound)
    before = audit.snapshot(row, FIELDS)
    _describe(actor, row, facts)
    change = audit.difference(before, audit.snapshot(row, FIELDS))
    if not change:
        return row
    naming.refuse_alias_of_another(row, row.name)
    with naming.unique_name(row):
        row.save()
    audit.record(actor=actor, action="compound.edited", subject=row, change=change, at=at)
    return row


@dataclass(frozen=True, slots=True)
class Placed:
    """Compounds that were given a town or community, and those that stay because another there is called the same."""

    moved: tuple[Compound, ...]
    left: tuple[Compound, ...]


@transaction.atomic
def place_compounds(*, actor: Actor, compounds: Sequence[Compound], division: Division, at: datetime) -> Placed:
    """Say for several compounds in which town or community they lie. Namesakes are never made one: the second stays where it is."""
    actor.require(EDIT)
    moved: list[Compound] = []
    left: list[Compound] = []
    for row in compounds:
        facts = CompoundFacts(division, row.kind, row.service_state, row.supervising_unit)
        try:
            moved.append(edit_compound(actor=actor, compound=row, facts=facts, at=at))
        except Refused as refusal:
            if refusal.code not in {"place.name_taken", "place.name_is_alias"}:
                raise
            left.append(row)
    return Placed(tuple(moved), tuple(left))


@transaction.atomic
def rename_compound(*, actor: Actor, compound: Compound, name: str, at: datetime) -> Compound:
    """Give it a new name; the old one stays as a former name."""
    actor.require(EDIT)
    row = _changeable(actor, compound)
    before, called = audit.snapshot(row, FIELDS), row.name
    _name(row, name)
    if row.name == called:
        return row
    naming.refuse_alias_of_another(row, row.name)
    with naming.unique_name(row):
        row.save()
    naming.remember_former_name(row, called, timezone.localdate(at))
    change = audit.difference(before, audit.snapshot(row, FIELDS))
    audit.record(actor=actor, action="compound.renamed", subject=row, change=change, at=at)
    return row


@transaction.atomic
def add_compound_alias(*, actor: Actor, compound: Compound, name: str, at: datetime) -> None:
    actor.require(EDIT)
    row, alias = _changeable(actor, compound), naming.tidied(name)
    if naming.attach_alias(row, alias):
        change = {"alias": (None, alias)}
        audit.record(actor=actor, action="compound.alias_added", subject=row, change=change, at=at)


@transaction.atomic
def remove_compound_alias(*, actor: Actor, alias: CompoundAlias, at: datetime) -> None:
    actor.require(EDIT)
    row = _changeable(actor, alias.compound)
    naming.detach_alias(alias)
    change = {"alias": (alias.name, None)}
    audit.record(actor=actor, action="compound.alias_removed", subject=row, change=change, at=at)


def _changeable(actor: Actor, compound: Compound) -> Compound:
    return locked_compounds(actor, EDIT, compound.pk)[compound.pk]


def _name(row: Compound, name: str) -> None:
    row.name = naming.tidied(name)
    row.pinyin, row.initials = spell(row.name)


def _describe(actor: Actor, row: Compound, facts: CompoundFacts) -> None:
    row.division = locked_division(actor, EDIT, facts.division.pk)
    if row.division.level == COUNTY:
        raise Refused("compound.needs_town")
    row.kind, row.service_state = facts.kind, facts.service_state
    row.supervising_unit = _supervisor(actor, row, facts.supervising_unit)


def _supervisor(actor: Actor, row: Compound, unit: Organisation | None) -> Organisation | None:
    """Return the supervising unit, which must be in force unless it is the one that stands there already."""
    if unit is None or unit.pk == row.supervising_unit_id:
        return unit
    found = organisations_for(actor).select_for_update(no_key=True, of=("self",)).filter(pk=unit.pk).first()
    if found is None or found.ended_on is not None:
        raise Refused("compound.supervisor_ended", name=unit.name)
    if found.kind in NOT_SUPERVISING:
        raise Refused("compound.supervisor_unfit", name=unit.name)
    return found

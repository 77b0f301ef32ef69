"""Making, editing, renaming and ending organisations, and the names they are also known by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.places.models import OPEN, Division, Organisation, OrganisationAlias
from anju.places.services import naming
from anju.places.services.holders import posts_at, posts_reaching_by
from anju.places.services.reach import locked_division, locked_organisations
from anju.places.services.spelling import spell
from anju.rules.credit_codes import BadCreditCode, tidy_credit_code
from anju.rules.permissions import Permission

FIELDS = ("name", "kind", "division", "parent", "credit_code", "valid_from", "ended_on", "merged_into")
EDIT = Permission.ORGANISATION_EDIT
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """What an organisation is, its name aside."""

    kind: str
    division: Division
    parent: Organisation | None = None
    credit_code: str = ""


@transaction.atomic
def create_organisation(
    *, actor: Actor, name: str, facts: OrganisationFacts, aliases: Sequence[str] = (), at: datetime
) -> Organisation:
    actor.require(EDIT)
    division = locked_division(actor, EDIT, facts.division.pk)
    row = Organisation(name=naming.tidied(name), division=division, valid_from=timezone.localdate(at))
    row.pinyin = spell(row.name).pinyin
    _describe(actor, row, facts)
    naming.refuse_alias_of_another(row, row.name)
    save_organisation(row)
    known = [alias for alias in map(naming.tidied, aliases) if naming.attach_alias(row, alias)]
    change = audit.difference({}, audit.snapshot(row, FIELDS))
    audit.record(
        actor=actor,
        action="organisation.created",
        subject=row,
        change=change,
        note={"aliases": "、".join(known)} if known else None,
        at=at,
    )
    return row


@transaction.atomic
def edit_organisation(
    *, actor: Actor, organisation: Organisation, facts: OrganisationFacts, at: datetime
) -> Organisation:
    """Change what it is or where it belongs. Posts rest on both, so they are ended first where one of them would shift."""
    actor.require(EDIT)
    division = locked_division(actor, EDIT, facts.division.pk)
    row = changeable_organisation(actor, organisation)
    before, today = audit.snapshot(row, FIELDS), timezone.localdate(at)
    if facts.kind != row.kind and (posts := posts_at(row, today)):
        raise Refused("organisation.kind_held", name=row.name, posts=posts)
    if division.pk != row.division_id and (posts := posts_reaching_by(row, today)):
        raise Refused("organisation.division_held", name=row.name, posts=posts)
    row.division = division
    _describe(actor, row, facts)
    change = audit.difference(before, audit.snapshot(row, FIELDS))
    if not change:
        return row
    naming.refuse_alias_of_another(row, row.name)
    save_organisation(row)
    audit.record(actor=actor, action="organisation.edited", subject=row, change=change, at=at)
    return row


@transaction.atomic
def rename_organisation(*, actor: Actor, organisation: Organisation, name: str, at: datetime) -> Organisation:
    """Give it a new name; the old one stays as a former name."""
    actor.require(EDIT)
    row = changeable_organisation(actor, organisation)
    before, called = audit.snapshot(row, FIELDS), row.name
    row.name = naming.tidied(name)
    if row.name == called:
        return row
    naming.refuse_alias_of_another(row, row.name)
    row.pinyin = spell(row.name).pinyin
    save_organisation(row)
    naming.remember_former_name(row, called, timezone.localdate(at))
    change = audit.difference(before, audit.snapshot(row, FIELDS))
    audit.record(actor=actor, action="organisation.renamed", subject=row, change=change, at=at)
    return row


@transaction.atomic
def end_organisation(*, actor: Actor, organisation: Organisation, reason: str, at: datetime) -> Organisation:
    """End an organisation in which nobody holds a post, and on which no compound and no other organisation depends."""
    actor.require(EDIT)
    row = changeable_organisation(actor, organisation)
    today = timezone.localdate(at)
    posts, compounds = posts_at(row, today), row.supervised.filter(OPEN).count()
    children = row.children.filter(OPEN).count()
    if posts or compounds or children:
        raise Refused("organisation.in_use", name=row.name, posts=posts, compounds=compounds, children=children)
    row.ended_on = today
    row.save(update_fields=["ended_on"])
    change = {"ended_on": (None, str(today))}
    audit.record(actor=actor, action="organisation.ended", subject=row, change=change, note={"reason": reason}, at=at)
    return row


@transaction.atomic
def add_organisation_alias(*, actor: Actor, organisation: Organisation, name: str, at: datetime) -> None:
    actor.require(EDIT)
    row = changeable_organisation(actor, organisation)
    alias = naming.tidied(name)
    if naming.attach_alias(row, alias):
        change = {"alias": (None, alias)}
        audit.record(actor=actor, action="organisation.alias_added", subject=row, change=change, at=at)


@transaction.atomic
def remove_organisation_alias(*, actor: Actor, alias: OrganisationAlias, at: datetime) -> None:
    actor.require(EDIT)
    row = changeable_organisation(actor, alias.organisation)
    naming.detach_alias(alias)
    change = {"alias": (alias.name, None)}
    audit.record(actor=actor, action="organisation.alias_removed", subject=row, change=change, at=at)


def changeable_organisation(actor: Actor, organisation: Organisation) -> Organisation:
    return locked_organisations(actor, EDIT, organisation.pk)[organisation.pk]


def _describe(actor: Actor, row: Organisation, facts: OrganisationFacts) -> None:
    row.kind = facts.kind
    row.parent = _parent_of(actor, row, facts.parent)
    try:
        row.credit_code = tidy_credit_code(facts.credit_code)
    except BadCreditCode as bad:
        raise Refused("organisation.bad_credit_code") from bad


def _parent_of(actor: Actor, row: Organisation, parent: Organisation | None) -> Organisation | None:
    """Return the superior, in force, never the row itself or one of those below it."""
    if parent is None or parent.pk == row.parent_id:
        return parent
    above: Organisation | None = locked_organisations(actor, EDIT, parent.pk)[parent.pk]
    for _ in range(DEEPEST):
        if above is None:
            return parent
        if above.pk == row.pk:
            break
        above = above.parent
    raise Refused("organisation.parent_circle", name=parent.name)


def save_organisation(row: Organisation) -> None:
    """Save; what the database finds about its name or its credit code becomes a refusal."""
    try:
        with naming.unique_name(row):
            row.save()
    except IntegrityError as clash:
        if naming.broken_constraint(clash) != "organisation_credit_code":
            raise
        other = Organisation.objects.filter(OPEN, credit_code=row.credit_code).exclude(pk=row.pk).first()
        raise Refused("organisation.credit_code_taken", other=other.name if other else "") from clash

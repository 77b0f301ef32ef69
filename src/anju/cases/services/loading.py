"""Taking over a county's workflow, catalogue of matters and unit codes from its policy. Loading twice changes nothing."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.cases.models import Matter, MatterCatalogue, UnitCode, WorkflowEdition
from anju.places.models import OPEN, Division, Organisation
from anju.places.services.policy import read_case_files, read_cases, read_policy
from anju.rules.cases.matters import MATTERS, Matters
from anju.rules.cases.matters import Matter as MatterRow
from anju.rules.cases.workflow_file import WORKFLOW
from anju.rules.permissions import Permission
from anju.rules.policy import Policy, PolicyUnit


@transaction.atomic
def load_cases(*, actor: Actor, policy: str, at: datetime) -> bool:
    """Return whether anything was new. Running cases keep their workflow; matters no longer listed are ended."""
    actor.require(Permission.DIVISION_EDIT)
    document, cases, files = read_policy(policy), read_cases(policy), read_case_files(policy)
    new_units = _load_units(document)
    version, since = cases.workflow.version, cases.workflow.valid_from
    new_workflow = _load_workflow(policy, version, files[WORKFLOW], since, at)
    new_matters = _load_matters(policy, cases.matters, files[MATTERS], at)
    if new_units or new_workflow or new_matters:
        note = {"policy": policy, "version": version, "matters": cases.matters.version, "units": new_units}
        audit.record(actor=actor, action="cases.loaded", note=note, at=at)
    return bool(new_units or new_workflow or new_matters)


def _load_workflow(policy: str, version: int, content: bytes, valid_from: date, at: datetime) -> bool:
    digest = hashlib.sha256(content).hexdigest()
    edition, is_new = WorkflowEdition.objects.get_or_create(
        policy=policy,
        version=version,
        defaults={"digest": digest, "content": content.decode(), "valid_from": valid_from, "loaded_at": at},
    )
    if edition.digest != digest:
        raise Refused("policy.altered", policy=f"{policy}/{WORKFLOW}", version=version)
    return is_new


def _load_matters(policy: str, matters: Matters, content: bytes, at: datetime) -> bool:
    """A version that is there is not read again: the bureau may have edited its matters since."""
    digest = hashlib.sha256(content).hexdigest()
    tiles = [dataclasses.asdict(tile) for tile in matters.tiles]
    catalogue, is_new = MatterCatalogue.objects.get_or_create(
        policy=policy,
        version=matters.version,
        defaults={
            "digest": digest,
            "confirmed": matters.confirmed,
            "circumstances": dict(matters.circumstances),
            "tiles": tiles,
            "loaded_at": at,
        },
    )
    if not is_new:
        if catalogue.digest != digest:
            raise Refused("policy.altered", policy=f"{policy}/{MATTERS}", version=matters.version)
        return False
    for position, row in enumerate(matters.matters.values(), 1):
        values = {"name": row.name, "position": position, "type": row.type, "body": matter_body(row), "ended_on": None}
        Matter.objects.update_or_create(code=row.code, defaults=values)
    Matter.objects.filter(ended_on=None).exclude(code__in=matters.matters).update(ended_on=timezone.localdate(at))
    return True


def matter_body(row: MatterRow) -> dict[str, object]:
    """Return a matter as plain JSON; `queries.catalogue.matter_row` reads it."""
    told = dataclasses.asdict(row) | {"handle": str(row.handle) if row.handle else None}
    plain: dict[str, object] = json.loads(json.dumps(told, ensure_ascii=False))
    return plain


def _load_units(policy: Policy) -> list[str]:
    """Point every code of the document at its organisation. A code that points somewhere already is left: bodies are renamed."""
    known = set(UnitCode.objects.values_list("code", flat=True))
    divisions = {row.code: row for row in Division.objects.filter(OPEN)}
    found = {unit.code: _organisation(unit, divisions) for unit in policy.units if unit.code not in known}
    new = [UnitCode(code=code, organisation=row) for code, row in found.items() if row]
    UnitCode.objects.bulk_create(new)
    return [row.code for row in new]


def _organisation(unit: PolicyUnit, divisions: Mapping[str, Division]) -> Organisation | None:
    rows = Organisation.objects.filter(OPEN, division=divisions.get(unit.division))
    for name in (unit.name, *unit.aliases):
        row = rows.filter(Q(name=name) | Q(aliases__name=name)).order_by("pk").first()
        if row is not None:
            return row
    return None

"""Taking over a county's workflow, catalogue of matters and unit codes from its policy. Loading twice changes nothing."""

import dataclasses
import hashlib
from datetime import date, datetime

from django.db import transaction

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.cases.models import MatterCatalogue, UnitCode, WorkflowEdition
from anju.cases.services.matter_versions import offer_rows
from anju.places.models import OPEN, Division, Organisation
from anju.places.services.policy import read_case_files, read_cases, read_policy
from anju.rules.cases.matters import MATTERS, Matters
from anju.rules.cases.workflow_file import WORKFLOW
from anju.rules.permissions import Permission
from anju.rules.policy import Policy


@transaction.atomic
def load_cases(*, actor: Actor, policy: str, at: datetime) -> bool:
    """Return whether anything was new. What runs keeps its workflow; a matter no longer listed is retired unless the bureau edited it."""
    actor.require(Permission.DIVISION_EDIT)
    document, cases, files = read_policy(policy), read_cases(policy), read_case_files(policy)
    new_units = _load_units(document)
    version, since = cases.workflow.version, cases.workflow.valid_from
    new_workflow = _load_workflow(policy, version, files[WORKFLOW], since, at)
    new_matters = _load_matters(document, cases.matters, files[MATTERS], at)
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


def _load_matters(policy: Policy, matters: Matters, content: bytes, at: datetime) -> bool:
    """Take over what the file says newly. What the bureau has edited is left, and the difference waits for somebody."""
    digest = hashlib.sha256(content).hexdigest()
    lists = {
        "units": {unit.code: unit.name for unit in policy.units},
        "items": {item.code: list(item.units) for item in policy.items if item.units},
    }
    catalogue, is_new = MatterCatalogue.objects.get_or_create(
        policy=policy.code,
        version=matters.version,
        defaults={
            "digest": digest,
            "confirmed": matters.confirmed,
            "circumstances": dict(matters.circumstances),
            "tiles": [dataclasses.asdict(tile) for tile in matters.tiles],
            "loaded_at": at,
            **lists,
        },
    )
    if not is_new:
        if catalogue.digest != digest:
            raise Refused("policy.altered", policy=f"{policy.code}/{MATTERS}", version=matters.version)
        if {name: getattr(catalogue, name) for name in lists} == lists:
            return False
        MatterCatalogue.objects.filter(pk=catalogue.pk).update(**lists)
        return True
    offer_rows(catalogue, matters, at)
    return True


def _load_units(policy: Policy) -> list[str]:
    """Point every code of the document at its organisation. A code that points somewhere already is left: bodies are renamed."""
    known = set(UnitCode.objects.values_list("code", flat=True))
    units = [unit for unit in policy.units if unit.code not in known]
    divisions = dict(Division.objects.filter(OPEN).values_list("code", "pk"))
    there = _organisations({name for unit in units for name in (unit.name, *unit.aliases)})
    new = [
        UnitCode(code=unit.code, organisation_id=found[0])
        for unit in units
        for place in [divisions.get(unit.division)]
        if (found := [there[place, name] for name in (unit.name, *unit.aliases) if (place, name) in there])
    ]
    UnitCode.objects.bulk_create(new)
    return [row.code for row in new]


def _organisations(names: set[str]) -> dict[tuple[int | None, str], int]:
    """Return the bodies that bear one of the names, as their own or as an alias, by division and name; the older where two do."""
    rows = Organisation.objects.filter(OPEN)
    own = rows.filter(name__in=names).values_list("division_id", "name", "pk")
    aliased = rows.filter(aliases__name__in=names).values_list("division_id", "aliases__name", "pk")
    return {
        (place, name): pk
        for pk, place, name in sorted(((pk, place, name) for place, name, pk in (*own, *aliased)), reverse=True)
    }

"""Reading and loading the county's policy document: one edition, whole, in one transaction and one entry of the trail."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.places.models import Division, Organisation, PolicyEdition, PolicyItem, Responsibility
from anju.places.services.policy_divisions import fill_divisions
from anju.places.services.policy_units import fill_offices, fill_units
from anju.rules.cases.policy import Cases, parse_cases
from anju.rules.permissions import Permission
from anju.rules.policy import Policy, parse_policy
from anju.rules.workdays.policy import PolicyCalendar, parse_calendar

_Files = tuple[tuple[str, bytes], ...]  # names and contents, which tell whether a policy has been read before
_KEPT = 2
_COPIED = ("title", "number", "issuer", "issued_on", "in_force_from", "digest")


def read_policy(code: str) -> Policy:
    """Return the policy in the folder of that name, or raise `PolicyFaults` with everything that is wrong with it."""
    files = _files(code)
    policy = _policy_of(files)
    _calendar_of(files)
    _cases_of(files)
    return policy


def read_cases(code: str) -> Cases:
    """Return how cases run and what they may be about, from the folder of that name, or raise `PolicyFaults`."""
    return _cases_of(_files(code))


def read_case_files(code: str) -> dict[str, bytes]:
    """Return the files of a policy folder as they are: an edition is kept whole."""
    return dict(_files(code))


def read_calendar(code: str) -> PolicyCalendar:
    """Return the working-day calendar in the folder of that name, or raise `PolicyFaults`."""
    return _calendar_of(_files(code))


def _files(code: str) -> _Files:
    folders = {found.name: found for found in Path(settings.POLICIES).iterdir() if found.is_dir()}
    if code not in folders:
        raise Refused("policy.unknown", policy=code, known="、".join(sorted(folders)))
    return tuple((found.name, found.read_bytes()) for found in sorted(folders[code].iterdir()) if found.is_file())


@lru_cache(maxsize=_KEPT)
def _policy_of(files: _Files) -> Policy:
    return parse_policy(dict(files))


@lru_cache(maxsize=_KEPT)
def _calendar_of(files: _Files) -> PolicyCalendar:
    return parse_calendar(dict(files))


@lru_cache(maxsize=_KEPT)
def _cases_of(files: _Files) -> Cases:
    return parse_cases(dict(files), _policy_of(files))


@transaction.atomic
def load_policy(*, actor: Actor, policy: Policy, at: datetime) -> PolicyEdition:
    """Write a version of the policy with everything it names. A version that is there already changes nothing.

    What the county has changed since (a renamed bureau, a merged town) stays as it is; older editions stay too.
    """
    actor.require(Permission.DIVISION_EDIT)
    actor.require(Permission.ORGANISATION_EDIT)
    edition, is_new = PolicyEdition.objects.get_or_create(
        code=policy.code,
        version=policy.version,
        defaults={"loaded_at": at, **{name: getattr(policy, name) for name in _COPIED}},
    )
    if not is_new:
        _refuse_if_altered(edition, policy)
        return edition
    today = timezone.localdate(at)
    divisions, new_divisions = fill_divisions(policy.divisions)
    units, new_units = fill_units(policy, divisions, today)
    new_units += fill_offices(today)
    _write_items(edition, policy, units)
    _record(actor, edition, new_divisions, new_units, at)
    return edition


def _refuse_if_altered(edition: PolicyEdition, policy: Policy) -> None:
    if edition.digest != policy.digest:
        raise Refused("policy.altered", policy=policy.code, version=policy.version)


def _write_items(edition: PolicyEdition, policy: Policy, units: Mapping[str, Organisation]) -> None:
    items = PolicyItem.objects.bulk_create(
        PolicyItem(
            edition=edition,
            code=item.code,
            position=position,
            heading=item.heading,
            cite=item.cite,
            text=item.text,
            units_text=item.units_text,
        )
        for position, item in enumerate(policy.items, start=1)
    )
    Responsibility.objects.bulk_create(
        Responsibility(item=row, organisation=units[code], position=position)
        for row, item in zip(items, policy.items, strict=True)
        for position, code in enumerate(item.units, start=1)
    )


def _record(actor: Actor, edition: PolicyEdition, divisions: list[Division], units: list[str], at: datetime) -> None:
    """One entry for the whole load, with the digest of all that it made."""
    made = [edition.digest, [[row.code, row.name] for row in divisions], units]
    note = {
        "code": edition.code,
        "version": edition.version,
        "divisions": len(divisions),
        "organisations": len(units),
        "digest": hashlib.sha256(json.dumps(made, ensure_ascii=False).encode()).hexdigest(),
    }
    audit.record(actor=actor, action="policy.loaded", subject=edition, note=note, at=at)

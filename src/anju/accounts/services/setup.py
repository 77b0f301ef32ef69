"""Filling an empty installation: a real county with one administrator, or the demo county with everybody in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from anju.accounts.demo import read_demo
from anju.accounts.services.demo import BEGUN, fill_demo
from anju.accounts.services.people import create_person
from anju.accounts.services.posts import appoint_post
from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.base.installation import claim
from anju.base.models import Installation
from anju.base.services.calendar import load_calendar
from anju.places.models import Organisation
from anju.places.services.policy import load_policy, read_calendar, read_policy
from anju.rules.permissions import Permission
from anju.rules.policy import Policy
from anju.rules.policy_faults import PolicyFaults, sentence

DEMO = "demo"
FIRST_USERNAME, FIRST_NAME, FIRST_ROLE = "admin", "系统管理员", "system_admin"


@dataclass(frozen=True, slots=True)
class NewAdministrator:
    """The first person of a county, with the password that is stored nowhere and can be shown only now."""

    username: str
    password: str


def init_county(*, actor: Actor, policy: str, at: datetime) -> NewAdministrator:
    """Make an empty real county from its policy document: divisions, units, responsibilities, one administrator."""
    actor.require(Permission.PERSON_EDIT)
    if policy == DEMO:
        raise Refused("county.demo_policy")
    with _founding():
        document = read_policy(policy)
        county = _claim(Installation.Mode.REAL, document, at)
        load_policy(actor=actor, policy=document, at=at)
        load_upper_apps(actor=actor, policy=policy, at=at)
        load_calendar(actor=actor, calendar=read_calendar(policy), at=at)
        first = create_person(actor=actor, name=FIRST_NAME, username=FIRST_USERNAME, at=at)
        appoint_post(
            actor=actor,
            person=first.person,
            role=FIRST_ROLE,
            organisation=Organisation.objects.get(kind="bureau", parent__isnull=True),
            starts_on=timezone.localdate(at),
            reason="建立本县",
            at=at,
        )
        audit.record(actor=actor, action="county.created", subject=county, note={"policy": policy}, at=at)
    return NewAdministrator(first.person.username, first.password)


def load_demo(*, actor: Actor, at: datetime) -> None:
    """Fill the installation with the demo county: everything in it is constructed, and its people have no passwords."""
    actor.require(Permission.PERSON_EDIT)
    with _founding():
        document = read_policy(DEMO)
        county = _claim(Installation.Mode.TRIAL, document, at)
        load_policy(actor=actor, policy=document, at=at - BEGUN)
        load_upper_apps(actor=actor, policy=DEMO, at=at - BEGUN)
        load_calendar(actor=actor, calendar=read_calendar(DEMO), at=at - BEGUN)
        fill_demo(actor=actor, county=read_demo(), at=at)
        for loader in settings.DEMO_LOADERS:
            import_string(loader)(actor=actor, at=at)
        audit.record(actor=actor, action="county.demo_loaded", subject=county, at=at)


def load_upper_apps(*, actor: Actor, policy: str, at: datetime) -> None:
    """Let every app above read its part of the policy. Doing it again changes nothing, so a newer release does it at its start."""
    actor.require(Permission.DIVISION_EDIT)
    for loader in settings.COUNTY_LOADERS:
        import_string(loader)(actor=actor, policy=policy, at=at)


def founding_policies() -> tuple[list[Policy], list[str]]:
    """Return the documents with which a real county can begin, and the faults (as sentences) of those that cannot be used."""
    codes = sorted(folder.name for folder in Path(settings.POLICIES).iterdir() if folder.is_dir())
    policies: list[Policy] = []
    faults: list[str] = []
    for code in codes:
        try:
            policies.append(read_policy(code))
        except PolicyFaults as wrong:
            faults.extend(f"{code}/{sentence(fault)}" for fault in wrong.faults)
    return [policy for policy in policies if policy.code != DEMO], faults


@contextmanager
def _founding() -> Iterator[None]:
    """One transaction; of two that found at the same moment, the second finds the place taken."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as clash:
        if not Installation.objects.exists():
            raise
        raise Refused("installation.taken") from clash


def _claim(mode: Installation.Mode, policy: Policy, at: datetime) -> Installation:
    return claim(mode=mode, county_name=policy.county_name, policy_code=policy.code, at=at)

"""Writing a staff list: all of its lines or none, with a one-time password for each new person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from anju.accounts.models import User
from anju.accounts.queries.people import free_username
from anju.accounts.queries.staff_verdicts import Plan, State, Verdict, digest_of_verdicts, judge_staff
from anju.accounts.services.people import Enrolment, create_person
from anju.accounts.services.posts import appoint_post
from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.places.models import Compound, Division, Organisation
from anju.places.services.spelling import spell
from anju.rules.permissions import Permission
from anju.rules.staff_list import StaffRow


@dataclass(frozen=True, slots=True)
class Imported:
    """What was written. `enrolments` are by line; their passwords are stored nowhere and can be shown only now."""

    enrolments: tuple[tuple[Verdict, Enrolment], ...]
    appointed: int
    unchanged: int
    left_out: int


def import_staff(
    *, actor: Actor, rows: Sequence[StaffRow], choices: Mapping[int, str], digest: str, reason: str, at: datetime
) -> Imported:
    """Do what the preview with this digest showed. Lines in doubt without a choice, and refused ones, are left out."""
    actor.require(Permission.PERSON_IMPORT)
    with transaction.atomic():
        verdicts = judge_staff(actor, rows, choices, on=timezone.localdate(at))
        if digest_of_verdicts(verdicts) != digest:
            raise Refused("staff.changed")
        people: dict[int, Enrolment] = {}
        planned = [(verdict, verdict.plan) for verdict in verdicts if verdict.plan is not None]
        for verdict, plan in planned:
            if plan.creates:
                people[verdict.row.line] = _create(actor, verdict.row, at)
        appointed = [_appoint(actor, verdict, plan, people, reason, at) for verdict, plan in planned if plan.appoint]
        note = {"digest": digest, "people": len(people), "posts": len(appointed), "lines": len(rows)}
        audit.record(actor=actor, action="staff.imported", note=note, at=at)
    by_line = {verdict.row.line: verdict for verdict in verdicts}
    return Imported(
        enrolments=tuple((by_line[line], enrolment) for line, enrolment in people.items()),
        appointed=len(appointed),
        unchanged=sum(verdict.state is State.SAME for verdict in verdicts),
        left_out=sum(verdict.plan is None for verdict in verdicts),
    )


def _create(actor: Actor, row: StaffRow, at: datetime) -> Enrolment:
    username = row.username or free_username(spell(row.name).pinyin)
    return create_person(actor=actor, name=row.name, username=username, phone=row.phone, at=at)


def _appoint(
    actor: Actor, verdict: Verdict, plan: Plan, people: Mapping[int, Enrolment], reason: str, at: datetime
) -> int:
    made = people.get(plan.like_line or verdict.row.line)
    post = appoint_post(
        actor=actor,
        person=made.person if made else User.objects.get(pk=plan.person or 0),
        role=verdict.row.role,
        organisation=Organisation.objects.select_related("division").get(pk=plan.organisation or 0),
        division=Division.objects.get(pk=plan.division) if plan.division else None,
        compound=Compound.objects.get(pk=plan.compound) if plan.compound else None,
        starts_on=date.fromisoformat(plan.starts_on),
        reason=reason,
        at=at,
    )
    return post.pk

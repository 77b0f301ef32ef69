"""Seeing who reported: an act of its own, with a reason, in the trail (个人信息保护法 25)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from anju.base import audit
from anju.base.actor import Actor, Denied, Refused
from anju.cases.models import Case, CaseParty
from anju.cases.queries.parties import may_reveal_reporter
from anju.cases.queries.scoped import cases_for
from anju.rules.permissions import Permission


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    phone: str


@transaction.atomic
def reveal_reporter(*, actor: Actor, case: Case, reason: str, at: datetime) -> Contact:
    """Return name and number. Raises `Denied` for whoever may never see them, a company above all."""
    actor.require(Permission.CASE_REVEAL)
    if not cases_for(actor).filter(pk=case.pk).exists() or not may_reveal_reporter(actor, case):
        raise Denied(Permission.CASE_REVEAL)
    if not reason.strip():
        raise Refused("case.reveal_reason")
    party = CaseParty.objects.filter(case=case, role=CaseParty.Role.REPORTER).first()
    if party is None or party.anonymised_at:
        raise Refused("case.no_reporter")
    note = {"number": case.number, "reason": reason.strip()}
    audit.record(actor=actor, action="case.reporter_revealed", subject=case, note=note, at=at)
    return Contact(party.name, party.phone)

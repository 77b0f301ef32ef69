"""The only way to the persons of a case: how much a role sees of the reporter (`rules.cases.identity`)."""

from dataclasses import dataclass

from anju.base.actor import Actor
from anju.cases.models import Case, CaseParty
from anju.cases.queries.reckoning import units_of
from anju.rules.cases.facts import Mode
from anju.rules.cases.identity import LABELS, Sight, masked_name, sight
from anju.rules.cases.roles import played_by_post
from anju.rules.permissions import Permission
from anju.rules.phones import mask_phone


@dataclass(frozen=True, slots=True)
class Reporter:
    """`label` says that there is somebody; `name` and `phone` are masked, and empty where nothing may be seen."""

    sight: Sight
    label: str = ""
    name: str = ""
    phone: str = ""


def reporter_of(actor: Actor, case: Case) -> Reporter:
    """Return what the actor sees of who reported. The widest of the roles his post plays counts; for a respondent nothing."""
    seen = _sight(actor, case)
    if seen is Sight.NOTHING:
        return Reporter(seen)
    party = CaseParty.objects.filter(case=case, role=CaseParty.Role.REPORTER).select_related("organisation").first()
    if party is None:
        return Reporter(Sight.NOTHING)
    if party.organisation:
        return Reporter(seen, party.organisation.name)
    label = LABELS[Mode(case.mode)] if case.lookup_digest else "本单位发现"
    if seen is Sight.LABEL:
        return Reporter(seen, label)
    return Reporter(seen, label, masked_name(party.name), mask_phone(party.phone))


def may_reveal_reporter(actor: Actor, case: Case) -> bool:
    return actor.may(Permission.CASE_REVEAL) and _sight(actor, case) is Sight.REVEALABLE


def is_respondent(actor: Actor, case: Case) -> bool:
    """Say whether the actor's unit, or one it is part of, is what the case is about."""
    own = [int(unit) for unit in units_of(actor.organisation_id)]
    return CaseParty.objects.filter(case=case, role=CaseParty.Role.RESPONDENT, organisation__in=own).exists()


def _sight(actor: Actor, case: Case) -> Sight:
    roles = played_by_post(actor.role)
    respondent = is_respondent(actor, case)
    return max((sight(role, Mode(case.mode), is_respondent=respondent) for role in roles), default=Sight.NOTHING)

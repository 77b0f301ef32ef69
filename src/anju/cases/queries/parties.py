"""The only way to the persons of a case: how much a role sees of the reporter (`rules.cases.identity`)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Value

from anju.base.actor import Actor
from anju.base.composed import composed
from anju.cases.models import Case, CaseParty
from anju.cases.queries.reckoning import units_of
from anju.places.models import Organisation
from anju.rules.cases.facts import Mode
from anju.rules.cases.identity import LABELS, Sight, masked_name, sight
from anju.rules.cases.redaction import BLACK, covered_place
from anju.rules.cases.roles import played_by_post
from anju.rules.permissions import Permission
from anju.rules.phones import mask_phone

OUTSIDERS: Final = frozenset({"company_admin", "project_manager", "supervising_clerk", "committee_member"})
_SHORTEST_NAME: Final = 2


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


def is_outsider(actor: Actor, case: Case) -> bool:
    """Say whether the actor sees only what was cleared: a body of the compound, or a unit that the case is about."""
    return actor.role in OUTSIDERS or is_respondent(actor, case)


def outside_of(actor: Actor, cases: Collection[int]) -> frozenset[int]:
    """Return of which of these cases, by id, the actor reads only what was cleared: a body of the compound, a unit that one is about."""
    if actor.role in OUTSIDERS:
        return frozenset(cases)
    if not cases or actor.organisation_id is None:
        return frozenset()
    return frozenset(case for (case,) in _cases_about(actor.organisation_id)).intersection(cases)


def cases_about(organisation_id: int) -> "QuerySet[CaseParty, tuple[int]]":
    """The cases about an organisation, about what it is an office of, and what that is an office of: few, so all are asked for."""
    above = Q(children=organisation_id) | Q(children__children=organisation_id)
    units = Organisation.objects.filter(Q(pk=organisation_id) | above)
    return CaseParty.objects.filter(role=CaseParty.Role.RESPONDENT, organisation__in=units).values_list("case_id")


_cases_about = composed(cases_about)


def outside_for(actor: Actor) -> Value | ExpressionWrapper[Any]:
    """Return the column of a question of cases that says what `outside_of` does: asked with the rows, not once more after them."""
    if actor.role in OUTSIDERS:
        return Value(True)
    if actor.organisation_id is None:
        return Value(False)
    return ExpressionWrapper(Q(pk__in=cases_about(actor.organisation_id)), output_field=BooleanField())


def with_places(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of cases (spot, lookup_digest, outside: `outside_for`) with as much of the place as the actor may read, and without
    the other two.

    Of what a citizen wrote, where it is not for him, that is the house and no room.
    """
    return [_placed(row, row.pop("lookup_digest"), outside=row.pop("outside")) for row in rows]


def _placed(row: dict[str, Any], digest: str | None, *, outside: bool) -> dict[str, Any]:
    return row | {"spot": covered_place(row["spot"])} if digest and outside and row["spot"] else row


def filed_by(actor: Actor, cases: Collection[int]) -> frozenset[int]:
    """Return which of these cases the actor's own body filed: it may read its own words."""
    rows = CaseParty.objects.filter(case__in=cases, role=CaseParty.Role.REPORTER, organisation=actor.organisation_id)
    return frozenset(rows.exclude(organisation=None).values_list("case_id", flat=True))


def reporters_in(cases: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return by case the names and telephones of those who reported or joined, the longest first: what must not be read in a text."""
    rows = CaseParty.objects.filter(case__in=cases).exclude(role=CaseParty.Role.RESPONDENT)
    found: dict[int, set[str]] = {}
    for case, *pair in rows.values_list("case_id", "name", "phone"):
        found.setdefault(case, set()).update(word for word in pair if len(word) >= _SHORTEST_NAME)
    return {case: tuple(sorted(words, key=len, reverse=True)) for case, words in found.items()}


def without(words: Iterable[str], text: str) -> str:
    """Return a text with each of these words blackened; its length stays."""
    for word in words:
        text = text.replace(word, BLACK * len(word))
    return text


def _sight(actor: Actor, case: Case) -> Sight:
    roles = played_by_post(actor.role)
    respondent = is_respondent(actor, case)
    return max((sight(role, Mode(case.mode), is_respondent=respondent) for role in roles), default=Sight.NOTHING)

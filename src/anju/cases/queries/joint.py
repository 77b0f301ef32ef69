"""Joint sessions that serve several cases of one compound (一并会商): which may be called together, and whose part is in which.

Nobody reads here of a case that he may not see, nor of one of which he sees only what was cleared.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import F

from anju.base.actor import Actor
from anju.cases.models import Case, CaseEvent, CaseParty
from anju.cases.queries.catalogue import workflow_of, workflow_of_case
from anju.cases.queries.parties import is_outsider, outside_of
from anju.cases.queries.reckoning import bureau_units, events_of_each
from anju.cases.queries.record import taking
from anju.cases.queries.scoped import cases_for
from anju.cases.queries.sessions import last_session, named_units, session_units
from anju.rules.cases.sessions import CALLED, HELD, Key, Session, one_table, sessions_of
from anju.rules.cases.stored import read_event
from anju.rules.cases.workflow import Workflow

MOST_BESIDE: Final = 10
_LOOKED_AT: Final = 30


@dataclass(frozen=True, slots=True)
class Part:
    """What a session is for one case. `last`: the case has not been called to another since."""

    case: Case
    session: Session
    last: bool


def joinable(actor: Actor, case: Case, at: datetime) -> list[Case]:
    """Return the other cases that the actor may call to one session with this one, what is due first before the others."""
    workflow = workflow_of_case(case)
    rows = cases_for(actor).filter(compound=case.compound_id, state__in=workflow.transitions[CALLED].from_)
    rows = rows.exclude(pk=case.pk).select_related("matter", "lead")
    near = list(rows.order_by(F("due_at").asc(nulls_last=True), "pk")[:_LOOKED_AT])
    alike = {pk for pk in {row.workflow_id for row in near} if _asks(workflow_of(pk)) == _asks(workflow)}
    sides = _sides([case, *near])
    fit = [row for row in near if row.workflow_id in alike and one_table([sides[case.pk], sides[row.pk]])]
    return taking(actor, fit, CALLED, at)[:MOST_BESIDE]


def _asks(workflow: Workflow) -> tuple[tuple[str, ...], ...]:
    """What a call and its record must say: cases of an older edition have other forms."""
    return tuple(tuple(workflow.transitions[act].needs) for act in (CALLED, HELD))


def may_sit_together(cases: Collection[Case]) -> bool:
    """Say whether none of these cases is about a unit that leads another of them; 县住建局 is one with its offices."""
    return one_table(_sides(cases).values())


def _sides(cases: Collection[Case]) -> dict[int, tuple[str, frozenset[str]]]:
    """Return who leads each of these cases, and whom it is about."""
    about: dict[int, set[str]] = {row.pk: set() for row in cases}
    rows = CaseParty.objects.filter(role=CaseParty.Role.RESPONDENT, case__in=about).exclude(organisation=None)
    for case, unit in rows.values_list("case_id", "organisation_id"):
        about[case].add(str(unit))
    bureaus = {pk: bureau_units(workflow_of(pk).recusal.bureau) for pk in {row.workflow_id for row in cases}}
    return {row.pk: (str(row.lead_id or ""), _whole(about[row.pk], bureaus[row.workflow_id])) for row in cases}


def _whole(units: Iterable[str], bureau: frozenset[str]) -> frozenset[str]:
    found = frozenset(units)
    return found | bureau if found & bureau else found


def parts_of(actor: Actor, case: Case) -> tuple[list[Part], list[Part]]:
    """Return what the last session of a case is for it, none where it was never called, and for the others that the actor may see."""
    session = last_session(case)
    if session is None:
        return [], []
    key = session.key(case.number)
    rows = Case.objects.filter(pk__in=peers_of(actor, case)).select_related("compound", "matter", "lead").order_by("pk")
    events = events_of_each(rows)
    others = [_part(row, sessions_of(events[row.pk]), key) for row in rows]
    return [Part(case, session, last=True)], [part for part in others if part]


def peers_of(actor: Actor, case: Case) -> list[int]:
    """Return the ids of the other cases of the last session of a case, of those that the actor may see."""
    calls = _calls(case)
    return sorted(_served(actor, case, calls[-1:]).get(calls[-1], [])) if calls else []


def session_cases(case: Case) -> list[int]:
    """Return the ids of all cases of the last session of a case, whoever may see them: their reporters are to be kept apart."""
    calls = _calls(case)
    if not calls:
        return []
    rows = CaseEvent.objects.filter(transition=CALLED, at=calls[-1][1], case__compound=case.compound_id)
    told = rows.order_by("case_id").values_list("case_id", "case__number", "body")
    return [pk for pk, number, body in told if _key(body, number) == calls[-1]]


def _part(case: Case, sessions: Sequence[Session], key: Key) -> Part | None:
    mine = next((one for one in sessions if one.key(case.number) == key), None)
    return Part(case, mine, last=mine is sessions[-1]) if mine else None


def parts_to_record(actor: Actor, case: Case, at: datetime) -> tuple[list[Part], list[Case]]:
    """Return the parts of a case's last session that its record is written to, the case's own first, and the cases that have moved on.

    A case that has been called again since records that session.
    """
    own, others = parts_of(actor, case)
    open_still = taking(actor, [part.case for part in others if part.last], HELD, at)
    taken = [part for part in others if part.case in open_still]
    return [*own, *taken], [part.case for part in others if part not in taken]


def units_to_record(parts: Iterable[Part], case: Case) -> list[tuple[int, str]]:
    """Return the units of these parts of a session, id and name, each once; of a case that was never called those that work on it."""
    called = dict.fromkeys(unit for part in parts for unit in part.session.units)
    return named_units(called) if called else session_units(case)


def sessions_beside(actor: Actor, case: Case) -> list[tuple[datetime, list[Case]]]:
    """Return when sessions were called for this case together with others, the newest first, and those that the actor may see."""
    calls = _calls(case)
    if not calls:
        return []
    served = _served(actor, case, calls)
    rows = Case.objects.select_related("matter").in_bulk({pk for pks in served.values() for pk in pks})
    return [(key[1], [rows[pk] for pk in sorted(served[key])]) for key in reversed(calls) if key in served]


def _calls(case: Case) -> list[Key]:
    rows = CaseEvent.objects.filter(case=case, transition=CALLED).order_by("seq").values_list("body", flat=True)
    return [_key(body, case.number) for body in rows]


def _key(body: str, number: str) -> Key:
    event = read_event(json.loads(body))
    return event.payload.session or number, event.at


def _served(actor: Actor, case: Case, keys: Collection[Key]) -> dict[Key, list[int]]:
    """Return the other cases of these sessions, by id, that the actor reads as one who works on them."""
    if is_outsider(actor, case):
        return {}
    seen = cases_for(actor).filter(compound=case.compound_id).exclude(pk=case.pk).order_by().values("pk")
    calls = CaseEvent.objects.filter(transition=CALLED, at__in=[at for _, at in keys], case__in=seen)
    found: dict[Key, list[int]] = {}
    for pk, number, body in calls.order_by("case_id", "seq").values_list("case_id", "case__number", "body"):
        if (key := _key(body, number)) in keys:
            found.setdefault(key, []).append(pk)
    outside = outside_of(actor, [pk for pks in found.values() for pk in pks])
    kept = {key: [pk for pk in pks if pk not in outside] for key, pks in found.items()}
    return {key: pks for key, pks in kept.items() if pks}

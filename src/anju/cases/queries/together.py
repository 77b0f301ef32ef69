"""Several cases that take one act together: which list offers it to whom, and what would be done with each of the chosen."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import F
from django.utils import timezone

from anju.base.actor import Actor
from anju.cases.models import Case
from anju.cases.queries.listing import CasesSought, find_cases
from anju.cases.queries.places import leads
from anju.cases.queries.record import offered_acts
from anju.cases.queries.routes import passes_over_dissuasion, routed
from anju.cases.queries.scoped import cases_for
from anju.rules.cases.facts import Payload
from anju.rules.cases.roles import played_by_post
from anju.rules.cases.workflow import Workflow

MOST_AT_ONCE: Final = 50
SIGN, DISPATCH, OVERSEE = "sign", "dispatch", "oversee"
# The acts, each with the list whose cases take it together.
TOGETHER: Final = {
    SIGN: CasesSought(view="mine", state="dispatched"),
    DISPATCH: CasesSought(state="accepted"),
    OVERSEE: CasesSought(view="late"),
}


@dataclass(frozen=True, slots=True)
class Planned:
    """What would be done with one case; `units` are the names of the bodies that it would be given to."""

    case: Case
    payload: Payload
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """`left`: the chosen that cannot take the act, each with the reason: moved, not_now, no_route, dissuade_first."""

    act: str
    planned: tuple[Planned, ...]
    left: tuple[tuple[Case, str], ...]


def together_in(actor: Actor, workflow: Workflow, sought: CasesSought) -> str:
    """Return the act that the cases of a list can take together by this post; empty where there is none."""
    roles, transitions = played_by_post(actor.role), workflow.transitions
    for act, one in TOGETHER.items():
        shown = (sought.view, sought.state) == (one.view, one.state)
        if shown and roles & set(transitions[act].roles):
            return act
    return ""


def plan_together(actor: Actor, act: str, chosen: Collection[int], at: datetime) -> Plan:
    """Return what the act would do with the chosen cases, what is due first before the others. At most fifty.

    One that has left the act's list since it was chosen is said, not passed over.
    """
    rows = cases_for(actor).filter(pk__in=chosen).select_related("compound", "matter", "lead")
    listed = set(find_cases(actor, TOGETHER[act], at).filter(pk__in=chosen).values_list("pk", flat=True))
    names = {str(pk): unit.name for pk, unit in leads().items()} if act == DISPATCH else {}
    planned: list[Planned] = []
    left: list[tuple[Case, str]] = []
    for row in rows.order_by(F("due_at").asc(nulls_last=True), "pk")[:MOST_AT_ONCE]:
        if row.pk not in listed:
            left.append((row, "moved"))
        elif act not in {one.code for one in offered_acts(actor, row, at)}:
            left.append((row, "not_now"))
        elif act != DISPATCH:
            planned.append(Planned(row, Payload()))
        elif passes_over_dissuasion(row, way := routed(row, on=timezone.localdate(at))):
            left.append((row, "dissuade_first"))
        elif way.lead in names:
            units = tuple(names[unit] for unit in (way.lead, *way.helpers) if unit in names)
            planned.append(Planned(row, Payload(lead=way.lead, helpers=way.helpers), units))
        else:
            left.append((row, "no_route"))
    return Plan(act, tuple(planned), tuple(left))

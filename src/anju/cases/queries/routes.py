"""Where the routing table would send a case, and why: what the dispatcher is proposed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from anju.base.actor import Actor
from anju.cases.models import Case, CaseEvent, CaseParty
from anju.cases.queries.catalogue import matter_row
from anju.cases.queries.places import place_of, units_by_code
from anju.cases.queries.scoped import cases_for
from anju.rules.cases.facts import TaskKind, TaskState
from anju.rules.cases.routing import Override, Route, overrides, route, waits_for


def proposed_route(case: Case, *, on: date) -> Route:
    """Return the route of a case as it is; its units are codes (`places.units_by_code`)."""
    parties = CaseParty.objects.filter(case=case, role=CaseParty.Role.RESPONDENT, organisation__isnull=False)
    respondents = frozenset(pk for pk in parties.values_list("organisation_id", flat=True) if pk)
    place = place_of(case.compound, circumstances=frozenset(case.circumstances), respondents=respondents, on=on)
    return route(matter_row(case.matter), place, confirmed=case.matter.confirmed)


@dataclass(frozen=True, slots=True)
class Routed:
    """What the routing table says now. `lead` and `helpers` are ids of bodies; `by` is the row and its version, such as WL02:3.

    `waits`: why a person must dispatch (codes of `rules.cases.routing.WAITS`); nothing where the system may.
    """

    lead: str
    helpers: tuple[str, ...]
    by: str
    waits: tuple[str, ...]


def routed(case: Case, *, on: date) -> Routed:
    """Return where the table sends a case as it is, with the version of the matter that said so."""
    way, units, matter = proposed_route(case, on=on), units_by_code(), case.matter
    named = [units.get(code) for code in (way.lead, *way.joint)]
    lead, *helpers = (str(unit.pk) if unit else "" for unit in named)
    waits = waits_for(way, auto=matter.auto, whole=all(named))
    others = tuple(dict.fromkeys(pk for pk in helpers if pk and pk != lead))
    return Routed(lead, others, f"{matter.code}:{matter.version}", waits)


def passes_over_dissuasion(case: Case, way: Routed) -> bool:
    """Say whether whoever dispatches a case now leaves out the body that is to dissuade first, and has not been asked."""
    return "dissuade_first" in way.waits and not case.tasks.filter(kind=TaskKind.DISSUADE).exists()


def routed_lead(case: Case, *, on: date) -> str:
    """Return the id of the body that the routing table lets lead, empty where it names none or the body is not known."""
    return routed(case, on=on).lead


def suggested_lead(case: Case, *, on: date) -> str:
    """Return the id of the body that a dispatcher is proposed: the table's, or where that has given the case back the one it named instead.

    Empty where nobody is; who has given it back gets it again only by adjudication.
    """
    returned = list(case.tasks.filter(kind=TaskKind.LEAD, state=TaskState.RETURNED).values_list("unit_id", flat=True))
    lead = routed(case, on=on).lead
    if not returned or lead not in map(str, returned):
        return lead
    notes = CaseEvent.objects.filter(case=case, transition="return_task").order_by("-seq")
    named = notes.values_list("note__texts", flat=True).first() or {}
    said = str(named.get("proposed_unit", "")).strip()
    found = next((unit.pk for unit in units_by_code().values() if unit.name == said), None)
    return str(found) if found and found not in returned else ""


def unexplained(case: Case, lead: str, *, on: date) -> str:
    """Return what whoever sends a case to this body has to give a reason for, as the code of a refusal; empty where nothing."""
    suggested = suggested_lead(case, on=on)
    if suggested and lead != suggested:
        return "case.dispatch_why"
    return "case.dissuade_why" if passes_over_dissuasion(case, routed(case, on=on)) else ""


def sent_at_once(case: Case) -> str:
    """Return the lead to which the system has dispatched a case after its acceptance; empty where it waits for a person."""
    last = CaseEvent.objects.filter(case=case).order_by("-seq").values_list("transition", "role")[:1]
    if list(last) != [("dispatch", "system")]:
        return ""
    return Case.objects.values_list("lead__name", flat=True).get(pk=case.pk) or ""


def overrides_since(actor: Actor, since: datetime) -> tuple[Override, ...]:
    """Return what was sent elsewhere than the catalogue says: the monthly correction. Leads are ids of organisations."""
    return overrides(_dispatched(actor, since))


def _dispatched(actor: Actor, since: datetime) -> Iterator[tuple[str, str, str]]:
    acts = ("dispatch", "adjudicate", "reassign", "transfer")
    rows = CaseEvent.objects.filter(case__in=cases_for(actor), transition__in=acts, at__gte=since)
    for matter, body in rows.values_list("case__matter__code", "body"):
        kept = json.loads(body)
        yield matter, kept.get("routed", ""), kept["payload"]["lead"]

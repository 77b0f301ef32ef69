"""Where the routing table would send a case, and why: what the dispatcher is proposed."""

import json
from collections.abc import Iterator
from datetime import date, datetime

from anju.base.actor import Actor
from anju.cases.models import Case, CaseEvent, CaseParty
from anju.cases.queries.catalogue import catalogue_in_force, matter_row
from anju.cases.queries.places import place_of, units_by_code
from anju.cases.queries.scoped import cases_for
from anju.rules.cases.routing import Override, Route, overrides, route


def proposed_route(case: Case, *, on: date) -> Route:
    """Return the route of a case as it is; its units are codes (`places.units_by_code`)."""
    parties = CaseParty.objects.filter(case=case, role=CaseParty.Role.RESPONDENT, organisation__isnull=False)
    respondents = frozenset(pk for pk in parties.values_list("organisation_id", flat=True) if pk)
    place = place_of(case.compound, circumstances=frozenset(case.circumstances), respondents=respondents, on=on)
    return route(matter_row(case.matter), place, confirmed=catalogue_in_force().confirmed)


def routed_lead(case: Case, *, on: date) -> str:
    """Return the id of the body that the routing table lets lead, empty where it names none or the body is not known."""
    unit = units_by_code().get(proposed_route(case, on=on).lead)
    return str(unit.pk) if unit else ""


def overrides_since(actor: Actor, since: datetime) -> tuple[Override, ...]:
    """Return what was sent elsewhere than the catalogue says: the monthly correction. Leads are ids of organisations."""
    return overrides(_dispatched(actor, since))


def _dispatched(actor: Actor, since: datetime) -> Iterator[tuple[str, str, str]]:
    acts = ("dispatch", "adjudicate", "reassign", "transfer")
    rows = CaseEvent.objects.filter(case__in=cases_for(actor), transition__in=acts, at__gte=since)
    for matter, body in rows.values_list("case__matter__code", "body"):
        kept = json.loads(body)
        yield matter, kept.get("routed", ""), kept["payload"]["lead"]

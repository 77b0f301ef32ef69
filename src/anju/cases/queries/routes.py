"""Where the routing table would send a case, and why: what the dispatcher is proposed."""

from datetime import date

from anju.cases.models import Case, CaseParty
from anju.cases.queries.catalogue import catalogue_in_force, matter_row
from anju.cases.queries.places import place_of
from anju.rules.cases.routing import Route, route


def proposed_route(case: Case, *, on: date) -> Route:
    """Return the route of a case as it is; its units are codes (`places.units_by_code`)."""
    parties = CaseParty.objects.filter(case=case, role=CaseParty.Role.RESPONDENT, organisation__isnull=False)
    respondents = frozenset(pk for pk in parties.values_list("organisation_id", flat=True) if pk)
    place = place_of(case.compound, circumstances=frozenset(case.circumstances), respondents=respondents, on=on)
    return route(matter_row(case.matter), place, confirmed=catalogue_in_force().confirmed)

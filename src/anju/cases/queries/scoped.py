"""Which cases an actor may see. Every other query of cases for people who sign in begins here.

The county sees all; a town or community its own area and what was given to it; a department what was given to it; a company, a
committee or another body of one compound only what was addressed to it or filed by it.
"""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from anju.base.actor import Actor
from anju.cases.models import Case, CaseParty, CaseTask
from anju.places.models import Organisation
from anju.rules.permissions import Permission


def cases_for(actor: Actor) -> "QuerySet[Case]":
    if not actor.may(Permission.CASE_VIEW):
        return Case.objects.none()
    if actor.scope.everything:
        return Case.objects.all()
    found = Q(_given(actor)) | Q(_addressed(actor))
    if actor.scope.compounds:
        return Case.objects.filter(found, compound__in=actor.scope.compounds)
    for path in actor.scope.divisions:
        found |= Q(compound__division__path__startswith=path)
    return Case.objects.filter(found)


def _given(actor: Actor) -> Exists:
    return Exists(CaseTask.objects.filter(of_units(actor.scope.organisations), case=OuterRef("pk")))


def of_units(organisations: Iterable[int]) -> Q:
    """Tasks of these bodies, and of the body that one of them is an office of: 房管所 acts for 县住建局 too."""
    own = list(organisations)
    return Q(unit__in=own) | Q(unit__in=Organisation.objects.filter(children__in=own))


def _addressed(actor: Actor) -> Exists:
    """A respondent sees a case from the day it was addressed to it; a body that filed one sees its own."""
    own = CaseParty.objects.filter(case=OuterRef("pk"), organisation__in=actor.scope.organisations)
    return Exists(own.filter(Q(role=CaseParty.Role.REPORTER) | Q(addressed_at__isnull=False)))

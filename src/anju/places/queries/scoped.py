"""What an actor may see of the map and the bodies. Every other query of places begins here.

The map itself (divisions) and the bodies of government are known to everyone who works with the county; compounds, companies and
committees are seen within the post's scope.
"""

from django.db.models import Q, QuerySet

from anju.base.actor import Actor
from anju.places.models import Compound, Division, Organisation
from anju.rules.permissions import Permission
from anju.rules.scope import Scope

_PUBLIC_KINDS = (
    "bureau",
    "department",
    "government",
    "town",
    "community",
    "party",
    "mass",
    "court",
)


def divisions_for(actor: Actor) -> "QuerySet[Division]":
    if not actor.may(Permission.DIVISION_VIEW):
        return Division.objects.none()
    return Division.objects.all()


def organisations_for(actor: Actor) -> "QuerySet[Organisation]":
    if not actor.may(Permission.ORGANISATION_VIEW):
        return Organisation.objects.none()
    if actor.scope.everything:
        return Organisation.objects.all()
    within = Q(kind__in=_PUBLIC_KINDS) | Q(pk__in=actor.scope.organisations) | _below("division", actor.scope)
    return Organisation.objects.filter(within)


def compounds_for(actor: Actor) -> "QuerySet[Compound]":
    if not actor.may(Permission.COMPOUND_VIEW):
        return Compound.objects.none()
    if actor.scope.everything:
        return Compound.objects.all()
    within = Q(pk__in=actor.scope.compounds) | Q(supervising_unit__in=actor.scope.organisations)
    return Compound.objects.filter(within | _below("division", actor.scope))


def _below(field: str, scope: Scope) -> Q:
    """Rows whose division lies in one of the scope's branches; never true for a scope without branches."""
    within = Q(pk__in=[])
    for path in scope.divisions:
        within |= Q(**{f"{field}__path__startswith": path})
    return within


def reaches(scope: Scope, division: Division) -> bool:
    """Say whether rows of this division lie within the scope: the same question as above, asked of one division."""
    return scope.everything or any(division.path.startswith(path) for path in scope.divisions)

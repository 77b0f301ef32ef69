"""The views that somebody saved, and the places that their table can be narrowed to."""

from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from anju.base.actor import Actor
from anju.base.composed import composed
from anju.places.models import OPEN, Division
from anju.places.queries.scoped import divisions_for
from anju.reports.models import SavedView, TableEdit


def saved_views(actor: Actor) -> "QuerySet[SavedView]":
    return SavedView.objects.filter(owner=actor.user_id)


@composed
def tabs_saved(actor: Actor) -> "QuerySet[SavedView, tuple[int, str, str]]":
    """Return id, name and query of the views the actor saved, for the tabs."""
    return saved_views(actor).values_list("id", "name", "query")


def edits_of(actor: Actor) -> "QuerySet[TableEdit]":
    """Return what the actor did at the table, the newest first."""
    return TableEdit.objects.filter(by=actor.user_id)


def places_of(actor: Actor) -> "QuerySet[Division]":
    """Return the towns, and within one's own town its communities: what the table can be narrowed to by hand."""
    rows = divisions_for(actor).filter(OPEN)
    if actor.scope.everything or not actor.scope.divisions:
        return rows.filter(level="town").order_by("awaiting", "code")
    within = Q(pk__in=[])
    for path in actor.scope.divisions:
        within |= Q(path__startswith=path)
    return rows.filter(within).order_by("awaiting", "code")


@composed
def places_named(actor: Actor) -> "QuerySet[Division, tuple[int, str, str]]":
    """Return id, name and level of those places, for a list to choose from."""
    return places_of(actor).values_list("id", "name", "level")


def town_names(pks: Iterable[int], known: Mapping[int, str]) -> dict[int, str]:
    """Return the names of the towns that rows lie in, asking only for those not known: a reader may see a row and not its town's list."""
    wanted = set(pks)
    missing = wanted - known.keys()
    found = dict(Division.objects.filter(pk__in=missing).values_list("id", "name")) if missing else {}
    return {pk: found.get(pk) or known[pk] for pk in wanted}

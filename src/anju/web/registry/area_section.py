"""The management area on a compound's page: how large, since when and from where, and what it shares with others."""

from collections.abc import Iterator

from anju.places.models import Compound
from anju.places.queries.scoped import reaches
from anju.registry.queries.areas import area_of, shared_ground
from anju.rules.areas import from_geojson
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest
from anju.web.places.sections import Section
from anju.web.registry.area_words import square_words


def sections(request: ActorRequest, compound: Compound) -> Iterator[Section]:
    actor = request.actor
    if not actor.may(Permission.FACT_VIEW):
        return
    row = area_of(actor, compound)
    edit = compound.ended_on is None and actor.may(Permission.FACT_EDIT) and reaches(actor.scope, compound.division)
    shared = shared_ground(actor, from_geojson(row.geometry), but=compound) if row and row.geometry else []
    values = {
        "compound": compound,
        "area": row,
        "size": square_words(row.size or 0) if row else "",
        "shared": [(one, square_words(one.size)) for one in shared],
        "may_edit": edit,
    }
    yield Section("area", "registry/area_of_compound.html", values, rail=True)

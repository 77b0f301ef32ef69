"""Management areas an actor may see: those of the compounds within reach, in their newest version, and what they share with others."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from anju.base.actor import Actor
from anju.places.models import Compound
from anju.places.queries.scoped import compounds_for
from anju.registry.models import Cell, ManagementArea
from anju.registry.queries.facts import cells_for
from anju.registry.queries.sides import names_of_posts
from anju.rules.areas import COUNTRY, LEAST_OVERLAP, Area, Box, from_geojson, overlap, surroundings, touching
from anju.rules.coordinates import to_wgs84
from anju.rules.lists.readings import Point
from anju.rules.permissions import Permission

AROUND = 8_000_000  # 0.8 degrees: a county and its neighbours
ENOUGH = 1000  # places from which the middle of a county is taken


class Shared(NamedTuple):
    """Ground that two areas both claim: the other compound, and how much in 0.01 m2."""

    compound: int
    name: str
    size: int
    geometry: dict[str, Any]


def versions_for(actor: Actor) -> "QuerySet[ManagementArea]":
    """Every version ever recorded of the areas within the actor's reach."""
    if not actor.may(Permission.FACT_VIEW):
        return ManagementArea.objects.none()
    return ManagementArea.objects.filter(compound__in=compounds_for(actor).values("id"))


def areas_for(actor: Actor) -> "QuerySet[ManagementArea]":
    """The areas in force of compounds in force."""
    newer = ManagementArea.objects.filter(compound=OuterRef("compound"), version__gt=OuterRef("version"))
    rows = versions_for(actor).filter(~Exists(newer), ended_on__isnull=True, compound__ended_on__isnull=True)
    return rows.order_by("compound_id")


def area_of(actor: Actor, compound: Compound) -> ManagementArea | None:
    return areas_for(actor).filter(compound=compound).select_related("source").first()


def history_of_area(actor: Actor, compound: Compound) -> list[tuple[ManagementArea, str]]:
    """Return every version, the newest first, with who recorded it."""
    rows = list(versions_for(actor).filter(compound=compound).select_related("source").order_by("-version"))
    who = names_of_posts(actor, (row.recorder_post for row in rows))
    return [(row, who.get(row.recorder_post, "")) for row in rows]


def areas_within(actor: Actor, box: Box, *, but: Compound) -> "QuerySet[ManagementArea]":
    """The areas of other compounds that a box touches."""
    rows = areas_for(actor).exclude(compound=but).select_related("compound")
    return rows.filter(west__lte=box.east, east__gte=box.west, south__lte=box.north, north__gte=box.south)


def shared_ground(actor: Actor, area: Area, *, but: Compound) -> list[Shared]:
    """Return which areas of others within reach the area lies in, the largest share first. Less than 1 m2 is not told."""
    found = [
        Shared(row.compound_id, row.compound.name, size, row.geometry)
        for row in areas_within(actor, area.box, but=but)
        if row.geometry and (size := overlap(area, from_geojson(row.geometry))) >= LEAST_OVERLAP
    ]
    return sorted(found, key=lambda shared: -shared.size)


class Overlap(NamedTuple):
    """Ground that the areas of two compounds both claim, in 0.01 m2."""

    size: int
    one: int
    one_name: str
    other: int
    other_name: str


def overlaps_for(actor: Actor) -> list[Overlap]:
    """Return every pair of areas within reach that lie in each other by 1 m2 or more, the largest first; two queries."""
    boxes = list(areas_for(actor).values_list("pk", "west", "south", "east", "north"))
    pairs = touching([Box(*(edge or 0 for edge in edges)) for _, *edges in boxes])
    wanted = {boxes[at][0] for pair in pairs for at in pair}
    rows = {row.pk: row for row in areas_for(actor).filter(pk__in=wanted).select_related("compound")}
    drawn = {pk: from_geojson(row.geometry) for pk, row in rows.items() if row.geometry}
    found = []
    for one, other in ((boxes[one][0], boxes[other][0]) for one, other in pairs):
        if (size := overlap(drawn[one], drawn[other])) >= LEAST_OVERLAP:
            here, there = rows[one].compound, rows[other].compound
            found.append(Overlap(size, here.pk, here.name, there.pk, there.name))
    return sorted(found, key=lambda overlap: -overlap.size)


def point_of(actor: Actor, compound: Compound) -> Point | None:
    """Return where a compound is said to lie."""
    return next(_points(cells_for(actor).filter(compound=compound)), None)


def surroundings_for(actor: Actor) -> Box:
    """Return where an area must lie: around the middle of the places that the actor may know of, else in the country."""
    told = _points(cells_for(actor).filter(compound__ended_on__isnull=True))
    drawn = areas_for(actor).values_list("west", "south")[:ENOUGH]
    places = [*(to_wgs84(point)[:2] for point in told), *((west or 0, south or 0) for west, south in drawn)]
    return surroundings(places, AROUND) or COUNTRY


def _points(cells: "QuerySet[Cell]") -> Iterator[Point]:
    rows = cells.filter(indicator__type="point", low__isnull=False, high__isnull=False).order_by("compound_id")
    return (Point(low or 0, high or 0, form) for low, high, form in rows.values_list("low", "high", "form")[:ENOUGH])

"""物业管理区域 as polygons: read from GeoJSON (RFC 7946), measured, and what is wrong with them.

物业管理条例 9: a management area is delineated with regard to shared facilities, the size of the buildings and the community; how exactly
is the province's rule. Nothing here decides whether a boundary is right, only whether it is one. Places are whole ten-millionths of a
degree in CGCS2000, areas whole hundredths of a square metre. Geometry needs floats: only within the functions in `FLOATING`.
Shapely and numpy take 17 MB of a process, so they are loaded with the first area that a process measures, not with the program.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import atanh, radians, sin, sqrt
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

from anju.rules.coordinates import BD09, CGCS2000, GCJ02, STEPS, UNKNOWN, WGS84, metres_between, to_wgs84
from anju.rules.lists.readings import Point

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SYSTEMS: Final = (CGCS2000, WGS84, GCJ02, BD09, UNKNOWN)
MOST_POINTS: Final = 20_000
LARGEST_TEXT: Final = 2 * 1024 * 1024  # characters
SMALLEST, LARGEST = 10 * 100, 20 * 1_000_000 * 100  # 0.01 m2: below a house, above a town
LEAST_OVERLAP: Final = 100  # 0.01 m2: less is two people's hands on one line
FLOATING: Final = ("_degrees", "_steps", "_metres", "_shape", "square_metres", "overlap", "_place_in")
_DEEPEST: Final = 8  # a feature collection's coordinates lie that deep
_SHORTEST: Final = 4
_CRS: Final = re.compile(r"(CRS84|EPSG:{1,2}(4326|4490))$")
_AXIS, _FLATTENING = 6_378_137, 298_257_222_101  # CGCS2000 (GB 22021); the second is 10^9 times 1/f

Place = tuple[int, int]
Ring = tuple[Place, ...]


class BadArea(Exception):
    """Why a text is no area. `code`, and the values that its sentence tells."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class Box(NamedTuple):
    """West, south, east and north in steps."""

    west: int
    south: int
    east: int
    north: int

    def holds(self, place: Place) -> bool:
        return self.west <= place[0] <= self.east and self.south <= place[1] <= self.north

    @property
    def middle(self) -> Place:
        return (self.west + self.east) // 2, (self.south + self.north) // 2

    def wider(self, by: int) -> "Box":
        return Box(self.west - by, self.south - by, self.east + by, self.north + by)


COUNTRY: Final = Box(73 * STEPS, 3 * STEPS, 136 * STEPS, 54 * STEPS)


@dataclass(frozen=True, slots=True)
class Area:
    """Polygons, each its outer ring and then its holes; rings are closed. `system`: in which it was given."""

    polygons: tuple[tuple[Ring, ...], ...]
    system: str = CGCS2000

    @property
    def places(self) -> Iterator[Place]:
        return (place for rings in self.polygons for ring in rings for place in ring)

    @property
    def box(self) -> Box:
        easts, norths = zip(*self.places, strict=True)
        return Box(min(easts), min(norths), max(easts), max(norths))

    @property
    def approximate(self) -> bool:
        """Its system was not said, so that it may lie 600 m off."""
        return self.system == UNKNOWN


class Fault(NamedTuple):
    """What is wrong with a boundary, by its code, and where. Codes: `crossing`, `hole_outside`, `nested`, `split`, `thin`, `other`."""

    code: str
    place: Place | None


def read_area(text: str, system: str = CGCS2000, near: Box = COUNTRY) -> Area:
    """Return the area that GeoJSON tells: one Polygon or MultiPolygon, bare or as a feature. Raises `BadArea`.

    `near`: where it has to lie. Places are turned into CGCS2000 from the system in which they are given.
    """
    if not text.strip():
        raise BadArea("empty")
    if len(text) > LARGEST_TEXT:
        raise BadArea("too_long", most=LARGEST_TEXT // 1024 // 1024)
    geometry = _geometry(_parsed(text))
    given = Area(tuple(_polygons(geometry)), system)
    _require_in_place(given, near)
    area = Area(tuple(tuple(_turned(ring, system) for ring in rings) for rings in given.polygons), system)
    _require_in_place(area, near)
    return area


def _parsed(text: str) -> Any:
    def refuse(name: str) -> NoReturn:
        raise BadArea("not_a_number", found=name)

    try:
        return json.loads(text.lstrip("\ufeff"), parse_float=Decimal, parse_int=Decimal, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise BadArea("not_json", line=error.lineno, column=error.colno) from error
    except (RecursionError, ValueError, ArithmeticError) as error:
        raise BadArea("shape") from error


def _geometry(told: Any) -> dict[str, Any]:
    """Return the one polygon of a text that may wrap it in a feature or a collection."""
    if not isinstance(told, dict):
        raise BadArea("no_polygon", found=type(told).__name__)
    _require_known_system(told.get("crs"))
    kind = told.get("type")
    if kind == "FeatureCollection":
        features = told.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise BadArea("several", count=len(features) if isinstance(features, list) else 0)
        return _geometry(features[0])
    if kind == "Feature":
        inner = told.get("geometry")
        return _geometry(inner if isinstance(inner, dict) and inner.get("type") != "Feature" else {})
    if kind not in ("Polygon", "MultiPolygon"):
        raise BadArea("no_polygon", found=str(kind)[:20] if kind else "")
    return told


def _require_known_system(crs: Any) -> None:
    """The GeoJSON of 2008 could name a system of coordinates; one that is not in degrees of WGS-84 or CGCS2000 is not read."""
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if not _CRS.search(name):
        raise BadArea("foreign_system", found=name[:60])


def _polygons(geometry: dict[str, Any]) -> Iterator[tuple[Ring, ...]]:
    told = geometry.get("coordinates")
    left = MOST_POINTS
    for rings in _listed([told] if geometry["type"] == "Polygon" else told):
        found = []
        for ring in _listed(rings):
            left -= len(_listed(ring))
            if left < 0:
                raise BadArea("too_many_points", most=MOST_POINTS)
            found.append(_ring(ring))
        yield tuple(found)


def _listed(told: Any) -> list[Any]:
    if not isinstance(told, list) or not told:
        raise BadArea("shape")
    return told


def _ring(told: list[Any]) -> Ring:
    places = [_position(one) for one in told]
    if places[0] != places[-1]:
        raise BadArea("not_closed")
    ring = (*(one for one, next_ in pairwise(places) if one != next_), places[-1])
    if len(ring) < _SHORTEST:
        raise BadArea("short_ring")
    return ring


def _position(told: Any) -> Place:
    """A position in steps; a height is left out."""
    if not isinstance(told, list) or not 2 <= len(told) <= _DEEPEST:
        raise BadArea("shape")
    if any(isinstance(number, list | dict) for number in told):
        raise BadArea("shape")
    if wrong := [number for number in told if not isinstance(number, Decimal)]:
        raise BadArea("not_a_number", found=str(wrong[0])[:20])
    if abs(told[0]) > 180 or abs(told[1]) > 180:
        raise BadArea("metres")
    return _nearest(told[0]), _nearest(told[1])


def _nearest(number: Decimal) -> int:
    return int((number * STEPS).to_integral_value())


def _turned(ring: Ring, system: str) -> Ring:
    return tuple(to_wgs84(Point(*place, system))[:2] for place in ring)


def _require_in_place(area: Area, near: Box) -> None:
    if all(near.holds(place) for place in area.places):
        return
    if all(near.holds((north, east)) for east, north in area.places):
        raise BadArea("swapped")
    raise BadArea("outside", kilometres=metres_between(area.box.middle, near.middle) // 1000)


def size_fault(area: Area) -> str:
    """Return `tiny` or `huge` where no compound is that size, else nothing."""
    size = square_metres(area)
    return "tiny" if size < SMALLEST else "huge" if size > LARGEST else ""


def surroundings(places: Iterable[Place], by: int) -> Box | None:
    """Return the surroundings of a county: of the middle of its places by `by` steps in each direction, None where it has none.

    The middle is that of the ordered longitudes and latitudes, so that a few mistaken places do not move it.
    """
    known = list(places)
    if not known:
        return None
    east, north = (sorted(axis)[len(known) // 2] for axis in zip(*known, strict=True))
    return Box(east, north, east, north).wider(by)


def as_geojson(area: Area) -> dict[str, Any]:
    """Return a GeoJSON MultiPolygon, degrees in CGCS2000."""
    rings = [[[_degrees(place) for place in ring] for ring in rings] for rings in area.polygons]
    return {"type": "MultiPolygon", "coordinates": rings}


def from_geojson(geometry: dict[str, Any], system: str = CGCS2000) -> Area:
    """Return the area that `as_geojson` wrote."""
    told = geometry["coordinates"]
    return Area(tuple(tuple(tuple(map(_steps, ring)) for ring in rings) for rings in told), system)


def square_metres(area: Area) -> int:
    """Return the area on the ellipsoid in hundredths of a square metre."""
    return round(_shape(area).area * 100)


def overlap(one: Area, other: Area) -> int:
    """Return how much of the ground lies in both, in hundredths of a square metre; the same whichever comes first."""
    import shapely

    first, second = sorted((one, other), key=lambda area: area.polygons)
    return round(shapely.intersection(_shape(first), _shape(second)).area * 100)


def touching(boxes: Sequence[Box]) -> list[tuple[int, int]]:
    """Return which of these boxes touch, each pair once, by their places in the list."""
    import shapely

    drawn = [shapely.box(*box) for box in boxes]
    pairs = shapely.STRtree(drawn).query(drawn).T.tolist() if drawn else []
    return sorted((one, other) for one, other in pairs if one < other)


def meeting(one: Area, other: Area) -> dict[str, Any]:
    """Return where two areas lie in each other, as a GeoJSON MultiPolygon in CGCS2000 to be drawn: measure with `overlap`."""
    import shapely
    from shapely.geometry import mapping

    first, second = (shapely.make_valid(_outline(area)) for area in (one, other))
    parts = shapely.get_parts(shapely.intersection(first, second))
    pieces = [piece for piece in map(mapping, parts) if piece["type"] == "Polygon"]
    rings = [[[_degrees(place) for place in ring] for ring in piece["coordinates"]] for piece in pieces]
    return {"type": "MultiPolygon", "coordinates": rings}


def fault_of(area: Area) -> Fault | None:
    """Return the first thing that is wrong with a boundary, None where nothing is."""
    import shapely

    reason = shapely.is_valid_reason(_outline(area))
    if reason == "Valid Geometry":
        return None
    return Fault(next((code for words, code in _REASONS if words in reason), "other"), _place_in(reason))


_REASONS: Final = (  # as GEOS says them, the narrower first
    ("Hole lies outside", "hole_outside"),
    ("Nested", "nested"),
    ("nested", "nested"),
    ("disconnected", "split"),
    ("Too few points", "thin"),
    ("Self-intersection", "crossing"),
    ("Duplicate Rings", "nested"),
)


def _place_in(reason: str) -> Place | None:
    found = re.search(r"\[(\S+) (\S+)]", reason)
    return (round(float(found[1])), round(float(found[2]))) if found else None


def _degrees(place: tuple[float, float]) -> list[float]:
    return [place[0] / STEPS, place[1] / STEPS]


def _steps(degrees_: list[float]) -> Place:
    return round(degrees_[0] * STEPS), round(degrees_[1] * STEPS)


def _outline(area: Area) -> "BaseGeometry":
    """The area on the plane of longitude and latitude, in steps: straight lines stay straight, only sizes are not those of the ground."""
    import shapely

    return shapely.MultiPolygon([(rings[0], list(rings[1:])) for rings in area.polygons])


def _shape(area: Area) -> "BaseGeometry":
    """The area on a plane of metres whose areas are those of the ellipsoid. One that crosses itself is counted as what it encloses."""
    import shapely

    polygons = [[[_metres(place) for place in ring] for ring in rings] for rings in area.polygons]
    shape: BaseGeometry = shapely.MultiPolygon([(rings[0], rings[1:]) for rings in polygons])
    return shape if shapely.is_valid(shape) else shapely.make_valid(shape)


def _metres(place: Place) -> tuple[float, float]:
    """Lambert's cylindrical equal-area projection of the ellipsoid of CGCS2000 (Snyder, Map Projections, 1987, p. 81)."""
    flat = 10**9 / _FLATTENING
    squared = flat * (2 - flat)
    eccentric, height = sqrt(squared), sin(radians(place[1] / STEPS))
    q = (1 - squared) * (height / (1 - squared * height * height) + atanh(eccentric * height) / eccentric)
    return _AXIS * radians(place[0] / STEPS), _AXIS * q / 2

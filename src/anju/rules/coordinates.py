"""Systems of coordinates in use in China and the way between them; points are whole ten-millionths of a degree, some centimetre.

Maps for the public must be in GCJ-02, which moves every place by some hundred metres; Baidu's BD-09 moves those once more. Neither has a
published definition: these are the formulas that everybody uses, known to agree with the maps within a metre or so. CGCS2000 and WGS-84
differ by centimetres and are one here.

Sines and roots need floats: the only ones of the rules, kept within the functions named in `FLOATING`. What leaves them is integers.
"""

from collections.abc import Callable
from math import asin, atan2, cos, hypot, pi, radians, sin, sqrt
from typing import Final, NamedTuple

from anju.rules.lists.readings import Point

CGCS2000, WGS84, GCJ02, BD09, UNKNOWN = "cgcs2000", "wgs84", "gcj02", "bd09", "unknown"
STEPS: Final = 10**7
FLOATING: Final = ("_moved_by_gcj02", "_moved_by_bd09", "metres_between")

# The box within which the formulas move places at all, as all their users have it.
_WEST, _EAST, _SOUTH, _NORTH = 720_040_000, 1_378_347_000, 8_293_000, 558_271_000
_ROUNDS: Final = 10  # each brings the inverse a thousand times nearer; two or three are enough

_Place = tuple[int, int]


class Located(NamedTuple):
    """A place in WGS-84, longitude and latitude in steps. `approximate`: its system was not said, so it may be 600 m off."""

    longitude: int
    latitude: int
    approximate: bool


def to_wgs84(point: Point) -> Located:
    """Return where a point lies; one of unknown system is taken as given and marked."""
    approximate = point.system not in _TO_WGS84
    longitude, latitude = _TO_WGS84.get(point.system, _same)((point.longitude, point.latitude))
    return Located(longitude, latitude, approximate)


def convert(point: Point, system: str) -> Point:
    """Return the point in another system; to or from an unknown one nothing moves."""
    if UNKNOWN in {point.system, system}:
        return Point(point.longitude, point.latitude, system)
    located = to_wgs84(point)
    longitude, latitude = _FROM_WGS84[system]((located.longitude, located.latitude))
    return Point(longitude, latitude, system)


def metres_between(one: _Place, other: _Place) -> int:
    """Return the distance of two places of one system in whole metres, on a sphere of the earth's mean radius (GRS 80: 6,371,008.8 m).

    A sphere is within 0.6 % of the ellipsoid.
    """
    west, south, east, north = (radians(angle / STEPS) for angle in (*one, *other))
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return round(2 * 6_371_008.8 * asin(min(1.0, sqrt(half))))


def is_inside(place: _Place) -> bool:
    """Tell whether the systems of the country's maps move a place at all."""
    return _WEST <= place[0] <= _EAST and _SOUTH <= place[1] <= _NORTH


def _moved_by_gcj02(place: _Place) -> _Place:
    """WGS-84 to GCJ-02, on the ellipsoid of Krassowski 1940."""
    longitude, latitude = place[0] / STEPS, place[1] / STEPS
    x, y = longitude - 105, latitude - 35
    root, ripple = sqrt(abs(x)), 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (
        (ripple + 20 * sin(y * pi) + 40 * sin(y / 3 * pi) + 160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    )
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (ripple + 20 * sin(x * pi) + 40 * sin(x / 3 * pi) + 150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    radius, flat = 6_378_245, 0.006_693_421_622_965_943
    magic = 1 - flat * sin(radians(latitude)) ** 2
    north = north * 180 / (radius * (1 - flat) / (magic * sqrt(magic)) * pi)
    east = east * 180 / (radius / sqrt(magic) * cos(radians(latitude)) * pi)
    return round((longitude + east) * STEPS), round((latitude + north) * STEPS)


def _moved_by_bd09(place: _Place) -> _Place:
    """GCJ-02 to BD-09."""
    x, y = place[0] / STEPS, place[1] / STEPS
    distance = hypot(x, y) + 0.000_02 * sin(y * pi * 3000 / 180)
    angle = atan2(y, x) + 0.000_003 * cos(x * pi * 3000 / 180)
    return round((distance * cos(angle) + 0.0065) * STEPS), round((distance * sin(angle) + 0.006) * STEPS)


def _same(place: _Place) -> _Place:
    return place


def _gcj02(place: _Place) -> _Place:
    return _moved_by_gcj02(place) if is_inside(place) else place


def _bd09(place: _Place) -> _Place:
    return _moved_by_bd09(_moved_by_gcj02(place)) if is_inside(place) else place


def _inverse(moved: Callable[[_Place], _Place]) -> Callable[[_Place], _Place]:
    """The place that `moved` brings here: guessed, and each time corrected by how far the guess misses."""

    def back(target: _Place) -> _Place:
        longitude, latitude = target
        for _ in range(_ROUNDS if is_inside(target) else 0):
            there = moved((longitude, latitude))
            if there == target:
                break
            longitude, latitude = longitude + target[0] - there[0], latitude + target[1] - there[1]
        return longitude, latitude

    return back


_FROM_WGS84: Final = {WGS84: _same, CGCS2000: _same, GCJ02: _gcj02, BD09: _bd09}
_TO_WGS84: Final = {
    WGS84: _same,
    CGCS2000: _same,
    GCJ02: _inverse(_moved_by_gcj02),
    BD09: _inverse(lambda place: _moved_by_bd09(_moved_by_gcj02(place))),
}

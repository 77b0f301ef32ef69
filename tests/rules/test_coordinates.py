"""Systems of coordinates: published examples, the way there and back, and floats nowhere but where they are declared."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.rules.coordinates import FLOATING, STEPS, convert, is_inside, metres_between, to_wgs84
from anju.rules.lists.readings import Point
from tests.house.source import SOURCE

# A degree inside the box: at its edge the move begins at once, and a place on one side may come to lie on the other.
PLACES = st.tuples(st.integers(74 * STEPS, 136 * STEPS), st.integers(3 * STEPS, 54 * STEPS))
SYSTEMS = st.sampled_from(["wgs84", "cgcs2000", "gcj02", "bd09"])
NEAR = 10  # steps of a ten-millionth of a degree: at most 0.11 m


@pytest.mark.parametrize(
    ("longitude", "latitude", "from_", "to", "moved"),
    [
        (1_164_040_000, 399_150_000, "wgs84", "gcj02", (1_164_102_445, 399_164_043)),
        (1_164_040_000, 399_150_000, "cgcs2000", "gcj02", (1_164_102_445, 399_164_043)),
        (1_164_040_000, 399_150_000, "gcj02", "bd09", (1_164_103_695, 399_213_370)),
        (1_164_103_695, 399_213_370, "bd09", "gcj02", (1_164_040_000, 399_150_000)),
        (1_164_102_445, 399_164_043, "gcj02", "wgs84", (1_164_040_000, 399_150_000)),
        (1_164_040_000, 399_150_000, "wgs84", "cgcs2000", (1_164_040_000, 399_150_000)),
    ],
)
def test_convert_published_example(longitude: int, latitude: int, from_: str, to: str, moved: tuple[int, int]) -> None:
    there = convert(Point(longitude, latitude, from_), to)
    assert there.system == to
    assert abs(there.longitude - moved[0]) <= 1
    assert abs(there.latitude - moved[1]) <= 1


@given(PLACES, SYSTEMS, SYSTEMS)
def test_convert_there_and_back(place: tuple[int, int], one: str, other: str) -> None:
    here = Point(*place, one)
    again = convert(convert(here, other), one)
    assert again.system == one
    assert max(abs(again.longitude - here.longitude), abs(again.latitude - here.latitude)) < NEAR


@given(PLACES)
def test_map_for_the_public_moves_a_place_by_some_hundred_metres(place: tuple[int, int]) -> None:
    moved = to_wgs84(Point(*place, "gcj02"))
    assert not moved.approximate
    assert 0 < metres_between(place, moved[:2]) < 1500


@pytest.mark.parametrize(
    "place", [(21_000_000, 488_000_000), (-740_000_000, 407_000_000), (1_500_000_000, -300_000_000)]
)
@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_place_outside_the_country_stays_where_it_is(place: tuple[int, int], system: str) -> None:
    assert not is_inside(place)
    assert to_wgs84(Point(*place, system)) == (*place, False)
    assert convert(Point(*place, "wgs84"), system) == Point(*place, system)


def test_point_of_unknown_system_is_taken_as_given_and_approximate() -> None:
    assert to_wgs84(Point(1_115_581_210, 244_011_870, "unknown")) == (1_115_581_210, 244_011_870, True)
    assert to_wgs84(Point(1_115_581_210, 244_011_870, "beijing54")).approximate
    assert convert(Point(1, 2, "unknown"), "gcj02") == Point(1, 2, "gcj02")
    assert convert(Point(1, 2, "gcj02"), "unknown") == Point(1, 2, "unknown")


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        ((1_110_000_000, 240_000_000), (1_110_000_000, 240_000_000), 0),
        ((1_110_000_000, 240_000_000), (1_110_000_000, 250_000_000), 111_195),  # a degree of a meridian of the sphere
        ((1_110_000_000, 0), (1_120_000_000, 0), 111_195),
        ((1_110_000_000, 600_000_000), (1_110_010_000, 600_000_000), 56),  # parallels shrink to half at 60 degrees
        ((0, 0), (1_800_000_000, 0), 20_015_114),
    ],
)
def test_distance_in_metres(one: tuple[int, int], other: tuple[int, int], metres: int) -> None:
    assert metres_between(one, other) == metres_between(other, one) == metres


def test_floats_are_only_where_they_are_declared() -> None:
    tree = ast.parse((SOURCE / "rules" / "coordinates.py").read_text())
    elsewhere = [node for node in tree.body if not (isinstance(node, ast.FunctionDef) and node.name in FLOATING)]
    for node in elsewhere:
        for part in ast.walk(node):
            assert not (isinstance(part, ast.Constant) and isinstance(part.value, float))
            assert not (isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div))
            assert not (isinstance(part, ast.Name) and part.id in {"float", "round", "sin", "cos", "sqrt"})

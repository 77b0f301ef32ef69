"""Management areas as polygons: what is read, what is refused and why, sizes on the ground, faults, and overlaps that are symmetrical."""

import ast
import inspect
import json
from math import cos, pi, sin, sqrt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from anju.rules import areas
from anju.rules.areas import (
    COUNTRY,
    FLOATING,
    LARGEST_TEXT,
    MOST_POINTS,
    Area,
    BadArea,
    Box,
    as_geojson,
    fault_of,
    from_geojson,
    meeting,
    overlap,
    read_area,
    size_fault,
    square_metres,
    surroundings,
    touching,
)
from anju.rules.coordinates import BD09, GCJ02, STEPS, UNKNOWN, convert
from anju.rules.lists.readings import Point

WEST, SOUTH = 108_500_0000, 20_600_0000
COUNTY = Box(WEST, SOUTH, WEST, SOUTH).wider(8_000_000)


def square(west: float = 108.5, south: float = 20.6, side: float = 0.001) -> dict[str, Any]:
    east, north = west + side, south + side
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def read(told: Any, **more: Any) -> Area:
    return read_area(json.dumps(told), **more)


def ring(text: str) -> list[list[float]]:
    """Return the closed ring of corners written in thousandths of a degree from the county's corner."""
    corners = [[108.5 + int(x) / 1000, 20.6 + int(y) / 1000] for x, y in (corner.split(",") for corner in text.split())]
    return [*corners, corners[0]]


def shape(*rings: str) -> Area:
    return read({"type": "Polygon", "coordinates": [ring(one) for one in rings]})


# What is read


@pytest.mark.parametrize(
    "told",
    [
        square(),
        {"type": "MultiPolygon", "coordinates": [square()["coordinates"]]},
        {"type": "Feature", "properties": {"名称": "示例"}, "geometry": square()},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": square()}]},
        square() | {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}},
        square() | {"crs": {"type": "name", "properties": {"name": "EPSG:4490"}}},
    ],
)
def test_read_area_however_it_is_wrapped(told: Any) -> None:
    area = read(told, near=COUNTY)
    assert area.box == (WEST, SOUTH, WEST + 10_000, SOUTH + 10_000)
    assert not area.approximate


def test_read_area_leaves_out_heights_repeated_corners_and_a_byte_order_mark() -> None:
    told = square()
    told["coordinates"][0] = [[*place, 12.5] for place in told["coordinates"][0] for _ in (0, 1)]
    assert read_area("\ufeff" + json.dumps(told)) == read(square())


def test_read_area_turns_the_maps_of_the_public_into_the_country_s_system() -> None:
    given_ = [convert(Point(WEST + x, SOUTH + y, "wgs84"), BD09) for x, y in ((0, 0), (10_000, 0), (10_000, 10_000))]
    corners = [[one.longitude / STEPS, one.latitude / STEPS] for one in (*given_, given_[0])]
    area = read({"type": "Polygon", "coordinates": [corners]}, system=BD09)
    for east, north in area.places:
        assert min(abs(east - WEST), abs(east - WEST - 10_000)) <= 20
        assert min(abs(north - SOUTH), abs(north - SOUTH - 10_000)) <= 20
    assert read(square(), system=GCJ02) != read(square())
    assert read(square(), system=UNKNOWN).approximate


# What is refused

NOTHING = '{"type":"Polygon","coordinates":'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("x" * (LARGEST_TEXT + 1), "too_long"),
        ("[1", "not_json"),
        ('{"type"', "not_json"),
        ("[" * 200_000, "shape"),
        (NOTHING + "[" * 5000 + "]" * 5000 + "}", "shape"),
        (NOTHING + "[[[1" + "0" * 6000 + ",1]]]}", "metres"),
        (NOTHING + "[[[1e99999999999999999999,1]]]}", "shape"),
        (NOTHING + "[[[NaN,1],[1,1],[1,2],[NaN,1]]]}", "not_a_number"),
        (NOTHING + "[[[108.5,Infinity],[1,1],[1,2],[1,1]]]}", "not_a_number"),
        (NOTHING + '[[["108.5","20.6"]]]}', "not_a_number"),
        (NOTHING + "[[[true,false]]]}", "not_a_number"),
        (NOTHING + "[[[null,null]]]}", "not_a_number"),
        (NOTHING + "[[108.5,20.6],[108.6,20.6]]}", "shape"),
        (NOTHING + "[[[[108.5,20.6]]]]}", "shape"),
        (NOTHING + "[[[[108.5],[20.6]]]]}", "shape"),
        (NOTHING + "[[[108.5]]]}", "shape"),
        (NOTHING + "[[]]}", "shape"),
        (NOTHING + "[]}", "shape"),
        (NOTHING + "null}", "shape"),
        (NOTHING + '"108.5,20.6"}', "shape"),
        ('{"type":"Polygon"}', "shape"),
        ("null", "no_polygon"),
        ("7", "no_polygon"),
        ("[]", "no_polygon"),
        ("{}", "no_polygon"),
        ('{"type":["Polygon"],"coordinates":[]}', "no_polygon"),
        ('{"type":"Point","coordinates":[108.5,20.6]}', "no_polygon"),
        ('{"type":"Feature","geometry":null}', "no_polygon"),
        ('{"type":"Feature","geometry":{"type":"Feature","geometry":{"type":"Feature"}}}', "no_polygon"),
        ('{"type":"FeatureCollection","features":[]}', "several"),
        ('{"type":"FeatureCollection"}', "several"),
        ('{"type":"FeatureCollection","features":[1]}', "no_polygon"),
        (json.dumps({"type": "FeatureCollection", "features": [{}, {}]}), "several"),
        (json.dumps(square() | {"crs": {"properties": {"name": "EPSG:4547"}}}), "foreign_system"),
        (json.dumps(square() | {"crs": "EPSG:4326"}), "foreign_system"),
        (json.dumps({"type": "Polygon", "coordinates": [square()["coordinates"][0][:-1]]}), "not_closed"),
        (json.dumps({"type": "Polygon", "coordinates": [[[108.5, 20.6], [108.6, 20.6], [108.5, 20.6]]]}), "short_ring"),
        (json.dumps({"type": "Polygon", "coordinates": [[[108.5, 20.6]] * 9]}), "short_ring"),
        (json.dumps(square(546_123, 2_278_456, 100)), "metres"),
        (json.dumps(square(20.6, 108.5)), "swapped"),
        (json.dumps(square(100.5, 20.6)), "outside"),
        (json.dumps(square(8.5, 8.6)), "outside"),
    ],
)
def test_read_area_refuses_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(BadArea) as refused:
        read_area(text, near=COUNTY)
    assert refused.value.code == code


def test_read_area_refuses_more_points_than_a_boundary_needs() -> None:
    half = [[108.5 + n % 2 / 1000, 20.6 + n % 3 / 1000] for n in range(MOST_POINTS // 2 - 1)]
    told = {"type": "MultiPolygon", "coordinates": [[[*half, half[0]]], [[*half, half[0]]]]}
    assert len(list(read(told).places)) == MOST_POINTS
    told["coordinates"].append([[half[0]]])  # type: ignore[attr-defined]
    with pytest.raises(BadArea, match="too_many_points"):
        read(told)
    with pytest.raises(BadArea, match="too_many_points"):
        read({"type": "Polygon", "coordinates": [[[108.5, 20.6]] * 100_001]})


def test_read_area_says_how_far_away_it_lies() -> None:
    with pytest.raises(BadArea) as refused:
        read(square(110.5, 20.6), near=COUNTY)
    assert 200 <= refused.value.values["kilometres"] <= 215  # type: ignore[operator]


# Sizes


def test_square_metres_are_those_of_the_ellipsoid() -> None:
    """The witness adds up thin strips between the parallels of 20 and 21 degrees, one degree wide."""
    a, f = 6378137.0, 1 / 298.257222101
    e = sqrt(f * (2 - f))

    def zone(degrees: float) -> float:  # by quadrature: the area below a parallel, a strip of one degree wide
        steps, total = 2000, 0.0
        for n in range(steps):
            phi = (20 + (degrees - 20) * (n + 0.5) / steps) * pi / 180
            meridian = a * (1 - e * e) / (1 - e * e * sin(phi) ** 2) ** 1.5
            parallel = a * sqrt(1 - sin(phi) ** 2) / sqrt(1 - e * e * sin(phi) ** 2)
            total += meridian * parallel
        return total * (degrees - 20) / steps * (pi / 180) ** 2

    assert square_metres(read(square(108, 20, 1))) == pytest.approx(zone(21) * 100, rel=1e-7)


def test_size_of_a_hole_is_taken_off() -> None:
    whole, hole = shape("0,0 4,0 4,4 0,4"), shape("1,1 3,1 3,3 1,3")
    assert square_metres(shape("0,0 4,0 4,4 0,4", "1,1 3,1 3,3 1,3")) == pytest.approx(
        square_metres(whole) - square_metres(hole), abs=2
    )


@pytest.mark.parametrize(("side", "fault"), [(0.00001, "tiny"), (0.001, ""), (0.2, "huge")])
def test_size_that_no_compound_has_is_named(side: float, fault: str) -> None:
    assert size_fault(read(square(side=side))) == fault


# Faults


@pytest.mark.parametrize(
    ("rings", "code"),
    [
        (("0,0 4,4 4,0 0,4",), "crossing"),
        (("0,0 4,0 4,4 0,4", "9,9 8,9 8,8"), "hole_outside"),
        (("0,0 9,0 9,9 0,9", "1,1 5,1 5,5 1,5", "2,2 3,2 3,3 2,3"), "nested"),
        (("0,0 4,0 4,4 0,4", "0,2 2,4 4,2 2,0"), "split"),
    ],
)
def test_fault_of_a_boundary_is_named_with_its_place(rings: tuple[str, ...], code: str) -> None:
    fault = fault_of(shape(*rings))
    assert fault is not None
    assert fault.code == code
    assert fault.place is not None
    assert COUNTY.holds(fault.place)


def test_crossing_is_found_where_it_is() -> None:
    fault = fault_of(shape("0,0 4,4 4,0 0,4"))
    assert fault == ("crossing", (WEST + 20_000, SOUTH + 20_000))


def test_boundary_along_one_line_encloses_nothing() -> None:
    flat = shape("0,0 1,1 2,2")
    assert fault_of(flat) is not None
    assert size_fault(flat) == "tiny"


# Overlaps


def test_overlap_is_the_ground_in_both() -> None:
    one, other = shape("0,0 4,0 4,4 0,4"), shape("2,0 6,0 6,4 2,4")
    assert overlap(one, other) == square_metres(shape("2,0 4,0 4,4 2,4"))
    assert overlap(one, shape("4,0 6,0 6,4 4,4")) == 0
    assert meeting(one, shape("4,0 6,0 6,4 4,4"))["coordinates"] == []
    met = from_geojson(meeting(one, other))
    assert abs(square_metres(met) - overlap(one, other)) <= 1


WALK = some.lists(some.tuples(some.integers(0, 9), some.integers(0, 9)), min_size=3, max_size=9, unique=True)


def star(corners: list[tuple[int, int]]) -> Area:
    return shape(" ".join(f"{x},{y}" for x, y in corners))


@settings(deadline=None, max_examples=80)
@given(WALK, WALK)
def test_overlap_is_the_same_from_both_sides_and_never_more_than_either(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    first, second = star(one), star(other)
    shared = overlap(first, second)
    assert shared == overlap(second, first)
    assert 0 <= shared <= min(square_metres(first), square_metres(second)) + 1
    assert abs(overlap(first, first) - square_metres(first)) <= 1


CORNERS = some.lists(some.integers(0, 3599), min_size=3, max_size=40, unique=True)


@settings(deadline=None, max_examples=80)
@given(CORNERS, some.integers(1000, 200_000))
def test_valid_polygon_survives_reading_and_keeping(turns: list[int], radius: int) -> None:
    """Corners in the order of their directions from a middle make a polygon without crossings."""
    if max(b - a for a, b in zip(sorted(turns), [*sorted(turns)[1:], min(turns) + 3600], strict=True)) >= 1790:
        return
    points = [
        [
            round(108.5 + radius * cos(turn * pi / 1800) / STEPS, 7),
            round(20.6 + radius * sin(turn * pi / 1800) / STEPS, 7),
        ]
        for turn in sorted(turns)
    ]
    area = read({"type": "Polygon", "coordinates": [[*points, points[0]]]}, near=COUNTY)
    assert fault_of(area) is None
    assert square_metres(area) > 0
    kept = from_geojson(json.loads(json.dumps(as_geojson(area))))
    assert kept == area
    assert read_area(json.dumps(as_geojson(area))) == area


def test_boxes_that_touch_are_paired_once() -> None:
    boxes = [Box(0, 0, 4, 4), Box(4, 4, 6, 6), Box(9, 9, 10, 10), Box(1, 1, 2, 2)]
    assert touching(boxes) == [(0, 1), (0, 3)]
    assert touching([]) == []


# Where a county lies


def test_surroundings_are_not_moved_by_a_mistaken_place() -> None:
    places = [(WEST + n, SOUTH + n) for n in range(9)]
    assert surroundings([*places, (0, 0), (SOUTH, WEST)], 100) == Box(WEST + 3, SOUTH + 4, WEST + 3, SOUTH + 4).wider(
        100
    )
    assert surroundings([], 100) is None
    assert COUNTRY.holds((WEST, SOUTH))


def test_floats_are_only_where_they_are_declared() -> None:
    tree = ast.parse(inspect.getsource(areas))
    assert set(FLOATING) <= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    elsewhere = [node for node in tree.body if not (isinstance(node, ast.FunctionDef) and node.name in FLOATING)]
    for part in (part for node in elsewhere for part in ast.walk(node)):
        assert not (isinstance(part, ast.Constant) and isinstance(part.value, float))
        assert not (isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div))
        assert not (isinstance(part, ast.Name) and part.id in {"round", "sin", "sqrt", "radians", "atanh"})

"""The selection of the table as places: points and management areas, as a GeoJSON stream."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KeyTransform

from anju.base.actor import Actor
from anju.registry.models import ManagementArea
from anju.registry.queries.areas import areas_for
from anju.reports.columns import Column, Columns
from anju.reports.models import TableRow
from anju.reports.queries.rows import Found, key
from anju.rules.coordinates import STEPS, UNKNOWN, to_wgs84
from anju.rules.lists.readings import Point

GEOJSON = "application/geo+json"
_STEP = 64 * 1024


class Placed(NamedTuple):
    """How many compounds a view has, how many of them have a point, and how many a management area."""

    rows: int
    points: int
    areas: int


def point_column(columns: Columns) -> Column | None:
    return next((column for column in columns.every if column.type == "point" and column.pk is not None), None)


def placed(actor: Actor, found: Found, columns: Columns) -> Placed:
    column = point_column(columns)
    there = Q(**{f"{key(column)}__isnull": False}) if column else Q(pk__in=[])
    counted = found.rows.aggregate(rows=Count("pk"), points=Count("pk", filter=there))
    return Placed(counted["rows"], counted["points"], _areas(actor, found).count())


def without_point(found: Found, columns: Columns, pks: Iterable[int]) -> set[int]:
    """Return which of these compounds nobody has given a place."""
    column = point_column(columns)
    rows = found.rows.filter(pk__in=list(pks))
    return set((rows.filter(**{f"{key(column)}__isnull": True}) if column else rows).values_list("pk", flat=True))


def stream_places(actor: Actor, found: Found, columns: Columns) -> Iterator[bytes]:
    """Yield a FeatureCollection: areas first, then points, each with `id`, `name`, `state` and `town`; degrees in CGCS2000.

    A point whose system nobody knows is `rough`: it may be 600 m off.
    """
    text, between = '{"type":"FeatureCollection","features":[', "\n"
    for feature in _features(actor, found, columns):
        text += between + json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
        between = ",\n"
        if len(text) > _STEP:
            yield text.encode()
            text = ""
    yield f"{text}\n]}}\n".encode()


def _features(actor: Actor, found: Found, columns: Columns) -> Iterator[dict[str, Any]]:
    drawn = _areas(actor, found).values_list(
        "compound_id", "compound__name", "compound__service_state", "system", "size", "geometry"
    )
    for pk, name, state, system, size, geometry in _batches(drawn, "compound_id", 500):
        rough = system == UNKNOWN
        yield _feature(geometry, {"id": pk, "name": name, "state": state, "size": size, "rough": rough})
    if column := point_column(columns):
        yield from _points(found.rows, column)


def _points(rows: "QuerySet[TableRow]", column: Column) -> Iterator[dict[str, Any]]:
    told = rows.filter(**{f"{key(column)}__isnull": False})
    named = told.values_list("pk", "name", "service_state", "town__name", KeyTransform(f"i{column.pk}", "cells"))
    for pk, name, state, town, cell in _batches(named, "pk", 2000):
        if "l" not in cell or "h" not in cell:
            continue
        east, north, rough = to_wgs84(Point(cell["l"], cell["h"], cell.get("f", "")))
        place = {"type": "Point", "coordinates": [east / STEPS, north / STEPS]}
        yield _feature(place, {"id": pk, "name": name, "state": state, "town": town, "rough": rough})


def _batches(rows: "QuerySet[Any, tuple[Any, ...]]", by: str, many: int) -> Iterator[tuple[Any, ...]]:
    """Read rows by their first value, so that memory does not grow with the county and no cursor stays open."""
    last = 0
    while batch := list(rows.filter(**{f"{by}__gt": last}).order_by(by)[:many]):
        yield from batch
        last = batch[-1][0]


def _feature(geometry: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": told}


def _areas(actor: Actor, found: Found) -> "QuerySet[ManagementArea]":
    return areas_for(actor).filter(compound__in=found.rows.order_by().values("pk"))

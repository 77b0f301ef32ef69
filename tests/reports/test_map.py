"""The map of the table's selection: the same rows, the same scope, values only, in as many queries for a thousand as for ten."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from anju.base.actor import SYSTEM
from anju.config.tiles import Tiles, read_tiles
from anju.places.models import Compound
from anju.registry.models import Cell, Indicator
from anju.registry.services.areas import set_area
from anju.registry.services.statements import Saying, record_statement
from anju.rules.areas import read_area
from anju.rules.lists.readings import Point
from tests.people import NOW, TODAY, make_compound
from tests.registry.conftest import source

DATA = "/table/map/places/"


def place_at(row: Compound, indicator: Indicator, east: int, north: int, system: str = "cgcs2000") -> None:
    record_statement(
        actor=SYSTEM,
        compound=row,
        source=source(),
        observed_on=TODAY,
        sayings={indicator: Saying(Point(east, north, system), "")},
        at=NOW,
    )


def area_at(row: Compound, west: float) -> None:
    ring = [[west, 20.6], [west + 0.001, 20.6], [west + 0.001, 20.601], [west, 20.6]]
    set_area(
        actor=SYSTEM,
        compound=row,
        area=read_area(json.dumps({"type": "Polygon", "coordinates": [ring]})),
        source=source("filing"),
        observed_on=TODAY,
        at=NOW,
    )


@pytest.fixture
def placed(place: SimpleNamespace, indicators: dict[str, Indicator]) -> SimpleNamespace:
    """One compound in each town with its point and its area."""
    for row, east in ((place.compound, 1_085_000_000), (place.other_compound, 1_086_000_000)):
        place_at(row, indicators["point"], east, 206_000_000)
        area_at(row, east / 10**7)
    return place


def fetched(client: Client, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(DATA + query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/geo+json"
    return list(json.loads(b"".join(answer.streaming_content))["features"])  # type: ignore[attr-defined]


def names(features: list[dict[str, Any]]) -> set[str]:
    return {one["properties"]["name"] for one in features}


def test_map_data_is_points_and_areas(people: SimpleNamespace, placed: SimpleNamespace) -> None:
    features = fetched(people.bureau_officer.client)
    assert [one["geometry"]["type"] for one in features] == ["MultiPolygon"] * 2 + ["Point"] * 2
    here = next(one for one in features if one["geometry"]["type"] == "Point")
    assert here == {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [108.5, 20.6]},
        "properties": {
            "id": placed.compound.pk,
            "name": "示例·碧水花园",
            "state": "company",
            "town": "城关镇",
            "rough": False,
        },
    }


def test_map_data_turns_points_and_marks_what_it_cannot(
    people: SimpleNamespace, place: SimpleNamespace, indicators: dict[str, Indicator]
) -> None:
    place_at(place.compound, indicators["point"], 1_085_000_000, 206_000_000, "gcj02")
    place_at(place.other_compound, indicators["point"], 1_085_000_000, 206_000_000, "unknown")
    turned, rough = fetched(people.bureau_officer.client)
    assert turned["properties"]["rough"] is False
    assert 0.001 < abs(turned["geometry"]["coordinates"][0] - 108.5) < 0.01
    assert rough["properties"]["rough"] is True
    assert rough["geometry"]["coordinates"] == [108.5, 20.6]


def test_map_data_of_another_town_is_never_delivered(people: SimpleNamespace, placed: SimpleNamespace) -> None:
    for who in ("town_officer", "community_worker"):
        assert names(fetched(getattr(people, who).client)) == {"示例·碧水花园"}
    client = people.town_officer.client
    assert client.get(f"{DATA}?division={placed.other_town.pk}").status_code == 404
    assert client.get(f"/table/map/?division={placed.other_town.pk}").status_code == 404
    assert "江畔名邸" not in client.get("/table/map/").content.decode()
    assert fetched(client, "?q=%E6%B1%9F%E7%95%94") == []


def test_map_is_the_selection_of_the_table(people: SimpleNamespace, placed: SimpleNamespace) -> None:
    client = people.bureau_officer.client
    assert names(fetched(client, "?state=unmanaged")) == {"示例·江畔名邸"}
    assert names(fetched(client, "?q=bishui")) == {"示例·碧水花园"}
    page = client.get("/table/map/?state=unmanaged").content.decode()
    assert "江畔名邸" in page
    assert "碧水花园" not in page
    assert 'data-geo="/table/map/places/?state=unmanaged"' in page
    assert "1 个小区，1 个有坐标，1 个有管理区域" in page


@pytest.mark.parametrize("query", ["?f=secret:is:1", "?sort=manager_phone", "?kind=%00", "?division=x"])
def test_map_says_what_is_wrong_with_a_link(query: str, people: SimpleNamespace, placed: SimpleNamespace) -> None:
    answer = people.bureau_officer.client.get(f"/table/map/{query}")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert people.bureau_officer.client.get(f"{DATA}{query}").status_code == 404


def test_map_says_who_has_no_place_and_is_empty_politely(people: SimpleNamespace, placed: SimpleNamespace) -> None:
    make_compound("示例·无处", placed.community)
    page = people.bureau_officer.client.get("/table/map/").content.decode()
    assert page.count("无坐标") == 1
    assert "没有符合条件的小区" in people.bureau_officer.client.get("/table/map/?q=nothing").content.decode()


def test_map_asks_as_often_for_a_thousand_as_for_two(
    people: SimpleNamespace, placed: SimpleNamespace, indicators: dict[str, Indicator]
) -> None:
    client, counts = people.town_officer.client, []
    client.get("/table/map/")
    for more in (0, 1000):
        _many(placed, indicators["point"], more)
        with CaptureQueriesContext(connection) as page:
            client.get("/table/map/")
        with CaptureQueriesContext(connection) as data:
            assert len(fetched(client)) == 2 + more
        counts.append((len(page), len(data)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 12


def _many(place: SimpleNamespace, point: Indicator, count: int) -> None:
    rows = Compound.objects.bulk_create(
        Compound(
            name=f"示例·{n}",
            division=place.community,
            pinyin=f"x{n}",
            initials="x",
            valid_from=TODAY,
        )
        for n in range(count)
    )
    Cell.objects.bulk_create(
        Cell(compound=row, indicator=point, low=1_085_000_000 + n, high=206_000_000, form="wgs84", derived=True)
        for n, row in enumerate(rows)
    )


# The background


def test_map_has_no_background_unless_one_is_named(people: SimpleNamespace, placed: SimpleNamespace) -> None:
    answer = people.bureau_officer.client.get("/table/map/")
    assert 'data-tiles=""' in answer.content.decode()
    assert "img-src 'self' data: blob:;" in answer["Content-Security-Policy"] + ";"


def test_map_shows_whose_background_it_is(people: SimpleNamespace, placed: SimpleNamespace) -> None:
    tiles = Tiles(("https://t{s}.tiles.example/{z}/{x}/{y}",), "示例底图 审图号：示例", ("https://*.tiles.example",))
    with override_settings(TILES=tiles):
        page = people.bureau_officer.client.get("/table/map/").content.decode()
    assert "审图号：示例" in page
    assert 'data-tiles="https://t{s}.tiles.example/{z}/{x}/{y}"' in page


URL = "https://t{s}.tiles.example/a?x={x}&y={y}&l={z}&tk=示例"


def test_tiles_open_the_page_s_policy_for_their_host_only() -> None:
    assert read_tiles({}) == Tiles()
    assert read_tiles({"ANJU_TILES_NOTE": "x"}) == Tiles()
    told = read_tiles(
        {"ANJU_TILES_URL": f"{URL} http://10.0.0.8:8080/{{z}}/{{x}}/{{y}}.png", "ANJU_TILES_NOTE": "示例"}
    )
    assert told.hosts == ("https://*.tiles.example", "http://10.0.0.8:8080")
    assert told.urls[0] == URL


@pytest.mark.parametrize(
    ("url", "note"),
    [
        (URL, ""),
        ("javascript:alert(1)//{x}{y}{z}", "示例"),
        ("https://tiles.example;script-src/{z}/{x}/{y}", "示例"),
        ("https://'self'/{z}/{x}/{y}", "示例"),
        ("https://*/{z}/{x}/{y}", "示例"),
        ("https://tiles.{s}.example/{z}/{x}/{y}", "示例"),
        ("https://tiles.example/{z}/{x}", "示例"),
    ],
)
def test_tiles_that_are_none_are_refused_at_the_start(url: str, note: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        read_tiles({"ANJU_TILES_URL": url, "ANJU_TILES_NOTE": note})

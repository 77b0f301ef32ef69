"""The one table at 10,000 and at 100,000 constructed compounds: one page as a town officer against an empty page of the same server."""

from typing import Any

import psycopg

from anju.config.home import Home
from tools.benches.measure import in_turn, p95, spread
from tools.client import Visitor
from tools.constructed import build
from tools.serving import Served, served

EMPTY = "/healthz"
FILTERED = "/table/?state=company&f=households:ge:100&f=committee_formed:is:yes"
SIZES = (10_000, 100_000)
AT_MOST, AT_MOST_GROWN = 5.0, 1.3


def run() -> list[dict[str, Any]]:
    pages = {size: _page(size) for size in SIZES}
    small, large = (pages[size]["page_p95_ms"] for size in SIZES)
    grown = round(large / small, 3)
    return [
        *pages.values(),
        {"name": "table page at 100,000 / at 10,000", "ratio": grown, "limit": AT_MOST_GROWN, "within": grown <= AT_MOST_GROWN},
    ]


def _page(size: int) -> dict[str, Any]:
    with served() as server:
        officer = town_officer(server, size)
        for _ in range(50):
            officer.get(FILTERED), officer.get(EMPTY)
        rounds = in_turn(lambda: officer.get(FILTERED), lambda: officer.get(EMPTY), rounds=7, each=60)
        assert "data-row" in officer.get(FILTERED).page
    ratio = spread([p95(page) / p95(empty) for page, empty in rounds])
    return {
        "name": f"table page of 50 rows, three filters, town officer, {size} compounds / empty page",
        "ratio": ratio,
        "limit": AT_MOST,
        "page_p95_ms": round(1000 * sorted(p95(page) for page, _ in rounds)[len(rounds) // 2], 2),
        "empty_p95_ms": round(1000 * sorted(p95(empty) for _, empty in rounds)[len(rounds) // 2], 2),
        "within": ratio["median"] <= AT_MOST,
    }


def town_officer(server: Served, size: int) -> Visitor:
    """A constructed county of that size, and the demo county's town officer put in charge of one of its towns."""
    officer = Visitor(server.port)
    officer.become("乡镇经办")
    with owner(server) as link:
        build(link, size)
        town = "(select id from places_division where code = '990200006')"
        link.execute(f"update accounts_post set division_id = {town} where role = 'town_officer'".encode())
    return officer


def owner(server: Served) -> "psycopg.Connection[Any]":
    home = Home.of({"ANJU_HOME": str(server.home)})
    return psycopg.connect(host=str(home.socket), user="anju_owner", dbname="anju")

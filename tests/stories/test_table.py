"""方案二(一)1 全面摸清小区底数: an officer's morning at the one table, through the pages, from a filter to a file that comes back,
conflicts settled by column, an area and what becomes public. A3 is printed in tests/browser/test_table.py; what a stranger and the town do
with the card is test_public_card.py; a table that LibreOffice itself saved comes back in tests/reports/test_round_trip.py.
"""

import io
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from django.test import Client

from anju.base.actor import SYSTEM
from anju.base.audit import verify_chain
from anju.base.sheets import open_book
from anju.disclosure.models import Release, ReleaseProposal
from anju.places.models import Compound
from anju.registry.models import Cell
from anju.registry.services.indicators import load_indicators
from tests.people import NOW, make_compound

pytestmark = pytest.mark.django_db(transaction=True)
WORD = {"source": "示例摸底表", "source_kind": "survey", "observed_on": "2026-11-20", "reason": ""}
GEO = '{"type":"Polygon","coordinates":[[[108.5,20.6],[108.501,20.6],[108.501,20.601],[108.5,20.601],[108.5,20.6]]]}'
TEN = [
    "management_area_delineated",
    "building_area",
    "buildings",
    "households",
    "completed",
    "greening",
    "bays",
    "lifts",
    "service",
    "fee",
]


def see(client: Client, address: str, *words: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, address
    text = page.content.decode()
    assert not [word for word in words if word not in text], address
    return text


def test_officer_finds_fixes_sends_out_and_brings_back(place: SimpleNamespace, people: SimpleNamespace) -> None:
    load_indicators(actor=SYSTEM, policy="demo", at=NOW)
    rows = [make_compound(f"示例·失管{n:02}苑", place.community, service_state="unmanaged") for n in range(20)]
    for n in range(280):
        make_compound(f"示例·{n}苑", (place.other_community, place.town)[n % 2], service_state="company")
    client = people.bureau_officer.client

    unmanaged = f"/table/?division={place.town.pk}&state=unmanaged"
    page = see(client, unmanaged, "失管00苑", "失管19苑")
    assert page.count("<tr data-row") == 20

    asked = {**WORD, "act": "indicator", "column": "households", "value": "60", "row": [row.pk for row in rows]}
    assert "写入 20 个小区" in client.post("/table/choose/", asked).content.decode()
    client.post("/table/choose/", {**asked, "write": "1"})
    assert Cell.objects.filter(compound__in=rows, low=60).count() == 20
    see(client, f"{unmanaged}&totals=1", "1,200")

    sent = b"".join(client.get(f"{unmanaged.replace('/table/', '/table/export/')}&form=xlsx").streaming_content)
    grid = [list(row) for row in open_book(io.BytesIO(sent)).sheets[0].rows()]
    households = grid[0].index("户数（户）")
    for line in grid[1:4]:
        line[households] = 88
    grid[4][households] = "不少"

    answer = client.post("/table/returned/", {"file": saved(grid)}, follow=True)
    review = answer.content.decode()
    assert "16 行没有变" in review
    assert "3 处改动" in review
    assert "1 处不能用" in review
    client.post(answer.request["PATH_INFO"], {**WORD, "source": "示例外业表", "change": ["0", "1", "2"], "write": "1"})
    told = Cell.objects.filter(compound__in=rows)
    assert (told.filter(low=60).count(), told.filter(low=88).count()) == (17, 3)
    see(client, "/table/edits/", "带回修改", "20 个小区")
    see(client, "/table/?mark=conflict", "失管00苑")

    reviewer, households_pk = people.bureau_reviewer.client, told.values_list("indicator_id", flat=True)[0]
    see(reviewer, "/facts/settle/", "来源不一致<small>3</small>")
    column = {"show": "conflict", "indicator": households_pk, "all": "1", "reason": "以外业核查为准"}
    reviewer.post("/facts/settle/accept/", column)
    assert not told.filter(conflict=True).exists()
    assert "<tr data-row" not in see(client, f"{unmanaged}&mark=conflict")

    area = {**WORD, "system": "cgcs2000", "kind": "filing", "filed_on": "", "area": GEO}
    way = f"/facts/compounds/{rows[0].pk}/area/"
    assert "核对结果" in client.post(way, area | {"check": "1"}).content.decode()
    client.post(way, area | {"save": "1"})
    shown = client.get(unmanaged.replace("/table/", "/table/map/places/")).streaming_content
    assert b"Polygon" in b"".join(shown)
    see(client, unmanaged, "打印 A3")

    asked = {"division": place.county.pk, "items": TEN, "basis": "已审查，不涉密"}
    client.post("/disclosure/propose/", asked)
    proposal = ReleaseProposal.objects.get()
    assert Release.objects.count() == 0
    reviewer.post(f"/disclosure/proposals/{proposal.pk}/", {"decision": "agree"})
    assert Release.objects.count() == len(TEN)

    assert "失管00苑" not in see(people.other_town_officer.client, "/table/?state=unmanaged")
    assert Compound.objects.filter(service_state="unmanaged").count() == 21
    assert verify_chain() == []


def saved(grid: list[list[Any]]) -> io.BytesIO:
    """The grid as an office program writes it."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet()
    for at, row in enumerate(grid):
        page.write_row(at, 0, row)
    book.close()
    target.seek(0)
    target.name = "示例.xlsx"
    return target

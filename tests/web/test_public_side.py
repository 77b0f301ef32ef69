"""The public side over HTTP: what a stranger finds, sees and sends, and above all what they never see."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anju.disclosure.models import Correction
from anju.disclosure.services.releases import Place, revoke_releases
from anju.rules.disclosure import ADDRESS, DEVICE, written_code
from anju.web.disclosure.visitor import COOKIE
from tests.disclosure.conftest import Release_, Tell, code_of, indicators, release, tell
from tests.house.source import SOURCE
from tests.people import NOW
from tests.web.hostile import EACH, IDS, TOGETHER, fault

__all__ = ["indicators", "release", "tell"]

STATIC = SOURCE / "web" / "static" / "anju"
BUDGET = 60_000  # bytes on the wire: page, sheet, script, icons
HIDDEN = ("覃某某", "13512345678", "13512340000", "777户", "888户", "3.33", "二级秘密", "2019")


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def opened(place: SimpleNamespace, tell: Tell, release: Release_) -> SimpleNamespace:
    """A compound with something to show and much to hide, and one of which nothing is released."""
    tell(place.compound, "households", "612户")
    tell(place.compound, "buildings", "8幢")
    tell(place.compound, "manager", "覃某某")
    tell(place.compound, "manager_phone", "13512345678")
    tell(place.compound, "company_phone", "13512340000")
    tell(place.compound, "service_standard", "二级秘密")
    tell(place.compound, "bays", "777户".replace("户", "个"), sure=False)
    tell(place.compound, "lifts", "888台", sure=False)
    tell(place.compound, "lifts", "900台", sure=False, kind="company")
    tell(place.compound, "fee", "3.33元/㎡·月", sure=False)
    tell(place.compound, "completed", "2019年")
    place.releases = release(Place(compound=place.compound), "households", "buildings", "bays", "lifts", "fee")
    return place


@pytest.fixture
def card_url(opened: SimpleNamespace) -> str:
    return reverse("card:card", args=[code_of(opened.compound)])


def test_stranger_finds_the_card_and_reads_it(opened: SimpleNamespace, card_url: str) -> None:
    client = Client()
    found = text(client.get("/c/", {"q": "bishui"}))
    assert card_url in found
    page = text(client.get(card_url))
    for words in ("碧水花园", "612户", "登记备案", "城关镇城北社区", "城北社区居委会", "城关镇人民政府"):
        assert words in page
    assert page.count("待核实") == 3
    assert re.search(r"最近核实 2026年11月24日", page)


def test_stranger_sees_nothing_unreleased_in_the_source_of_any_page(opened: SimpleNamespace, card_url: str) -> None:
    client = Client()
    pages = [client.get("/c/", {"q": "示例"}), client.get(card_url), client.get(f"{card_url}fix/")]
    client.post(f"{card_url}fix/", {"item": "lifts", "wrong": "figure"})
    pages.append(client.get(reverse("card:reply", args=[Correction.objects.get().code])))
    for answer in pages:
        page = text(answer)
        assert answer.status_code == 200
        assert not [words for words in (*HIDDEN, "777", "888", "900台", "江畔名邸") if words in page]
        assert str(opened.compound.pk) not in re.findall(r"/(\d+)/", page), "the row's own id is nobody's business"


def test_compound_of_which_nothing_is_released_is_not_there(opened: SimpleNamespace) -> None:
    client = Client()
    assert client.get(reverse("card:card", args=[code_of(opened.other_compound)])).status_code == 404
    assert client.get(reverse("card:fix", args=[code_of(opened.other_compound)])).status_code == 404
    assert "没有找到" in text(client.get("/c/", {"q": "江畔"}))


def test_what_is_revoked_is_gone_with_the_next_page(
    opened: SimpleNamespace, people: SimpleNamespace, card_url: str
) -> None:
    client = Client()
    first = client.get(card_url)
    assert "no-store" in first.headers["Cache-Control"]
    gone = [row for row in opened.releases if row.indicator.code == "households"]
    revoke_releases(actor=people.bureau_officer.actor, releases=gone, reason="误公开", at=NOW)
    assert "612" not in text(client.get(card_url))
    assert client.post(f"{card_url}fix/", {"item": "households", "wrong": "figure"}).status_code == 200
    assert not Correction.objects.exists()
    rest = [row for row in opened.releases if row not in gone]
    revoke_releases(actor=people.bureau_officer.actor, releases=rest, reason="误公开", at=NOW)
    assert client.get(card_url).status_code == 404


def test_card_is_found_however_its_code_is_typed(opened: SimpleNamespace) -> None:
    code = code_of(opened.compound)
    for typed in (code.upper(), written_code(code), code.replace("0", "O").replace("1", "l")):
        assert Client().get(f"/c/{typed}/").status_code == 200
    for typed in ("aaaaaaaaaa", "u" * 10, "x", "%00" * 10, "1 OR 1=1"):
        assert Client().get(f"/c/{typed}/").status_code == 404


def test_pages_stay_within_the_budget_of_a_phone(opened: SimpleNamespace, card_url: str) -> None:
    fixed = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in ("anju.css", "anju.js", "icons.svg"))
    for address in ("/c/?q=bishui", card_url, f"{card_url}fix/"):
        page = Client().get(address)
        assert fixed + len(gzip.compress(page.content)) < BUDGET
        assert "tabler" not in text(page)


def test_card_asks_as_much_for_many_items_as_for_one(
    opened: SimpleNamespace, people: SimpleNamespace, card_url: str, release: Release_
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            Client().get(card_url)
        return len(asked)

    before = queries()
    release(Place(division=opened.county), "service", "greening", "building_area", "management_area_delineated")
    assert queries() == before <= 12


@pytest.fixture
def send(card_url: str) -> Callable[..., Any]:
    def one(client: Client, **more: str) -> Any:
        told = {"item": "households", "wrong": "figure", "right_value": "620户", "phone": "13500001234"} | more
        return client.post(f"{card_url}fix/", told)

    return one


def test_stranger_reports_an_error_and_reads_the_reply(
    opened: SimpleNamespace, people: SimpleNamespace, card_url: str, send: Callable[..., Any]
) -> None:
    client = Client()
    client.get(f"{card_url}fix/")
    receipt = client.get(send(client).headers["Location"])
    row = Correction.objects.get()
    assert written_code(row.code) in text(receipt)
    assert row.due_on
    assert f"{row.due_on.month}月{row.due_on.day}日（星期" in text(receipt)
    assert "13500001234" not in text(receipt)
    desk = text(people.town_officer.client.get(reverse("disclosure:correction", args=[row.pk])))
    assert "135****1234" in desk
    assert "13500001234" not in desk
    answer = {"decision": "accept", "accept-value": "620户", "accept-words": "已核实"}
    people.town_officer.client.post(reverse("disclosure:correction", args=[row.pk]), answer)
    found = Client().post(reverse("card:look_up"), {"code": written_code(row.code).upper()}, follow=True)
    assert "已采纳" in text(found)
    assert "已核实" in text(found)
    assert "韦城关" not in text(found), "the office answers, not the person"


def test_look_up_of_a_code_that_nobody_has(place: SimpleNamespace) -> None:
    for code in ("aaaaaaaaaa", "x", ""):
        answer = Client().post(reverse("card:look_up"), {"code": code})
        assert answer.status_code == 200
        assert 'id="form-errors"' in text(answer)


def test_report_that_says_too_little_is_shown_again_with_what_was_typed(opened: SimpleNamespace, card_url: str) -> None:
    answer = Client().post(f"{card_url}fix/", {"item": "households", "right_value": "620户", "phone": "123"})
    assert "请选择哪里不对" in text(answer)
    assert "您的电话要填 11 位手机号" in text(answer)
    assert 'value="620户"' in text(answer)


def test_device_that_sends_too_much_is_asked_to_wait(
    opened: SimpleNamespace, card_url: str, send: Callable[..., Any]
) -> None:
    client = Client()
    client.get(f"{card_url}fix/")
    assert COOKIE in client.cookies
    for _ in range(DEVICE.attempts):
        assert send(client).status_code == 302
    assert "刚才发得太多了" in text(send(client))
    other = Client()
    other.get(f"{card_url}fix/")
    assert send(other).status_code == 302


def test_address_that_sends_very_much_is_asked_a_sum_and_never_closed(
    opened: SimpleNamespace, card_url: str, send: Callable[..., Any]
) -> None:
    for _ in range(ADDRESS.attempts):
        assert send(Client()).status_code == 302
    client = Client()
    asked = text(client.get(f"{card_url}fix/"))
    asked = text(client.get(f"{card_url}fix/"))  # the device has its name now, and the seal belongs to it
    question = re.search(r"(\d) 加 (\d) 等于几", asked)
    seal = re.search(r'name="seal" value="([^"]+)"', asked)
    assert question
    assert seal
    wrong = send(client, seal=seal[1], sum="0")
    assert "请答对下面这道算术题" in text(wrong)
    right = str(int(question[1]) + int(question[2]))
    assert send(Client(), seal=seal[1], sum=right).status_code == 200, "the seal is another device's"
    assert send(client, seal=seal[1], sum=right).status_code == 302


def test_hostile_input_is_answered_calmly(opened: SimpleNamespace, card_url: str) -> None:
    client = Client()
    client.get(f"{card_url}fix/")
    for words in (*EACH, *TOGETHER, *IDS):
        answers = [
            client.get("/c/", {"q": words}),
            client.get(f"{card_url}fix/", {"group": words}),
            client.post("/c/reply/", {"code": words}),
            client.post(f"{card_url}fix/", {"item": words, "wrong": words, "seal": words, "sum": words}),
            client.post(
                f"{card_url}fix/", {"item": "households", "wrong": "figure", "right_value": words, "phone": words}
            ),
        ]
        assert not [fault(answer) for answer in answers if fault(answer)], words


def test_hostile_right_value_is_text_on_every_page(
    opened: SimpleNamespace, people: SimpleNamespace, send: Callable[..., Any]
) -> None:
    send(Client(), right_value="<script>alert(1)</script>{{ 7|add:7 }}", phone="")
    row = Correction.objects.get()
    for client, address in (
        (Client(), reverse("card:reply", args=[row.code])),
        (people.bureau_officer.client, reverse("disclosure:corrections")),
        (people.bureau_officer.client, reverse("disclosure:correction", args=[row.pk])),
    ):
        page = text(client.get(address))
        assert "<script>alert" not in page
        assert "{{ 7|add:7 }}" in page


def test_front_page_of_a_county_searches(place: SimpleNamespace) -> None:
    page = text(Client().get("/"))
    assert f'action="{reverse("card:find")}"' in page


def test_static_files_of_the_budget_are_there() -> None:
    assert isinstance(STATIC, Path)
    assert (STATIC / "anju.css").is_file()

"""The pages of the catalogue of matters: what they say, who may change what, and what of hostile input remains."""

import csv
import zipfile
from dataclasses import replace
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from anju.base.actor import STRANGER
from anju.base.models import AuditEntry
from anju.cases.models import MatterConfirmation, MatterVersion, UnitCode
from anju.cases.queries.boards import board_of
from anju.cases.queries.matters import pending_offer
from anju.cases.services.filing import Filing, submit_case
from anju.cases.services.matters import retire_matter
from tests.cases.conftest import policy
from tests.cases.test_matters import WHY, WL01, confirmed, edited, matter, newer
from tests.web.hostile import MARKUP, TOGETHER

__all__ = ["policy"]
pytestmark = pytest.mark.usefixtures("policy")
PAGES = ("matters:matters", "matters:routes", "matters:gaps")
WHY_TYPED = {"reason": "责任清单调整", "cite": "县府办〔2026〕9号"}


@pytest.fixture(autouse=True)
def _codes(place: SimpleNamespace, policy: None) -> None:
    for code, unit in (("market", place.department), ("bureau", place.bureau), ("town", place.town_office)):
        UnitCode.objects.update_or_create(code=code, defaults={"organisation": unit})


def page(name: str, code: str = "SF01") -> str:
    return reverse(f"matters:{name}", args=[matter(code).pk])


def typed(client: Client, address: str, **changed: Any) -> dict[str, Any]:
    """Return the form of a page as a browser would send it, with some fields typed anew."""
    form = client.get(address).context["form"]
    told = {name: form[name].value() for name in form.fields}
    told = {name: value for name, value in told.items() if value or (value == 0 and value is not False)}
    return told | WHY_TYPED | changed


def errors(answer: Any) -> str:
    return "".join(str(part) for part in answer.context["form"].errors.values())


def rows_of(answer: Any) -> list[dict[str, Any]]:
    return [row for group in answer.context["groups"] for row in group["rows"]]


def test_catalogue_lists_every_matter_with_its_units(people: SimpleNamespace) -> None:
    shown = people.manager.client.get(reverse("matters:matters"))
    assert shown.context["count"] == 68
    body = shown.content.decode()
    assert all(words in body for words in ("乱收费", "县市场监管局", "待确认", "方案没有列全"))
    assert reverse("matters:new") not in body
    assert reverse("matters:gaps") not in body
    found = people.bureau_officer.client.get(
        reverse("matters:matters"), {"unit": "police", "show": "gaps", "q": "高空"}
    )
    assert [row["code"] for row in rows_of(found)] == ["WL02"]
    none = people.bureau_officer.client.get(reverse("matters:matters"), {"q": "没有这样的事"})
    assert "没有符合条件的事项" in none.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_page_asks_the_same_number_of_queries_whatever_the_rows(
    name: str, people: SimpleNamespace, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people.bureau_reviewer.client.get(reverse(name))
    with django_assert_max_num_queries(22):
        people.bureau_reviewer.client.get(reverse(name))


def test_matter_says_what_holds_and_what_is_open(people: SimpleNamespace) -> None:
    body = people.town_officer.client.get(page("matter", "WL02")).content.decode()
    for words in (
        "高空抛物",
        "方案第5项未列公安局",
        "属地乡镇人民政府",
        "〔待填〕",
        "变更记录",
        "从方案文件载入",
        "立案",
    ):
        assert words in body
    assert page("edit", "WL02") not in body
    assert "居民反映的" not in body
    assert "按投诉办" in people.town_officer.client.get(page("matter", "TC03")).content.decode()
    outside = people.manager.client.get(page("matter", "WL02")).content.decode()
    assert "变更记录" not in outside


def test_edit_matter_on_its_page(people: SimpleNamespace) -> None:
    client = people.bureau_officer.client
    told = typed(client, page("edit"), close_when="退还\n多收的钱", handle="5", pace="wd", joint=["bureau"])
    assert client.post(page("edit"), told).status_code == 302
    held = matter()
    assert (held.version, held.body["close_when"], held.body["handle"], held.body["joint"]) == (
        2,
        "退还 多收的钱",
        "5 wd",
        ["bureau"],
    )
    body = client.get(page("matter")).content.decode()
    assert "责任清单调整" in body
    assert "县府办〔2026〕9号" in body
    assert "<del" in body


def test_edit_matter_changes_nothing_that_was_not_typed(people: SimpleNamespace) -> None:
    client = people.bureau_officer.client
    for code in ("WL01", "WL02", "WL03", "TC02", "TC05", "SS01", "SS06", "JF01"):
        answer = client.post(page("edit", code), typed(client, page("edit", code)))
        assert "和现在的一样" in errors(answer), code
    assert MatterVersion.objects.count() == 68


def test_edit_matter_that_somebody_edited_meanwhile(people: SimpleNamespace) -> None:
    client = people.bureau_officer.client
    told = typed(client, page("edit"), name="我改的")
    edited(people, name="别人改的")
    answer = client.post(page("edit"), told)
    assert "刚刚被别人改过" in errors(answer)
    assert "我改的" in answer.content.decode()
    assert matter().name == "别人改的"


def test_edit_circumstances_of_a_matter(people: SimpleNamespace) -> None:
    client = people.bureau_officer.client
    told = typed(client, page("edit"), when0="trapped", lead0="fire", urgency0="a", first0="")
    assert client.post(page("edit"), told).status_code == 302
    assert matter().body["when"] == [{"circumstance": "trapped", "lead": "fire", "urgency": "a", "first": ""}]
    again = typed(client, page("edit"), when1="trapped")
    assert "同一种情形只写一次" in errors(client.post(page("edit"), again))
    unsaid = typed(client, page("edit"), lead1="fire")
    assert "请选择是什么情形" in errors(client.post(page("edit"), unsaid))


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("lead", "army", "没有这个选项"),
        ("joint", ["army"], "没有这个选项"),
        ("item", "9.9", "没有这个选项"),
        ("name", "长" * 10_000, "最多 40 个字"),
        ("file_when", "长" * 10_000, "最多 200 个字"),
        ("reason", "", "请填写改动的理由"),
        ("cite", " ", "请填写改动的依据"),
        ("reason", "长" * 10_000, "最多 200 个字"),
        ("emergency", "十一九", "写法不对"),
        ("handle", "-1", "至少是 1"),
        ("based_on", "x", "请刷新后再办"),
        ("based_on", "999999999", "刚刚被别人改过"),
        ("name", "改\u202e名", "颠倒或隐藏"),
        ("close_when", "退\0还", "控制字符"),
    ],
)
def test_edit_matter_with_what_may_not_stand(people: SimpleNamespace, part: str, value: Any, said: str) -> None:
    client = people.bureau_officer.client
    answer = client.post(page("edit"), typed(client, page("edit"), **{"close_when": "退还", part: value}))
    assert said in errors(answer)
    assert matter().version == 1


@pytest.mark.parametrize("text", [f"碧水{MARKUP}苑", *TOGETHER[:5]])
def test_hostile_words_in_a_matter_are_words(people: SimpleNamespace, text: str) -> None:
    client = people.bureau_officer.client
    answer = client.post(page("edit"), typed(client, page("edit"), name=text))
    for name in (*PAGES, "cases:new"):
        assert client.get(reverse(name)).status_code == 200
    shown = client.get(page("matter")).content.decode()
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert answer.status_code in (200, 302)


def test_only_the_bureau_edits(people: SimpleNamespace) -> None:
    names = ("edit", "retire", "restore", "auto", "offer")
    for who in ("bureau_reviewer", "supervisor", "town_officer", "department_officer", "community_worker", "manager"):
        client = getattr(people, who).client
        for address in (*map(page, names), reverse("matters:new")):
            assert client.get(address).status_code == 404, (who, address)
            assert client.post(address, WHY_TYPED).status_code == 404, (who, address)
    for who in ("town_officer", "department_officer", "manager", "supervisor"):
        assert getattr(people, who).client.post(page("confirm"), WHY_TYPED).status_code == 404
        assert getattr(people, who).client.post(reverse("matters:gaps"), WHY_TYPED).status_code == 404
    assert MatterVersion.objects.count() == 68


def test_retire_and_restore_on_their_pages(people: SimpleNamespace) -> None:
    client = people.bureau_officer.client
    assert client.post(page("retire"), typed(client, page("retire"))).status_code == 302
    body = client.get(page("matter")).content.decode()
    assert "起停用" in body
    assert page("restore") in body
    assert "乱收费" not in client.get(reverse("matters:routes")).content.decode()
    ended = client.get(reverse("matters:matters"), {"show": "ended"}).content.decode()
    assert "乱收费" in ended
    assert client.post(page("restore"), typed(client, page("restore"))).status_code == 302
    assert matter().ended_on is None


def test_add_matter_on_its_page(people: SimpleNamespace) -> None:
    client, address = people.bureau_officer.client, reverse("matters:new")
    told = typed(client, address) | {
        "code": "sf09", "name": "乱收装修押金", "item": "2.4", "refers": "二(二)4", "type": "complaint", "lead": "market",
        "file_when": "收了押金不退", "close_when": "已退还", "source": "seed",
    }  # fmt: skip
    assert "已经用过" in errors(client.post(address, told | {"code": "SF01"}))
    answer = client.post(address, told)
    assert answer.status_code == 302
    assert matter("SF09").body["beyond"] == []
    shown = client.get(answer.url).content.decode()
    assert "乱收装修押金" in shown


def test_confirm_on_the_page_of_the_matter(people: SimpleNamespace) -> None:
    client = people.bureau_reviewer.client
    assert page("confirm") not in people.bureau_officer.client.get(page("matter")).content.decode()
    assert page("confirm") in client.get(page("matter")).content.decode()
    assert client.post(page("confirm"), typed(client, page("confirm"))).status_code == 302
    body = client.get(page("matter")).content.decode()
    assert "已确认" in body
    assert "房管所复核" in body
    refused = people.bureau_officer.client.post(page("confirm", "WL01"), WHY_TYPED | {"based_on": 1})
    assert "要由房管所复核人确认" in errors(refused)


def test_confirm_many_by_one_document(people: SimpleNamespace) -> None:
    client, address = people.bureau_reviewer.client, reverse("matters:gaps")
    shown = client.get(address).content.decode()
    assert "方案第5项未列公安局" in shown
    codes = ("WL01", "WL02", "SF01")
    routes = [f"{matter(code).pk}:1" for code in codes]
    assert "请至少选择一个事项" in errors(client.post(address, WHY_TYPED))
    assert client.post(address, WHY_TYPED | {"route": routes}).status_code == 302
    assert MatterConfirmation.objects.count() == 3
    stale = client.post(address, WHY_TYPED | {"route": routes})
    assert "刚刚被改过或确认过" in errors(stale)
    assert client.post(address, WHY_TYPED | {"route": "x:y"}).status_code == 200
    assert MatterConfirmation.objects.count() == 3


def test_automatic_dispatch_is_switched_on_its_page(people: SimpleNamespace) -> None:
    client = people.bureau_officer.client
    refused = client.post(page("auto"), typed(client, page("auto")))
    assert "还没有确认" in errors(refused)
    confirmed(people, "SF01")
    assert client.post(page("auto"), typed(client, page("auto"))).status_code == 302
    assert "自动派遣" in client.get(reverse("matters:routes"), {"state": "auto"}).content.decode()
    assert client.post(page("auto"), typed(client, page("auto"))).status_code == 302
    assert not matter().auto


def test_routes_are_read_from_a_town(people: SimpleNamespace, place: SimpleNamespace) -> None:
    client = people.bureau_officer.client
    plain = client.get(reverse("matters:routes"), {"unit": "town"}).content.decode()
    assert "属地乡镇人民政府" in plain
    seen = client.get(reverse("matters:routes"), {"unit": "town", "town": place.town.pk})
    assert {row["lead"] for row in rows_of(seen) if row["level"] == "乡镇"} == {"城关镇人民政府"}
    fire = client.get(reverse("matters:routes"), {"unit": "fire"})
    blocked = [row for row in rows_of(fire) if row["code"] == "WL04" and row["when"]]
    assert [(row["lead"], row["urgency"]) for row in blocked] == [("县消防救援大队", "紧急")]


def test_newer_file_is_shown_beside_what_the_bureau_wrote(people: SimpleNamespace) -> None:
    client = people.bureau_officer.client
    edited(people, "WL01", close_when="本县写法")
    newer(replace(WL01, close_when="文件写法"))
    assert "方案文件的新写法" in people.bureau_reviewer.client.get(reverse("matters:gaps")).content.decode()
    body = client.get(page("offer", "WL01")).content.decode()
    assert "本县写法" in body
    assert "文件写法" in body
    told = typed(client, page("offer", "WL01"), take="take")
    assert client.post(page("offer", "WL01"), told).status_code == 302
    assert matter("WL01").body["close_when"] == "文件写法"
    assert pending_offer(matter("WL01")) is None
    assert client.get(page("offer", "WL01")).status_code == 302


def dispatched_elsewhere(people: SimpleNamespace, place: SimpleNamespace, text: str = "发生在工地") -> Any:
    """A case of 乱收费 that the officer sends to the town, through the pages."""
    told = Filing(place.compound, "SF01", text="停车费多收了")
    case = submit_case(actor=STRANGER, filing=told, at=timezone.now()).case
    accept = {"matter": matter().pk, "urgency": "b", "duplicates": "on", "version": 1}
    assert people.town_officer.client.post(reverse("cases:act", args=[case.pk, "accept"]), accept).status_code == 302
    address = reverse("cases:act", args=[case.pk, "dispatch"])
    unsaid = {"lead": str(place.town_office.pk), "version": 2}
    assert "请写明理由" in errors(people.bureau_officer.client.post(address, unsaid))
    assert people.bureau_officer.client.post(address, unsaid | {"reason": text}).status_code == 302
    return case


def test_overrides_page_leads_to_the_route_that_may_be_wrong(people: SimpleNamespace, place: SimpleNamespace) -> None:
    case = dispatched_elsewhere(people, place)
    body = people.bureau_officer.client.get(reverse("matters:overrides")).content.decode()
    for words in ("乱收费", "城关镇人民政府", "发生在工地", case.number, page("edit"), "改主办、协办"):
        assert words in body
    seen = people.supervisor.client.get(reverse("matters:overrides")).content.decode()
    assert "由房管所经办改" in seen
    assert "这个月没有人工改派" in people.other_town_officer.client.get(reverse("matters:overrides")).content.decode()
    for who in (people.manager, people.chair, people.community_worker, people.system_admin):
        assert who.client.get(reverse("matters:overrides")).status_code == 404
        assert who.client.get(reverse("matters:overrides_out", args=["csv"])).status_code == 404


def test_overrides_leave_as_files_without_formulas(people: SimpleNamespace, place: SimpleNamespace) -> None:
    dispatched_elsewhere(people, place, '=HYPERLINK("http://evil.example","x")')
    client, month = people.supervisor.client, f"{timezone.localdate():%Y-%m}"
    plain = b"".join(client.get(reverse("matters:overrides_out", args=["csv"]), {"month": month})).decode("utf-8-sig")
    head, row = csv.reader(plain.splitlines())
    assert (head[5:7], row[4:7]) == (["建议单位", "选定单位"], ["乱收费", "县市场监管局", "城关镇人民政府"])
    assert row[9].startswith("\u2060=HYPERLINK")
    assert row[10] == "SF01 第 1 版"
    book = b"".join(client.get(reverse("matters:overrides_out", args=["xlsx"]), {"month": month}))
    with zipfile.ZipFile(BytesIO(book)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert '=HYPERLINK("http://evil.example","x")</t>' in sheet
    assert AuditEntry.objects.filter(action="matter.overrides_exported").count() == 2
    assert client.get(reverse("matters:overrides_out", args=["pdf"])).status_code == 404
    for wrong in ("2026-13", "x", "9" * 10_000):
        assert client.get(reverse("matters:overrides_out", args=["csv"]), {"month": wrong}).status_code == 404
        assert client.get(reverse("matters:overrides"), {"month": wrong}).status_code == 200


def test_acceptance_says_where_the_system_sent_the_case(people: SimpleNamespace, place: SimpleNamespace) -> None:
    UnitCode.objects.update_or_create(code="development", defaults={"organisation": place.government})
    confirmed(people, "SF01")
    client = people.bureau_officer.client
    client.post(page("auto"), typed(client, page("auto")))
    told = Filing(place.compound, "SF01", text="停车费多收了")
    case = submit_case(actor=STRANGER, filing=told, at=timezone.now()).case
    accept = {"matter": matter().pk, "urgency": "b", "duplicates": "on", "version": 1}
    answer = people.town_officer.client.post(reverse("cases:act", args=[case.pk, "accept"]), accept, follow=True)
    body = answer.content.decode()
    assert "系统已按归口表派给县市场监管局" in body
    assert "按归口表自动派遣：SF01 第 2 版" in body


def test_case_page_says_under_which_version_it_runs(people: SimpleNamespace, place: SimpleNamespace) -> None:
    told = Filing(place.compound, "SF01", text="停车费多收了")
    case = submit_case(actor=STRANGER, filing=told, at=timezone.now()).case
    before = matter().body["close_when"]
    edited(people, close_when="退还全部多收的钱")
    body = people.town_officer.client.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert before in body
    assert "退还全部多收的钱" not in body
    assert "第 1 版办理（现在是第 2 版）" in body


def test_board_follows_what_holds_now(people: SimpleNamespace, place: SimpleNamespace) -> None:
    def seen() -> dict[str, dict[str, bool]]:
        board = board_of(people.town_officer.actor, place.compound.pk)
        assert board
        return {duty.unit: dict(duty.matters) for duty in board.duties}

    assert seen()["县市场监管局"]["乱收费"]
    confirmed(people, "SF01")
    assert not seen()["县市场监管局"]["乱收费"]
    edited(people, lead="bureau", joint=())
    assert seen()["县住建局"]["乱收费"]
    held = matter()
    retire_matter(actor=people.bureau_officer.actor, matter=held, based_on=held.version, **WHY)
    assert "乱收费" not in seen()["县住建局"]

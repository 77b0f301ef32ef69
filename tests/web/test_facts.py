"""The pages of facts, walked through as a browser would: what they show, to whom, and what bad input meets."""

import html
import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from anju.base.models import AuditEntry
from anju.places.models import Compound
from anju.registry.models import Cell, CompanyName, Decision, Fact, ServiceTerm, Statement
from tests.people import NOW, TODAY, Person, make_compound
from tests.registry.conftest import Tell, cell, indicators, tell
from tests.web.test_places_pages import errors_in

__all__ = ["indicators", "tell"]  # fixtures of the registry


def shown(person: Person, address: str) -> str:
    answer = person.client.get(address)
    assert answer.status_code == 200, answer.status_code
    return html.unescape(answer.content.decode())


def page_of(person: Person, compound: Compound, more: str = "") -> str:
    return shown(person, f"/places/compounds/{compound.pk}/{more}")


def row_of(page: str, code: str) -> str:
    """Return the words of one row of the facts."""
    return re.sub(r"<[^>]+>|\s+", " ", page.split(f'id="f-{code}"')[1].split("</tr>")[0])


def fields(**more: Any) -> dict[str, Any]:
    return {"kind": "survey", "source": "", "observed_on": str(timezone.localdate()), "reason": ""} | more


def test_show_compound_tells_value_source_day_and_who_should_supply_what_is_missing(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    tell(people.town_officer.actor, place.compound, "households", "1086")
    tell(
        people.town_officer.actor, place.compound, "party_covered", "有", on=timezone.localdate() - timedelta(days=400)
    )
    tell(people.town_officer.actor, place.compound, "committee_formed", "无")
    page = page_of(people.manager, place.compound)
    assert all(word in row_of(page, "households") for word in ("1,086户", "示例survey", str(TODAY), "待确认"))
    assert "超过180天未核实" in row_of(page, "party_covered")
    assert "未知" in row_of(page, "buildings")
    assert "尚未查清" in row_of(page, "buildings")
    missing = page[page.index('id="complete"') :]
    assert "45 项中已知 3 项" in missing
    assert re.search(r"城关镇人民政府、县住建局</span><span[^>]*>缺 \d+ 项", missing)


def test_show_compound_masks_people_and_keeps_facts_from_those_who_may_not(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    officer = people.bureau_officer.actor
    tell(officer, place.compound, "manager", "李示例经理")
    tell(officer, place.compound, "manager_phone", "13500001234")
    for who in ("bureau_officer", "town_officer", "community_worker", "manager", "chair"):
        page = page_of(getattr(people, who), place.compound, "?cell=manager_phone")
        assert "135****1234" in page
        assert "13500001234" not in page
        assert "李示例经理" not in page
    assert "facts" not in re.findall(r'id="(\w+)"', page_of(people.security_admin, place.compound))
    assert "登记底数：" not in page_of(people.security_admin, place.compound)


def test_reveal_a_phone_is_an_act_with_its_reason(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    fact = tell(people.bureau_officer.actor, place.compound, "manager_phone", "13500001234")
    address = f"/facts/values/{fact.pk}/reveal/"
    assert "13500001234" not in shown(people.town_officer, address)
    refused = people.town_officer.client.post(address, {"reason": " "})
    assert "13500001234" not in refused.content.decode()
    assert not AuditEntry.objects.filter(action="fact.revealed").exists()
    answer = people.town_officer.client.post(address, {"reason": "电梯困人，联系负责人"})
    assert "13500001234" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    entry = AuditEntry.objects.get(action="fact.revealed")
    assert "电梯困人" in entry.body
    assert "13500001234" not in entry.body
    assert people.other_town_officer.client.get(address).status_code == 404
    ordinary = tell(people.bureau_officer.actor, place.compound, "households", "1")
    assert people.town_officer.client.get(f"/facts/values/{ordinary.pk}/reveal/").status_code == 404


def test_record_several_values_as_one_statement(
    place: SimpleNamespace, people: SimpleNamespace, indicators: object
) -> None:
    address = f"/facts/compounds/{place.compound.pk}/record/"
    typed = fields(v_households="约1,086户", v_fee="1.2-1.5元/㎡·月", v_committee_formed="未知", reason="入户核对")
    answer = people.community_worker.client.post(address, typed)
    assert answer["Location"] == f"/places/compounds/{place.compound.pk}/"
    told = Statement.objects.get()
    assert (told.source.name, told.source.kind, told.reason, told.facts.count()) == (
        "摸底排查",
        "survey",
        "入户核对",
        3,
    )
    assert (cell(place.compound, "fee").low, cell(place.compound, "fee").high) == (120, 150)
    assert "约1,086户" in page_of(people.manager, place.compound)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"v_households": "三百多"}, "户数"),
        ({"v_households": "-5户"}, "负数"),
        ({"v_households": "1.35E+10"}, "户数"),
        ({"v_fee": "0.00"}, "占位"),
        ({"v_manager_phone": "5280000"}, "区号"),
        ({"v_credit_code": "91110000600037341X"}, "信用代码"),
        ({"v_committee_formed": "也许"}, "没有查清的，不要填写"),
        ({"v_address": "x" * 501}, "最多 500 个字"),
        ({"v_completed": "不详"}, "留空"),
        ({}, "至少填一项"),
        ({"v_households": "5", "observed_on": "2199-01-01"}, "核实日期"),
        ({"v_households": "5", "kind": ""}, "请选择来源"),
        ({"v_address": "城北路\0号"}, "地址"),
    ],
)
def test_record_wrongly_is_told_in_words_and_leaves_nothing(
    place: SimpleNamespace, people: SimpleNamespace, indicators: object, more: dict[str, str], words: str
) -> None:
    address = f"/facts/compounds/{place.compound.pk}/record/"
    answer = people.town_officer.client.post(address, fields(**more))
    assert answer.status_code == 200
    assert words in errors_in(answer)
    assert not Statement.objects.exists()


def test_record_form_of_a_doubtful_value_proposes_what_can_be_read(
    place: SimpleNamespace, people: SimpleNamespace, indicators: object
) -> None:
    address = f"/facts/compounds/{place.compound.pk}/record/"
    answer = people.town_officer.client.post(address, fields(v_households="3O户"))
    assert "请改写成：30" in errors_in(answer)


def test_hostile_value_is_shown_as_text(place: SimpleNamespace, people: SimpleNamespace, indicators: object) -> None:
    hostile = "<script>alert(1)</script>{{ actor }}'\""
    address = f"/facts/compounds/{place.compound.pk}/record/"
    people.town_officer.client.post(address, fields(v_building_type=hostile, source=hostile, reason=hostile))
    assert Fact.objects.filter(text=hostile).exists()
    raw = people.town_officer.client.get(f"/places/compounds/{place.compound.pk}/?cell=building_type").content.decode()
    assert "<script>alert" not in raw
    assert "{{ actor }}" in html.unescape(raw)


def test_adopt_one_source_in_place(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    surveyed = tell(people.town_officer.actor, place.compound, "households", "1086", "survey")
    filled = tell(people.bureau_officer.actor, place.compound, "households", "1202", "company")
    page = page_of(people.town_officer, place.compound)
    assert f'name="fact" value="{filled.pk}"' in page
    assert f'name="fact" value="{surveyed.pk}"' not in page  # nobody confirms their own where another could
    assert "采用" not in row_of(page_of(people.manager, place.compound), "households")
    address = f"/facts/compounds/{place.compound.pk}/confirm/"
    missing = people.town_officer.client.post(address, {"fact": filled.pk, "reason": ""})
    assert "理由" in errors_in(missing)
    assert not Decision.objects.exists()
    people.town_officer.client.post(address, {"fact": filled.pk, "reason": "现场核对"})
    found = cell(place.compound, "households")
    assert (found.fact_id, found.conflict, found.confirmed_by) == (filled.pk, False, people.town_officer.user)
    assert "韦城关" in row_of(page_of(people.bureau_officer, place.compound), "households")
    assert "韦城关" not in row_of(page_of(people.manager, place.compound), "households")


def test_confirm_a_group_leaves_ones_own_to_those_who_are_named(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    tell(people.town_officer.actor, place.compound, "households", "1086")
    tell(people.bureau_officer.actor, place.compound, "buildings", "12")
    tell(people.bureau_officer.actor, place.compound, "fee", "1.2元/㎡·月")
    address = f"/facts/compounds/{place.compound.pk}/confirm/?group=management_area"
    page = shown(people.town_officer, address)
    assert "陈经办（县住建局）、林复核（县住建局）" in page
    assert "确认 1 项" in page
    people.town_officer.client.post(address, {"group": "management_area", "reason": "已核对"})
    confirmed = set(Cell.objects.filter(confirmed_at__isnull=False).values_list("indicator__code", flat=True))
    assert confirmed == {"buildings"}


def test_confirm_what_is_not_of_this_compound_finds_nothing(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    other = tell(people.bureau_officer.actor, place.other_compound, "households", "5")
    address = f"/facts/compounds/{place.compound.pk}/confirm/"
    for given in (other.pk, "x", "9" * 30, "１", ""):
        answer = people.bureau_reviewer.client.post(address, {"fact": given, "reason": "试"})
        assert "没有您可以确认的值" in answer.content.decode()
    assert not Decision.objects.exists()


def test_history_of_a_cell_tells_everything_and_strikes_what_was_withdrawn(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    tell(people.town_officer.actor, place.compound, "households", "1080", on=TODAY - timedelta(days=9))
    slip = tell(people.town_officer.actor, place.compound, "households", "10860")
    address = f"/facts/statements/{slip.statement_id}/withdraw/"
    assert "户数 10,860户" in shown(people.town_officer, address)
    people.town_officer.client.post(address, {"reason": "多写了一个零"})
    page = page_of(people.bureau_officer, place.compound, "?cell=households")
    drawer = page[page.index('id="cell"') :]
    assert '<del class="aj-was">10,860户</del>' in drawer
    assert "多写了一个零" in drawer
    assert "共 2 次" in drawer
    again = people.town_officer.client.post(address, {"reason": "再撤"})
    assert "已经撤回" in errors_in(again)
    for wrong in ("?cell=x", "?cell=%00", "?cell=" + "x" * 5000):
        assert 'id="cell"' not in page_of(people.bureau_officer, place.compound, wrong)


def test_withdraw_of_another_by_one_who_only_records_is_no_page(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    fact = tell(people.bureau_officer.actor, place.compound, "households", "1")
    answer = people.community_worker.client.post(f"/facts/statements/{fact.statement_id}/withdraw/", {"reason": "试"})
    assert answer.status_code == 404
    assert cell(place.compound, "households").low == 1


def test_settle_a_selection_and_a_whole_column_with_one_reason(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    for compound in (place.compound, place.other_compound):
        for code, one, other in (("households", "500", "900"), ("buildings", "3", "9")):
            tell(people.bureau_officer.actor, compound, code, one, "survey")
            tell(people.bureau_officer.actor, compound, code, other, "website")
    page = shown(people.bureau_reviewer, "/facts/settle/")
    assert "来源不一致<small>4</small>" in page
    first = cell(place.compound, "buildings")
    accept = "/facts/settle/accept/"
    unsaid = people.bureau_reviewer.client.post(accept, {"show": "conflict", "fact": first.fact_id, "reason": ""})
    assert unsaid.status_code == 302
    assert not Decision.objects.exists()
    people.bureau_reviewer.client.post(accept, {"show": "conflict", "fact": first.fact_id, "reason": "看过图纸"})
    assert Cell.objects.filter(conflict=True).count() == 3
    column = {"show": "conflict", "indicator": cell(place.compound, "households").indicator_id, "all": "1"}
    people.bureau_reviewer.client.post(accept, column | {"reason": "以摸底排查为准"})
    assert Cell.objects.filter(indicator__code="households", conflict=True).count() == 0
    assert Cell.objects.get(conflict=True).indicator.code == "buildings"


def test_settle_in_bulk_leaves_ones_own_and_other_towns_alone(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    own = tell(people.town_officer.actor, place.compound, "households", "500")
    outside = tell(people.bureau_officer.actor, place.other_compound, "households", "600")
    page = shown(people.town_officer, "/facts/settle/?show=unconfirmed")
    assert "由陈经办、林复核确认" in page
    assert "江畔名邸" not in page
    typed = {"show": "unconfirmed", "fact": [own.pk, outside.pk], "reason": "试"}
    people.town_officer.client.post("/facts/settle/accept/", typed)
    assert not Decision.objects.exists()
    assert people.community_worker.client.post("/facts/settle/accept/", typed).status_code == 404


def test_settle_page_asks_the_same_number_of_queries(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            shown(people.bureau_reviewer, "/facts/settle/?show=unconfirmed")
        return len(found)

    tell(people.bureau_officer.actor, place.compound, "households", "1")
    asked()  # the first of a process asks what this installation is
    few = asked()
    for number in range(20):
        tell(people.bureau_officer.actor, make_compound(f"示例·{number}号院", place.community), "households", "9")
    assert asked() == few


def test_compound_page_asks_the_same_number_of_queries(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            page_of(people.bureau_officer, place.compound)
        return len(found)

    officer, town = people.bureau_officer.actor, people.town_officer.actor
    tell(officer, place.compound, "households", "1")
    tell(town, place.compound, "households", "900", "website")
    asked()
    few = asked()
    for code, raw in (("buildings", "12"), ("lifts", "3"), ("bays", "60"), ("fee", "1.2元/㎡·月")):
        tell(officer, place.compound, code, raw)
        tell(town, place.compound, code, raw.replace("1", "7").replace("3", "8").replace("60", "90"), "website")
    assert asked() == few


def test_progress_opens_to_everybody_in_their_scope_and_prints_one_page(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    tell(people.bureau_officer.actor, place.compound, "households", "1")
    county, town = (shown(getattr(people, who), "/facts/progress/") for who in ("supervisor", "town_officer"))
    assert "东江镇人民政府" in county
    assert "东江镇" not in town
    assert "还没有您能看到的小区" in shown(people.department_officer, "/facts/progress/")
    paper = people.town_officer.client.get("/facts/progress/pdf/").content
    assert paper.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    assert "碧水花园" in shown(people.town_officer, "/facts/missing/")
    for wrong in ("?unit=x", "?town=9999999", "?indicator=-1", "?unit=99999999"):
        assert "没有符合条件的" in shown(people.town_officer, f"/facts/missing/{wrong}")


def test_companies_are_settled_by_a_person_in_bulk(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    tell(people.bureau_officer.actor, place.compound, "service", "示例物业公司")
    tell(people.bureau_officer.actor, place.other_compound, "service", "示例新来物业公司")
    officer, address = people.bureau_officer, "/facts/companies/"
    assert "selected" not in shown(officer, address).split('name="is"')[1].split("</select>")[0]
    assert f'value="{place.company.pk}" selected' in shown(officer, f"{address}?sure=1")
    assert not CompanyName.objects.exists()
    typed = {"name": ["示例物业公司", "示例新来物业公司", "不在名册"], "is": [place.company.pk, "new", "new"]}
    assert officer.client.post(address, typed).status_code == 302
    assert set(CompanyName.objects.values_list("name", flat=True)) == {"示例物业公司", "示例新来物业公司"}
    assert ServiceTerm.objects.count() == 2
    served = shown(people.manager, f"/places/organisations/{place.company.pk}/")
    assert "碧水花园" in served.split('id="served"')[1]
    assert "已在管" in page_of(people.manager, place.compound)
    assert people.town_officer.client.get(address).status_code == 404


@pytest.mark.parametrize("choice", ["x", "9" * 30, "0", "-1", "１", ""])
def test_companies_settled_with_what_is_no_company_change_nothing(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell, choice: str
) -> None:
    tell(people.bureau_officer.actor, place.compound, "service", "示例物业公司")
    answer = people.bureau_officer.client.post("/facts/companies/", {"name": "示例物业公司", "is": choice})
    assert answer.status_code == 200
    assert not CompanyName.objects.exists()


def test_release_a_company_name(place: SimpleNamespace, people: SimpleNamespace) -> None:
    name = CompanyName.objects.create(key="示例物业", name="示例物业", organisation=place.company, settled_at=NOW)
    people.bureau_officer.client.post(f"/facts/companies/{name.pk}/release/", {"reason": "认错了"})
    name.refresh_from_db()
    assert name.organisation is None

"""The papers of a case, as they are printed from the desk: what they say, and what they must never say."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from anju.base.actor import SYSTEM
from anju.base.models import AuditEntry
from anju.cases.models import Case, UnitCode
from anju.cases.queries.papers import papers_of, sheet_of
from anju.cases.services.acting import Clearing
from anju.cases.services.filing import Receipt
from anju.cases.services.sweeping import sweep_cases
from anju.papers.case_papers import Printing, case_paper_pdf
from anju.rules.cases.facts import Mode
from tests.cases.conftest import Do, do, file_case, handled, policy
from tests.papers.pdf_text import pages_of, said
from tests.people import NOW, TODAY, Person

__all__ = ["do", "file_case", "handled", "policy"]
FileCase = Callable[..., Receipt]
Handled = Callable[..., Case]
AROUND = Printing("示例县", TODAY, "https://anju.example/papers/cases/1/", "", trial=False)
REPORTER = ("何业主", "13500000001")


def printed(person: Person, case: Case, code: str) -> bytes:
    sheet = sheet_of(person.actor, Case.objects.get(pk=case.pk), code)
    assert sheet is not None
    return case_paper_pdf(sheet, AROUND)


def codes(person: Person, case: Case) -> set[str]:
    return {offer.code for offer in papers_of(person.actor, Case.objects.get(pk=case.pk))}


@pytest.fixture
def dispatched(file_case: FileCase, handled: Handled) -> Case:
    return handled(file_case(text="停车费多收了，何业主电话13500000001").case, to="dispatch")


@pytest.fixture
def lead(place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase, do: Do) -> Case:
    """An illegal structure that the company was told to dissuade."""
    UnitCode.objects.filter(code="law_enforcement").delete()
    UnitCode.objects.create(code="law_enforcement", organisation=place.department)
    case = file_case(matter="WL03", text="五栋楼顶在搭棚子，何业主反映").case
    do(people.town_officer, case, "accept", note={"duplicates": "查过"}, matter="WL03", urgency=case.urgency)
    note = {"dissuasion_order": "请先劝阻"}
    cleared = Clearing("五栋楼顶在搭棚子")
    return do(people.bureau_officer, case, "order_dissuade", note=note, unit=str(place.company.pk), cleared=cleared)


def test_print_order_says_who_what_and_by_when(people: SimpleNamespace, dispatched: Case) -> None:
    order, receipt = pages_of(printed(people.bureau_officer, dispatched, "order"))
    for words in (
        dispatched.number,
        "县市场监管局",
        "乱收费",
        "示例·碧水花园",
        "2026年12月3日24时前办结并反馈",
        "须交回",
    ):
        assert words in order
    for words in (dispatched.number, "交办单回执", "到场时间", "负责人（盖章）", "录入人"):
        assert words in receipt


@pytest.mark.parametrize(("times", "pages"), [(45, 1), (100, 2)])
def test_print_order_with_a_long_story_has_no_page_of_signatures_alone(
    people: SimpleNamespace, file_case: FileCase, handled: Handled, times: int, pages: int
) -> None:
    """It is set smaller where that saves a page. What is said above the signatures goes with them."""
    case = handled(file_case(text="停车费多收了不退，也不说为什么。" * times).case, to="dispatch")
    *order, receipt = pages_of(printed(people.bureau_officer, case, "order"))
    assert len(order) == pages
    assert "反映人身份保密" in order[-1]
    assert "交办人" in order[-1]
    assert "交办单回执" in receipt


def test_print_order_carries_a_code_that_leads_to_the_case(people: SimpleNamespace, dispatched: Case) -> None:
    content = people.bureau_officer.client.get(reverse("papers:paper", args=[dispatched.pk, "order"])).content
    assert content.startswith(b"%PDF")
    assert "扫码登录" in said(content)


@pytest.mark.parametrize("mode", [Mode.NAMED, Mode.HIDDEN])
def test_print_order_never_names_the_reporter(
    people: SimpleNamespace, file_case: FileCase, handled: Handled, mode: Mode
) -> None:
    case = handled(file_case(mode=mode, text="多收了费，我是何业主，13500000001").case, to="dispatch")
    text = said(printed(people.department_officer, case, "order"))
    assert "多收了费" in text
    assert not [word for word in REPORTER if word in text]


def test_print_order_blackens_the_number_of_one_who_gave_no_name(
    people: SimpleNamespace, file_case: FileCase, handled: Handled
) -> None:
    case = handled(file_case(mode=Mode.ANONYMOUS, phone="", text="多收了费，打13600000002").case, to="dispatch")
    assert "13600000002" not in said(printed(people.department_officer, case, "order"))


def test_print_dissuasion_by_the_company_shows_only_what_was_cleared(people: SimpleNamespace, lead: Case) -> None:
    assert codes(people.manager, lead) <= {"dissuasion", "referral"}
    for code in ("dissuasion", "referral"):
        text = said(printed(people.manager, lead, code))
        assert lead.number in text
        assert "五栋楼顶在搭棚子" in text
        assert not [word for word in REPORTER if word in text]


def test_print_dissuasion_after_it_was_tried_carries_what_was_done(
    place: SimpleNamespace, people: SimpleNamespace, lead: Case, do: Do
) -> None:
    note = {"dissuasion_record": "当面劝阻两次，对方拒绝停工。何业主在场"}
    told: dict[str, Any] = {"dissuasion": "refused", "lead": str(place.department.pk)}
    do(people.manager, lead, "transfer", note=note, at=NOW + timedelta(hours=2), **told)
    text = said(printed(people.bureau_officer, lead, "referral"))
    assert "当面劝阻两次，对方拒绝停工" in text
    assert "接收单位县市场监管局" in text
    assert "■拒绝改正" in text
    assert "□劝阻无效" in text
    assert "何业主" not in text


def test_print_rectification_lists_the_items_and_hides_the_reporter(
    place: SimpleNamespace, people: SimpleNamespace, dispatched: Case, do: Do
) -> None:
    do(people.department_officer, dispatched, "sign", at=NOW + timedelta(hours=1))
    note = {
        "order_number": "示市监改〔2026〕7号",
        "items": "退还多收的停车费\n公示收费标准，何业主13500000001已举报",
        "lead_signature": "已签发",
    }
    until, ordered = NOW + timedelta(days=6), NOW + timedelta(days=1)
    do(people.department_officer, dispatched, "order_rectify", at=ordered, note=note, until=until)
    text = said(printed(people.department_officer, dispatched, "rectification"))
    for words in (
        "示例县市场监管局",
        "示市监改〔2026〕7号",
        "1.退还多收的停车费",
        "2.公示收费标准",
        "2026年11月30日10时前完成整改",
        "2026年11月25日（联系人",
    ):
        assert words in text
    assert not [word for word in REPORTER if word in text]


def test_print_oversight_letters_as_the_levels_are_reached(
    people: SimpleNamespace, file_case: FileCase, handled: Handled
) -> None:
    """Levels and their documents are data: what was not reached has no paper."""
    case = handled(file_case().case, to="sign")
    assert not {code for code in codes(people.supervisor, case) if code.startswith(("level-", "measure-"))}
    late = NOW + timedelta(days=18)
    sweep_cases(actor=SYSTEM, at=late)
    level = Case.objects.get(pk=case.pk).level
    assert level in (3, 4)
    assert {f"level-{number}" for number in range(2, level + 1)} <= codes(people.supervisor, case)
    assert f"level-{level + 1}" not in codes(people.supervisor, case)
    for code, document in (("level-2", "催办通知书"), ("level-3", "督办单"), ("measure-talk", "约谈通知书")):
        text = said(printed(people.supervisor, case, code))
        assert document in text
        assert "示例县住建局" in text
        assert "县市场监管局：" in text
        assert "2026年11月24日登记，当日交你单位办理" in text
    assert "24时前书面答复" in said(printed(people.supervisor, case, "level-3"))


def test_print_measures_as_they_were_ordered(
    people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do
) -> None:
    """约谈 and 通报 are acts of the supervisor: in the history, and their letters say when, where and why."""
    case = handled(file_case().case, to="sign")
    assert not {code for code in codes(people.supervisor, case) if code.startswith("measure-")}
    said_so = {"meeting_place": "县政府会议室", "reason": "两次催办没有答复"}
    do(people.supervisor, case, "talk", meets_at=NOW.replace(day=30, hour=9), note=said_so)
    text = said(printed(people.supervisor, case, "measure-talk"))
    assert "于2026年11月30日9时到县政府会议室接受约谈" in text
    assert "约谈原因：两次催办没有答复" in text
    do(people.supervisor, case, "criticism", note={"reason": "仍未办结"})
    assert "通报原因：仍未办结" in said(printed(people.supervisor, case, "measure-criticism"))
    case.refresh_from_db()
    assert (case.state, case.level) == ("handling", 0)
    assert list(case.events.order_by("-seq").values_list("transition", flat=True)[:2]) == ["criticism", "talk"]


def test_print_mediation_papers_stay_blank_where_nobody_has_said_anything(
    place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase, do: Do
) -> None:
    case = file_case(matter="JF01", text="楼上漏水不赔").case
    do(people.town_officer, case, "accept", note={"duplicates": "查过"}, matter="JF01", urgency=case.urgency)
    do(people.bureau_officer, case, "dispatch", lead=str(place.town_office.pk))
    for code, words in (("mediation", "双方同意调解"), ("agreement", "协议内容")):
        text = said(printed(people.town_officer, case, code))
        assert words in text
        assert "楼上漏水" not in text
    assert not codes(people.manager, case)


def test_print_paper_of_anothers_case_is_not_there(people: SimpleNamespace, dispatched: Case) -> None:
    address = reverse("papers:paper", args=[dispatched.pk, "order"])
    for who in ("other_town_officer", "manager", "other_manager", "chair", "nobody", "system_admin"):
        assert getattr(people, who).client.get(address).status_code == 404, who
    assert people.town_officer.client.get(address).status_code == 200
    assert people.town_officer.client.get(reverse("papers:paper", args=[dispatched.pk, "nonsense"])).status_code == 404


def test_print_paper_leaves_a_trace(people: SimpleNamespace, dispatched: Case) -> None:
    people.department_officer.client.get(reverse("papers:paper", args=[dispatched.pk, "order"]))
    entry = AuditEntry.objects.get(action="case.paper_printed")
    assert (entry.user_id, entry.subject_id) == (people.department_officer.user.pk, dispatched.pk)


def test_papers_page_offers_what_can_be_printed_now(
    people: SimpleNamespace, file_case: FileCase, dispatched: Case
) -> None:
    page = people.town_officer.client.get(reverse("papers:papers", args=[dispatched.pk])).content.decode()
    assert "交办单（附回执）" in page
    fresh = people.town_officer.client.get(reverse("papers:papers", args=[file_case().case.pk])).content.decode()
    assert "还没有可以打印的文书" in fresh

"""A joint session over several cases through the pages: ticked, called, printed, recorded unit by unit, counted once."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from anju.base.actor import STRANGER, SYSTEM
from anju.cases.models import Case, CaseEvent, CaseFile, CaseParty
from anju.cases.services.filing import Filing, submit_case
from anju.cases.services.loading import load_cases
from tests.base.pictures import picture
from tests.papers.pdf_text import said
from tests.people import NOW, make_organisation, make_person

Act = Callable[..., Any]


@pytest.fixture
def cases(place: SimpleNamespace, people: SimpleNamespace) -> list[Case]:
    """Two cases of one compound with the market office, and one with the fire brigade."""
    place.fire = make_organisation("县消防救援大队", "department", place.county)
    people.firefighter = make_person("tang", "唐消防", "department_officer", place.fire)
    load_cases(actor=SYSTEM, policy="demo", at=NOW)
    market, fire = (place.department, people.department_officer), (place.fire, people.firefighter)
    return [in_hand(place, people, f"{house}幢", *unit) for house, unit in ((1, market), (2, market), (3, fire))]


def in_hand(place: SimpleNamespace, people: SimpleNamespace, spot: str, unit: Any, officer: Any) -> Case:
    told = Filing(place.compound, "SF01", text="乱收费", spot=spot, phone="13500000077", name="欧阳示例")
    case = submit_case(actor=STRANGER, filing=told, at=NOW).case
    act(people.town_officer, case, "accept", matter=case.matter_id, urgency="b", duplicates="on", cleared="乱收费")
    act(people.bureau_officer, case, "dispatch", lead=unit.pk, reason="按现场情况")
    act(officer, case, "sign")
    return Case.objects.get(pk=case.pk)


def more_in_hand(place: SimpleNamespace, people: SimpleNamespace, count: int) -> list[Case]:
    return [in_hand(place, people, f"{house}栋", place.department, people.department_officer) for house in range(count)]


def act(person: Any, case: Case, code: str, **data: Any) -> Any:
    case.refresh_from_db()
    return person.client.post(reverse("cases:act", args=[case.pk, code]), {"version": case.version, **data})


def form(person: Any, case: Case, code: str) -> str:
    body: str = person.client.get(reverse("cases:act", args=[case.pk, code])).content.decode()
    return body


def page(person: Any, case: Case) -> str:
    body: str = person.client.get(reverse("cases:case", args=[case.pk])).content.decode()
    return body


def versions(*cases: Case) -> dict[str, int]:
    return {f"version-{row.number}": row.version for row in Case.objects.filter(pk__in=[case.pk for case in cases])}


def call(person: Any, case: Case, others: list[Case], *units: Any, **more: Any) -> Any:
    at = timezone.localtime() + timedelta(days=2)
    told = {"meets_at": f"{at:%Y-%m-%dT09:30}", "meeting_place": "南门", "division": "各查各的"}
    told |= {"helpers": [unit.pk for unit in units], "beside": [one.number for one in others], **versions(*others)}  # type: ignore[dict-item]
    return act(person, case, "convene_joint", **{**told, **more})


def events(*cases: Case) -> list[int]:
    return [CaseEvent.objects.filter(case=case).count() for case in cases]


def test_dispatcher_ticks_what_is_handled_in_the_same_session(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    first, second, third = cases
    shown = form(people.bureau_officer, first, "convene_joint")
    offered = re.findall(r'name="beside" value="([^"]+)"', shown)
    assert sorted(offered) == sorted([second.number, third.number])
    assert f'3幢 {third.matter.name}，主办县消防救援大队 <small class="aj-2 aj-nb">{third.number}</small>' in shown
    assert f'name="version-{third.number}" value="{third.version}"' in shown
    answer = call(people.bureau_officer, first, [second, third], place.town_office, place.fire)
    assert (answer.status_code, answer["Location"]) == (302, reverse("cases:case", args=[first.pk]))
    shown = page(people.bureau_officer, first)
    assert f"已办：召集联合处置。{second.number}、{third.number}一并记入。" in shown
    beside = re.search(r'<p class="aj-say">[^<]*<time[^>]*>[^<]*</time> 召集的会商，与(.*?)一并进行。</p>', shown)
    assert beside, shown
    assert re.findall(r'href="([^"]+)">([^<]+)</a>', beside[1]) == [
        (reverse("cases:case", args=[one.pk]), one.number) for one in (second, third)
    ]
    assert "召集联合处置，定于" in page(people.firefighter, third)


def test_form_without_others_in_hand_offers_none(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    assert 'name="beside"' not in form(people.firefighter, cases[2], "convene_joint")
    assert call(people.firefighter, cases[2], [], place.town_office).status_code == 302
    assert "召集的会商，与" not in page(people.bureau_officer, cases[2])


def test_session_that_one_case_refuses_is_written_to_none(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    first, second, third = cases
    before = events(*cases)
    stale = {f"version-{third.number}": third.version - 1}
    answer = call(people.bureau_officer, first, [second, third], place.town_office, **stale)
    assert f"{third.number} 没有办成，一并会商的几件都没有写入。" in answer.content.decode()
    assert "各查各的" in answer.content.decode(), "what was typed is still there"
    unseen = call(people.bureau_officer, first, [third], place.town_office, **{f"version-{third.number}": "x"})
    assert "刚刚有别人办过" in unseen.content.decode()
    assert events(*cases) == before


def test_case_out_of_reach_cannot_be_ticked(place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]) -> None:
    """The market office does not see the fire brigade's case; a town calls nobody; a company has no such form."""
    first, second, third = cases
    before = events(*cases)
    shown = form(people.department_officer, first, "convene_joint")
    assert second.number in shown
    assert third.number not in shown
    refused = call(people.department_officer, first, [third], place.town_office)
    assert f"{third.number} 现在不能一并会商" in refused.content.decode()
    assert call(people.town_officer, first, [second], place.town_office)["Location"] == reverse(
        "cases:case", args=[first.pk]
    )
    assert call(people.manager, first, [second], place.town_office).status_code == 404
    assert call(people.firefighter, first, [third], place.town_office).status_code == 404
    assert events(*cases) == before


def test_session_is_recorded_unit_by_unit_in_all_its_cases(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    first, second, third = cases
    call(people.bureau_officer, first, [second, third], place.town_office)
    shown = form(people.bureau_officer, third, "joint_held")
    assert re.findall(r"<fieldset class=\"aj-part\"><legend>([^<]+)</legend>", shown) == [
        "县消防救援大队",
        "城关镇人民政府",
        "县市场监管局",
    ]
    told: dict[str, Any] = {f"came_{unit.pk}": "came" for unit in (place.department, place.fire)}
    told |= {f"who_{place.department.pk}": "2人", "minutes": "当场整改", **versions(first, second)}
    unsaid = act(people.bureau_officer, third, "joint_held", **told).content.decode()
    assert "请选择城关镇人民政府来了没有。" in unsaid
    told[f"came_{place.town_office.pk}"] = "absent"
    scene = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
    answer = act(people.bureau_officer, third, "joint_held", **told, scene_photo=scene)
    assert CaseFile.objects.get().case == third, "where it was recorded"
    assert (answer.status_code, answer["Location"]) == (302, reverse("cases:case", args=[third.pk]))
    assert f"已办：登记联合处置。{first.number}、{second.number}一并记入。" in page(people.bureau_officer, third)
    for case in cases:
        assert "县市场监管局：到场，2人" in page(people.bureau_officer, case)
        assert "城关镇人民政府：未到" in page(people.bureau_officer, case)
    behind = reverse("ledger:behind", args=[place.town_office.pk])
    figures = people.bureau_officer.client.get(reverse("ledger:figures")).content.decode()
    assert f'href="{behind}?figure=absent" aria-label="城关镇人民政府会商未到1"' in figures
    opened = people.bureau_officer.client.get(behind, {"figure": "absent"}).content.decode()
    assert "1 次，3 件" in opened
    assert [case.number in opened for case in cases] == [True] * 3
    [own] = re.findall(r"县消防救援大队会商应到(\d+)", figures)
    assert own == "1"


def test_record_says_which_cases_have_moved_on(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    first, second, third = cases
    call(people.bureau_officer, first, [second, third], place.town_office)
    shown = versions(first, second)
    act(people.town_officer, second, "task_done", reply_text="看过了")
    act(people.department_officer, second, "report_result", outcome="solved", reply_text="已退", no_photo_reason="无关")
    second.refresh_from_db()
    assert second.state == "verifying"
    opened = form(people.bureau_officer, third, "joint_held")
    assert "不再记入这几件" in opened
    assert second.number in opened
    told = {f"came_{unit.pk}": "came" for unit in (place.department, place.fire, place.town_office)}
    answer = act(people.bureau_officer, third, "joint_held", **told, minutes="当场整改", **shown)
    assert answer.status_code == 302
    read = page(people.bureau_officer, third)
    assert f"没有记入{second.number}：" in read
    assert f"登记联合处置。{first.number}一并记入。" in read
    held = CaseEvent.objects.filter(transition="joint_held").values_list("case", flat=True)
    assert set(held) == {first.pk, third.pk}


def test_papers_name_the_cases_and_units_of_the_session(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    first, second, third = cases
    call(people.bureau_officer, first, [second, third], place.town_office)
    for paper in ("call", "session"):
        address = reverse("papers:paper", args=[third.pk, paper])
        printed = said(people.bureau_officer.client.get(address).content)
        wanted = [case.number for case in cases] + ["县市场监管局", "县消防救援大队", "城关镇人民政府"]
        assert [word for word in wanted if word not in printed] == []
        own = said(people.firefighter.client.get(address).content)
        assert [case.number in own for case in cases] == [False, False, True]
        assert "县市场监管局" not in own
    notice = said(people.bureau_officer.client.get(reverse("papers:paper", args=[third.pk, "call"])).content)
    assert "的下列3件事须由有关单位联合处置" in notice


def test_who_does_not_see_the_other_cases_learns_no_number_of_them(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    first, second, third = cases
    CaseParty.objects.create(case=third, role="respondent", organisation=place.company, added_at=NOW, addressed_at=NOW)
    call(people.bureau_officer, first, [second, third], place.town_office)
    for person, pages in (
        (people.firefighter, (page(people.firefighter, third), form(people.firefighter, third, "joint_held"))),
        (people.manager, (page(people.manager, third),)),
    ):
        assert person.client.get(reverse("cases:case", args=[first.pk])).status_code == 404
        for body in pages:
            assert third.number in body
            assert first.number not in body
            assert second.number not in body
    units = {place.fire: "came", place.town_office: "came"}
    told = {f"came_{unit.pk}": how for unit, how in units.items()}
    assert act(people.firefighter, third, "joint_held", **told, minutes="看过了").status_code == 302
    assert "一并记入" not in page(people.firefighter, third)
    assert CaseEvent.objects.filter(transition="joint_held").count() == 1


def test_forms_ask_little_however_many_cases_there_are(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    """The form of a call reads all that could be ticked at once, that of a record all parts of the session."""

    def asked(code: str) -> int:
        form(people.bureau_officer, cases[0], code)
        with CaptureQueriesContext(connection) as queries:
            form(people.bureau_officer, cases[0], code)
        return len(queries)

    before = asked("convene_joint")
    call(people.bureau_officer, cases[0], cases[1:2], place.town_office)
    of_two = asked("joint_held")
    for case in more_in_hand(place, people, 3):
        assert f'value="{case.number}"' in form(people.bureau_officer, cases[0], "convene_joint")
    assert asked("convene_joint") == before
    call(people.bureau_officer, cases[0], cases[1:], place.town_office)
    assert len(re.findall('name="version-', form(people.bureau_officer, cases[0], "joint_held"))) == 2
    assert asked("joint_held") == of_two

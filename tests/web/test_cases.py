"""The ledger over HTTP: what each post sees and may do, with how many queries, and what it never learns."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from anju.base.actor import STRANGER, SYSTEM
from anju.base.models import AuditEntry
from anju.cases.models import Case, Matter, UnitCode
from anju.cases.queries.photos import photos_of
from anju.cases.services.filing import Filing, Receipt, submit_case
from anju.cases.services.loading import load_cases
from anju.cases.services.papers import Paper
from anju.web.citizen.passes import seal_pass
from tests.base.pictures import picture
from tests.papers.pdf_text import said
from tests.people import NOW, make_organisation, make_person

MOST_QUERIES = 12
NAME, PHONE, WORDS = "欧阳示例", "13500000077", "我住3幢2单元501，物业乱收费"
File = Callable[..., Receipt]


@pytest.fixture
def file_case(place: SimpleNamespace) -> File:
    load_cases(actor=SYSTEM, policy="demo", at=NOW)

    def one(**told: Any) -> Receipt:
        given = {"matter": "SF01", "text": WORDS, "name": NAME, "phone": PHONE, "source": "qr", **told}
        return submit_case(actor=STRANGER, filing=Filing(given.pop("compound", place.compound), **given), at=NOW)

    return one


def page(case: Case) -> str:
    return reverse("cases:case", args=[case.pk])


def act(person: Any, case: Case, code: str, query: str = "", **data: Any) -> Any:
    case.refresh_from_db()
    address = reverse("cases:act", args=[case.pk, code]) + query
    return person.client.post(address, {"version": case.version, **data})


def accept(people: SimpleNamespace, case: Case, **more: Any) -> Any:
    told: dict[str, Any] = {"matter": case.matter_id, "urgency": "b", "duplicates": "on", "cleared": "乱收费", **more}
    return act(people.town_officer, case, "accept", **told)


def sign_for(place: SimpleNamespace, people: SimpleNamespace, case: Case) -> None:
    """Take a case in, send it to the department, and sign for it there."""
    accept(people, case)
    act(people.bureau_officer, case, "dispatch", lead=place.department.pk)
    act(people.department_officer, case, "sign")


def test_list_asks_little_whatever_the_rows(place: SimpleNamespace, people: SimpleNamespace, file_case: File) -> None:
    for _ in range(60):
        file_case()
    for person in (people.bureau_officer, people.town_officer, people.department_officer, people.manager):
        person.client.get(reverse("cases:list"))
        with CaptureQueriesContext(connection) as queries:
            person.client.get(reverse("cases:list"))
        assert len(queries) <= MOST_QUERIES
    shown = people.bureau_officer.client.get(reverse("cases:list")).content.decode()
    assert shown.count("乱收费</a>") == 50
    assert "after=" in shown


def test_list_pages_through_all_once(people: SimpleNamespace, file_case: File) -> None:
    numbers = {file_case(matter="SF01" if turn % 2 else "WL10").number for turn in range(55)}
    seen: list[str] = []
    after = ""
    for _ in range(2):
        response = people.bureau_officer.client.get(reverse("cases:list") + after)
        seen += re.findall(r'data-label="编号">([^<]+)<', response.content.decode())
        after = response.context["older_url"]
    assert (len(seen), set(seen), after) == (55, numbers, "")


@pytest.mark.parametrize("view", ["", "mine", "late", "ended"])
def test_list_of_a_state_looks_where_such_cases_are(people: SimpleNamespace, file_case: File, view: str) -> None:
    """不予受理 is not among 在办的, nor 待受理 among what has ended: the range follows the state, and says so."""
    turned, waiting = file_case().case, file_case().case
    act(people.town_officer, turned, "reject", reason="不在受理范围", where_to_go="请找供电所")
    client, ended = people.bureau_officer.client, '<option value="ended" selected>'
    shown = client.get(reverse("cases:list"), {"state": "rejected", "view": view}).content.decode()
    assert (turned.number in shown, waiting.number in shown, ended in shown) == (True, False, True)
    shown = client.get(reverse("cases:list"), {"state": "submitted", "view": view}).content.decode()
    assert (turned.number in shown, ended in shown) == (False, False)
    assert (waiting.number in shown) == (view != "mine")  # filed long ago, so it is late too


def test_list_shows_each_post_its_own(place: SimpleNamespace, people: SimpleNamespace, file_case: File) -> None:
    number = file_case().number
    for who, sees in (
        ("bureau_officer", True),
        ("town_officer", True),
        ("community_worker", True),
        ("supervisor", True),
        ("other_town_officer", False),
        ("department_officer", False),
        ("company_admin", False),
        ("manager", False),
        ("chair", False),
    ):
        body = getattr(people, who).client.get(reverse("cases:list")).content.decode()
        assert (number in body) is sees, who


def test_case_walks_over_the_desk(place: SimpleNamespace, people: SimpleNamespace, file_case: File) -> None:
    """Accepted by the town, dispatched by the bureau, signed and answered by the department, checked by the community."""
    case = file_case().case
    assert accept(people, case).status_code == 302
    assert act(people.bureau_officer, case, "dispatch", lead=place.department.pk).status_code == 302
    assert act(people.department_officer, case, "sign").status_code == 302
    photo = SimpleUploadedFile("after.jpg", picture(), "image/jpeg")
    told: dict[str, Any] = {"outcome": "solved", "reply_text": "已退还", "after_photo": photo}
    assert act(people.department_officer, case, "report_result", **told).status_code == 302
    assert act(people.community_worker, case, "verify_pass", call_note="已电话核实").status_code == 302
    case.refresh_from_db()
    assert case.state == "feedback"
    body = people.bureau_officer.client.get(page(case)).content.decode()
    for words in ("已退还", "县市场监管局", "受理立案", "处置后", "待回访评价"):
        assert words in body


def test_act_form_names_what_is_missing(people: SimpleNamespace, place: SimpleNamespace, file_case: File) -> None:
    case = file_case().case
    response = accept(people, case, duplicates="")
    assert "请确认：已查重复" in response.content.decode()
    sign_for(place, people, case)
    response = act(people.department_officer, case, "report_result", outcome="solved", reply_text="已办")
    assert "还缺：处置后照片或无照片的原因" in response.content.decode()


def test_act_of_another_post_leads_back(people: SimpleNamespace, file_case: File) -> None:
    case = file_case().case
    response = act(people.supervisor, case, "accept", matter=case.matter_id, urgency="b", duplicates="on")
    assert response.status_code == 302
    case.refresh_from_db()
    assert case.state == "submitted"


def test_act_on_what_somebody_moved_meanwhile(people: SimpleNamespace, file_case: File) -> None:
    case = file_case().case
    address = reverse("cases:act", args=[case.pk, "accept"])
    told = {"version": 7, "matter": case.matter_id, "urgency": "b", "duplicates": "on"}
    assert "刚刚有别人办过" in people.town_officer.client.post(address, told).content.decode()


def test_act_sent_after_the_case_moved_on_keeps_what_was_typed(
    place: SimpleNamespace, people: SimpleNamespace, file_case: File
) -> None:
    """Two open the same form; whoever comes second reads what the first did, and has every word still."""
    case = file_case().case
    address = reverse("cases:act", args=[case.pk, "accept"])
    told = {"version": case.version, "matter": case.matter_id, "urgency": "b", "duplicates": "on"}
    assert people.town_officer.client.post(address, {**told, "cleared": "先到的"}).status_code == 302
    second = people.community_worker.client.post(address, {**told, "cleared": "后到的，写了很多"})
    body = second.content.decode()
    assert second.status_code == 409
    for words in ("已经往下走了", "没有写入", "后到的，写了很多", "您打开以后", "受理立案（"):
        assert words in body
    assert "先到的" not in body
    assert case.events.filter(transition="accept").count() == 1
    assert "照片和扫描件没有留下" not in body
    act(people.bureau_officer, case, "dispatch", lead=place.department.pk)
    act(people.department_officer, case, "sign")
    late = {"version": 3, "outcome": "solved", "reply_text": "答复", "after_photo": photo()}
    other = reverse("cases:act", args=[case.pk, "verify_fail"])
    assert "照片和扫描件没有留下" in people.community_worker.client.post(other, late).content.decode()


def test_act_form_with_a_fault_tells_as_well_that_the_case_has_moved(
    place: SimpleNamespace, people: SimpleNamespace, file_case: File
) -> None:
    case = file_case().case
    sign_for(place, people, case)
    case.refresh_from_db()
    told = {"version": case.version, "outcome": "solved", "reply_text": "", "no_photo_reason": "与现场无关"}
    reclassified: dict[str, Any] = {"matter": case.matter_id, "urgency": "c", "reason": "工程量大"}
    assert act(people.bureau_officer, case, "reclassify", **reclassified).status_code == 302
    address = reverse("cases:act", args=[case.pk, "report_result"])
    body = people.department_officer.client.post(address, told).content.decode()
    for words in ("请填写答复文本", "刚刚有别人办过", "您打开以后", "改定事项或紧急程度（", "工程量大", "与现场无关"):
        assert words in body


def test_company_never_learns_who_reported(place: SimpleNamespace, people: SimpleNamespace, file_case: File) -> None:
    """Ordered to dissuade, the manager reads what was cleared, and nowhere the name, the number or the words."""
    case = file_case(matter="WL03", files=(Paper("photo", "a.jpg", BytesIO(picture())),)).case
    accept(people, case)
    told = {"dissuasion_order": "请劝阻", "unit": place.company.pk}
    assert act(people.bureau_officer, case, "order_dissuade", **told).status_code == 302
    shown = people.manager.client.get(page(case))
    body = shown.content.decode()
    assert shown.status_code == 200
    assert "请劝阻" in body
    assert '<p class="aj-prose">乱收费</p>' in body
    assert not [word for word in (NAME, PHONE, WORDS, "501", NAME[:1] + "*", "反映人</dt>") if word in body]
    photo = case.files.get().attachment.public_name
    assert people.manager.client.get(reverse("cases:file", args=[case.pk, photo])).status_code == 404
    assert people.town_officer.client.get(reverse("cases:file", args=[case.pk, photo])).status_code == 200
    assert people.manager.client.get(reverse("cases:reporter", args=[case.pk])).status_code == 404
    assert people.other_manager.client.get(page(case)).status_code == 404


def test_company_reads_of_the_place_the_house_and_never_the_room(
    place: SimpleNamespace, people: SimpleNamespace, file_case: File
) -> None:
    """几栋几单元 is a line that a citizen fills in with his door: it is no more the company's than his words are."""
    case = file_case(matter="WL03", spot="3栋2单元501 屋顶、外墙").case
    accept(people, case)
    act(people.bureau_officer, case, "order_dissuade", dissuasion_order="请劝阻", unit=place.company.pk)
    places = (
        page(case),
        reverse("cases:list"),
        reverse("places:compound", args=[place.compound.pk]),
        reverse("home:today"),
    )
    for address in places:
        shown = people.manager.client.get(address).content.decode()
        assert "3栋2单元███ 屋顶、外墙" in shown, address
        assert "501" not in shown, address
    assert case.number not in people.manager.client.get(reverse("cases:list"), {"q": "2单元501"}).content.decode()
    for code in ("dissuasion", "referral"):
        paper = said(people.manager.client.get(reverse("papers:paper", args=[case.pk, code])).content)
        assert "3栋2单元" in paper
        assert "501" not in paper
    assert "3栋2单元501 屋顶、外墙" in people.town_officer.client.get(page(case)).content.decode()
    assert case.number in people.town_officer.client.get(reverse("cases:list"), {"q": "2单元501"}).content.decode()


def test_unit_that_a_case_is_about_reads_no_room_of_the_place(
    place: SimpleNamespace, people: SimpleNamespace, file_case: File
) -> None:
    case = file_case(matter="PC03", spot="3栋2单元501", respondents=frozenset({place.bureau.pk})).case
    for address in (page(case), reverse("cases:list"), reverse("home:today")):
        shown = people.bureau_officer.client.get(address).content.decode()
        assert "3栋2单元███" in shown, address
        assert "501" not in shown, address
    sought = reverse("cases:list")
    found = people.bureau_officer.client.get(sought, {"q": "2单元501"}).content.decode()
    assert case.number not in found
    assert case.number in people.town_officer.client.get(sought, {"q": "2单元501"}).content.decode()


def test_company_reads_the_whole_place_of_what_it_reported_itself(
    people: SimpleNamespace, place: SimpleNamespace, file_case: File
) -> None:
    file_case()
    told = Filing(place.compound, "WL03", text="在搭棚", spot="5栋1单元602", source="company", key="c" * 20)
    case = submit_case(actor=people.manager.actor, filing=told, at=NOW).case
    for address in (page(case), reverse("cases:list")):
        assert "5栋1单元602" in people.manager.client.get(address).content.decode()


def test_picture_of_a_dissuasion_is_called_so(place: SimpleNamespace, people: SimpleNamespace, file_case: File) -> None:
    """It shows neither before nor after the handling. The reporter's own picture keeps its name."""
    case = file_case(matter="WL03", files=(Paper("photo", "a.jpg", BytesIO(picture())),)).case
    accept(people, case)
    act(people.bureau_officer, case, "order_dissuade", dissuasion_order="请劝阻", unit=place.company.pk)
    told: dict[str, Any] = {"dissuasion": "stopped", "dissuasion_record": "上门劝阻，已停止", "photo": photo()}
    assert act(people.manager, case, "dissuade_ok", **told).status_code == 302
    body = people.bureau_officer.client.get(page(case)).content.decode()
    assert "劝阻现场" in body
    assert "处置前" in body
    assert [one.kind for one in photos_of(Case.objects.get(pk=case.pk))] == ["before", "dissuasion"]


def test_reporter_is_revealed_with_a_reason_and_a_trace(people: SimpleNamespace, file_case: File) -> None:
    case = file_case().case
    masked = people.bureau_officer.client.get(page(case)).content.decode()
    assert PHONE not in masked
    assert NAME not in masked
    address = reverse("cases:reporter", args=[case.pk])
    assert PHONE not in people.bureau_officer.client.post(address, {"reason": ""}).content.decode()
    assert PHONE in people.bureau_officer.client.post(address, {"reason": "核实地点"}).content.decode()
    entry = AuditEntry.objects.get(action="case.reporter_revealed")
    assert "核实地点" in entry.body
    assert PHONE not in entry.body


def test_file_by_staff_gives_number_and_code(place: SimpleNamespace, people: SimpleNamespace, file_case: File) -> None:
    file_case()
    address = reverse("cases:new")
    form = people.community_worker.client.get(address).context["form"]
    told = {
        "key": form["key"].value() if isinstance(form["key"].value(), str) else "k" * 32,
        "source": "phone",
        "compound": place.compound.pk,
        "matter": Case.objects.get().matter_id,
        "text": "来电反映停车费",
        "mode": "hidden",
    }
    response = people.community_worker.client.post(address, told, follow=True)
    assert "查询码" in response.content.decode()
    again = people.community_worker.client.post(address, told, follow=True)
    assert again.status_code == 200
    assert Case.objects.count() == 2


def test_sign_many_at_once(place: SimpleNamespace, people: SimpleNamespace, file_case: File) -> None:
    cases = [file_case().case for _ in range(3)]
    for case in cases:
        accept(people, case)
        act(people.bureau_officer, case, "dispatch", lead=place.department.pk)
    client = people.department_officer.client
    assert "签收勾选的" in client.get(reverse("cases:list") + "?view=mine&state=dispatched").content.decode()
    client.post(reverse("cases:together", args=["sign"]), {"case": [case.pk for case in cases[:2]] + ["x"]})
    assert list(Case.objects.order_by("pk").values_list("state", flat=True)) == ["handling", "handling", "dispatched"]


def together(person: Any, code: str, cases: list[Case], **more: Any) -> Any:
    told = {"case": [case.pk for case in cases], **more}
    return person.client.post(reverse("cases:together", args=[code]), told, follow=True)


def test_dispatch_together_as_the_table_says_after_a_look(
    place: SimpleNamespace, people: SimpleNamespace, file_case: File
) -> None:
    cases = [file_case().case for _ in range(3)]
    for case in cases[:2]:
        accept(people, case)
    shown = people.bureau_officer.client.get(reverse("cases:list") + "?state=accepted").content.decode()
    assert "按归口表派遣勾选的" in shown
    assert (
        "按归口表派遣" not in people.supervisor.client.get(reverse("cases:list") + "?state=accepted").content.decode()
    )
    looked = together(people.bureau_officer, "dispatch", cases).content.decode()
    assert "派遣这 2 件" in looked.replace("按归口表", "")
    assert place.department.name in looked
    assert Case.objects.filter(state="accepted").count() == 2  # a look changes nothing
    stale = {f"version-{cases[0].pk}": "1"}
    told = together(people.bureau_officer, "dispatch", cases[:2], sure="1", **stale).content.decode()
    assert "已按归口表派遣 1 件" in told
    assert f"{cases[0].number}：" in told
    assert list(Case.objects.order_by("pk").values_list("state", flat=True)) == ["accepted", "dispatched", "submitted"]


@pytest.fixture
def to_dissuade(place: SimpleNamespace, people: SimpleNamespace, file_case: File) -> Case:
    """An accepted lead of 乱搭乱建, of which the company of the compound has to be asked first."""
    UnitCode.objects.create(code="law_enforcement", organisation=place.department)
    case = file_case(matter="WL03", text="楼顶在搭棚子").case
    accept(people, case, matter=case.matter_id, cleared="楼顶在搭棚子")
    return case


def test_reason_is_chosen_or_written(place: SimpleNamespace, people: SimpleNamespace, file_case: File) -> None:
    """理由码 or words, one of them; who reported reads both of a refusal."""
    turned, returned = file_case(), file_case().case
    told = {"where_to_go": "请找受理的法院"}
    assert "还缺：常用理由或理由" in act(people.town_officer, turned.case, "reject", **told).content.decode()
    wrong = act(people.town_officer, turned.case, "reject", ground="season", **told).content.decode()
    assert "没有这个选项" in wrong
    told |= {"ground": "before_court", "reason": "案号略"}
    assert act(people.town_officer, turned.case, "reject", **told).status_code == 302
    link = reverse("citizen:case", args=[seal_pass(turned.number, turned.code, timezone.now())])
    shown = people.nobody.client.get(link).content.decode()
    assert "已进入诉讼、仲裁或信访复查复核：案号略<br>去向：请找受理的法院" in shown
    accept(people, returned)
    act(people.bureau_officer, returned, "dispatch", lead=place.department.pk)
    basis = {"legal_basis": "三定", "proposed_unit": "镇政府", "dispatcher_consent": "on", "ground": "not_ours"}
    assert act(people.department_officer, returned, "return_task", **basis).status_code == 302
    event = returned.events.get(transition="return_task")
    assert '"ground":"not_ours"' in event.body
    assert "理由：不属本单位职责" in people.bureau_officer.client.get(page(returned)).content.decode()


def test_dispatch_before_anybody_dissuaded_says_why(
    place: SimpleNamespace, people: SimpleNamespace, to_dissuade: Case
) -> None:
    told: dict[str, Any] = {"lead": place.department.pk}
    asked = act(people.bureau_officer, to_dissuade, "dispatch", **told).content.decode()
    assert "不先劝阻的请写明理由" in asked
    assert act(people.bureau_officer, to_dissuade, "dispatch", reason="正在施工", **told).status_code == 302
    assert "正在施工" in people.bureau_officer.client.get(page(to_dissuade)).content.decode()


def test_dispatch_together_leaves_what_somebody_has_to_dissuade_first(
    place: SimpleNamespace, people: SimpleNamespace, to_dissuade: Case
) -> None:
    looked = together(people.bureau_officer, "dispatch", [to_dissuade], sure="1").content.decode()
    assert "要先由物业服务企业或业主自治组织劝阻" in looked
    assert Case.objects.get(pk=to_dissuade.pk).state == "accepted"
    # Once it was asked, and the unit it went to gave the case back, nobody asks it again.
    act(people.bureau_officer, to_dissuade, "order_dissuade", dissuasion_order="请先劝阻", unit=place.company.pk)
    act(people.community_worker, to_dissuade, "transfer", lead=place.department.pk, scene_photo=photo())
    basis = {"legal_basis": "示例", "proposed_unit": "示例", "dispatcher_consent": "on", "reason": "不属本局"}
    act(people.department_officer, to_dissuade, "return_task", **basis)
    assert Case.objects.get(pk=to_dissuade.pk).state == "accepted"
    looked = together(people.bureau_officer, "dispatch", [to_dissuade]).content.decode()
    assert "要先由物业服务企业" not in looked


def test_dispatch_together_names_what_somebody_moved_meanwhile(
    place: SimpleNamespace, people: SimpleNamespace, file_case: File
) -> None:
    cases = [file_case().case for _ in range(2)]
    for case in cases:
        accept(people, case)
    act(people.bureau_officer, cases[0], "dispatch", lead=place.department.pk)
    told = together(people.bureau_officer, "dispatch", cases, sure="1").content.decode()
    assert "已按归口表派遣 1 件" in told
    assert f"{cases[0].number}：已经不在这张单子上" in told


def test_oversee_together_with_one_reason(place: SimpleNamespace, people: SimpleNamespace, file_case: File) -> None:
    cases = [file_case().case for _ in range(2)]
    assert "督办勾选的" in people.supervisor.client.get(reverse("cases:list") + "?view=late").content.decode()
    asked = together(people.supervisor, "oversee", cases, sure="1", level="3", reason="").content.decode()
    assert "请填写督办的理由" in asked
    assert (
        "已督办 2 件"
        in together(people.supervisor, "oversee", cases, sure="1", level="3", reason="久拖不办").content.decode()
    )
    assert set(Case.objects.values_list("level", flat=True)) == {3}
    seen = {f"version-{case.pk}": str(case.version) for case in cases}  # as they were before: somebody presses twice
    again = together(people.supervisor, "oversee", cases, sure="1", level="4", reason="久拖不办", **seen)
    assert "已督办" not in again.content.decode()
    assert set(Case.objects.values_list("level", flat=True)) == {3}


@pytest.mark.parametrize("code", ["dispatch", "oversee"])
def test_acts_together_do_nothing_for_whoever_may_not(people: SimpleNamespace, file_case: File, code: str) -> None:
    case = file_case().case
    accept(people, case)
    for person in (people.manager, people.community_worker, people.department_officer):
        together(person, code, [case], sure="1", level="3", reason="x")
    assert people.bureau_officer.client.post(reverse("cases:together", args=["accept"])).status_code == 404
    case.refresh_from_db()
    assert (case.state, case.level) == ("accepted", 0)


def test_hostile_text_is_shown_as_text(people: SimpleNamespace, file_case: File) -> None:
    case = file_case(text="<script>alert(1)</script>{{ 7|add:7 }}", spot="<b>3幢</b>").case
    body = people.bureau_officer.client.get(page(case)).content.decode()
    assert "<script>alert" not in body
    assert "&lt;script&gt;alert" in body
    assert "&lt;b&gt;3幢" in body


def test_enter_a_units_signature_from_paper(place: SimpleNamespace, people: SimpleNamespace, file_case: File) -> None:
    case = file_case().case
    accept(people, case)
    act(people.bureau_officer, case, "dispatch", lead=place.department.pk)
    assert "代录" in people.bureau_officer.client.get(page(case)).content.decode()

    def enter(happened: str) -> Any:
        scan = SimpleUploadedFile("回执.jpg", picture(), "image/jpeg")
        return act(people.bureau_officer, case, "sign", "?for=handler", scan=scan, happened=happened)

    ahead = f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    for wrong, why in ((ahead, "在现在以后"), ("2020-01-01T09:00", "早于上一步"), ("昨天下午", "这样的日期和时间")):
        assert why in enter(wrong).content.decode()
    this_minute = f"{timezone.localtime():%Y-%m-%dT%H:%M}"  # that of the dispatch, too: a paper has no seconds
    assert enter(this_minute).status_code == 302
    case.refresh_from_db()
    assert case.state == "handling"
    assert re.search(r"（\d\d-\d\d \d\d:\d\d 代录）", people.bureau_officer.client.get(page(case)).content.decode())


def test_compound_page_lists_its_open_cases(place: SimpleNamespace, people: SimpleNamespace, file_case: File) -> None:
    case = file_case(spot="南门").case
    body = people.town_officer.client.get(reverse("places:compound", args=[place.compound.pk])).content.decode()
    assert page(case) in body
    assert "南门 乱收费" in body


def test_today_brings_what_waits_for_each_post(
    place: SimpleNamespace, people: SimpleNamespace, file_case: File
) -> None:
    case = file_case(spot="南门").case
    today = reverse("home:today")
    assert page(case) in people.community_worker.client.get(today).content.decode()
    accept(people, case)
    act(people.bureau_officer, case, "dispatch", lead=place.department.pk)
    assert page(case) in people.department_officer.client.get(today).content.decode()
    assert page(case) not in people.manager.client.get(today).content.decode()


def test_office_of_a_department_works_for_it(place: SimpleNamespace, people: SimpleNamespace, file_case: File) -> None:
    """Given to the department, seen and signed for by its brigade; a brigade of nobody sees nothing."""
    brigade = make_organisation("县市场监管局执法队", "department", place.county, parent=place.department)
    other = make_organisation("示例执法队", "department", place.county)
    member = make_person("tan", "谭执法", "department_officer", brigade)
    outsider = make_person("bai", "白执法", "department_officer", other)
    case = file_case().case
    accept(people, case)
    act(people.bureau_officer, case, "dispatch", lead=place.department.pk)
    assert case.number in member.client.get(reverse("cases:list") + "?view=mine").content.decode()
    assert page(case) in member.client.get(reverse("home:today")).content.decode()
    assert outsider.client.get(page(case)).status_code == 404
    assert act(member, case, "sign").status_code == 302
    case.refresh_from_db()
    assert case.state == "handling"


def test_rectification_item_by_item(place: SimpleNamespace, people: SimpleNamespace, file_case: File) -> None:
    """Ordered in two items, ticked one by one; the failed one goes back alone, and nothing closes before all are verified."""
    case = file_case().case
    sign_for(place, people, case)
    soon, later = (timezone.localdate() + timedelta(days=number) for number in (1, 2))
    order = {"order_number": "1号", "lead_signature": "on", "until": later, **item(1, "退还多收的费用", soon)}
    body = act(people.department_officer, case, "order_rectify", **order, item_2_what="公示价目表").content.decode()
    assert "第 2 项请填写“怎样算完成”" in body
    order |= item(2, "公示价目表", later)
    assert act(people.department_officer, case, "order_rectify", **order).status_code == 302
    for number in (1, 2):
        told: dict[str, Any] = {"item": number, "items_proof": photo()}
        assert act(people.department_officer, case, "item_done", **told).status_code == 302
    assert "没有这个选项" in act(people.community_worker, case, "item_pass", item=3, call_note="查").content.decode()
    assert act(people.department_officer, case, "item_pass", item=1, call_note="查").status_code == 302
    assert act(people.community_worker, case, "item_pass", item=1, call_note="已核实").status_code == 302
    form = people.community_worker.client.get(reverse("cases:act", args=[case.pk, "item_fail"])).context["form"]
    assert form["item"].initial == 2, "where there is one left it is chosen already"
    failed: dict[str, Any] = {"item": 2, "reason": "没有贴出来", "scene_photo": photo()}
    assert act(people.community_worker, case, "item_fail", **failed).status_code == 302
    body = people.community_worker.client.get(page(case)).content.decode()
    for words in (
        "1. 退还多收的费用；完成标准：看凭证；责任人：物业",
        "核查通过",
        "退回过 1 次",
        "待完成",
        "不超过15个工作日",
    ):
        assert words in body
    for words in (
        "核查通过一项，第 1 项：退还多收的费用（",
        "一项不合格退回，第 2 项：公示价目表（",
        "完成一项整改，第 2 项：公示价目表（",
    ):
        assert words in body
    entered: dict[str, Any] = {"item": 2, "items_proof": photo(), "call_note": "物业来电"}
    assert act(people.bureau_officer, case, "item_done", "?for=company", **entered).status_code == 302
    assert (
        act(people.department_officer, case, "rectify_done", reply_text="已退还", after_photo=photo()).status_code
        == 302
    )
    act(people.community_worker, case, "verify_pass", call_note="已核实")
    case.refresh_from_db()
    assert case.state == "verifying"
    act(people.community_worker, case, "item_pass", item=2, call_note="已核实")
    act(people.community_worker, case, "verify_pass", call_note="已核实")
    case.refresh_from_db()
    assert case.state == "feedback"


def item(place: int, what: str, by: date) -> dict[str, Any]:
    told = {"what": what, "mark": "看凭证", "who": "物业", "by": by}
    return {f"item_{place}_{part}": value for part, value in told.items()}


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("proof.jpg", picture(), "image/jpeg")


def test_case_names_the_level_of_oversight(place: SimpleNamespace, people: SimpleNamespace, file_case: File) -> None:
    case = file_case().case
    accept(people, case)
    assert act(people.bureau_reviewer, case, "oversee", level=3, reason="请抓紧").status_code == 302
    assert "督办，黄牌（" in people.bureau_officer.client.get(page(case)).content.decode()


def test_joint_session_is_called_signed_for_and_recorded_unit_by_unit(
    place: SimpleNamespace, people: SimpleNamespace, file_case: File
) -> None:
    """联合处置: the sheet to be signed names the units; who did not come stands in the record and on the paper."""
    case = file_case().case
    sign_for(place, people, case)
    let_go = reverse("cases:act", args=[case.pk, "excuse_helper"])
    assert let_go not in people.bureau_officer.client.get(page(case)).content.decode()
    sheet = reverse("papers:paper", args=[case.pk, "session"])
    assert people.bureau_officer.client.get(sheet).status_code == 404
    at = timezone.localtime() + timedelta(days=2)
    told: dict[str, Any] = {"meeting_place": "南门", "division": "各查各的", "helpers": [place.town_office.pk]}
    for wrong, words in (
        ("", "请填写时间"),
        ("明天九点", "要写成 2026-11-24 09:30"),
        ("2020-01-01T09:00", "须在现在以后"),
        ("0001-01-01T00:00", "应在 1900-01-01 和"),
        ("9999-12-31T23:59", "应在 1900-01-01 和"),
    ):
        answer = act(people.bureau_officer, case, "convene_joint", **told, meets_at=wrong)
        assert (answer.status_code, words in answer.content.decode()) == (200, True)
    told["meets_at"] = f"{at:%Y-%m-%dT09:30}"
    assert act(people.bureau_officer, case, "convene_joint", **told).status_code == 302
    history = people.bureau_officer.client.get(page(case)).content.decode()
    assert f"召集联合处置，定于{at:%Y-%m-%d} 09:30，交{place.town_office.name}" in history
    assert "地点：南门" in history
    assert let_go in history
    printed = said(people.bureau_officer.client.get(sheet).content)
    on_sheet = (f"{at:%Y年%-m月%-d日}09:30", "南门", "县市场监管局", place.town_office.name, "签名")
    assert [word for word in on_sheet if word not in printed] == []
    notice = said(people.bureau_officer.client.get(reverse("papers:paper", args=[case.pk, "call"])).content)
    in_notice = (
        f"{at:%Y年%-m月%-d日}9时30分，南门",
        "各查各的",
        f"县市场监管局、{place.town_office.name}：",
        "会商通知",
    )
    assert [word for word in in_notice if word not in notice] == []
    held: dict[str, Any] = {
        f"came_{place.department.pk}": "came",
        f"who_{place.department.pk}": "2人",
        "minutes": "责令退费",
    }
    refused = act(people.bureau_officer, case, "joint_held", **held).content.decode()
    assert "请选择" in refused
    assert f"{at:%Y-%m-%d} 09:30</time>" in refused
    town = place.town_office.pk
    excused = act(people.bureau_officer, case, "joint_held", **held, **{f"came_{town}": "excused"}).content.decode()
    assert "请假的请写明原因" in excused
    early = act(people.bureau_officer, case, "joint_held", **held, **{f"came_{town}": "came", f"at_{town}": "09:20"})
    assert "不晚于现在" in early.content.decode()  # the session is still to come
    held |= {f"came_{town}": "absent", "others": "社区1人"}
    assert act(people.bureau_officer, case, "joint_held", **held).status_code == 302
    record = f"县市场监管局：到场，2人；{place.town_office.name}：未到；其他：社区1人"
    assert record in people.bureau_officer.client.get(page(case)).content.decode()
    assert "未到" in said(people.bureau_officer.client.get(sheet).content)


def test_form_of_another_s_act_says_that_one_of_two_is_enough(
    place: SimpleNamespace, people: SimpleNamespace, file_case: File
) -> None:
    case = file_case().case
    accept(people, case)
    act(people.bureau_officer, case, "dispatch", lead=place.department.pk)
    address = reverse("cases:act", args=[case.pk, "sign"]) + "?for=handler"
    assert people.bureau_officer.client.get(address).content.decode().count("两项至少填一项") == 2


def test_department_files_what_it_found_in_any_compound(place: SimpleNamespace, people: SimpleNamespace) -> None:
    """It has no area of its own; it gets the number, and sees the case once it is given to it."""
    load_cases(actor=SYSTEM, policy="demo", at=NOW)
    member, matter = people.department_officer, Matter.objects.get(code="SF01")
    told: dict[str, Any] = {
        "key": "k" * 20,
        "source": "patrol",
        "compound": place.compound.pk,
        "matter": matter.pk,
        "text": "价目没有公示",
    }
    assert 'value="counter"' not in member.client.get(reverse("cases:new")).content.decode()
    answer = member.client.post(reverse("cases:new"), told)
    case = Case.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("cases:list"))
    assert case.number in member.client.get(answer["Location"]).content.decode()
    assert member.client.get(page(case)).status_code == 404


def test_cases_that_hang_together_lead_to_each_other_where_they_may_be_read(
    place: SimpleNamespace, people: SimpleNamespace, file_case: File
) -> None:
    """A unit that has only the case that came out of another is told that there is one, not which."""
    parent, merged = file_case().case, file_case().case
    sign_for(place, people, parent)
    act(people.town_officer, merged, "merge", master=parent.number)
    merged.refresh_from_db()
    assert merged.state == "merged"
    act(people.bureau_officer, parent, "derive", child_type="enforcement_lead", reason="现场有违建")
    child = Case.objects.get(derived_from=parent)
    office = make_organisation("县综合行政执法局", "department", place.county)
    worker = make_person("zhifa", "黄执法", "department_officer", office)
    accept(people, child, matter=child.matter_id, cleared="楼顶在搭棚子")
    act(people.bureau_officer, child, "dispatch", lead=office.pk, reason="由其查处")

    def read(person: Any, case: Case) -> str:
        return str(person.client.get(page(case)).content.decode())

    above = read(people.bureau_officer, parent)
    for other in (child, merged):
        assert f'href="{page(other)}">{other.number}</a>' in above
        assert f'href="{page(parent)}">{parent.number}</a>' in read(people.bureau_officer, other)
    seen = read(worker, child)
    assert "由另一件事派生" in seen
    assert parent.number not in seen

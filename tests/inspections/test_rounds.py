"""Asking residents: opinions sorted into problems, a case at one press; surveys without small numbers; sheets of the hotline."""

import io
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from anju.base.actor import STRANGER, SYSTEM, Denied, Refused
from anju.base.sheets import Sheet, read_rows, write_workbook
from anju.cases.models import Case, CaseParty, Matter
from anju.cases.services.loading import load_cases
from anju.inspections.models import Channel, HotlineOrder, HotlineSheet, Opinion, Round, RoundPlace, SurveyAnswer
from anju.inspections.queries.rounds import results_of
from anju.inspections.services.hotline import Taken, file_orders, take_sheet
from anju.inspections.services.rounds import (
    NewRound,
    begin_round,
    end_round,
    file_problem,
    hand_in_opinion,
    sort_opinions,
    word_problem,
)
from anju.inspections.services.surveys import Reply, answer_survey, print_slips
from anju.rules.surveys import Level
from tests.base.sheet_files import label, old_workbook, ole
from tests.people import NOW, TODAY

pytestmark = pytest.mark.django_db
Begin = Callable[..., RoundPlace]


@pytest.fixture
def begin(place: SimpleNamespace, people: SimpleNamespace) -> Begin:
    load_cases(actor=SYSTEM, policy="demo", at=NOW)

    def one(kind: Round.Kind = Round.Kind.OPINIONS, who: Any = None, **told: Any) -> RoundPlace:
        wanted: dict[str, Any] = {
            "compounds": [place.compound],
            "opens_on": TODAY,
            "closes_on": TODAY + timedelta(days=30),
            "questions": ("卫生", "绿化") if kind == Round.Kind.SURVEY else (),
        } | told
        actor = (who or people.bureau_officer).actor
        row = begin_round(actor=actor, wanted=NewRound(kind, "小区问题大家提", "先解决什么", **wanted), at=NOW)
        return row.places.select_related("round", "compound__card").first()  # type: ignore[return-value]

    return one


def say(place: RoundPlace, text: str = "路灯不亮", **more: Any) -> Opinion:
    given: dict[str, Any] = {"actor": STRANGER, "key": f"key-{Opinion.objects.count()}", "at": NOW} | more
    return hand_in_opinion(place=place, text=text, **given)


def test_begin_round_beyond_one_s_reach_is_denied(
    begin: Begin, place: SimpleNamespace, people: SimpleNamespace
) -> None:
    with pytest.raises(Denied):
        begin(who=people.community_worker, compounds=[place.other_compound])
    with pytest.raises(Denied):
        begin(who=people.manager)


@pytest.mark.parametrize("closes", [-1, 181])
def test_begin_round_that_closes_before_today_or_too_late(begin: Begin, closes: int) -> None:
    with pytest.raises(Refused) as refusal:
        begin(closes_on=TODAY + timedelta(days=closes))
    assert refusal.value.code == "round.closing"


def test_hand_in_opinion_twice_is_one(begin: Begin) -> None:
    place = begin()
    assert say(place, key="same") == say(place, key="same")
    assert Opinion.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "days", "code"),
    [("  ", 0, "opinion.empty"), ("长" * 2001, 0, "opinion.too_long"), ("晚了", 31, "round.over")],
)
def test_hand_in_opinion_that_cannot_be_taken(begin: Begin, text: str, days: int, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        say(begin(), text, at=NOW + timedelta(days=days))
    assert refusal.value.code == code


def test_hand_in_opinion_for_a_resident_only_where_one_may(begin: Begin, people: SimpleNamespace) -> None:
    place = begin()
    row = say(place, actor=people.community_worker.actor, channel=Channel.PHONE)
    assert row.entered_by == people.community_worker.user.pk
    with pytest.raises(Denied):
        say(place, actor=people.manager.actor, channel=Channel.PHONE)
    with pytest.raises(Refused):
        say(place, actor=people.other_town_officer.actor, channel=Channel.PHONE)


def test_sort_opinions_into_a_problem_and_one_press_makes_a_case(begin: Begin, people: SimpleNamespace) -> None:
    place, actor = begin(), people.community_worker.actor
    said = [say(place), say(place, "路灯坏了")]
    problem = word_problem(actor=actor, place=place, matter=Matter.objects.get(code="SS08"), title="路灯不亮", at=NOW)
    assert sort_opinions(actor=actor, place=place, opinions=said, problem=problem, reason="", at=NOW) == 2
    with pytest.raises(Refused) as refusal:
        sort_opinions(actor=actor, place=place, opinions=said[:1], problem=None, reason="重复", at=NOW)
    assert refusal.value.code == "opinion.sorted"
    case = file_problem(actor=actor, problem=problem, at=NOW)
    assert file_problem(actor=actor, problem=problem, at=NOW) == case
    assert (case.type, case.matter.code, case.compound) == ("survey_problem", "SS08", place.compound)
    assert "2 条意见" in case.text
    assert Case.objects.count() == 1


def test_sort_opinions_aside_needs_a_reason_and_stays(begin: Begin, people: SimpleNamespace) -> None:
    place, actor = begin(), people.bureau_officer.actor
    row = say(place)
    with pytest.raises(Refused):
        sort_opinions(actor=actor, place=place, opinions=[row], problem=None, reason=" ", at=NOW)
    sort_opinions(actor=actor, place=place, opinions=[row], problem=None, reason="表扬", at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.sorting.delete()


def test_end_round_stops_it(begin: Begin, people: SimpleNamespace) -> None:
    place = begin()
    place.round = end_round(actor=people.bureau_officer.actor, row=place.round, at=NOW)
    with pytest.raises(Refused) as refusal:
        say(place)
    assert refusal.value.code == "round.over"


def answer(place: RoundPlace, level: Level = Level.GOOD, **more: Any) -> SurveyAnswer:
    reply = Reply({0: level}, **({"key": f"key-{SurveyAnswer.objects.count()}"} | more))
    return answer_survey(actor=STRANGER, place=place, reply=reply, at=NOW)


def test_answer_survey_once_a_household_and_once_a_device(begin: Begin, people: SimpleNamespace) -> None:
    place = begin(Round.Kind.SURVEY)
    slips = print_slips(actor=people.bureau_officer.actor, place=place, count=3, at=NOW)
    assert [slip.serial for slip in slips] == [1, 2, 3]
    answer(place, slip=slips[0].code, device="one")
    for typed in (slips[0].code.upper(), "0000000000"):
        with pytest.raises(Refused):
            answer(place, slip=typed)
    answer(place, device="one")
    with pytest.raises(Refused) as refusal:
        answer(place, device="one")
    assert refusal.value.code == "survey.answered"
    assert SurveyAnswer.objects.count() == 2


def test_answer_survey_keeps_no_code_of_a_slip(begin: Begin, people: SimpleNamespace) -> None:
    place = begin(Round.Kind.SURVEY)
    slip = print_slips(actor=people.bureau_officer.actor, place=place, count=1, at=NOW)[0]
    assert slip.code not in str(place.slips.values().get())


def test_results_show_sample_and_no_small_number(begin: Begin, people: SimpleNamespace) -> None:
    place = begin(Round.Kind.SURVEY)
    for _ in range(4):
        answer(place)
    few = results_of(people.bureau_officer.actor, place.round)[0]
    assert (few.sample, few.lines[0].enough) == (4, False)
    for _ in range(6):
        answer(place, Level.BAD)
    answer(place)
    enough = results_of(people.bureau_officer.actor, place.round)[0]
    assert enough.lines[0].counts == {Level.GOOD: 5, Level.BAD: 6, Level.FAIR: 0, Level.UNKNOWN: 0}
    assert enough.lines[0].satisfied == 455
    assert results_of(people.other_town_officer.actor, place.round) == []


def test_public_round_by_code_takes_an_opinion_and_shows_no_other(begin: Begin) -> None:
    now = timezone.localdate()
    place = begin()
    Round.objects.filter(pk=place.round_id).update(opens_on=now, closes_on=now)
    address = reverse("citizen:ask", args=[place.compound.card.code, place.round_id])
    client = Client()
    page = client.get(address).content.decode()
    assert "先解决什么" in page
    key = page.partition('name="key" value="')[2].partition('"')[0]
    for _ in range(2):
        assert "收到了" in client.post(address, {"text": "<b>路灯</b>", "key": key}).content.decode()
    assert Opinion.objects.get().text == "<b>路灯</b>"
    Round.objects.filter(pk=place.round_id).update(ended_at=timezone.now())
    assert client.get(address).status_code == 404


def sheet(*rows: list[str]) -> bytes:
    head = ["工单编号", "诉求人", "联系电话", "诉求地址", "诉求内容", "办理结果"]
    return write_workbook([Sheet("工单", [head, *rows], [10] * len(head))])


def test_file_orders_of_a_sheet_once_each_and_reply_in_its_layout(
    begin: Begin, place: SimpleNamespace, people: SimpleNamespace
) -> None:
    begin()
    officer = people.bureau_officer
    content = sheet(
        ["GD-1", "何业主", "13500000001", "城北碧水花园3栋", "停车费多收了", ""],
        ["GD-2", "", "", "不知道哪里", "有事", ""],
    )
    row = take_sheet(actor=officer.actor, name="12345.xlsx", content=content, at=NOW)
    assert file_orders(actor=officer.actor, sheet=row, at=NOW) == Taken(1, 0, 1)
    again = take_sheet(actor=officer.actor, name="12345.xlsx", content=content, at=NOW)
    assert file_orders(actor=officer.actor, sheet=again, at=NOW) == Taken(0, 1, 1)
    case = Case.objects.get()
    assert (case.source, case.mode, case.compound) == ("hotline", "named", place.compound)
    assert CaseParty.objects.get().phone == "13500000001"
    assert HotlineOrder.objects.get().case == case
    answer = officer.client.get(reverse("intake:replies", args=[row.pk]))
    table = read_rows(b"".join([answer.content]), most=10)
    assert table[0] == ["工单编号", "诉求人", "联系电话", "诉求地址", "诉求内容", "办理结果", "办结时间", "办理状态"]
    assert table[1][0] == "GD-1"
    assert table[1][-1] == "待受理"
    page = officer.client.get(reverse("intake:sheet", args=[row.pk])).content.decode()
    assert f'href="{reverse("cases:case", args=[case.pk])}">{case.number}</a>' in page


@pytest.mark.parametrize("kind", ["csv", "gbk.csv", "xls"])
def test_take_sheet_of_each_kind_that_the_page_names(begin: Begin, people: SimpleNamespace, kind: str) -> None:
    """Hotlines still send .xls, and .csv as Excel saves it here."""
    begin()
    head = ["工单编号", "诉求人", "联系电话", "诉求地址", "诉求内容", "备注"]
    line = ["20260001", "何\u200b业主", "13500000001", "城北碧水花园3栋", "停车费多收了", "加急"]
    if kind == "xls":
        cells = [label(row, column, text) for row, told in enumerate((head, line)) for column, text in enumerate(told)]
        content = ole({"Workbook": old_workbook(*cells)})
    else:
        text = "".join(",".join(told) + "\r\n" for told in (head, [line[0], "何业主", *line[2:]]))
        content = text.encode("gbk" if kind == "gbk.csv" else "utf-8")
    file = io.BytesIO(content)
    file.name = f"12345.{kind}"
    officer = people.bureau_officer
    assert officer.client.post(reverse("intake:hotline"), {"file": file}).status_code == 302
    row = HotlineSheet.objects.get()
    officer.client.post(reverse("intake:sheet", args=[row.pk]))
    assert CaseParty.objects.get().name == "何业主"
    table = read_rows(officer.client.get(reverse("intake:replies", args=[row.pk])).content, most=10)
    assert table[0] == [*head, "办理结果", "办结时间", "办理状态"]
    assert table[1][0] == "20260001"
    assert table[1][5] == "加急"


def test_file_orders_leaves_out_a_name_that_is_none(begin: Begin, people: SimpleNamespace) -> None:
    begin()
    actor = people.bureau_officer.actor
    content = sheet(["GD-1", "\u200b", "", "碧水花园", "灯不亮", ""], ["GD-2", "何业主", "", "碧水花园", "漏水", ""])
    row = take_sheet(actor=actor, name="a.xlsx", content=content, at=NOW)
    assert file_orders(actor=actor, sheet=row, at=NOW) == Taken(2, 0, 0)
    assert sorted(Case.objects.values_list("mode", flat=True)) == ["anonymous", "named"]


def test_take_sheet_of_another_office_is_not_seen(begin: Begin, people: SimpleNamespace) -> None:
    begin()
    row = take_sheet(
        actor=people.bureau_officer.actor, name="a.xlsx", content=sheet(["1", "", "", "", "x", ""]), at=NOW
    )
    assert people.town_officer.client.get(reverse("intake:sheet", args=[row.pk])).status_code == 404


@pytest.mark.parametrize(("content", "said"), [(b"not a sheet", "12345"), (b"", "空")])
def test_take_sheet_that_is_none_is_told_in_words(
    begin: Begin, people: SimpleNamespace, content: bytes, said: str
) -> None:
    begin()
    file = io.BytesIO(content)
    file.name = "a.xlsx"
    page = people.bureau_officer.client.post(reverse("intake:hotline"), {"file": file}).content.decode()
    assert said in page
    assert "aj-error" in page


def test_sort_opinions_a_page_at_a_time(begin: Begin, people: SimpleNamespace) -> None:
    place = begin()
    said = [say(place, f"第{number}条", key=f"many-{number}") for number in range(120)]
    address, seen = reverse("inspections:place", args=[place.pk]), []
    after = ""
    for _ in range(3):
        answer = people.bureau_officer.client.get(address + after)
        seen += answer.context["opinions"]
        after = answer.context["older_url"]
    assert (seen, after) == (said, "")
    assert "待归的意见<small>120 条" in answer.content.decode()
    for nonsense in ("x", "-1", "9" * 30):
        assert people.bureau_officer.client.get(f"{address}?after={nonsense}").status_code == 200


def test_today_says_how_many_opinions_wait_to_be_sorted(begin: Begin, people: SimpleNamespace) -> None:
    place = begin()
    say(place, key="one-aaaa")
    say(place, key="two-bbbb")
    told = "2 条居民意见还没有归成问题"
    today = reverse("home:today")
    assert told in people.bureau_officer.client.get(today).content.decode()
    for who in (people.other_town_officer, people.manager):
        assert told not in who.client.get(today).content.decode()


def test_problem_of_any_matter_is_filed_and_accepted_as_it_is(begin: Begin, people: SimpleNamespace) -> None:
    """The round files a 排查问题 whatever the matter's own type is: accepting it offers that matter."""
    place = begin()
    shown = people.bureau_officer.client.get(reverse("inspections:place", args=[place.pk])).context["form"]
    offered = {row.code for row in shown.fields["matter"].queryset}
    assert {"SS08", "SS15", "WL03", "YJ05"} <= offered
    assert "WL10" not in offered  # private: only counted
    matter = Matter.objects.get(code="SS08")
    problem = word_problem(actor=people.bureau_officer.actor, place=place, matter=matter, title="路灯不亮", at=NOW)
    case = file_problem(actor=people.bureau_officer.actor, problem=problem, at=NOW)
    told = {"version": case.version, "matter": matter.pk, "urgency": "b", "duplicates": "on", "cleared": "路灯不亮"}
    answer = people.town_officer.client.post(reverse("cases:act", args=[case.pk, "accept"]), told)
    case.refresh_from_db()
    assert (answer.status_code, case.state, case.matter, case.type) == (302, "accepted", matter, "survey_problem")


def test_load_demo_shows_a_round_and_a_survey_with_results(demo: None) -> None:
    opinions = Round.objects.get(kind=Round.Kind.OPINIONS)
    assert Opinion.objects.filter(place__round=opinions, sorting=None).count() == 6
    assert Case.objects.filter(problem__isnull=False).get().type == "survey_problem"
    shown = {place.answers.count() for place in RoundPlace.objects.filter(round__kind=Round.Kind.SURVEY)}
    assert shown == {24, 3}
    assert all("示例" in text for text in Opinion.objects.values_list("text", flat=True))

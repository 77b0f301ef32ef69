"""One joint session over several cases of a compound: called for all or for none, recorded in each that still takes it, counted once."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from anju.base.actor import Denied, Refused
from anju.base.models import AuditEntry, Notice
from anju.cases.models import Case, CaseEvent, CaseNote, CaseParty, CaseTask, WorkflowEdition
from anju.cases.queries.figures import Period, calls_behind, cases_behind, figures_of
from anju.cases.queries.joint import MOST_BESIDE, joinable, parts_of, parts_to_record, peers_of, sessions_beside
from anju.cases.queries.papers import sheet_of
from anju.cases.services.acting import Wish
from anju.cases.services.filing import Receipt
from anju.cases.services.joint import Seen, call_session, record_session
from anju.rules.cases.facts import Payload
from anju.rules.cases.redaction import BLACK
from anju.web.words import sentence
from tests.cases.conftest import Do
from tests.people import NOW, TODAY, make_organisation, make_person

FileCase = Callable[..., Receipt]
Handled = Callable[..., Case]
CALLED_AT, MEETS, HELD_AT = (NOW + timedelta(days=1, hours=hour) for hour in (0, 4, 6))
LATER = NOW + timedelta(days=30)


@pytest.fixture
def fire(place: SimpleNamespace, people: SimpleNamespace) -> Any:
    """A second unit that leads cases, with a login, and a third that is only called."""
    place.fire = make_organisation("县消防救援大队", "department", place.county)
    place.land = make_organisation("县自然资源局", "department", place.county)
    people.firefighter = make_person("tang", "唐消防", "department_officer", place.fire)
    return place.fire


@pytest.fixture
def cases(
    place: SimpleNamespace, people: SimpleNamespace, fire: Any, file_case: FileCase, handled: Handled, do: Do
) -> list[Case]:
    """Three cases of one compound that are being handled: the first two by the market office, the third by the fire brigade."""
    found = [file_case(spot=f"{number}幢").case for number in (1, 2, 3)]
    for case in found[:2]:
        handled(case, to="sign")
    handled(found[2], to="accept")
    do(people.bureau_officer, found[2], "dispatch", lead=str(fire.pk), note={"reason": "消防通道"})
    do(people.firefighter, found[2], "sign", at=NOW + timedelta(hours=1))
    return [Case.objects.get(pk=case.pk) for case in found]


def seen(case: Case, versions: dict[str, int] | None = None) -> Seen:
    row = Case.objects.get(pk=case.pk)
    return Seen(row, (versions or {}).get(row.number, row.version))


def call(
    person: Any,
    case: Case,
    others: list[Case],
    *units: Any,
    at: datetime = CALLED_AT,
    versions: dict[str, int] | None = None,
    place: str = "南门",
    division: str = "各查各的",
) -> Case:
    told = Payload(helpers=tuple(str(unit.pk) for unit in units), meets_at=at + timedelta(hours=4))
    wish = Wish("convene_joint", told, {"meeting_place": place, "division": division})
    table = [seen(one, versions) for one in others]
    return call_session(actor=person.actor, seen=seen(case), others=table, wish=wish, at=at)


def record(
    person: Any,
    case: Case,
    told: dict[Any, str],
    *,
    at: datetime = HELD_AT,
    versions: dict[str, int] | None = None,
    minutes: str = "当场整改",
) -> list[Case]:
    payload = Payload(
        attendance=tuple((str(unit.pk), how) for unit, how in told.items()),
        arrivals=tuple((str(unit.pk), MEETS + timedelta(minutes=25)) for unit, how in told.items() if how == "came"),
    )
    wish = Wish("joint_held", payload, {"attendance": "见表", "minutes": minutes})
    shown = {row.number: row.version for row in Case.objects.all()} if versions is None else versions
    return record_session(actor=person.actor, seen=seen(case), versions=shown, wish=wish, at=at)[1]


def said(case: Case, seq: int = -1) -> dict[str, Any]:
    events = list(CaseEvent.objects.filter(case=case).order_by("seq"))
    told: dict[str, Any] = json.loads(events[seq].body)["payload"]
    return told


def helpers(case: Case) -> set[str]:
    rows = CaseTask.objects.filter(case=case, kind="helpers", state="open")
    return set(rows.values_list("unit__name", flat=True))


def kept() -> tuple[int, int, int, list[tuple[str, int]]]:
    """What a refused session must leave as it was."""
    rows = Case.objects.order_by("pk").values_list("number", "version")
    return CaseEvent.objects.count(), CaseTask.objects.count(), AuditEntry.objects.count(), list(rows)


def test_session_is_called_for_each_case_without_its_own_lead(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    first, second, third = cases
    call(people.bureau_officer, first, [second, third], place.town_office, place.fire)
    assert [helpers(case) for case in cases] == [{"城关镇人民政府", "县消防救援大队"}] * 2 + [{"城关镇人民政府"}]
    assert "session" not in said(first)
    assert [said(case)["session"] for case in cases[1:]] == [first.number] * 2
    assert {json.loads(case.events.get(transition="convene_joint").body)["at"] for case in cases} == {
        CALLED_AT.isoformat()
    }
    for case in cases:
        own, others = parts_of(people.bureau_officer.actor, case)
        assert own[0].case == case
        assert {part.case for part in (*own, *others)} == set(cases)
        assert {part.session.key(part.case.number) for part in (*own, *others)} == {(first.number, CALLED_AT)}


def test_unit_that_is_called_for_several_cases_hears_of_it_once(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    """Who leads hears of each case of his that comes to the table."""
    call(people.bureau_officer, cases[0], cases[1:], place.town_office)
    rows = Notice.objects.filter(template="work.session").order_by("pk")
    heard = {
        name: [row.about for row in rows if row.user_id == person.user.pk]
        for name, person in (
            ("called", people.town_officer),
            ("market", people.department_officer),
            ("fire", people.firefighter),
        )
    }
    first, second, third = (f"case:{case.pk}" for case in cases)
    assert heard == {"called": [first], "market": [first, second], "fire": [third]}


def test_two_leads_meet_about_a_case_of_each(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    """Nobody else is called: who leads the one sits there for the other."""
    first, _, third = cases
    call(people.bureau_officer, first, [third], place.fire)
    assert [helpers(case) for case in (first, third)] == [{"县消防救援大队"}, {"县市场监管局"}]


def test_session_carries_no_reporter_of_one_case_into_another(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    """Who leads one case of the session may not open the others, and the words are the same for all."""
    first, _, third = cases
    CaseParty.objects.filter(case=third, role="reporter").update(name="覃业主", phone="13500000009")
    call(
        people.bureau_officer,
        first,
        [third],
        place.town_office,
        place="何业主家楼下",
        division="问何业主（13500000001）",
    )
    record(
        people.bureau_officer,
        first,
        {place.department: "came", place.town_office: "came", place.fire: "came"},
        minutes="何业主同意，覃业主 13500000009 不同意",
    )
    told = {
        case.pk: [dict(row.texts) for row in CaseNote.objects.filter(event__case=case).order_by("pk")][-2:]
        for case in (first, third)
    }
    assert "何业主" in told[first.pk][0]["meeting_place"]
    assert "覃业主" not in str(told[first.pk])
    assert "13500000009" not in str(told[first.pk])
    assert "覃业主" in told[third.pk][1]["minutes"]
    assert "何业主" not in str(told[third.pk])
    assert "13500000001" not in str(told[third.pk])


def test_own_reporter_of_a_case_stays_in_it_and_that_of_one_that_moved_on_stays_out(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case], do: Do
) -> None:
    """The same person reported the first and the third; who typed 业主 for a name has named nobody."""
    first, second, third = cases
    CaseParty.objects.filter(case=second, role="reporter").update(name="覃业主", phone="")
    CaseParty.objects.filter(case=third, role="reporter").update(phone="")
    CaseParty.objects.create(case=third, role="joined", name="业主", added_at=NOW)
    call(people.bureau_officer, first, [second, third], place.town_office)
    do(people.town_officer, second, "task_done", at=HELD_AT - timedelta(hours=1), note={"reply_text": "已看"})
    done = {"reply_text": "已办", "no_photo_reason": "无"}
    do(people.department_officer, second, "report_result", at=HELD_AT, note=done, outcome="solved")
    came = {place.department: "came", place.town_office: "came", place.fire: "came"}
    record(people.bureau_officer, first, came, minutes="何业主在场，业主都同意，覃业主没来")
    told = CaseNote.objects.filter(event__transition="joint_held").order_by("event__case")
    assert [row.texts["minutes"] for row in told] == ["何业主在场，业主都同意，■■■没来".replace("■", BLACK)] * 2


def test_who_records_a_part_of_his_own_does_not_speak_for_the_others(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    """What the case says from which the session was called holds, until it is recorded there again."""
    first, _, third = cases
    everybody = {place.department: "came", place.town_office: "came", place.fire: "came"}
    call(people.bureau_officer, first, [third], place.town_office)
    record(people.bureau_officer, first, everybody)
    record(
        people.firefighter, third, {place.fire: "came", place.town_office: "absent"}, at=HELD_AT + timedelta(hours=1)
    )

    def absent() -> int:
        lines = figures_of(people.bureau_officer.actor, Period(), LATER)
        return next(line.figures.absent.part for line in lines if line.unit == place.town_office)

    assert absent() == 0
    record(people.bureau_officer, first, {**everybody, place.town_office: "absent"}, at=HELD_AT + timedelta(hours=2))
    assert absent() == 1


def test_session_of_one_case_alone_is_kept_as_it_always_was(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    call(people.bureau_officer, cases[0], [], place.town_office)
    assert set(said(cases[0])) == {"helpers", "meets_at"}
    assert sessions_beside(people.bureau_officer.actor, cases[0]) == []
    assert peers_of(people.bureau_officer.actor, cases[0]) == []


def test_case_that_refuses_undoes_the_whole_session_and_is_named(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case], do: Do
) -> None:
    first, second, third = cases
    before = kept()

    def refused(others: list[Case], *units: Any, versions: dict[str, int] | None = None) -> str:
        with pytest.raises(Refused) as no:
            call(people.bureau_officer, first, others, *units, versions=versions)
        assert kept() == before
        return sentence(no.value)

    words = refused([second, third], place.town_office, versions={third.number: third.version - 1})
    assert words.startswith(f"{third.number} 没有办成，一并会商的几件都没有写入。{third.number} 刚刚有别人办过")
    assert refused([first], place.town_office) == refused([second, second], place.town_office)
    assert "刷新页面" in refused([second, second], place.town_office)
    do(people.department_officer, second, "report_result", outcome="solved", at=NOW + timedelta(hours=2), note=RESULT)
    before = kept()
    words = refused([third, second], place.town_office)
    assert words.startswith(f"{second.number} 没有办成")
    assert "不能办这一步" in words


RESULT = {"reply_text": "已责令退还", "no_photo_reason": "与现场无关"}


def test_lead_is_not_called_to_a_table_where_a_case_about_it_is_handled(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    first, second, third = cases
    actor = people.bureau_officer.actor
    assert joinable(actor, first, CALLED_AT) == [second, third]
    CaseParty.objects.create(case=second, role="respondent", organisation=place.fire, added_at=NOW, addressed_at=NOW)
    assert joinable(actor, first, CALLED_AT) == [second, third], "the first is not about either"
    assert joinable(actor, third, CALLED_AT) == [first]
    before = kept()
    with pytest.raises(Refused) as no:
        call(people.bureau_officer, first, [second, third], place.town_office)
    assert sentence(no.value).startswith(f"{third.number} 没有办成")
    assert "一件的主办单位是另一件的被反映方" in sentence(no.value)
    assert kept() == before


def test_joinable_are_cases_in_hand_of_the_same_compound_and_form_within_the_scope(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case], file_case: FileCase, handled: Handled
) -> None:
    first, second, third = cases
    actor = people.bureau_officer.actor
    handled(file_case().case, to="dispatch")
    elsewhere = handled(file_case(matter="SF01").case, to="sign")
    Case.objects.filter(pk=elsewhere.pk).update(compound=place.other_compound)
    assert joinable(actor, first, CALLED_AT) == [second, third]
    assert joinable(people.department_officer.actor, first, CALLED_AT) == [second], "of the third it knows nothing"
    assert joinable(people.town_officer.actor, first, CALLED_AT) == [], "a town calls nobody"
    content = (Path(__file__).parent / "editions" / "workflow-2.toml").read_text()
    old = WorkflowEdition.objects.create(
        policy="demo", version=2, valid_from=TODAY, digest="2", content=content, loaded_at=NOW
    )
    Case.objects.filter(pk=second.pk).update(workflow=old)
    assert joinable(actor, first, CALLED_AT) == [third], "its form asks time and place in one line"


def test_session_is_called_for_few_cases_at_once(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case], file_case: FileCase, handled: Handled
) -> None:
    more = [handled(file_case().case, to="sign") for _ in range(MOST_BESIDE)]
    actor = people.bureau_officer.actor
    assert len(joinable(actor, cases[0], CALLED_AT)) == MOST_BESIDE
    before = kept()
    with pytest.raises(Refused, match=r"case\.bad_form"):
        call(people.bureau_officer, cases[0], [cases[1], *more], place.town_office)
    assert kept() == before


def test_session_reaches_only_cases_of_the_caller(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    before = kept()
    with pytest.raises(Denied):
        call(people.department_officer, cases[0], [cases[2]], place.town_office)
    with pytest.raises(Refused, match=r"case\.not_allowed"):
        call(people.town_officer, cases[0], [cases[1]], place.town_office)
    assert kept() == before


def test_record_goes_to_every_case_with_its_own_units(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    first, second, third = cases
    call(people.bureau_officer, first, [second, third], place.town_office, place.land)
    told = {place.department: "came", place.town_office: "absent", place.land: "excused", place.fire: "came"}
    assert record(people.bureau_officer, second, told) == []
    units = {"market": str(place.department.pk), "town": str(place.town_office.pk), "land": str(place.land.pk)}
    called = [[units["town"], "absent"], [units["land"], "excused"]]
    lead = [[units["market"], "came"], *called]
    assert [said(case)["attendance"] for case in cases] == [lead, lead, [*called, [str(place.fire.pk), "came"]]]
    assert [[unit for unit, _ in said(case)["arrivals"]] for case in cases] == [
        [units["market"]],
        [units["market"]],
        [str(place.fire.pk)],
    ]
    notes = [case.events.get(transition="joint_held").note.texts for case in cases]
    assert notes == [{"attendance": "见表", "minutes": "当场整改"}] * 3


def test_record_refused_by_one_case_is_written_to_none(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    first, second, third = cases
    call(people.bureau_officer, first, [second, third], place.town_office)
    before = kept()
    told = {place.department: "came", place.town_office: "came", place.fire: "came"}
    versions = {row.number: row.version for row in Case.objects.all()}
    with pytest.raises(Refused) as no:
        record(people.bureau_officer, first, told, versions={**versions, third.number: 1})
    assert sentence(no.value).startswith(f"{third.number} 没有办成")
    with pytest.raises(Refused) as no:
        record(people.bureau_officer, first, told, versions={second.number: versions[second.number]})
    assert no.value.values["number"] == third.number, "what the page did not show nobody has seen"
    with pytest.raises(Refused) as no:
        record(people.bureau_officer, third, {place.fire: "came"})
    assert no.value.values["number"] == first.number, "of its own units nothing was said"
    assert kept() == before


def test_record_names_the_cases_that_have_moved_on(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case], do: Do
) -> None:
    """The second was called again, the third is verified: their later session, and their result, stay as they are."""
    first, second, third = cases
    call(people.bureau_officer, first, [second, third], place.town_office)
    call(people.bureau_officer, second, [], place.land, at=CALLED_AT + timedelta(hours=1))
    do(people.town_officer, third, "task_done", at=CALLED_AT + timedelta(hours=1), note={"reply_text": "看过了"})
    do(people.firefighter, third, "report_result", at=CALLED_AT + timedelta(hours=2), outcome="solved", note=RESULT)
    actor = people.bureau_officer.actor
    parts, left = parts_to_record(actor, Case.objects.get(pk=first.pk), HELD_AT)
    assert ([part.case for part in parts], left) == ([first], [second, third])
    told = {place.department: "came", place.town_office: "came"}
    assert record(people.bureau_officer, first, told) == [second, third]
    assert [case.events.filter(transition="joint_held").count() for case in cases] == [1, 0, 0]
    assert record(people.bureau_officer, second, {place.department: "came", place.land: "absent"}) == []
    assert said(second)["attendance"] == [[str(place.department.pk), "came"], [str(place.land.pk), "absent"]]
    assert [case.events.filter(transition="joint_held").count() for case in cases] == [1, 1, 0]
    assert [at for at, _ in sessions_beside(actor, second)] == [CALLED_AT]


def test_unit_records_and_reads_the_cases_it_may_see(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    """The fire brigade leads the third alone: of the first two it learns no number, and its record does not reach them."""
    first, second, third = cases
    call(people.bureau_officer, first, [second, third], place.town_office)
    actor = people.firefighter.actor
    assert peers_of(actor, third) == []
    assert sessions_beside(actor, third) == []
    told = {place.fire: "came", place.town_office: "came"}
    assert record(people.firefighter, third, told) == []
    assert [case.events.filter(transition="joint_held").count() for case in cases] == [0, 0, 1]
    sheet = sheet_of(actor, third, "call")
    assert sheet is not None
    assert sheet.session is not None
    assert (sheet.session.beside, set(sheet.session.units)) == ((), {"县消防救援大队", "城关镇人民政府"})
    whole = sheet_of(people.bureau_officer.actor, third, "call")
    assert whole is not None
    assert whole.session is not None
    assert [one.number for one in whole.session.beside] == [first.number, second.number]
    assert set(whole.session.units) == {"县消防救援大队", "城关镇人民政府", "县市场监管局"}


def test_respondent_of_another_case_of_the_session_reads_nothing_of_it(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    """It was named as what the second is about after both were called to one table."""
    first, second, third = cases
    call(people.bureau_officer, first, [second, third], place.town_office, place.fire)
    CaseParty.objects.create(case=second, role="respondent", organisation=place.fire, added_at=NOW, addressed_at=NOW)
    assert peers_of(people.firefighter.actor, third) == [first.pk]
    assert peers_of(people.firefighter.actor, second) == []
    assert peers_of(people.bureau_officer.actor, third) == [first.pk, second.pk]


def counted(*rows: Case) -> dict[str, dict[str, set[tuple[str, str]]]]:
    """Count sessions by hand: from the bodies of the events alone, a session by the case it was called from and the moment of the call."""
    found: dict[str, dict[str, set[tuple[str, str]]]] = {}
    said: dict[tuple[str, tuple[str, str]], tuple[str, str]] = {}
    for case in rows:
        lead, key = "", ("", "")
        for body in (json.loads(event.body) for event in CaseEvent.objects.filter(case=case).order_by("seq")):
            told = body["payload"]
            lead = told.get("lead", lead)
            if body["transition"] == "convene_joint":
                key = (told.get("session", case.number), body["at"])
                for unit in (lead, *told["helpers"]):
                    found.setdefault(unit, {"called": set(), "excused": set(), "absent": set()})["called"].add(key)
            if body["transition"] == "joint_held":
                for unit, how in told["attendance"]:
                    if body["at"] >= said.get((unit, key), ("", ""))[0]:
                        said[unit, key] = (body["at"], how)
    for (unit, key), (_, how) in said.items():
        if how != "came":
            found[unit][how].add(key)
    return found


def test_figures_count_a_session_once_and_equal_a_count_by_hand(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    first, second, third = cases
    officer, hour = people.bureau_officer, timedelta(hours=1)
    call(officer, first, [second, third], place.town_office, place.land)
    record(
        officer,
        third,
        {place.department: "came", place.town_office: "absent", place.land: "excused", place.fire: "came"},
    )
    record(
        officer,
        first,
        {place.department: "came", place.town_office: "excused", place.land: "excused", place.fire: "absent"},
        at=HELD_AT + hour,
    )
    call(officer, third, [first], place.town_office, at=HELD_AT + 2 * hour)
    told = {place.fire: "came", place.department: "came", place.town_office: "absent"}
    record(officer, third, told, at=HELD_AT + 7 * hour)
    call(officer, second, [], place.fire, at=HELD_AT + 8 * hour)
    lines = {str(line.unit.pk): line.figures for line in figures_of(officer.actor, Period(), LATER)}
    by_hand = counted(*cases)
    assert {unit: one.called for unit, one in lines.items() if one.called} == {
        unit: len(one["called"]) for unit, one in by_hand.items()
    }
    for how in ("excused", "absent"):
        assert {unit: getattr(one, how).part for unit, one in lines.items() if one.called} == {
            unit: len(one[how]) for unit, one in by_hand.items()
        }
    town = lines[str(place.town_office.pk)]
    assert (town.called, town.excused.part, town.absent.part, town.absent.whole) == (2, 1, 1, 2)
    assert lines[str(place.department.pk)].called == 3
    behind = cases_behind(officer.actor, Period(), place.town_office.pk, "called", LATER)
    assert sorted(behind or []) == sorted([first.number] * 2 + [second.number] + [third.number] * 2)
    assert set(town.excused.cases) == {first.number, second.number, third.number}


def test_rows_behind_a_call_say_how_late_the_unit_came(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    call(people.bureau_officer, cases[0], cases[1:2], place.town_office)
    record(people.bureau_officer, cases[0], {place.department: "came", place.town_office: "came"})
    actor, unit = people.bureau_officer.actor, place.town_office.pk
    assert [(row.case, row.late) for row in calls_behind(actor, Period(), unit, "called")] == [
        (cases[0].number, 25),
        (cases[1].number, 25),
    ]
    assert calls_behind(actor, Period(), unit, "absent") == []
    own = [row.unit for row in calls_behind(people.department_officer.actor, Period(), unit, "called")]
    assert own == [], "a department reads of nobody else"

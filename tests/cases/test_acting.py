"""The one service that moves a case: who may, who must keep out, and what the database holds it to."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction

from anju.base.actor import STRANGER, SYSTEM, Denied, Refused
from anju.cases.models import Case, CaseEvent, CaseNote, CaseRequest, CaseTask
from anju.cases.queries.figures import Period, figures_of
from anju.cases.queries.integrity import broken_cases
from anju.cases.queries.overrides import Month, overrides_in
from anju.cases.queries.record import BACK, history_of
from anju.cases.queries.routes import overrides_since
from anju.cases.services.acting import Wish, act_on_case
from anju.cases.services.filing import Receipt, rate_case
from anju.cases.services.sweeping import sweep_cases
from anju.rules.cases.facts import Event, Payload
from anju.rules.cases.routing import Override
from anju.rules.cases.stored import stored_event
from anju.rules.cases.workflow import Urgency
from anju.rules.chain import canonical, link
from tests.cases.conftest import Do
from tests.people import NOW

FileCase = Callable[..., Receipt]
Handled = Callable[..., Case]


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        work()
    return str(refusal.value.values.get("why", refusal.value.code))


def test_act_on_case_outside_the_scope(people: SimpleNamespace, file_case: FileCase, do: Do) -> None:
    case = file_case().case
    for person in (people.other_town_officer, people.department_officer, people.manager, people.chair):
        with pytest.raises(Denied):
            do(person, case, "accept", note={"duplicates": "查过"}, matter="SF01", urgency=Urgency.B)
    assert Case.objects.get(pk=case.pk).version == 1


def test_act_on_case_by_the_wrong_post(people: SimpleNamespace, file_case: FileCase, do: Do) -> None:
    case = file_case().case
    note = {"duplicates": "查过"}
    why = refused(lambda: do(people.supervisor, case, "accept", note=note, matter="SF01", urgency=Urgency.B))
    assert "不由您的岗位办理" in why


def test_act_on_case_that_somebody_moved_meanwhile(
    people: SimpleNamespace, file_case: FileCase, handled: Handled
) -> None:
    case = file_case().case
    handled(case, to="accept")
    wish = Wish("accept", Payload(matter="SF01", urgency=Urgency.B), {"duplicates": "是"})
    code = refused(lambda: act_on_case(actor=people.town_officer.actor, case=case, wish=wish, version=1, at=NOW))
    assert code == "case.changed"


def test_verify_own_work_is_refused(
    place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase, do: Do
) -> None:
    """The town led; its own officer may not say that it was done well."""
    case = file_case(matter="PC02").case
    do(people.community_worker, case, "accept", note={"duplicates": "查过"}, matter="PC02", urgency=Urgency.B)
    do(people.bureau_officer, case, "dispatch", lead=str(place.town_office.pk))
    do(people.town_officer, case, "sign")
    note = {"reply_text": "已督促", "no_photo_reason": "与现场无关"}
    do(people.town_officer, case, "report_result", note=note, outcome="solved")
    why = refused(lambda: do(people.town_officer, case, "verify_pass", note={"call_note": "电话"}))
    assert "不能核查" in why
    assert do(people.community_worker, case, "verify_pass", note={"call_note": "电话"}).state == "feedback"


def test_suspension_is_granted_by_another(
    place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do
) -> None:
    case = file_case().case
    handled(case, to="sign")
    note = {"reason": "等备案", "public_note": "等备案"}
    until = NOW + timedelta(days=20)
    do(people.department_officer, case, "ask_suspension", note=note, until=until, at=NOW + timedelta(hours=2))
    asked = CaseRequest.objects.get(case=case)
    given: dict[str, Any] = {"note": {"approval_basis": "同意"}, "until": until, "at": NOW + timedelta(hours=3)}
    assert "岗位" in refused(lambda: do(people.department_officer, case, "suspend", **given))
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseRequest.objects.filter(pk=asked.pk).update(decided_by=asked.asked_by)
    assert do(people.bureau_officer, case, "suspend", **given).state == "suspended"
    asked.refresh_from_db()
    assert (asked.decision, asked.decided_by) == ("granted", people.bureau_officer.user)


def test_result_entered_from_paper_needs_the_paper(
    place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do
) -> None:
    case = file_case().case
    handled(case, to="dispatch")
    assert "扫描件" in refused(lambda: do(people.bureau_officer, case, "sign", enter_for="handler"))
    done = do(people.bureau_officer, case, "sign", enter_for="handler", note={"scan": "回执"})
    assert (done.state, done.lead) == ("handling", place.department)
    assert '"clerk"' in CaseEvent.objects.filter(case=case).latest("seq").body


def test_act_from_paper_counts_from_the_moment_on_it(
    people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do
) -> None:
    """Done on the last day, Thursday 3 December, typed in on Monday after a 催办 had gone out: in time, and the history says both."""
    case = handled(file_case().case, to="sign")
    contact = {"milestone": "contact", "at": NOW + timedelta(hours=2)}
    do(people.department_officer, case, "milestone", **contact)
    monday, done_at = NOW + timedelta(days=13), NOW + timedelta(days=9, hours=6)
    sweep_cases(actor=SYSTEM, at=monday)
    case.refresh_from_db()
    assert case.level == 2
    note = {"reply_text": "已退费", "no_photo_reason": "与现场无关", "scan": "回执"}
    told: dict[str, Any] = {"enter_for": "unit_lead", "note": note, "outcome": "solved", "at": monday}
    reported = do(people.bureau_officer, case, "report_result", happened=done_at, **told)
    clock = reported.clocks.get(code="handle")
    assert clock.stopped_at == done_at
    assert done_at < clock.due_at < monday
    event = CaseEvent.objects.filter(case=case, transition="report_result").get()
    [line] = [one for one in history_of(people.bureau_officer.actor, case) if one.transition == "report_result"]
    assert (event.at, line.at, line.entered, line.entered_at) == (done_at, done_at, True, monday)
    [figures] = [one.figures for one in figures_of(people.bureau_officer.actor, Period(), monday)]
    assert (figures.on_time.part, figures.on_time.whole) == (1, 1)
    assert list(broken_cases()) == []


@pytest.mark.parametrize(
    ("hours", "role", "code"),
    [(3, "handler", "case.paper_ahead"), (0.5, "handler", "case.paper_early"), (1.5, "", "case.bad_form")],
)
def test_moment_on_a_paper_is_neither_ahead_nor_before_what_moved_the_case(
    hours: float, role: str, code: str, people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do
) -> None:
    """Signed for at one hour; entered at two. Without a paper nothing has another moment than now."""
    case = handled(file_case().case, to="sign")
    told: dict[str, Any] = {
        "milestone": "contact",
        "note": {"call_note": "来电"},
        "happened": NOW + timedelta(hours=hours),
    }
    with pytest.raises(Refused) as refusal:
        do(people.bureau_officer, case, "milestone", enter_for=role, at=NOW + timedelta(hours=2), **told)
    assert refusal.value.code == code
    assert Case.objects.get(pk=case.pk).version == 4
    if code == "case.paper_early":
        assert refusal.value.values == {"moment": "2026-11-24 11:00"}


def test_derive_opens_a_case_of_another_type(
    people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do
) -> None:
    case = file_case().case
    handled(case, to="sign")
    note = {"reason": "现场有违建"}
    do(
        people.department_officer,
        case,
        "derive",
        note=note,
        child_type="enforcement_lead",
        matter="WL03",
        at=NOW + timedelta(hours=2),
    )
    child = Case.objects.get(derived_from=case)
    assert (child.type, child.matter.code, child.state, child.number[:2]) == (
        "enforcement_lead",
        "WL03",
        "submitted",
        "XS",
    )
    result = {"reply_text": "已办", "no_photo_reason": "无"}
    why = refused(
        lambda: do(
            people.department_officer, case, "report_result", note=result, outcome="solved", at=NOW + timedelta(hours=3)
        )
    )
    assert "派生" in why


def test_merge_brings_the_earlier_end_to_the_master(people: SimpleNamespace, file_case: FileCase, do: Do) -> None:
    """Its year is not confirmed, so the end that came with the merged case is provisional as it was there."""
    first, second = file_case().case, file_case(at=NOW + timedelta(days=6)).case
    earlier = Case.objects.get(pk=first.pk).due_at
    merged = do(people.town_officer, first, "merge", master=second.number, at=NOW + timedelta(days=6, hours=1))
    master = Case.objects.get(pk=second.pk)
    assert (merged.state, merged.master) == ("merged", master)
    assert (master.due_at, master.due_clock, master.provisional) == (earlier, "accept", True)
    assert master.clocks.get(code="accept").provisional


def test_merge_puts_off_no_end_of_the_master(people: SimpleNamespace, file_case: FileCase, do: Do) -> None:
    first, second = file_case().case, file_case(at=NOW + timedelta(days=6)).case
    before = Case.objects.get(pk=first.pk).due_at
    do(people.town_officer, second, "merge", master=first.number, at=NOW + timedelta(days=6, hours=1))
    assert Case.objects.get(pk=first.pk).due_at == before


def test_rate_case_twice_with_displeasure_goes_to_a_supervisor(
    place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do
) -> None:
    receipt = file_case()
    case = handled(receipt.case)
    do(people.community_worker, case, "verify_pass", note={"call_note": "电话"}, at=NOW + timedelta(days=1))
    given: dict[str, Any] = {"actor": STRANGER, "case": case, "code": receipt.code, "score": 1}
    again = rate_case(**given, at=NOW + timedelta(days=2))
    assert (again.state, again.lead) == ("dispatched", place.department)
    sent, rated = again.events.order_by("-seq")[:2]
    assert (rated.transition, sent.transition, sent.role, sent.at) == ("rate_bad", "dispatch", "system", rated.at)
    assert next(history_of(people.bureau_officer.actor, again)).route == BACK
    assert overrides_in(people.supervisor.actor, Month(2026, 11)).lines == ()
    day = NOW + timedelta(days=3)
    do(people.department_officer, case, "sign", at=day)
    note = {"reply_text": "再办", "no_photo_reason": "无"}
    do(people.department_officer, case, "report_result", note=note, outcome="solved", at=day)
    do(people.community_worker, case, "verify_pass", note={"call_note": "电话"}, at=day)
    assert rate_case(**given, at=day + timedelta(days=1)).state == "feedback"
    done = do(people.supervisor, case, "uphold", note={"ruling": "已依法办理"}, at=day + timedelta(days=2))
    assert (done.state, done.closing) == ("closed", "upheld")


def test_rating_of_a_reporter_without_a_telephone_is_entered_by_staff(
    place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do
) -> None:
    """He comes to the counter: his displeasure counts as if he had pressed it; who led the case cannot enter it."""
    case = handled(file_case(phone="", name="").case)
    do(people.community_worker, case, "verify_pass", note={"call_note": "当面"}, at=NOW + timedelta(days=1))
    told: dict[str, Any] = {"enter_for": "reporter", "score": 1, "at": NOW + timedelta(days=2)}
    note = {"score": "当面说的", "reason": "没有退", "call_note": "本人到窗口"}
    assert refused(lambda: do(people.department_officer, case, "rate_bad", note=note, **told))
    again = do(people.community_worker, case, "rate_bad", note=note, **told)
    assert (again.state, again.lead, again.score) == ("dispatched", place.department, 1)


def test_dispatch_otherwise_than_routed_is_listed(
    place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do
) -> None:
    handled(file_case().case, to="dispatch")
    other = file_case().case
    handled(other, to="accept")
    do(people.bureau_officer, other, "dispatch", lead=str(place.town_office.pk), note={"reason": "属地"})
    found = overrides_since(people.supervisor.actor, NOW - timedelta(days=1))
    assert found == (Override("SF01", str(place.town_office.pk), 1),)
    assert overrides_since(people.other_town_officer.actor, NOW - timedelta(days=1)) == ()


def test_event_can_neither_be_changed_nor_forged(file_case: FileCase) -> None:
    case = file_case().case
    event = case.events.get()
    for change in (
        lambda: CaseEvent.objects.filter(pk=event.pk).update(body="{}"),
        lambda: CaseEvent.objects.filter(pk=event.pk).delete(),
        lambda: CaseEvent.objects.create(
            case=case, seq=2, transition="accept", role="intake", state="accepted", at=NOW, body="{}",
            previous=event.digest, digest="0" * 64,
        ),
        lambda: CaseNote.objects.filter(event=event).update(texts={"text": "别的"}),
        lambda: CaseTask.objects.create(case=case, position=0, kind="lead", state="open", opened_at=NOW),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("act", ["verify_pass", "verify_close", "verify_fail", "item_pass", "item_fail"])
def test_database_keeps_who_did_the_work_from_verifying_it(
    act: str, place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase, handled: Handled
) -> None:
    """An event that some service wrote without asking the engine; one of a unit apart fits."""
    case = handled(file_case().case)
    last = CaseEvent.objects.filter(case=case).latest("seq")

    def forged(unit: str) -> CaseEvent:
        event = Event(last.seq + 1, act, "community", NOW, "9", frozenset({unit}), Payload())
        body = canonical(stored_event(event))
        told = {"seq": event.seq, "transition": act, "role": "community", "state": case.state, "at": NOW, "body": body}
        return CaseEvent(case=case, **told, previous=last.digest, digest=link(last.digest, body))

    with pytest.raises(DatabaseError, match="does not verify it"), transaction.atomic():
        forged(str(place.department.pk)).save()
    with transaction.atomic():
        forged(str(place.community_office.pk)).save()
        assert CaseEvent.objects.filter(case=case).latest("seq").transition == act
        transaction.set_rollback(True)


def test_state_that_no_event_led_to_is_refused(file_case: FileCase) -> None:
    case = file_case().case
    with connections["default"].cursor() as cursor:
        cursor.execute("set constraints all immediate")
    with pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state="closed", kind="final")


def test_broken_cases_names_one_that_was_tampered_with(file_case: FileCase) -> None:
    case = file_case().case
    assert list(broken_cases()) == []
    Case.objects.filter(pk=case.pk).update(urgency="c")
    assert [(one.number, one.reason) for one in broken_cases()] == [(case.number, "columns")]


@pytest.mark.django_db(transaction=True)
def test_fifty_dispatches_at_once_are_one(
    place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase, handled: Handled
) -> None:
    case = file_case().case
    handled(case, to="accept")
    actor = people.bureau_officer.actor
    wish = Wish("dispatch", Payload(lead=str(place.department.pk)))

    def dispatch(_: int) -> str:
        try:
            act_on_case(actor=actor, case=case, wish=wish, version=2, at=NOW)
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(dispatch, range(50)))
    assert sorted(outcomes) == ["case.changed"] * 49 + ["done"]
    assert CaseEvent.objects.filter(case=case, transition="dispatch").count() == 1

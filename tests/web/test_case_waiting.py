"""What the desk says of a case that waits: whom for, what was asked, until when at most, and on whose desk it lies."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from anju.base.actor import STRANGER, SYSTEM
from anju.cases.models import Case
from anju.cases.queries.catalogue import workflow_of_case
from anju.cases.queries.record import offered_acts
from anju.cases.services.filing import Filing, submit_case
from anju.cases.services.loading import load_cases
from anju.web.cases.forms import ActForm
from tests.people import NOW, Person

Handling = Callable[..., Case]


def act(person: Any, case: Case, code: str, **data: Any) -> Any:
    case.refresh_from_db()
    return person.client.post(reverse("cases:act", args=[case.pk, code]), {"version": case.version, **data})


def form(person: Any, case: Case, code: str) -> str:
    return str(person.client.get(reverse("cases:act", args=[case.pk, code])).content.decode())


def page(person: Any, case: Case) -> str:
    return str(person.client.get(reverse("cases:case", args=[case.pk])).content.decode())


@pytest.fixture
def handling(place: SimpleNamespace, people: SimpleNamespace) -> Handling:
    """File a case and bring it to the market supervision office, with these bodies beside it."""
    load_cases(actor=SYSTEM, policy="demo", at=NOW)

    def one(*helpers: Any) -> Case:
        case = submit_case(actor=STRANGER, filing=Filing(place.compound, "SF01", text="多收费"), at=NOW).case
        act(people.town_officer, case, "accept", matter=case.matter_id, urgency="b", duplicates="on", cleared="多收费")
        lead, beside = place.department.pk, [row.pk for row in helpers]
        assert act(people.bureau_officer, case, "dispatch", lead=lead, helpers=beside).status_code == 302
        assert act(people.department_officer, case, "sign").status_code == 302
        return case

    return one


def test_page_names_the_helpers_that_the_result_waits_for(
    place: SimpleNamespace, people: SimpleNamespace, handling: Handling
) -> None:
    case = handling(place.town_office)
    assert f"先等协办完成：{place.town_office.name}。" in page(people.department_officer, case)
    assert "反馈结果</a>" not in page(people.department_officer, case)
    act(people.town_officer, case, "task_done", reply_text="已配合")
    shown = page(people.department_officer, case)
    assert "先等协办完成" not in shown
    assert "反馈结果</a>" in shown


def test_form_of_who_decides_shows_what_was_asked_and_the_latest_day(
    people: SimpleNamespace, handling: Handling
) -> None:
    case = handling()
    assert "最迟 20" in form(people.department_officer, case, "ask_suspension")
    wanted = timezone.localdate() + timedelta(days=9)
    asked = {"reason": "等价格备案", "public_note": "等备案", "until": str(wanted)}
    assert act(people.department_officer, case, "ask_suspension", **asked).status_code == 302
    for code in ("suspend", "refuse_request"):
        shown = form(people.bureau_officer, case, code)
        assert "申请的是" in shown
        assert f"到{wanted}为止" in shown
        assert "等价格备案" in shown
    assert f'value="{wanted}"' in form(people.bureau_officer, case, "suspend")
    assert "申请的是" not in form(people.bureau_officer, case, "convene_joint")
    too_long = {"approval_basis": "同意", "until": str(wanted + timedelta(days=200))}
    refused = act(people.bureau_officer, case, "suspend", **too_long).content.decode()
    assert "超出允许的最长期限" in refused
    assert "最迟 20" in refused


@pytest.mark.parametrize(
    ("beside", "told", "who"),
    [
        ((), "等社区、乡镇到现场核查", {"community_worker", "town_officer"}),
        (("bureau",), "等乡镇或县级督查核查", {"town_officer"}),
        (("town_office",), "等社区、乡镇到现场核查", {"community_worker"}),
        (("bureau", "town_office"), "县住建局和乡镇都参与了办理，等县级督查核查", {"supervisor"}),
    ],
)
def test_case_to_verify_lies_on_the_desks_of_those_who_may(
    place: SimpleNamespace,
    people: SimpleNamespace,
    handling: Handling,
    beside: tuple[str, ...],
    told: str,
    who: set[str],
) -> None:
    helpers = [getattr(place, name) for name in beside]
    case = handling(*helpers)
    for name in beside:
        helper = {"bureau": people.bureau_officer, "town_office": people.town_officer}[name]
        assert act(helper, case, "task_done", reply_text="已配合").status_code == 302
    result = {"outcome": "solved", "reply_text": "已退", "no_photo_reason": "与现场无关"}
    assert act(people.department_officer, case, "report_result", **result).status_code == 302
    case.refresh_from_db()
    assert told in page(people.supervisor, case)
    for name in ("community_worker", "town_officer", "supervisor"):
        person: Person = getattr(people, name)
        offered = {one.code for one in offered_acts(person.actor, case, timezone.now())}
        listed = reverse("cases:case", args=[case.pk]) in person.client.get(reverse("home:today")).content.decode()
        assert listed is (name in who), name
        assert "verify_pass" in offered or name not in who, name


def test_rating_told_at_the_counter_is_entered_on_the_desk(
    place: SimpleNamespace, people: SimpleNamespace, handling: Handling
) -> None:
    """First displeasure sends it back, the second waits for a supervisor: one of the two is offered, never both."""
    case = handling()
    result = {"outcome": "solved", "reply_text": "已退", "no_photo_reason": "与现场无关"}
    told = {"reason": "没有退", "call_note": "来电", "score": "1"}
    for code, other, state in (
        ("rate_bad", "rate_unsettled", "dispatched"),
        ("rate_unsettled", "rate_bad", "feedback"),
    ):
        assert act(people.department_officer, case, "report_result", **result).status_code == 302
        assert act(people.community_worker, case, "verify_pass", call_note="核实").status_code == 302
        shown = page(people.community_worker, case)
        assert f"/act/{code}/?for=reporter" in shown
        assert f"/act/{other}/" not in shown
        case.refresh_from_db()
        address = reverse("cases:act", args=[case.pk, code]) + "?for=reporter"
        good = people.community_worker.client.post(address, {**told, "score": "5", "version": case.version})
        assert "没有这个选项" in good.content.decode()
        assert people.community_worker.client.post(address, {**told, "version": case.version}).status_code == 302
        case.refresh_from_db()
        assert (case.state, case.score) == (state, 1)
        if state == "dispatched":
            assert act(people.department_officer, case, "sign").status_code == 302


def test_every_act_has_a_form_that_can_say_all_it_needs(people: SimpleNamespace, handling: Handling) -> None:
    """Also those that staff enter for somebody else (代录)."""
    case = handling()
    workflow = workflow_of_case(case)
    parts = {"items": "item_1_what", "attendance": "others"}
    for transition in workflow.transitions.values():
        if not transition.from_ or set(transition.roles) == {"system"}:
            continue
        fields = ActForm(people.bureau_officer.actor, case, transition, None, None).fields
        given = workflow.outcomes_by(case.type, transition.code)
        assert ("outcome" in fields) == (len(given) > 1), transition.code
        for need in (need for need in transition.needs if need != "outcome"):
            assert {parts.get(way, way) for way in need.split("|")} <= fields.keys(), (transition.code, need)

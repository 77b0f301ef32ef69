"""Dispatch by the system where a route is confirmed and automatic, and what people dispatched otherwise, month by month."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from anju.base.actor import SYSTEM, Refused
from anju.cases.models import Case, CaseEvent, Matter, UnitCode
from anju.cases.queries.integrity import broken_cases
from anju.cases.queries.overrides import Month, first_month, overrides_in
from anju.cases.queries.record import history_of
from anju.cases.queries.routes import routed, suggested_lead
from anju.cases.services.acting import Wish, act_as_system, act_on_case
from anju.cases.services.filing import Receipt
from anju.cases.services.matters import switch_route
from anju.cases.services.sweeping import sweep_cases
from anju.rules.cases.facts import Payload
from anju.rules.cases.workflow import Urgency
from tests.cases.conftest import Do
from tests.cases.test_matters import WHY, confirmed, edited, matter
from tests.people import NOW, TODAY, Person

pytestmark = pytest.mark.usefixtures("policy")
FileCase = Callable[..., Receipt]
NOVEMBER = Month(2026, 11)


@pytest.fixture(autouse=True)
def _units(place: SimpleNamespace, policy: None) -> None:
    bodies = {
        "market": place.department,
        "bureau": place.bureau,
        "development": place.government,
        "town": place.town_office,
    }
    for code, unit in bodies.items():
        UnitCode.objects.update_or_create(code=code, defaults={"organisation": unit})


@pytest.fixture
def automatic(people: SimpleNamespace) -> Callable[..., Matter]:
    """Confirm a matter's route and let the system dispatch by it."""

    def one(code: str = "SF01") -> Matter:
        if not matter(code).confirmed:
            confirmed(people, code)
        held = matter(code)
        switch_route(actor=people.bureau_officer.actor, matter=held, on=True, based_on=held.version, **WHY)
        return matter(code)

    return one


def accepted(do: Do, who: Person, case: Case, **told: Any) -> Case:
    given = {"matter": case.matter.code, "urgency": Urgency.B, **told}
    return do(who, case, "accept", note={"duplicates": "查过"}, **given)


def test_accepted_case_goes_at_once_by_a_confirmed_automatic_route(
    people: SimpleNamespace, place: SimpleNamespace, file_case: FileCase, automatic: Callable[..., Matter], do: Do
) -> None:
    held = automatic()
    case = accepted(do, people.town_officer, file_case().case)
    assert (case.state, case.lead_id, case.version) == ("dispatched", place.department.pk, 3)
    assert Case.objects.get(pk=case.pk).state == "dispatched"
    event = case.events.get(transition="dispatch")
    assert (event.role, event.user_id, event.made_as) == ("system", None, "")
    assert f'"route":"SF01:{held.version}"' in event.body
    helpers = set(case.tasks.filter(kind="helpers").values_list("unit_id", flat=True))
    assert helpers == {place.government.pk, place.bureau.pk}
    line = next(history_of(people.town_officer.actor, case))
    assert (line.route, line.by) == (f"SF01:{held.version}", "系统")
    assert case.clocks.get(code="handle").started_at == NOW
    assert list(broken_cases()) == []


def test_automatic_dispatch_is_done_once(
    people: SimpleNamespace, file_case: FileCase, automatic: Callable[..., Matter], do: Do
) -> None:
    automatic()
    case = accepted(do, people.town_officer, file_case().case)
    again = Wish("accept", Payload(matter="SF01", urgency=Urgency.B), {"duplicates": "查过"})
    with pytest.raises(Refused, match=r"case\.changed"):
        act_on_case(actor=people.town_officer.actor, case=case, wish=again, version=1, at=NOW)
    told = Payload(lead=str(case.lead_id), single_route=True)
    assert not act_as_system(case=case, transition="dispatch", payload=told, at=NOW)
    sweep_cases(actor=SYSTEM, at=NOW + timedelta(minutes=1))
    assert case.events.filter(transition="dispatch").count() == 1


def test_route_nobody_confirmed_waits_for_a_person(people: SimpleNamespace, file_case: FileCase, do: Do) -> None:
    case = accepted(do, people.town_officer, file_case().case)
    assert case.state == "accepted"
    assert routed(case, on=TODAY).waits == ("by_hand", "to_be_confirmed")
    confirmed(people, "SF01")
    case = accepted(do, people.town_officer, file_case().case)
    assert (case.state, routed(case, on=TODAY).waits) == ("accepted", ("by_hand",))


def test_route_that_moved_waits_again(
    people: SimpleNamespace, file_case: FileCase, automatic: Callable[..., Matter], do: Do
) -> None:
    automatic()
    edited(people, joint=())
    assert accepted(do, people.town_officer, file_case().case).state == "accepted"


def test_case_about_the_lead_waits_for_a_person(
    people: SimpleNamespace, place: SimpleNamespace, file_case: FileCase, automatic: Callable[..., Matter], do: Do
) -> None:
    automatic()
    told = {"respondents": frozenset({str(place.department.pk)})}
    case = accepted(do, people.town_officer, file_case().case, **told)
    assert (case.state, routed(case, on=TODAY).waits) == ("accepted", ("no_lead",))


def test_case_to_be_dissuaded_first_waits_for_a_person(
    people: SimpleNamespace, file_case: FileCase, automatic: Callable[..., Matter], do: Do
) -> None:
    UnitCode.objects.update_or_create(code="law_enforcement", defaults={"organisation": matter_unit("market")})
    automatic("WL01")
    case = accepted(do, people.town_officer, file_case(matter="WL01").case)
    assert (case.state, routed(case, on=TODAY).waits) == ("accepted", ("dissuade_first",))


def matter_unit(code: str) -> Any:
    return UnitCode.objects.get(code=code).organisation


def test_unit_the_county_lacks_waits_for_a_person(
    people: SimpleNamespace, file_case: FileCase, automatic: Callable[..., Matter], do: Do
) -> None:
    automatic()
    UnitCode.objects.filter(code="development").delete()
    case = accepted(do, people.town_officer, file_case().case)
    assert (case.state, routed(case, on=TODAY).waits) == ("accepted", ("unit_missing",))


def test_case_that_was_returned_is_not_sent_by_the_system_again(
    people: SimpleNamespace, file_case: FileCase, automatic: Callable[..., Matter], do: Do
) -> None:
    automatic()
    case = accepted(do, people.town_officer, file_case().case)
    note = {
        "reason": "不属本局",
        "legal_basis": "价格法 33",
        "proposed_unit": "县发展改革局",
        "dispatcher_consent": "是",
    }
    case = do(people.department_officer, case, "return_task", note=note, at=NOW + timedelta(hours=1))
    assert case.state == "accepted"


def test_acceptance_under_another_matter_follows_that_one(
    people: SimpleNamespace, place: SimpleNamespace, file_case: FileCase, automatic: Callable[..., Matter], do: Do
) -> None:
    automatic()
    case = accepted(do, people.town_officer, file_case(matter="PC08").case, matter="SF01")
    assert (case.state, case.lead_id) == ("dispatched", place.department.pk)


def test_dispatch_otherwise_than_proposed_says_why_through_any_door(
    people: SimpleNamespace, place: SimpleNamespace, file_case: FileCase, do: Do
) -> None:
    case = accepted(do, people.town_officer, file_case().case)
    with pytest.raises(Refused) as refusal:
        do(people.bureau_officer, case, "dispatch", lead=str(place.town_office.pk), note={"reason": "  "})
    assert refusal.value.code == "case.dispatch_why"
    assert Case.objects.get(pk=case.pk).state == "accepted"
    lead = accepted(do, people.town_officer, file_case(matter="WL03").case)
    with pytest.raises(Refused) as refusal:
        do(people.bureau_officer, lead, "dispatch", lead=str(place.department.pk))
    assert refusal.value.code == "case.dissuade_why"


@pytest.mark.parametrize(("named", "body"), [("城关镇人民政府", "town_office"), ("执法大队", ""), ("县市场监管局", "")])
def test_who_returned_a_case_is_not_proposed_for_it_again(
    named: str, body: str, people: SimpleNamespace, place: SimpleNamespace, file_case: FileCase, do: Do
) -> None:
    """Proposed is the body it named instead, if that is one; where it is none, or itself, nobody is and no reason is asked for."""
    case = accepted(do, people.town_officer, file_case().case)
    assert suggested_lead(case, on=TODAY) == str(place.department.pk)
    do(people.bureau_officer, case, "dispatch", lead=str(place.department.pk))
    note = {"reason": "不归我局", "legal_basis": "三定", "proposed_unit": named, "dispatcher_consent": "同意"}
    case = do(people.department_officer, case, "return_task", note=note)
    suggested = str(getattr(place, body).pk) if body else ""
    assert suggested_lead(case, on=TODAY) == suggested
    form = people.bureau_officer.client.get(reverse("cases:act", args=[case.pk, "dispatch"])).content.decode()
    choices = form.partition('name="lead"')[2].partition("</select>")[0]
    assert place.department.name not in choices
    assert choices.index("<option") == choices.index(f'<option value="{suggested}"')
    assert "已依法退回" in form
    assert do(people.bureau_officer, case, "dispatch", lead=str(place.town_office.pk)).state == "dispatched"


def test_overrides_of_a_month_say_who_what_and_why(
    people: SimpleNamespace, place: SimpleNamespace, file_case: FileCase, automatic: Callable[..., Matter], do: Do
) -> None:
    told = {"note": {"reason": "发生在工地，=1+1"}}
    for lead, more in ((place.department, {}), (place.town_office, told), (place.town_office, told)):
        case = accepted(do, people.town_officer, file_case().case)
        do(people.bureau_officer, case, "dispatch", lead=str(lead.pk), **more)
    automatic()
    accepted(do, people.town_officer, file_case().case)
    found = overrides_in(people.supervisor.actor, NOVEMBER)
    assert found.sent == 3
    (count,) = found.counts
    assert (count.code, count.sent, count.elsewhere, count.to) == ("SF01", 3, 2, (("城关镇人民政府", 2),))
    line = found.lines[0]
    assert (line.proposed, line.chosen, line.act) == ("县市场监管局", "城关镇人民政府", "派遣")
    assert (line.reason, line.route) == ("发生在工地，=1+1", "SF01:1")
    assert "房管所经办" in line.by
    assert first_month(people.supervisor.actor) == NOVEMBER


def test_overrides_are_of_one_month_and_of_what_one_may_see(
    people: SimpleNamespace, place: SimpleNamespace, file_case: FileCase, do: Do
) -> None:
    case = accepted(do, people.town_officer, file_case().case)
    do(people.bureau_officer, case, "dispatch", lead=str(place.town_office.pk), note={"reason": "属地"})
    assert len(overrides_in(people.town_officer.actor, NOVEMBER).lines) == 1
    for who in (people.other_town_officer, people.manager, people.system_admin):
        assert overrides_in(who.actor, NOVEMBER).lines == ()
    assert overrides_in(people.supervisor.actor, NOVEMBER.before).lines == ()
    assert first_month(people.other_town_officer.actor) is None


def test_month_is_of_the_county_s_own_time(
    people: SimpleNamespace, place: SimpleNamespace, file_case: FileCase, do: Do
) -> None:
    edge = NOVEMBER.after.begins - timedelta(minutes=1)
    case = accepted(do, people.town_officer, file_case(at=edge - timedelta(hours=1)).case, at=edge)
    do(people.bureau_officer, case, "dispatch", lead=str(place.town_office.pk), note={"reason": "属地"}, at=edge)
    assert len(overrides_in(people.supervisor.actor, NOVEMBER).lines) == 1
    assert overrides_in(people.supervisor.actor, NOVEMBER.after).lines == ()
    assert CaseEvent.objects.filter(transition="dispatch").get().at == edge


@pytest.mark.parametrize(
    ("text", "month"),
    [("2026-11", NOVEMBER), ("2026-1", None), ("2026-13", None), ("２０２６-11", None), ("1999-12", None), ("x", None)],
)
def test_month_is_read_or_not(text: str, month: Month | None) -> None:
    assert Month.of(text) == month


def test_months_follow_one_another_over_the_year() -> None:
    assert (str(Month(2026, 12).after), str(Month(2026, 1).before), str(Month(2026, 9))) == (
        "2027-01",
        "2025-12",
        "2026-09",
    )

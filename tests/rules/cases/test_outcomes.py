"""The results of a case: what an act gives of itself, what must not be open beside it, what it must prove, and when it falls away."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from anju.rules.cases.clocks import recounted
from anju.rules.cases.engine import NotAllowed, apply, fold, may
from anju.rules.cases.facts import Around, Facts, Task, TaskKind
from anju.rules.cases.workflow import Urgency
from tests.rules.cases.ready import ready
from tests.rules.cases.sample import ALL_EVIDENCE, BOOK, DEMO, Walk, days, hours

OPEN_CHILD = Around(open_children=True)


def ordered(case_type: str = "survey_problem", **told: Any) -> Walk:
    walk = Walk(case_type, **told).handling()
    walk.do("order_rectify", "handler", person="p_city", units="u_city", until=days(3), items=(days(2),))
    walk.do("item_done", "handler", person="p_city", units="u_city", item=1)
    return walk


def said_done(walk: Walk, **told: Any) -> Walk:
    walk.do("rectify_done", "handler", person="p_city", units="u_city", **told)
    return walk


@pytest.mark.parametrize(
    ("case_type", "outcome"),
    [
        ("survey_problem", "rectified"),
        ("complaint", "solved"),
        ("enforcement_lead", "ordered"),
        ("hazard", "eliminated"),
    ],
)
def test_rectification_that_is_done_is_the_result_of_its_type(case_type: str, outcome: str) -> None:
    assert said_done(ordered(case_type)).facts.outcome == outcome


def test_survey_problem_closes_as_struck_off_the_list() -> None:
    """已整改销号: reported by the unit, verified item by item, closed by the community."""
    walk = said_done(ordered(reachable=False))
    walk.do("item_pass", "community", person="p_comm", units="u_comm", item=1)
    walk.do("verify_close", "community", person="p_comm", units="u_comm")
    assert (walk.facts.state, walk.facts.outcome) == ("closed", "rectified")
    assert fold(DEMO, walk.events) == walk.facts


@pytest.mark.parametrize(("case_type", "outcome"), [("dispute", "performed"), ("complaint", "solved")])
def test_agreement_is_a_result(case_type: str, outcome: str) -> None:
    walk = Walk(case_type).handling()
    walk.do("start_mediation", "mediator", units="u_comm")
    walk.do("mediation_ok", "mediator", units="u_comm")
    assert walk.facts.outcome == outcome


def test_dissuasion_that_worked_is_a_result_until_it_is_referred() -> None:
    walk = Walk("enforcement_lead").accept()
    walk.do("order_dissuade", "intake", units="u_town", unit="u_company")
    walk.do("dissuade_ok", "company", units="u_company", dissuasion="stopped")
    assert walk.facts.outcome == "stopped"
    walk.do("transfer", "community", units="u_comm", lead="u_city")
    assert (walk.facts.state, walk.facts.outcome) == ("dispatched", "")


def test_court_s_result_of_a_complaint_is_its_only_one() -> None:
    walk = Walk().handling()
    walk.do("to_court", "court", units="u_city")
    walk.do("court_result", "court", units="u_city")
    assert walk.facts.outcome == "judged"


def test_result_that_only_an_act_gives_is_not_reported() -> None:
    walk = Walk("enforcement_lead").handling()
    with pytest.raises(NotAllowed, match="outcome_unknown"):
        walk.report("stopped")


@pytest.mark.parametrize("again", ["verify_fail", "rate_bad", "order_redo"])
def test_result_of_work_that_is_done_again_falls_away(again: str) -> None:
    walk = Walk().handling().report()
    assert walk.facts.outcome == "solved"
    if again == "verify_fail":
        walk.do("verify_fail", "community", person="p_comm", units="u_comm")
    else:
        walk.verify().do("rate_bad", "reporter", score=1)
    if again == "order_redo":
        walk.do("dispatch", "system", lead="u_city", single_route=True)
        walk.sign().report().verify().do("rate_unsettled", "reporter", score=1)
        assert walk.facts.outcome == "solved"
        walk.do("order_redo", "supervisor", units="u_county")
    assert walk.facts.outcome == ""


def refused(walk: Walk, transition: str, role: str, **told: Any) -> tuple[str, ...]:
    return may(walk.book, walk.facts, walk.act(transition, role, **told)).codes


def test_nothing_is_done_while_what_was_derived_from_it_is_open() -> None:
    """Rectified, agreed, stopped by dissuasion; and nobody verifies what was reported before another case came back."""
    of_city: Any = {"person": "p_city", "units": "u_city"}
    assert refused(ordered(), "rectify_done", "handler", around=OPEN_CHILD, **of_city) == ("children_pending",)
    mediated = Walk("dispute").handling()
    mediated.do("start_mediation", "mediator", units="u_comm")
    assert refused(mediated, "mediation_ok", "mediator", around=OPEN_CHILD) == ("children_pending",)
    warned = Walk("hazard").accept()
    warned.do("order_dissuade", "intake", units="u_town", unit="u_company")
    stopped: Any = {"units": "u_company", "dissuasion": "stopped"}
    assert refused(warned, "dissuade_ok", "company", around=OPEN_CHILD, **stopped) == ("children_pending",)
    near: Any = {"person": "p_comm", "units": "u_comm", "around": OPEN_CHILD}
    assert refused(Walk().handling().report(), "verify_pass", "community", **near) == ("children_pending",)
    unreachable = Walk(reachable=False).handling().report()
    assert refused(unreachable, "verify_close", "community", **near) == ("children_pending",)
    assert refused(Walk().handling().report("explained"), "verify_pass", "community", **near) == ()


@pytest.mark.parametrize("matter", ["SS01", "SS02", "SS09", "YJ08"])
def test_danger_in_lifts_and_fire_installations_is_removed_with_a_test_report(matter: str) -> None:
    walk = Walk("hazard").handling()
    walk.facts = replace(walk.facts, matter=matter)
    of_chief: Any = {"person": "p_chief", "units": "u_city"}
    without: Any = {"evidence": ALL_EVIDENCE - {"test_report"}, **of_chief}
    assert refused(walk, "report_result", "unit_lead", outcome="eliminated", **without) == ("missing",)
    assert refused(walk, "report_result", "unit_lead", outcome="eliminated", **of_chief) == ()
    assert refused(walk, "report_result", "unit_lead", outcome="controlled", **without) == ()
    walk.facts = replace(walk.facts, matter="SS04")
    assert refused(walk, "report_result", "unit_lead", outcome="eliminated", **without) == ()


@pytest.mark.parametrize("step", ["arrived", "guarded"])
def test_arrival_and_control_are_shown_by_a_photo_or_a_receipt(step: str) -> None:
    walk = Walk("hazard").handling(urgency=Urgency.A)
    of_city: Any = {"person": "p_city", "units": "u_city", "milestone": step}
    for evidence, codes in (({"scene_photo"}, ()), ({"scan"}, ()), ({"photo"}, ("missing",))):
        found = refused(walk, "milestone", "handler", evidence=frozenset(evidence) | {"milestone"}, **of_city)
        assert found == codes


def test_only_what_is_urgent_is_brought_under_control() -> None:
    of_city: Any = {"person": "p_city", "units": "u_city", "milestone": "controlled"}
    urgent, calm = Walk().handling(urgency=Urgency.A), Walk().handling()
    assert refused(urgent, "milestone", "handler", **of_city) == ()
    assert refused(calm, "milestone", "handler", **of_city) == ("milestone_unknown",)


def test_danger_is_under_control_in_24_hours_and_over_in_three_working_days() -> None:
    walk = Walk("hazard").accept(urgency=Urgency.A).dispatch().sign()
    ends = {clock.code: clock.due for clock in walk.facts.clocks}
    assert (ends["control"], ends["handle"]) == (hours(24), days(3))
    walk.do("milestone", "handler", units="u_city", milestone="guarded", at=hours(5))
    control = walk.facts.clock("control")
    assert control is not None
    assert control.stopped_at == hours(5)


def test_mediation_goes_on_longer_where_both_consent() -> None:
    walk = Walk("dispute").handling()
    walk.do("start_mediation", "mediator", units="u_comm")
    without: Any = {"evidence": ALL_EVIDENCE - {"consent_both"}}
    assert refused(walk, "prolong_mediation", "mediator", days=10, **without) == ("missing",)
    assert refused(walk, "prolong_mediation", "mediator") == ("end_missing",)
    assert refused(walk, "prolong_mediation", "mediator", days=31) == ("end_out_of_limit",)
    walk.do("prolong_mediation", "mediator", days=10)
    mediate = walk.facts.clock("mediate")
    assert mediate is not None
    assert mediate.due == days(40)


def end_of(walk: Walk, code: str) -> datetime:
    clock = walk.facts.clock(code)
    assert clock is not None
    return clock.due


def test_checking_a_lead_is_extended_once_and_by_ten_working_days_at_most() -> None:
    """The first extension of 12 days gives the check 10; the second gives it none."""
    walk = Walk("enforcement_lead").handling()
    of_city: Any = {"person": "p_city", "units": "u_city", "until": days(30)}
    assert (end_of(walk, "handle"), end_of(walk, "check")) == (days(15), days(15))
    walk.do("ask_extension", "handler", **of_city)
    walk.do("extend", "supervisor", units="u_county", days=12)
    assert (end_of(walk, "handle"), end_of(walk, "check")) == (days(27), days(25))
    walk.do("ask_extension", "handler", **of_city)
    walk.do("extend", "supervisor", units="u_county", days=5)
    assert (end_of(walk, "handle"), end_of(walk, "check")) == (days(32), days(25))
    assert all(recounted(BOOK, clock, walk.events) == clock.due for clock in walk.facts.clocks)
    assert fold(DEMO, walk.events) == walk.facts


def test_case_that_is_completed_goes_on_where_its_acceptance_stood() -> None:
    """A working day to accept; asked after six hours, completed two days later: eighteen hours are left."""
    walk = Walk()
    walk.do("ask_info", "intake", units="u_town", at=hours(6))
    walk.do("provide_info", "reporter", at=hours(54))
    assert end_of(walk, "accept") == hours(72)
    assert fold(DEMO, walk.events) == walk.facts


def test_minutes_to_accept_stand_still_too() -> None:
    walk = Walk(urgency=Urgency.A)
    walk.do("ask_info", "intake", units="u_town", at=hours(0.25))
    walk.do("provide_info", "reporter", at=hours(2))
    assert end_of(walk, "accept") == hours(2.25)


def test_dispatcher_does_not_give_a_case_back_to_who_returned_it() -> None:
    facts, act = ready(DEMO, "complaint", "handling", "reassign", "dispatcher")
    facts = replace(facts, returned_by=("u_fire",))
    assert may(BOOK, facts, act).codes == ("lead_returned",)
    assert may(BOOK, facts, replace(act, role="supervisor", person="p_sup", units=frozenset({"u_sup"}))).allowed
    assert apply(BOOK, facts, replace(act, payload=replace(act.payload, lead="u_land"))).facts.lead == "u_land"


def absorbed(due: datetime, **facts: Any) -> Facts:
    """A master that is accepted and takes over an end of 办结 from a case that was dispatched before it; then dispatched itself."""
    walk = Walk().accept(at=hours(1))
    walk.do("absorb", "system", at=hours(2), dues=(("handle", due), ("sign", hours(3))))
    assert walk.facts.absorbed == (("handle", due), ("sign", hours(3)))
    walk.facts = replace(walk.facts, **facts)
    walk.dispatch(at=hours(4))
    assert walk.facts.absorbed == ()
    assert all(recounted(BOOK, clock, walk.events) == clock.due for clock in walk.facts.clocks)
    return walk.facts


@pytest.mark.parametrize(
    ("told", "end"),
    [(days(5), days(5)), (days(9), hours(4 + 7 * 24)), (hours(3), hours(4 + 24))],
)
def test_end_that_came_before_the_dispatch_holds_if_it_is_sooner(told: datetime, end: datetime) -> None:
    """Seven working days from the dispatch, the sooner end of the merged case, but never less than one working day; signing has its own."""
    facts = absorbed(told)
    handle, sign = facts.clock("handle"), facts.clock("sign")
    assert handle is not None
    assert sign is not None
    assert (handle.due, sign.due) == (end, hours(8))


def test_end_that_came_before_the_dispatch_is_taken_once() -> None:
    walk = Walk().accept(at=hours(1))
    walk.do("absorb", "system", at=hours(2), dues=(("handle", days(3)),))
    walk.do("absorb", "system", at=hours(2), dues=(("handle", days(2)),))
    walk.dispatch(at=hours(4)).sign(at=hours(5)).report(at=hours(6))
    assert end_of(walk, "handle") == days(2)
    walk.do("verify_fail", "community", person="p_comm", units="u_comm", at=hours(7))
    assert end_of(walk, "handle") == hours(7 + 4 * 24)
    assert Task(TaskKind.LEAD, "u_city") in walk.facts.tasks

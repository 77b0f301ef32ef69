"""Cases walked from the first word to the last."""

from dataclasses import replace

import pytest

from anju.rules.cases.clocks import next_due
from anju.rules.cases.effects import ClockVerb, Publication
from anju.rules.cases.engine import NotAllowed, fold
from anju.rules.cases.facts import Closing, Item, ItemState, Running, Task, TaskKind, TaskState
from anju.rules.cases.stored import read_event, stored_event
from anju.rules.cases.workflow import Urgency
from tests.rules.cases.sample import DEMO, Walk, days, hours


def test_walk_complaint_to_the_end() -> None:
    walk = Walk().accept().dispatch(at=hours(1)).sign(at=hours(2))
    assert walk.facts.state == "handling"
    assert [clock.code for clock in next_due(walk.facts)] == ["contact", "handle"]
    handle = walk.facts.clock("handle")
    assert handle is not None
    assert handle.due == hours(1 + 7 * 24)
    walk.report(at=days(2)).verify(at=days(3))
    assert walk.facts.state == "feedback"
    walk.do("rate_ok", "reporter", at=days(4), score=5)
    assert (walk.facts.state, walk.facts.closing) == ("closed", Closing.SATISFIED)
    assert walk.last.effects.publication is Publication.PROPOSE
    assert {clock.state for clock in walk.facts.clocks} == {Running.STOPPED}
    assert fold(DEMO, walk.events) == walk.facts


def test_walk_enforcement_lead_dissuaded_in_vain() -> None:
    """An illegal structure: dissuaded, referred by the clock, joined by two units, rectified by the person with 代录."""
    walk = Walk("enforcement_lead").accept()
    walk.do("order_dissuade", "intake", units="u_town", unit="u_company")
    walk.do("dissuade", "company", units="u_company", at=hours(2), dissuasion="promised")
    with pytest.raises(NotAllowed, match="not_due"):
        walk.do("transfer", "system", at=hours(3.9), lead="u_city")
    applied = walk.do("transfer", "system", at=hours(6), lead="u_city")
    assert applied.effects.lapsed is not None
    assert applied.effects.lapsed.due == hours(4)
    assert walk.facts.lead == "u_city"
    walk.sign(at=hours(7))
    walk.do("milestone", "handler", units="u_city", milestone="arrived", at=hours(8))
    arrive = walk.facts.clock("arrive")
    assert arrive is not None
    assert arrive.stopped_at == hours(8)
    walk.do("convene_joint", "station", helpers=("u_land", "u_fire"), meets_at=hours(10), at=hours(9))
    with pytest.raises(NotAllowed, match="helpers_pending"):
        walk.report("ordered", at=hours(9))
    for unit in ("u_land", "u_fire"):
        walk.do("task_done", "handler", units=unit, at=hours(10))
    walk.do("order_rectify", "handler", units="u_city", until=days(10), at=hours(11))
    handle = walk.facts.clock("handle")
    assert handle is not None
    assert handle.state is Running.PAUSED
    walk.do("rectify_done", "handler", units="u_city", person="p_city", at=days(6))
    walk.do("verify_pass", "community", person="p_comm", units="u_comm", at=days(7))
    walk.do("rate_timeout", "system", at=days(23))
    assert walk.facts.closing is Closing.UNRATED
    assert fold(DEMO, walk.events) == walk.facts


def test_walk_items_of_a_rectification() -> None:
    """One item fails and goes back alone; the case closes only when all are verified, each by somebody else than who did it."""
    walk = Walk()
    walk.accept()
    walk.dispatch()
    walk.sign(at=hours(7))
    walk.do("order_rectify", "handler", units="u_city", until=days(10), items=(days(4), days(10)), at=hours(8))
    walk.do("item_done", "handler", units="u_city", person="p_city", item=1, at=days(2))
    with pytest.raises(NotAllowed, match="items_open"):
        walk.do("rectify_done", "handler", units="u_city", at=days(2))
    with pytest.raises(NotAllowed, match="own_work"):
        walk.do("item_pass", "community", person="p_city", units="u_comm", item=1, at=days(3))
    walk.do("item_pass", "community", person="p_comm", units="u_comm", item=1, at=days(3))
    walk.do("item_done", "handler", units="u_city", person="p_city", item=2, at=days(4))
    walk.do("rectify_done", "handler", units="u_city", person="p_city", at=days(4))
    walk.do("item_fail", "community", person="p_comm", units="u_comm", item=2, at=days(5))
    assert walk.facts.items == (Item(days(4), ItemState.PASSED), Item(days(10), ItemState.OPEN, failed=1))
    with pytest.raises(NotAllowed, match="items_not_passed"):
        walk.do("verify_pass", "community", person="p_comm", units="u_comm", at=days(5))
    walk.do("item_done", "handler", units="u_city", person="p_city", item=2, at=days(6))
    walk.do("item_pass", "community", person="p_comm", units="u_comm", item=2, at=days(7))
    walk.do("verify_pass", "community", person="p_comm", units="u_comm", at=days(7))
    assert [event.transition for event in walk.events].count("item_done") == 3
    assert fold(DEMO, walk.events) == walk.facts
    assert [read_event(stored_event(event)) for event in walk.events] == walk.events


def test_walk_order_that_came_to_nothing_binds_no_more() -> None:
    """拒不整改: its items do not hold the case for ever; what is reported next is verified as it is."""
    walk = Walk()
    walk.accept()
    walk.dispatch()
    walk.sign(at=hours(7))
    walk.do("order_rectify", "handler", units="u_city", until=days(10), items=(days(4),), at=hours(8))
    walk.do("rectify_fail", "handler", units="u_city", person="p_city", at=days(5))
    assert walk.facts.items == ()
    walk.do("report_result", "unit_lead", units="u_city", person="p_city", outcome="partly_solved", at=days(6))
    walk.do("verify_pass", "community", person="p_comm", units="u_comm", at=days(7))
    assert walk.facts.state == "feedback"


def test_walk_all_is_done_again_without_the_order() -> None:
    """返工: the unit orders anew or reports another result; the items of an order that was verified go when all begins anew."""
    walk = Walk()
    walk.accept()
    walk.dispatch()
    walk.sign(at=hours(7))
    walk.do("order_rectify", "handler", units="u_city", until=days(10), items=(days(4),), at=hours(8))
    walk.do("item_done", "handler", units="u_city", person="p_city", item=1, at=days(2))
    walk.do("rectify_done", "handler", units="u_city", person="p_city", at=days(2))
    walk.do("verify_fail", "community", person="p_comm", units="u_comm", at=days(3))
    assert (walk.facts.state, walk.facts.items) == ("handling", ())
    walk.do("order_rectify", "handler", units="u_city", until=days(10), items=(days(9),), at=days(4))
    walk.do("item_done", "handler", units="u_city", person="p_city", item=1, at=days(5))
    walk.do("rectify_done", "handler", units="u_city", person="p_city", at=days(5))
    walk.do("item_pass", "community", person="p_comm", units="u_comm", item=1, at=days(6))
    walk.do("verify_pass", "community", person="p_comm", units="u_comm", at=days(6))
    assert walk.facts.items == (Item(days(9), ItemState.PASSED),)
    walk.do("rate_bad", "reporter", score=1, at=days(7))
    assert not walk.facts.items


def test_walk_complaint_against_the_bureau() -> None:
    """县住建局 keeps out at every step: the town accepts, a county supervisor gives it to another unit, the town verifies."""
    walk = Walk(respondents=frozenset({"u_bureau"}))
    with pytest.raises(NotAllowed, match="recused"):
        walk.do("accept", "intake", units="u_office", urgency=Urgency.B, matter="WL01")
    walk.accept()
    with pytest.raises(NotAllowed, match="recused"):
        walk.dispatch()
    with pytest.raises(NotAllowed, match="lead_is_respondent"):
        walk.do("adjudicate", "supervisor", units="u_county", lead="u_office")
    walk.do("adjudicate", "supervisor", units="u_county", lead="u_city")
    walk.sign().report()
    with pytest.raises(NotAllowed, match="other_verifier"):
        walk.verify()
    walk.do("verify_pass", "town", person="p_town", units="u_town")
    walk.do("rate_ok", "reporter", score=4)
    with pytest.raises(NotAllowed, match="recused"):
        walk.do("release", "reviewer", person="p_rev", units="u_bureau")
    assert walk.do("release", "supervisor", units="u_county").effects.publication is Publication.RELEASE
    assert walk.do("unpublish", "supervisor", units="u_county").effects.publication is Publication.WITHDRAW


def test_walk_returned_then_adjudicated_is_final() -> None:
    walk = Walk().accept().dispatch()
    applied = walk.do("return_task", "unit_lead", units="u_city", at=hours(20))
    assert [effect.state for effect in applied.effects.tasks] == [TaskState.RETURNED]
    with pytest.raises(NotAllowed, match="lead_returned"):
        walk.dispatch("u_city")
    walk.do("adjudicate", "supervisor", lead="u_city", units="u_county", at=hours(21))
    assert walk.facts.tasks[-1] == Task(TaskKind.LEAD, "u_city", binding=True)
    handle = walk.facts.clock("handle")
    assert handle is not None
    assert handle.started == hours(0)
    walk.sign()
    for transition, role in (("return_task", "unit_lead"), ("reassign", "dispatcher")):
        with pytest.raises(NotAllowed, match="adjudicated"):
            walk.do(
                transition, role, units="u_city" if role == "unit_lead" else "u_bureau", lead="u_land", at=hours(22)
            )
    walk.do("reassign", "supervisor", units="u_county", lead="u_land", at=hours(22))
    assert walk.facts.lead == "u_land"
    assert walk.facts.tasks[-2].state is TaskState.REASSIGNED


def test_walk_dispute_through_court() -> None:
    walk = Walk("dispute").handling()
    walk.do("start_mediation", "mediator", units="u_comm", at=days(1))
    walk.do("mediation_fail", "mediator", at=days(2))
    walk.do("to_court", "mediator", at=days(3))
    with pytest.raises(NotAllowed, match="missing"):
        walk.do("court_result", "court", at=days(4))
    with pytest.raises(NotAllowed, match="outcome_unknown"):
        walk.do("court_result", "court", outcome="performed", at=days(4))
    walk.do("court_result", "court", outcome="confirmed", at=days(4))
    walk.verify(at=days(5))
    with pytest.raises(NotAllowed, match="court"):
        walk.do("rate_bad", "reporter", score=1, at=days(5))
    walk.do("rate_unsettled", "reporter", score=1, at=days(5))
    with pytest.raises(NotAllowed, match="court"):
        walk.do("order_redo", "supervisor", units="u_county", at=days(6))
    assert walk.do("uphold", "supervisor", units="u_county", at=days(6)).effects.publication is None
    assert walk.facts.closing is Closing.UPHELD


def test_walk_displeasure_twice_goes_to_a_supervisor() -> None:
    walk = Walk().handling().report().verify()
    walk.do("rate_bad", "reporter", score=2, at=days(1))
    assert walk.facts.state == "accepted"
    walk.do("dispatch", "system", lead="u_city", single_route=True, at=days(1))
    handle = walk.facts.clock("handle")
    assert handle is not None
    assert str(handle.amount) == "4 wd"
    walk.sign(at=days(1)).report(at=days(2)).verify(at=days(2))
    with pytest.raises(NotAllowed, match="redo_spent"):
        walk.do("rate_bad", "reporter", score=1, at=days(3))
    walk.do("rate_unsettled", "reporter", score=1, at=days(3))
    assert walk.facts.open_tasks() == (Task(TaskKind.RULING, ""),)
    with pytest.raises(NotAllowed, match="not_due"):
        walk.do("rate_timeout", "system", at=days(60))
    with pytest.raises(NotAllowed, match="awaiting_ruling"):
        walk.do("rate_ok", "reporter", score=5, at=days(4))
    walk.do("order_redo", "supervisor", units="u_county", at=days(5))
    assert (walk.facts.state, walk.facts.redos) == ("accepted", 2)


def test_walk_extension_asked_by_one_and_granted_by_another() -> None:
    walk = Walk().handling()
    walk.do("ask_extension", "handler", person="p_city", units="u_city", until=days(12), at=days(1))
    with pytest.raises(NotAllowed, match="own_request"):
        walk.do("extend", "dispatcher", person="p_city", units="u_bureau", days=5, at=days(2))
    applied = walk.do("extend", "dispatcher", person="p_disp", units="u_bureau", days=5, at=days(2))
    assert [(effect.verb, effect.code, effect.due) for effect in applied.effects.clocks] == [
        (ClockVerb.MOVE, "handle", days(12))
    ]
    walk.do("ask_extension", "handler", person="p_city", units="u_city", until=days(13), at=days(3))
    with pytest.raises(NotAllowed, match="supervisor_decides"):
        walk.do("extend", "dispatcher", person="p_disp", units="u_bureau", days=1, at=days(3))
    with pytest.raises(NotAllowed, match="end_out_of_limit"):
        walk.do("extend", "supervisor", units="u_county", days=8, at=days(3))
    walk.do("extend", "supervisor", units="u_county", days=1, at=days(3))
    with pytest.raises(NotAllowed, match="extensions_spent"):
        walk.do("ask_extension", "handler", units="u_city", until=days(14), at=days(4))


def test_walk_suspension_pauses_and_gives_back_what_was_left() -> None:
    walk = Walk().handling()
    walk.do("ask_suspension", "handler", person="p_city", units="u_city", until=days(20), at=days(1))
    walk.do("suspend", "supervisor", units="u_county", until=days(20), at=days(2))
    assert walk.facts.state == "suspended"
    with pytest.raises(NotAllowed, match="not_due"):
        walk.do("resume", "system", at=days(19.9))
    walk.do("resume", "system", at=days(20.5))
    handle = walk.facts.clock("handle")
    assert handle is not None
    assert handle.due == days(7 + 18.5)
    walk.do("reclassify", "dispatcher", units="u_bureau", urgency=Urgency.C, matter="WL02", at=days(21))
    handle = walk.facts.clock("handle")
    assert handle is not None
    assert handle.due == days(15 + 18.5)
    walk.do("reclassify", "dispatcher", units="u_bureau", urgency=Urgency.A, matter="WL02", at=days(22))
    handle = walk.facts.clock("handle")
    assert handle is not None
    assert handle.due == days(23)


def test_walk_merge_carries_the_earliest_end_to_the_master() -> None:
    from anju.rules.cases.facts import Around, Master

    master = Walk().handling()
    early = replace(Master("TS-1", "c1", "WL01", finished=False, archived=False))
    walk = Walk().accept().dispatch(at=hours(-48))
    applied = walk.do("merge", "dispatcher", units="u_bureau", master="TS-1", around=Around("TS-2", early))
    assert (applied.effects.master, walk.facts.state) == ("TS-1", "merged")
    assert dict(applied.effects.absorbed)["handle"] == days(5)
    assert {task.state for task in walk.facts.tasks} == {TaskState.CANCELLED}
    master.do("absorb", "system", dues=applied.effects.absorbed, at=hours(1))
    handle = master.facts.clock("handle")
    assert handle is not None
    assert handle.due == days(5)
    walk.do("unmerge", "dispatcher", units="u_bureau", around=Around("TS-2", early))
    assert (walk.facts.state, walk.facts.master) == ("submitted", "")
    assert master.do("recompute", "system", dues=(("handle", days(9)),)).facts.clock("handle") != handle


def test_walk_reopened_case_begins_a_new_round() -> None:
    walk = Walk().handling().report().verify(at=days(1))
    walk.do("rate_ok", "reporter", score=3, at=days(1))
    with pytest.raises(NotAllowed, match="too_late"):
        walk.do("reopen", "reporter", at=days(32))
    walk.do("reopen", "supervisor", units="u_county", at=days(400))
    assert (walk.facts.state, walk.facts.closing, walk.facts.ended_at, walk.facts.reopened) == (
        "accepted",
        None,
        None,
        1,
    )


def test_walk_unit_without_a_login_by_paper() -> None:
    """交办单 with 回执: the town enters what the unit did, with its scan; whoever entered it does not verify it."""
    from anju.rules.cases.facts import Clerk

    walk = Walk().accept().dispatch()
    paper = Clerk("town", frozenset({"u_town"}))
    with pytest.raises(NotAllowed, match="missing"):
        walk.do("sign", "unit_lead", units="u_city", person="p_town", clerk=paper, evidence=frozenset())
    walk.do("sign", "unit_lead", units="u_city", person="p_town", clerk=paper)
    walk.do("report_result", "unit_lead", units="u_city", person="p_town", clerk=paper, outcome="solved")
    with pytest.raises(NotAllowed, match="own_work"):
        walk.do("verify_pass", "town", units="u_town", person="p_town")
    walk.do("verify_pass", "town", units="u_town", person="p_other")
    with pytest.raises(NotAllowed, match="clerk_of_own_work"):
        walk.do("rate_ok", "reporter", score=5, clerk=Clerk("intake", frozenset({"u_city"})), person="p_city2")
    walk.do("rate_ok", "reporter", score=5, clerk=paper, person="p_other")


def test_walk_silence_after_a_redo_is_unrated() -> None:
    """The displeasure of the first round stays in its event; the round that ended in silence has no rating."""
    walk = Walk().handling().report().verify()
    walk.do("rate_bad", "reporter", score=1, at=days(1))
    walk.dispatch(at=days(1)).sign(at=days(1)).report(at=days(2)).verify(at=days(2))
    walk.do("rate_timeout", "system", at=days(17))
    assert (walk.facts.closing, walk.facts.score) == (Closing.UNRATED, 0)
    assert [event.payload.score for event in walk.events if event.payload.score] == [1]

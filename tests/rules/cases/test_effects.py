"""What follows from an act: when a case ended, which clocks stop with it, who is told, which orders are open, what paper an entry needs."""

from typing import Any

import pytest

from anju.rules.cases.decision import Reason
from anju.rules.cases.effects import NoticeEffect, Publication
from anju.rules.cases.engine import NotAllowed, apply, may
from anju.rules.cases.facts import Around, CaseClock, Clerk, Facts, Master, Running, Task, TaskKind, TaskState
from anju.rules.cases.separation import verifiers_of, working_units
from anju.rules.cases.workflow import Amount, Unit, Urgency
from tests.rules.cases.sample import ALL_EVIDENCE, BOOK, BUREAU, DEMO, MONDAY, Walk, days, hours, with_facts

MASTER = Around("TS-2", Master("TS-1", "c1", "WL01", finished=False, archived=False))


def closed() -> Walk:
    walk = Walk().handling().report().verify(at=days(1))
    walk.do("rate_ok", "reporter", score=5, at=days(2))
    return walk


def test_case_ended_when_it_was_closed_and_not_when_it_was_released_or_archived() -> None:
    walk = closed()
    assert walk.facts.ended_at == days(2)
    walk.do("release", "supervisor", units="u_county", at=days(5))
    assert walk.facts.ended_at == days(2)
    walk.do("archive", "system", at=MONDAY.replace(year=2032))
    assert (walk.facts.state, walk.facts.ended_at) == ("archived", days(2))


def test_case_that_comes_back_has_not_ended() -> None:
    walk = closed()
    walk.do("reopen", "reporter", at=days(31.9))
    assert walk.facts.ended_at is None
    assert walk.last.effects.publication is None


def test_case_that_ends_stops_every_clock_at_that_moment() -> None:
    """Also one that none of its acts stops."""
    odd = CaseClock("contact", Amount(9, Unit.WD), MONDAY, days(9))
    walk = with_facts(Walk().accept().dispatch().sign().report().verify(), clocks=(odd,))
    walk.do("rate_ok", "reporter", score=5, at=days(2))
    assert [(one.state, one.stopped_at) for one in walk.facts.clocks] == [(Running.STOPPED, days(2))]
    assert walk.last.effects.publication is Publication.PROPOSE


def test_only_a_case_that_closes_is_proposed_to_the_reviewer() -> None:
    walk = Walk().handling()
    assert walk.last.effects.publication is None
    assert walk.report().verify().last.effects.publication is None
    assert closed().do("release", "supervisor", units="u_county").effects.publication is Publication.RELEASE


def test_act_tells_those_whom_its_notices_name_and_a_reporter_only_where_he_can_be_reached() -> None:
    listed = [notice for notice in DEMO.notices if "accept" in notice.on]
    assert "reporter" in {one.to for one in listed}
    told = Walk().accept().last.effects.notices
    assert told == tuple(NoticeEffect(one.code, one.to) for one in listed)
    silent = Walk(reachable=False).accept().last.effects.notices
    assert silent == tuple(one for one in told if one.audience != "reporter")
    assert Walk(reachable=False).accept().dispatch().last.effects.notices


def test_effects_say_the_state_and_only_of_an_act_that_merges_the_master() -> None:
    walk = Walk().accept().dispatch()
    assert (walk.last.effects.state, walk.last.effects.master, walk.last.effects.absorbed) == ("dispatched", "", ())
    effects = walk.do("merge", "dispatcher", units="u_bureau", master="TS-1", around=MASTER).effects
    assert (effects.state, effects.master) == ("merged", "TS-1")
    assert "handle" in dict(effects.absorbed)
    assert apply(BOOK, walk.facts, walk.act("archive", "system", at=MONDAY.replace(year=2032))).effects.master == ""
    effects = walk.do("unmerge", "dispatcher", units="u_bureau", around=MASTER).effects
    assert (effects.master, effects.absorbed) == ("", ())


def test_master_keeps_an_end_that_is_sooner_than_what_it_absorbs() -> None:
    master = Walk().handling()
    before = master.facts.clock("handle")
    master.do("absorb", "system", dues=(("handle", days(30)),), at=hours(1))
    assert master.facts.clock("handle") == before


def test_act_of_a_person_is_no_lapse_although_the_clock_could_have_done_it() -> None:
    walk = Walk().accept().dispatch()
    assert walk.sign().last.effects.lapsed is None
    late = Walk().accept().dispatch()
    sign = late.facts.clock("sign")
    assert sign is not None
    lapsed = late.do("sign", "system", at=sign.due).effects.lapsed
    assert lapsed is not None
    assert lapsed.code == "sign"


def test_clock_that_goes_on_is_not_paused_any_more() -> None:
    walk = Walk().handling()
    walk.do("ask_suspension", "handler", person="p_city", units="u_city", until=days(20), at=days(1))
    walk.do("suspend", "supervisor", units="u_county", until=days(20), at=days(2))
    paused = walk.facts.clock("handle")
    assert paused is not None
    assert (paused.state, paused.paused_at) == (Running.PAUSED, days(2))
    walk.do("resume", "system", at=days(20))
    running = walk.facts.clock("handle")
    assert running is not None
    assert (running.state, running.paused_at, running.pauses) == (Running.RUNNING, None, ((days(2), days(20)),))


def test_unit_is_asked_to_help_once_and_again_when_it_had_done() -> None:
    walk = Walk("enforcement_lead").accept().dispatch().sign()
    call: Any = {"meets_at": days(3), "at": hours(1)}
    walk.do("convene_joint", "station", helpers=("u_city", "u_fire", "u_fire", "u_land"), **call)
    asked = [task.unit for task in walk.facts.open_tasks(TaskKind.HELPER)]
    assert asked == ["u_fire", "u_land"], "not the lead, and nobody twice"
    walk.do("task_done", "handler", units="u_fire", at=hours(2))
    walk.do("convene_joint", "station", helpers=("u_fire", "u_land"), meets_at=days(4), at=hours(3))
    assert [task.unit for task in walk.facts.open_tasks(TaskKind.HELPER)] == ["u_land", "u_fire"]


def test_case_that_is_handed_on_leaves_the_helpers_at_it() -> None:
    helper = Task(TaskKind.HELPER, "u_fire")
    walk = with_facts(Walk().handling(), tasks=(Task(TaskKind.LEAD, "u_city"), helper))
    walk.do("reassign", "dispatcher", units="u_bureau", lead="u_land")
    assert walk.facts.tasks == (
        Task(TaskKind.LEAD, "u_city", TaskState.REASSIGNED), helper, Task(TaskKind.LEAD, "u_land"),
    )  # fmt: skip


@pytest.mark.parametrize("paper", ["scan", "call_note"])
def test_entry_for_another_needs_its_paper_and_says_who_entered_it(paper: str) -> None:
    clerk = Clerk("town", frozenset({"u_town"}))
    walk = Walk().accept().dispatch()
    bare = ALL_EVIDENCE - {"scan", "call_note"}
    told: Any = {"units": "u_city", "person": "p_town", "clerk": clerk}
    with pytest.raises(NotAllowed, match="missing") as refused:
        walk.do("sign", "unit_lead", evidence=bare, **told)
    assert [(one.code, one.about) for one in refused.value.decision.reasons] == [("missing", "scan|call_note")]
    applied = walk.do("sign", "unit_lead", evidence=bare | {paper}, **told)
    assert applied.event.clerk == clerk


def test_reporter_s_rating_is_not_entered_by_those_who_worked() -> None:
    walk = Walk().handling().report().verify()
    clerk = Clerk("intake", frozenset({"u_city"}))
    with pytest.raises(NotAllowed) as refused:
        walk.do("rate_ok", "reporter", score=5, clerk=clerk, person="p_other")
    assert refused.value.decision.codes == ("clerk_of_own_work",)


def test_case_that_is_rejected_is_not_proposed_to_the_reviewer() -> None:
    walk = Walk()
    assert walk.do("reject", "intake", units="u_town").effects.publication is None


def test_what_is_private_or_of_public_interest_stays_so_whatever_it_is_called_later() -> None:
    walk = Walk(private=True, public_interest=True, about=frozenset({"p_one"}), urgency=Urgency.A)
    assert (Walk().facts.urgency, walk.facts.urgency) == (Urgency.B, Urgency.A)
    walk.accept(about=frozenset({"p_two"}))
    assert (walk.facts.private, walk.facts.public_interest) == (True, True)
    assert walk.facts.about == {"p_one", "p_two"}
    later = Walk().accept(private=True, public_interest=True)
    assert (later.facts.private, later.facts.public_interest) == (True, True)


def test_helper_that_is_excused_leaves_the_others_at_it() -> None:
    helpers = (Task(TaskKind.HELPER, "u_fire"), Task(TaskKind.HELPER, "u_land"))
    walk = with_facts(
        Walk("enforcement_lead").accept().dispatch().sign(), tasks=(Task(TaskKind.LEAD, "u_city"), *helpers)
    )
    walk.do("excuse_helper", "station", unit="u_fire")
    assert [task.unit for task in walk.facts.open_tasks(TaskKind.HELPER)] == ["u_land"]


def test_units_at_work_are_those_who_do_or_did_it() -> None:
    """Not who gave it back, whom it was taken from, who was excused; nor who is to verify."""
    ends = {
        "u_open": TaskState.OPEN, "u_done": TaskState.DONE, "u_back": TaskState.RETURNED, "u_off": TaskState.CANCELLED,
        "u_taken": TaskState.REASSIGNED,
    }  # fmt: skip
    tasks = (*(Task(TaskKind.LEAD, unit, state) for unit, state in ends.items()), Task(TaskKind.VERIFY, "u_comm"))
    assert working_units(Facts(tasks=tasks)) == {"u_open", "u_done"}


def test_bureau_s_work_is_verified_by_the_town_or_a_supervisor_and_theirs_together_by_a_supervisor_alone() -> None:
    bureau, town, other = (Task(TaskKind.LEAD, unit) for unit in (min(BUREAU), "u_town", "u_land"))
    for facts, roles in (
        (Facts(tasks=(other,)), ("community", "town")),
        (Facts(tasks=(bureau, other)), ("town", "supervisor")),
        (Facts(tasks=(bureau, town)), ("supervisor",)),
        (Facts(tasks=(other,), respondents=BUREAU), ("town", "supervisor")),
        (Facts(tasks=(town,), respondents=BUREAU), ("supervisor",)),
    ):
        assert verifiers_of(facts, BOOK, "u_town") == roles


def test_clock_that_waits_for_a_rectification_goes_on_waiting_whatever_else_is_done() -> None:
    walk = Walk().handling()
    walk.do("order_rectify", "handler", units="u_city", until=days(10), items=(days(5), days(9)), at=days(1))
    waiting = walk.facts.clock("handle")
    assert waiting is not None
    assert waiting.state is Running.PAUSED
    walk.do("item_done", "handler", units="u_city", item=2, at=days(2))
    assert walk.facts.clock("handle") == waiting


def test_clock_brings_no_papers_where_people_must() -> None:
    """A lead that nobody dissuaded goes on at its end, a level is ordered; but a case that the system files says what it is about."""
    walk = Walk("enforcement_lead").accept()
    walk.do("order_dissuade", "dispatcher", units="u_bureau", unit="u_company")
    dissuade = walk.facts.clock("dissuade")
    assert dissuade is not None
    bare: dict[str, Any] = {"lead": "u_city", "at": dissuade.due, "evidence": frozenset()}
    assert may(BOOK, walk.facts, walk.act("transfer", "system", **bare)).allowed
    refused = may(BOOK, walk.facts, walk.act("transfer", "community", units="u_comm", **bare))
    assert refused.reasons == (Reason("missing", "dissuasion_record|scene_photo"),)
    filed = walk.act("submit", "system", type="hazard", matter="WL01", compound="c1", evidence=frozenset())
    assert may(BOOK, Facts(), filed).reasons == (Reason("missing", "text|photo"),)


def test_refusal_names_its_reasons() -> None:
    late = Walk().accept().dispatch()
    with pytest.raises(NotAllowed, match=r"^too_late、adjudicated$"):
        with_facts(late, adjudicated=True).do("return_task", "unit_lead", units="u_city", at=days(2))


@pytest.mark.parametrize(("days_more", "decides"), [(15, "dispatcher"), (16, "supervisor")])
def test_extension_above_fifteen_working_days_is_the_supervisors(days_more: int, decides: str) -> None:
    walk = Walk("survey_problem", urgency=Urgency.C).accept(urgency=Urgency.C).dispatch().sign()
    walk.do("ask_extension", "handler", person="p_city", units="u_city", until=days(90), at=days(1))
    asked = walk.act("extend", "dispatcher", person="p_disp", units="u_bureau", days=days_more, at=days(1))
    assert may(BOOK, walk.facts, asked).codes == (() if decides == "dispatcher" else ("supervisor_decides",))

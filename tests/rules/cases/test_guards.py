"""What each condition refuses, beside the table that says what it lets through."""

from dataclasses import replace
from typing import Any

import pytest

from anju.rules.cases.decision import WORDS, Reason, words
from anju.rules.cases.engine import Applied, apply, may
from anju.rules.cases.facts import (
    Around,
    Asked,
    CaseClock,
    Clerk,
    Closing,
    Facts,
    Item,
    ItemState,
    Master,
    Request,
    Running,
    Task,
    TaskKind,
    TaskState,
)
from anju.rules.cases.workflow import Amount, Unit, Urgency
from tests.rules.cases.ready import ready
from tests.rules.cases.sample import BOOK, DEMO, MONDAY, days, hours

LEAD, HELPER = Task(TaskKind.LEAD, "u_city"), Task(TaskKind.HELPER, "u_fire")
OFFICE = Task(TaskKind.LEAD, "u_office")
BOUND_CITY = Task(TaskKind.LEAD, "u_city", TaskState.DONE, binding=True)
BOUND_FIRE = Task(TaskKind.LEAD, "u_fire", TaskState.DONE, binding=True)
CITY = frozenset({"u_city"})
HANDLE = CaseClock("handle", Amount(7, Unit.WD), MONDAY, days(7))
VERIFY = CaseClock("verify", Amount(2, Unit.WD), MONDAY, MONDAY)


def codes(
    transition: str,
    role: str,
    *,
    case_type: str = "complaint",
    state: str = "",
    facts: Any = None,
    act: Any = None,
    told: Any = None,
) -> tuple[str, ...]:
    """The reasons against an act to which nothing is lacking but what the test takes away."""
    state = state or DEMO.transitions[transition].from_[0]
    case, wish = ready(DEMO, case_type, state, transition, role)
    wish = replace(wish, payload=replace(wish.payload, **(told or {})), **(act or {}))
    return may(BOOK, replace(case, **(facts or {})), wish).codes


def master(**told: Any) -> Around:
    return Around(
        "TS-2",
        Master(**{"number": "TS-1", "compound": "c1", "matter": "WL01", "finished": False, "archived": False, **told}),
    )


REFUSED = [
    ("already_asked", "ask_info", "intake", {"facts": {"info_requests": 1}}),
    ("emergency_not_told", "accept", "intake", {"told": {"urgency": Urgency.A}, "act": {"evidence": frozenset({"duplicates"})}}),
    ("too_late", "object_reject", "supervisor", {"act": {"at": days(15)}}),
    ("no_master", "merge", "intake", {"act": {"around": Around()}}),
    ("merge_cycle", "merge", "intake", {"act": {"around": master(number="TS-2")}}),
    ("merge_cycle", "merge", "intake", {"act": {"around": master(above=("TS-9", "TS-2"))}}),
    ("master_elsewhere", "merge", "intake", {"act": {"around": master(compound="c2")}}),
    ("master_finished", "merge", "intake", {"act": {"around": master(finished=True)}}),
    ("no_master", "unmerge", "dispatcher", {"act": {"around": Around()}}),
    ("master_finished", "unmerge", "dispatcher", {"act": {"around": master(archived=True)}}),
    ("public_interest", "withdraw", "reporter", {"facts": {"public_interest": True}}),
    ("reporter_gone", "step_back", "reporter", {"case_type": "hazard", "facts": {"reachable": False}}),
    ("urgent", "order_dissuade", "intake", {"case_type": "hazard", "facts": {"urgency": Urgency.A}}),
    ("no_dissuader", "order_dissuade", "intake", {"case_type": "hazard", "told": {"unit": ""}}),
    ("company_is_respondent", "order_dissuade", "intake", {"case_type": "hazard", "facts": {"respondents": frozenset({"u_company"})}}),
    ("not_stopped", "dissuade_ok", "company", {"case_type": "hazard", "told": {"dissuasion": "promised"}}),
    ("not_failed", "transfer", "company", {"case_type": "hazard", "told": {"dissuasion": "promised"}}),
    ("not_failed", "transfer", "owners_org", {"case_type": "hazard", "told": {"dissuasion": "promised"}}),
    ("lead_already", "transfer", "community", {"case_type": "hazard", "state": "verifying", "facts": {"tasks": (LEAD,)}}),
    ("not_your_task", "transfer", "company", {"case_type": "hazard", "act": {"units": frozenset({"u_other"})}}),
    ("not_your_task", "dissuade", "owners_org", {"case_type": "hazard", "act": {"units": frozenset({"u_other"})}}),
    ("no_lead", "dispatch", "dispatcher", {"told": {"lead": ""}}),
    ("no_single_route", "dispatch", "system", {"told": {"single_route": False}}),
    ("lead_is_respondent", "dispatch", "dispatcher", {"facts": {"respondents": frozenset({"u_fire"})}}),
    ("lead_is_respondent", "dispatch", "dispatcher", {"facts": {"respondents": frozenset({"u_land"})}, "told": {"helpers": ("u_land",)}}),
    ("lead_returned", "dispatch", "dispatcher", {"facts": {"returned_by": ("u_fire",)}}),
    ("adjudicated", "dispatch", "dispatcher", {"facts": {"tasks": (BOUND_CITY,)}}),
    ("not_your_task", "milestone", "mediator", {"act": {"units": frozenset({"u_other"})}}),
    ("not_your_task", "milestone", "court", {"act": {"units": frozenset({"u_other"})}}),
    ("not_your_task", "sign", "handler", {"act": {"units": frozenset({"u_fire"})}}),
    ("too_late", "return_task", "unit_lead", {"act": {"at": days(1)}}),
    ("too_late", "return_task", "unit_lead", {"facts": {"dispatched_at": None}}),
    ("returned_before", "return_task", "unit_lead", {"facts": {"returned_by": ("u_city",)}}),
    ("adjudicated", "return_task", "unit_lead", {"facts": {"adjudicated": True}}),
    ("not_returned", "adjudicate", "supervisor", {"facts": {"returned_by": ()}}),
    ("adjudicated", "reassign", "dispatcher", {"facts": {"adjudicated": True}}),
    ("no_helpers", "convene_joint", "station", {"told": {"helpers": ()}}),
    ("meeting_past", "convene_joint", "station", {"told": {"meets_at": MONDAY}}),
    ("missing", "convene_joint", "station", {"told": {"meets_at": None}}),
    ("meeting_past", "talk", "supervisor", {"told": {"meets_at": hours(-1)}}),
    ("attendance_unclear", "joint_held", "station", {"told": {"attendance": ()}}),
    ("attendance_unclear", "joint_held", "station", {"told": {"attendance": (("u_land", "came"),)}}),
    ("attendance_unclear", "joint_held", "station", {"told": {"attendance": (("u_city", "late"),)}}),
    ("attendance_unclear", "joint_held", "station", {"told": {"attendance": (("u_city", "came"), ("u_city", "absent"))}}),
    ("no_helper_task", "task_done", "handler", {"facts": {"tasks": (LEAD,)}}),
    ("no_helper_task", "excuse_helper", "station", {"told": {"unit": "u_nobody"}}),
    ("milestone_unknown", "milestone", "handler", {"told": {"milestone": "filed"}}),
    ("milestone_unknown", "milestone", "handler", {"told": {"milestone": "nothing"}}),
    ("missing", "milestone", "handler", {"told": {"milestone": ""}}),
    ("child_unknown", "derive", "intake", {"told": {"child_type": "complaint"}}),
    ("child_unknown", "derive", "intake", {"told": {"child_type": "nothing"}}),
    ("end_out_of_limit", "order_rectify", "handler", {"told": {"until": MONDAY}}),
    ("end_out_of_limit", "order_rectify", "handler", {"told": {"until": days(16)}}),
    ("missing", "order_rectify", "handler", {"told": {"until": None}}),
    ("item_end_out_of_limit", "order_rectify", "handler", {"told": {"items": (days(2), days(4))}}),
    ("item_end_out_of_limit", "order_rectify", "handler", {"told": {"items": (MONDAY,)}}),
    ("no_open_item", "item_done", "handler", {"facts": {"items": (Item(days(3), ItemState.PASSED),)}}),
    ("item_other", "item_done", "handler", {"told": {"item": 2}}),
    ("no_done_item", "item_pass", "community", {"facts": {"items": (Item(days(3)),)}}),
    ("own_work", "item_pass", "community", {"act": {"units": CITY}}),
    ("items_open", "rectify_done", "handler", {"facts": {"items": (Item(days(3)),)}}),
    ("items_unproved", "rectify_done", "handler", {"act": {"evidence": frozenset({"after_photo", "reply_text"})}}),
    ("items_not_passed", "verify_pass", "community", {"facts": {"items": (Item(days(3), ItemState.DONE),)}}),
    ("items_not_passed", "verify_close", "community", {"facts": {"reachable": False, "items": (Item(days(3)),)}}),
    ("extensions_spent", "ask_extension", "handler", {"facts": {"extensions": 2}}),
    ("asked_late", "ask_extension", "handler", {"act": {"at": days(6.1)}}),
    ("asked_late", "ask_extension", "handler", {"facts": {"clocks": ()}}),
    ("request_pending", "ask_suspension", "handler", {"facts": {"request": Request(Asked.EXTENSION, "p", CITY, None)}}),
    ("no_request", "extend", "dispatcher", {"facts": {"request": Request(Asked.SUSPENSION, "p", CITY, None)}}),
    ("no_request", "suspend", "dispatcher", {"facts": {"request": Request(Asked.EXTENSION, "p", CITY, None)}}),
    ("no_request", "refuse_request", "dispatcher", {"facts": {"request": None}}),
    ("own_request", "suspend", "dispatcher", {"act": {"person": "p_city"}}),
    ("own_request", "suspend", "dispatcher", {"act": {"units": CITY}}),
    ("supervisor_decides", "extend", "dispatcher", {"facts": {"extensions": 1}}),
    ("supervisor_decides", "extend", "dispatcher", {"told": {"days": 16}}),
    ("end_missing", "extend", "dispatcher", {"told": {"days": 0}}),
    ("end_missing", "extend", "dispatcher", {"facts": {"clocks": ()}}),
    ("end_out_of_limit", "extend", "supervisor", {"told": {"days": 8}}),
    ("urgent", "suspend", "supervisor", {"facts": {"urgency": Urgency.A}}),
    ("helpers_pending", "report_result", "unit_lead", {"facts": {"tasks": (LEAD, HELPER)}}),
    ("outcome_unknown", "report_result", "unit_lead", {"told": {"outcome": "punished"}}),
    ("outcome_unknown", "report_result", "unit_lead", {"told": {"outcome": "nothing"}}),
    ("missing", "report_result", "unit_lead", {"told": {"outcome": ""}}),
    ("children_pending", "report_result", "unit_lead", {"act": {"around": Around("TS-2", None, open_children=True)}}),
    ("own_work", "verify_pass", "community", {"act": {"units": CITY}}),
    ("own_work", "verify_pass", "community", {"facts": {"hands": frozenset({"p_community"})}}),
    ("own_work", "verify_pass", "dispatcher", {"facts": {"tasks": (OFFICE,)}, "act": {"units": frozenset({"u_bureau"})}}),
    ("other_verifier", "verify_pass", "community", {"facts": {"tasks": (OFFICE,)}}),
    ("other_verifier", "verify_pass", "supervisor", {"facts": {"tasks": (LEAD,)}}),
    ("unreachable", "verify_pass", "community", {"facts": {"reachable": False}}),
    ("reachable", "verify_close", "community", {"facts": {"reachable": True}}),
    ("no_lead_yet", "verify_fail", "community", {"facts": {"tasks": ()}}),
    ("needs_oversight", "verify_fail", "community", {"facts": {"reworks": 2, "level": 2}}),
    ("not_satisfied", "rate_ok", "reporter", {"told": {"score": 1}}),
    ("not_satisfied", "rate_ok", "reporter", {"told": {"score": 2}}),
    ("not_satisfied", "rate_ok", "reporter", {"told": {"score": 6}}),
    ("missing", "rate_ok", "reporter", {"told": {"score": 0}}),
    ("not_unsatisfied", "rate_bad", "reporter", {"told": {"score": 3}}),
    ("not_unsatisfied", "rate_bad", "reporter", {"told": {"score": -1}}),
    ("redo_spent", "rate_bad", "reporter", {"facts": {"redos": 1}}),
    ("court", "rate_bad", "reporter", {"facts": {"court": True}}),
    ("redo_left", "rate_unsettled", "reporter", {"facts": {"redos": 0}}),
    ("awaiting_ruling", "rate_unsettled", "reporter", {"facts": {"awaiting_ruling": True}}),
    ("nothing_to_rule", "uphold", "supervisor", {"facts": {"awaiting_ruling": False}}),
    ("court", "order_redo", "supervisor", {"facts": {"court": True}}),
    ("too_late", "reopen", "reporter", {"act": {"at": days(30)}}),
    ("nudged_lately", "nudge", "reporter", {"facts": {"nudged_at": MONDAY}, "act": {"at": days(1.9)}}),
    ("level_not_higher", "oversee", "system", {"facts": {"clocks": (replace(HANDLE, level=2),)}}),
    ("level_not_higher", "oversee", "system", {"facts": {"clocks": (), "level": 2}}),
    ("ground_unknown", "return_task", "unit_lead", {"told": {"ground": "season"}}),
    ("arrival_unclear", "joint_held", "station", {"told": {"arrivals": (("u_fire", MONDAY),)}}),
    ("ground_unknown", "reject", "intake", {"told": {"ground": "not_ours"}}),
    ("undisclosed", "release", "reviewer", {"facts": {"undisclosed": True}}),
    ("veiled", "release", "reviewer", {"act": {"around": Around("TS-2", None, veiled=True)}}),
    ("no_reporter", "ask_privacy", "reporter", {"facts": {"reported": False}}),
    ("undisclosed_already", "ask_privacy", "reporter", {"facts": {"undisclosed": True}}),
    ("undisclosed_already", "ask_privacy", "reporter", {"facts": {"private": True}}),
    ("disclosed_already", "drop_privacy", "reporter", {"facts": {"undisclosed": False}}),
    ("level_not_higher", "urge", "system", {"facts": {"clocks": ()}}),
    ("level_not_higher", "urge", "system", {"facts": {"clocks": (replace(VERIFY, due=hours(1)),)}}),
    ("level_not_higher", "urge", "system", {"facts": {"clocks": (replace(VERIFY, level=2),)}}),
    ("level_not_higher", "urge", "system", {"told": {"level": 6}}),
    ("level_not_higher", "oversee", "supervisor", {"told": {"level": 6}}),
    ("no_oversight", "answer_oversight", "unit_lead", {"facts": {"level_answered": True}}),
    ("private", "release", "reviewer", {"facts": {"private": True}}),
    ("released_already", "release", "reviewer", {"facts": {"released": True}}),
    ("own_work", "release", "reviewer", {"facts": {"hands": frozenset({"p_reviewer"})}}),
    ("not_released", "unpublish", "reviewer", {"facts": {"released": False}}),
    ("kept_still", "archive", "system", {"facts": {"ended_at": None}}),
    ("kept_still", "archive", "system", {"facts": {"ended_at": MONDAY.replace(year=2025, day=3)}}),
    ("kept_still", "archive", "system", {"facts": {"closing": Closing.UNRATED, "ended_at": MONDAY.replace(year=2022)}}),
    ("not_due", "lapse", "system", {"act": {"at": hours(-1.1)}}),
    ("not_due", "lapse", "system", {"facts": {"clocks": ()}}),
    ("not_due", "resume", "system", {"facts": {"clocks": (CaseClock("review", Amount(1, Unit.WH), MONDAY, MONDAY, Running.STOPPED),)}}),
    ("recused", "accept", "intake", {"act": {"recused": True}}),
    ("recused", "accept", "intake", {"facts": {"about": frozenset({"p_intake"})}}),
    ("recused", "accept", "intake", {"facts": {"respondents": frozenset({"u_intake"})}}),
    ("recused", "dispatch", "dispatcher", {"facts": {"respondents": frozenset({"u_office"})}, "act": {"units": frozenset({"u_bureau"})}}),
    ("respondent", "dissuade_ok", "company", {"case_type": "hazard", "facts": {"respondents": frozenset({"u_company"})}}),
    ("recused", "rate_ok", "reporter", {"facts": {"respondents": CITY}, "act": {"clerk": Clerk("intake", CITY)}}),
    ("recused", "rectify_done", "company", {"facts": {"respondents": CITY}, "act": {"clerk": Clerk("handler", CITY)}}),
    ("may_not_enter_for", "rate_ok", "reporter", {"act": {"clerk": Clerk("handler", frozenset({"u_x"}))}}),
    ("may_not_enter_for", "verify_pass", "community", {"act": {"clerk": Clerk("intake", frozenset({"u_x"}))}}),
    ("not_in_type", "decide", "reviewer", {"state": "handling"}),
    ("not_in_type", "sign", "handler", {"case_type": "nothing"}),
    ("not_in_type", "accept", "intake", {"case_type": "nothing"}),
    ("missing", "submit", "reporter", {"told": {"compound": ""}}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "transition", "role", "told"), REFUSED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_act_is_refused_for_its_reason(reason: str, transition: str, role: str, told: dict[str, Any]) -> None:
    if transition == "decide" or told.get("case_type") == "nothing":
        facts, act = ready(DEMO, "complaint", "handling", "sign", role)
        facts = replace(facts, type=told.get("case_type", "complaint"))
        assert may(BOOK, facts, replace(act, transition=transition)).codes == (reason,)
        return
    case = dict(told)
    if transition == "submit":
        facts, act = ready(DEMO, "complaint", "", transition, role)
        wish = replace(act, payload=replace(act.payload, compound=""))
        assert may(BOOK, facts, wish).codes == (reason,)
        return
    assert reason in codes(transition, role, **case)


WHOLE = frozenset({"after_photo", "reply_text"})  # of an order in items, whose proofs came one by one
ALLOWED: list[tuple[str, str, dict[str, Any]]] = [
    ("order_rectify", "handler", {"told": {"items": (days(2), days(3))}}),
    ("order_rectify", "handler", {"told": {"until": days(15)}}),
    ("extend", "supervisor", {"told": {"days": 7}}),
    ("ask_extension", "handler", {"act": {"at": days(6)}}),
    ("item_done", "company", {"facts": {"respondents": frozenset({"u_company"}), "items": (Item(days(3)),)}}),
    ("rectify_done", "handler", {"facts": {"items": (Item(days(3), ItemState.DONE),)}, "act": {"evidence": WHOLE}}),
    ("verify_pass", "community", {"facts": {"items": (Item(days(3), ItemState.PASSED),)}}),
    ("object_reject", "supervisor", {"act": {"at": days(14.9)}}),
    ("reopen", "supervisor", {"act": {"at": days(300)}}),
    ("reopen", "reporter", {"act": {"at": days(29.9)}}),
    ("nudge", "reporter", {"facts": {"nudged_at": MONDAY}, "act": {"at": days(2)}}),
    ("oversee", "supervisor", {"facts": {"level": 4}}),
    ("report_result", "unit_lead", {"told": {"outcome": "explained"}, "act": {"around": Around("a", None, open_children=True)}}),
    ("verify_fail", "community", {"facts": {"reworks": 2, "level": 3}}),
    ("verify_close", "community", {"case_type": "survey_problem", "facts": {"reachable": True}}),
    ("dispatch", "dispatcher", {"facts": {"returned_by": ("u_fire",), "tasks": (BOUND_FIRE,)}}),
    ("rectify_done", "company", {"facts": {"respondents": frozenset({"u_company"})}}),
    ("rectify_done", "company", {"facts": {"respondents": frozenset({"u_company"})}, "act": {"clerk": Clerk("handler", CITY)}}),
    ("rectify_done", "owners_org", {"act": {"recused": True}}),
    ("archive", "system", {"facts": {"closing": None, "ended_at": MONDAY.replace(year=2024)}}),
    ("archive", "system", {"facts": {"closing": Closing.UNRATED, "ended_at": MONDAY.replace(year=2021)}}),
    ("adjudicate", "supervisor", {"facts": {"returned_by": (), "respondents": frozenset({"u_office"})}, "told": {"lead": "u_city"}}),
    ("accept", "intake", {"told": {"urgency": Urgency.A}}),
]  # fmt: skip


@pytest.mark.parametrize(("transition", "role", "told"), ALLOWED)
def test_act_is_allowed_at_the_edge(transition: str, role: str, told: dict[str, Any]) -> None:
    assert codes(transition, role, **told) == ()


def test_refusal_tells_all_its_reasons_at_once() -> None:
    found = codes(
        "return_task",
        "unit_lead",
        facts={"adjudicated": True, "returned_by": ("u_city",)},
        act={"evidence": frozenset()},
    )
    assert found == ("missing", "missing", "missing", "missing", "returned_before", "adjudicated")


def test_reason_has_words_and_words_have_a_reason() -> None:
    tested = {reason for reason, *_ in REFUSED}
    assert set(WORDS) - tested == {"wrong_state", "wrong_role", "clerk_of_own_work"}
    assert words(Reason("missing", "photo"), dict(DEMO.evidence)) == "还缺：照片。"
    assert words(Reason("missing", "photo")) == "还缺：photo。"
    assert words(Reason("missing", "text|photo"), dict(DEMO.evidence)) == "还缺：描述或照片。"


def done(transition: str, role: str, case_type: str = "complaint", **facts: Any) -> tuple[Facts, Applied]:
    case, act = ready(DEMO, case_type, DEMO.transitions[transition].from_[0], transition, role)
    case = replace(case, **facts)
    return case, apply(BOOK, case, act)


def test_case_is_derived_only_by_the_act_that_derives() -> None:
    assert done("derive", "intake")[1].effects.child_type == "survey_problem"
    assert done("sign", "handler")[1].effects.child_type == ""


def test_failed_rectification_proposes_a_deduction() -> None:
    assert done("rectify_fail", "handler")[1].effects.credit
    assert not done("sign", "handler")[1].effects.credit


def test_helper_that_is_excused_holds_nothing_up() -> None:
    _, applied = done("excuse_helper", "station")
    assert [task.state for task in applied.facts.tasks] == [TaskState.OPEN, TaskState.CANCELLED]


def test_case_of_a_type_that_is_only_counted_is_not_released() -> None:
    """Not even where its type would have the act."""
    counted = replace(DEMO.types["complaint"], publication="counts")
    book = replace(BOOK, workflow=replace(DEMO, types={**DEMO.types, "complaint": counted}))
    case, act = ready(DEMO, "complaint", "closed", "release", "reviewer")
    assert may(BOOK, case, act).allowed
    assert may(book, case, act).codes == ("private",)


def test_helper_that_is_done_leaves_the_others_at_it() -> None:
    _, applied = done("task_done", "handler", tasks=(LEAD, Task(TaskKind.HELPER, "u_city"), HELPER))
    assert [task.state for task in applied.facts.tasks] == [TaskState.OPEN, TaskState.DONE, TaskState.OPEN]


def test_what_others_were_asked_to_help_with_falls_away_when_the_lead_returns_it() -> None:
    _, applied = done("return_task", "unit_lead", tasks=(LEAD, HELPER))
    assert [task.state for task in applied.facts.tasks] == [TaskState.RETURNED, TaskState.CANCELLED]


def test_reopened_case_carries_nothing_of_the_round_before() -> None:
    counted: Any = dict.fromkeys(("redos", "reworks", "extensions", "score", "level"), 2)
    asked = Request(Asked.EXTENSION, "p", CITY, None)
    said: Any = {
        "closing": Closing.UPHELD,
        "outcome": "solved",
        "released": True,
        "level_answered": False,
        "request": asked,
    }
    left: Any = {"nudged_at": MONDAY, "items": (Item(days(3)),)}
    _, applied = done("reopen", "supervisor", **counted, **said, **left)
    after = applied.facts
    assert {name: getattr(after, name) for name in counted} == dict.fromkeys(counted, 0)
    assert (after.closing, after.outcome, after.released, after.level_answered) == (None, "", False, True)
    assert (after.request, after.nudged_at, after.items, after.reopened) == (None, None, (), 1)


def test_clock_of_a_type_without_limit_never_starts() -> None:
    _, applied = done("dispatch", "dispatcher", "survey_problem", clocks=())
    assert {clock.code for clock in applied.facts.clocks} == {"sign", "plan", "handle"}


def test_matter_has_a_limit_of_its_own_that_gives_way_to_urgency() -> None:
    book = replace(BOOK, matter_limits={("handle", "WL01"): Amount(20, Unit.WD)})
    for urgency, expected in ((Urgency.B, "20 wd"), (Urgency.A, "3 wd")):
        facts, act = ready(DEMO, "complaint", "accepted", "dispatch", "dispatcher")
        facts = replace(facts, clocks=(), urgency=urgency)
        handle = apply(book, facts, act).facts.clock("handle")
        assert handle is not None
        assert str(handle.amount) == expected


def test_urgency_without_a_limit_ends_the_clock() -> None:
    facts, act = ready(DEMO, "complaint", "handling", "reclassify", "dispatcher")
    control = CaseClock("control", Amount(24, Unit.CH), MONDAY, hours(24))
    facts = replace(facts, clocks=(control,), urgency=Urgency.A)
    ended = replace(control, state=Running.STOPPED, stopped_at=MONDAY)
    assert apply(BOOK, facts, act).facts.clock("control") == ended


def test_milestone_that_is_not_registered_moves_no_clock() -> None:
    """A payload may carry a milestone; only the act that registers one starts or stops what hangs on it."""
    case, act = ready(DEMO, "enforcement_lead", "handling", "order_rectify", "handler")
    act = replace(act, payload=replace(act.payload, milestone="filed"))
    assert apply(BOOK, case, act).facts.clock("decide") is None
    case, act = ready(DEMO, "enforcement_lead", "handling", "milestone", "handler")
    act = replace(act, payload=replace(act.payload, milestone="filed"))
    decide = apply(BOOK, case, act).facts.clock("decide")
    assert decide is not None
    assert decide.due == days(90)


def test_minutes_are_natural() -> None:
    facts, act = ready(DEMO, "complaint", "submitted", "accept", "intake")
    act = replace(act, payload=replace(act.payload, urgency=Urgency.A))
    dispatch = apply(BOOK, facts, act).facts.clock("dispatch")
    assert dispatch is not None
    assert dispatch.due == hours(0.5)

"""For every act the facts and the payload with which nothing but type, state and role can stand against it."""

from typing import Any

from anju.rules.cases.facts import (
    Act,
    Around,
    Asked,
    CaseClock,
    Facts,
    Item,
    ItemState,
    Master,
    Payload,
    Request,
    Task,
    TaskKind,
    TaskState,
)
from anju.rules.cases.workflow import Amount, Unit, Urgency, Workflow
from tests.rules.cases.sample import ALL_EVIDENCE, MONDAY, days, hours

_ALSO_THE_LEADS = {
    ("milestone", "mediator"),
    ("milestone", "court"),
}  # outside mediation and court theirs only as the unit's
_UNITS = {"handler": "u_city", "unit_lead": "u_city", "company": "u_company", "owners_org": "u_company"}
_LEAD = Task(TaskKind.LEAD, "u_city")
_HANDLE = CaseClock("handle", Amount(7, Unit.WD), MONDAY, days(7))
_MASTER = Master("TS-1", "c1", "WL01", finished=False, archived=False)
_FACTS: dict[str, dict[str, Any]] = {
    "dissuade": {"tasks": (Task(TaskKind.DISSUADE, "u_company"),)},
    "dissuade_ok": {"tasks": (Task(TaskKind.DISSUADE, "u_company"),)},
    "transfer": {"tasks": (Task(TaskKind.DISSUADE, "u_company", TaskState.DONE),)},
    "task_done": {"tasks": (_LEAD, Task(TaskKind.HELPER, "u_city"))},
    "excuse_helper": {"tasks": (_LEAD, Task(TaskKind.HELPER, "u_fire"))},
    "adjudicate": {"returned_by": ("u_land",)},
    "extend": {"request": Request(Asked.EXTENSION, "p_city", frozenset({"u_city"}), days(9))},
    "suspend": {"request": Request(Asked.SUSPENSION, "p_city", frozenset({"u_city"}), days(9))},
    "refuse_request": {"request": Request(Asked.SUSPENSION, "p_city", frozenset({"u_city"}), days(9))},
    "item_done": {"items": (Item(days(3)),)},
    "item_pass": {"items": (Item(days(3), ItemState.DONE),)},
    "item_fail": {"items": (Item(days(3), ItemState.DONE),)},
    "prolong_mediation": {"clocks": (CaseClock("mediate", Amount(30, Unit.CD), MONDAY, days(30)),)},
    "urge": {"clocks": (CaseClock("verify", Amount(2, Unit.WD), MONDAY, hours(-1)),)},
    "verify_close": {"reachable": False},
    "rate_unsettled": {"redos": 1},
    "order_redo": {"awaiting_ruling": True},
    "uphold": {"awaiting_ruling": True},
    "answer_oversight": {"level": 2, "level_answered": False},
    "unpublish": {"released": True},
    "drop_privacy": {"undisclosed": True},
    "archive": {"ended_at": MONDAY.replace(year=2020)},
}
_PAYLOAD: dict[str, dict[str, Any]] = {
    "submit": {"compound": "c1"},
    "order_dissuade": {"unit": "u_company"},
    "excuse_helper": {"unit": "u_fire"},
    "dissuade_ok": {"dissuasion": "stopped"},
    "transfer": {"dissuasion": "in_vain", "lead": "u_fire"},
    "dispatch": {"lead": "u_fire", "single_route": True},
    "adjudicate": {"lead": "u_fire"},
    "reassign": {"lead": "u_fire"},
    "convene_joint": {"helpers": ("u_fire", "u_land"), "meets_at": hours(3)},
    "joint_held": {"attendance": (("u_city", "came"),)},
    "talk": {"meets_at": hours(3)},
    "order_rectify": {"until": days(3)},
    **{code: {"item": 1} for code in ("item_done", "item_pass", "item_fail")},
    "ask_extension": {"until": days(9)},
    "ask_suspension": {"until": days(9)},
    "suspend": {"until": days(9)},
    "extend": {"days": 2},
    "prolong_mediation": {"days": 2},
    "urge": {"level": 2, "clock": "verify"},
    "rate_ok": {"score": 5},
    "rate_bad": {"score": 1},
    "rate_unsettled": {"score": 1},
    "oversee": {"level": 2},
    "merge": {"master": "TS-1"},
}


def ready(workflow: Workflow, case_type: str, state: str, transition: str, role: str) -> tuple[Facts, Act]:
    """Return a case of this type in this state, and an act to which nothing else is lacking."""
    given: dict[str, Any] = {"reachable": True, "tasks": (_LEAD,), "clocks": (_HANDLE,), "ended_at": MONDAY}
    given |= _FACTS.get(transition, {})
    bureau_case = {"verify_pass", "verify_close", "verify_fail", "item_pass", "item_fail"}
    if role == "supervisor" and transition in bureau_case:
        given["tasks"] = (Task(TaskKind.LEAD, "u_office"),)
    fired = workflow.clock_that_fires(transition)
    if fired:
        given["clocks"] += (CaseClock(fired, Amount(1, Unit.WH), MONDAY, hours(-1)),)
    given |= {"seq": 9, "type": case_type, "state": state, "matter": "WL01", "compound": "c1"}
    facts = Facts(**given, dispatched_at=MONDAY) if state else Facts()
    told = {"type": case_type, "matter": "WL01", "urgency": Urgency.B, **_PAYLOAD.get(transition, {})}
    told["milestone"] = next(one.code for one in workflow.milestones.values() if case_type in one.types)
    outcomes = workflow.outcomes_by(case_type, transition)
    told["outcome"] = outcomes[0].code if outcomes else ""
    told["child_type"] = next(code for code in workflow.types if code != case_type)
    unit = "u_city" if (transition, role) in _ALSO_THE_LEADS else _UNITS.get(role, f"u_{role}")
    around = Around("TS-2", _MASTER)
    act = Act(transition, role, MONDAY, f"p_{role}", frozenset({unit}), ALL_EVIDENCE, Payload(**told), around)
    return facts, act

"""Random walks through the workflow: after every act the invariants hold, and from wherever a walk ends the case can be brought to
its end without a word from the citizen."""

import random
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from anju.rules.cases.book import Book
from anju.rules.cases.engine import apply, fold, may
from anju.rules.cases.facts import (
    Act,
    Around,
    CaseClock,
    Closing,
    Event,
    Facts,
    ItemState,
    Master,
    Payload,
    Running,
    TaskKind,
    TaskState,
)
from anju.rules.cases.workflow import Kind, Urgency
from anju.rules.cases.workflow_file import WORKFLOW, parse_workflow

SHORT, LONG = 150, 10_000
STEPS = 40
_DEMO = Path(__file__).resolve().parents[2] / "policy" / "demo" / WORKFLOW
_BEGIN = datetime(2026, 11, 2, 9, tzinfo=timezone(timedelta(hours=8)))
_HOURS = {"ch": 1, "wh": 1, "wd": 24, "cd": 24}
_UNITS = ("u_city", "u_fire", "u_land", "u_office", "u_town", "u_comm", "u_company")
_PERSONS = ("p1", "p2", "p3", "p4", "p5")
_WORKING = frozenset({"handler", "unit_lead"})
_CHECKS = frozenset({"verify_pass", "verify_close", "verify_fail", "item_pass", "item_fail"})
_WITH_LEAD = frozenset({"dispatched", "handling", "rectifying", "mediating", "in_court", "suspended"})
_OF_CHECKERS = frozenset({"verify", "feedback", "ruling", "oversight", "decide"})  # 90 days of 处罚法 60 run on
_STRAIGHT = frozenset({"submitted", "accepted", "dispatched", "handling", "verifying"})
_ENDINGS = frozenset({"withdraw", "merge", "reject", "lapse", "archive"})
_WITH_ITEMS = frozenset({"rectifying", "verifying"})
_MAYBE_LEAD = frozenset({"verifying"})


def _deadline(start: datetime, unit: str, amount: int) -> datetime:
    return start + timedelta(hours=_HOURS[unit] * amount)


def _resumed(due: datetime, paused: datetime, again: datetime, _: str) -> datetime:
    return due + (again - paused)


BOOK = Book(
    parse_workflow(_DEMO.read_bytes(), units=frozenset({"bureau"})), _deadline, _resumed, frozenset({"u_office"})
)
_EVIDENCE = frozenset(BOOK.workflow.evidence)


def run(walks: int, seed: int = 20261126) -> dict[str, Any]:
    """Walk cases at random; count what was done, where walks ended, and every breach of an invariant."""
    chance = random.Random(seed)
    acts: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    breaches: Counter[str] = Counter()
    for _ in range(walks):
        events = _walk(chance, breaches)
        acts.update(event.transition for event in events)
        ends[_finish(fold(BOOK.workflow, events), events[-1].at, breaches)] += 1
    never = sorted(set(BOOK.workflow.transitions) - set(acts))
    return {
        "walks": walks,
        "acts": acts.total(),
        "breaches": dict(breaches),
        "never": never,
        "ends": dict(sorted(ends.items())),
        "passed": not breaches and (walks < LONG or not never),
    }


def _walk(chance: random.Random, breaches: Counter[str]) -> list[Event]:
    facts, at, events = Facts(), _BEGIN, list[Event]()
    case_type = chance.choice(list(BOOK.workflow.types))
    eager = chance.random() < 0.25
    for _ in range(STEPS * chance.choice((1, 1, 1, 5))):
        years = 6 if facts.ended_at and chance.random() < 0.05 else 0
        at += timedelta(days=366 * years, hours=chance.choice((0, 0, 1, 5, 24, 60)))
        act = _wish(chance, facts, case_type, at, eager=eager)
        if not may(BOOK, facts, act).allowed:
            continue
        done = apply(BOOK, facts, act)
        breaches.update(_broken(facts, act, done.facts))
        events.append(done.event)
        facts, at = done.facts, act.at
    if not events:
        events.append(apply(BOOK, facts, _filing(case_type, at)).event)
    if fold(BOOK.workflow, events) != facts and facts != Facts():
        breaches["fold"] += 1
    if [event.seq for event in events] != list(range(1, len(events) + 1)):
        breaches["sequence"] += 1
    return events


def _filing(case_type: str, at: datetime) -> Act:
    told = Payload(type=case_type, matter="WL01", compound="c1", reachable=True)
    return Act("submit", "reporter", at, evidence=_EVIDENCE, payload=told)


def _wish(chance: random.Random, facts: Facts, case_type: str, at: datetime, *, eager: bool) -> Act:
    """An eager walk mostly goes the straight way, so that it comes to be rated, and rated again."""
    if eager and facts.state in _STRAIGHT and chance.random() < 0.7:
        ways = (act for act in _ways_on(facts, at) if may(BOOK, facts, act).allowed)
        return next(ways, _act(chance, facts, case_type, at))
    return _act(chance, facts, case_type, at)


def _act(chance: random.Random, facts: Facts, case_type: str, at: datetime) -> Act:
    """Mostly a sensible wish, so that walks go far; sometimes nonsense, so that it is refused."""
    moves = list(BOOK.workflow.transitions.values())
    fitting = [move for move in moves if facts.state in (move.from_ or ("",))]
    move = chance.choice(fitting if fitting and chance.random() < 0.95 else moves)
    if move.code in _ENDINGS and chance.random() < 0.9:
        move = chance.choice(fitting or moves)
    role = chance.choice(move.roles) if chance.random() < 0.95 else chance.choice(("handler", "company", "supervisor"))
    if role == "system" and (fired := BOOK.workflow.clock_that_fires(move.code)) and (clock := facts.clock(fired)):
        at = max(at, clock.due + timedelta(hours=chance.choice((0, 1))))
    return Act(
        move.code,
        role,
        at,
        person="" if role in ("system", "reporter") else chance.choice(_PERSONS),
        units=frozenset({_unit(chance, facts, role)}),
        evidence=_EVIDENCE if chance.random() < 0.98 else frozenset(),
        payload=_payload(chance, facts, case_type, move.code, at),
        around=Around(
            "TS-2", Master("TS-1", "c1", facts.matter, finished=False, archived=False), chance.random() < 0.1
        ),
        recused=chance.random() < 0.02,
    )


def _unit(chance: random.Random, facts: Facts, role: str) -> str:
    tasks = [task.unit for task in facts.open_tasks() if task.unit]
    working = role in ("handler", "unit_lead", "company", "owners_org")
    return chance.choice(tasks) if working and tasks and chance.random() < 0.9 else chance.choice(_UNITS)


def _payload(chance: random.Random, facts: Facts, case_type: str, move: str, at: datetime) -> Payload:
    workflow = BOOK.workflow
    milestones = [code for code, one in workflow.milestones.items() if case_type in one.types]
    outcomes = [one.code for one in workflow.outcomes_by(case_type, move)]
    running = [clock.code for clock in facts.clocks if clock.state is Running.RUNNING]
    return Payload(
        type=case_type,
        matter="WL01",
        compound="c1",
        urgency=chance.choice((Urgency.A, Urgency.B, Urgency.B, Urgency.C)),
        reachable=chance.random() < 0.7,
        respondents=frozenset({chance.choice(_UNITS)})
        if chance.random() < (0.02 if facts.state else 0.3)
        else frozenset(),
        lead=chance.choice(_UNITS),
        helpers=tuple(chance.sample(_UNITS, chance.randint(0, 2))),
        unit=chance.choice(_UNITS),
        single_route=chance.random() < 0.5,
        dissuasion=chance.choice(("stopped", "in_vain", "promised")),
        milestone=chance.choice(milestones),
        outcome=chance.choice(outcomes or [""]),
        clock=chance.choice(running) if running and move == "urge" else "",
        score=chance.randint(1, 5),
        level=chance.randint(1, 5),
        master="TS-1",
        child_type=chance.choice(list(workflow.types)),
        until=at + timedelta(days=chance.randint(1, 20)),
        days=chance.randint(1, 20),
        items=tuple(at + timedelta(days=chance.randint(1, 3)) for _ in range(chance.randint(0, 2))),
        item=chance.randint(1, 2),
        meets_at=at + timedelta(hours=chance.randint(0, 48)),
        attendance=tuple((task.unit, "absent") for task in facts.open_tasks(TaskKind.LEAD)),
    )


def _broken(before: Facts, act: Act, after: Facts) -> list[str]:
    """Return the names of the invariants that an act has broken."""
    kind = BOOK.workflow.states[after.state].kind
    over = kind in (Kind.FINAL, Kind.END)
    leads = len(after.open_tasks(TaskKind.LEAD))
    working = {task.unit for task in after.tasks if task.kind is not TaskKind.VERIFY and task.state is TaskState.DONE}
    held = {
        "one lead": leads == 1 if after.state in _WITH_LEAD else leads <= (after.state in _MAYBE_LEAD),
        "tasks fall": not (over and after.open_tasks()),
        "clocks stop": not (over and any(clock.state is not Running.STOPPED for clock in after.clocks)),
        "clock": all(map(_is_sound, after.clocks)),
        "one clock": _at_most_one(after),
        "unit's clocks": after.state not in ("verifying", "feedback") or _active(after) <= _OF_CHECKERS,
        "items": after.state in _WITH_ITEMS or all(one.state is ItemState.PASSED for one in after.items),
        "verifier": act.transition not in _CHECKS or not act.units & (working | {before.lead}),
        "hands": act.transition not in _CHECKS or act.person not in before.hands,
        "grant": act.transition not in ("extend", "suspend") or _granted_by_another(before, act),
        "respondent": not act.units & before.respondents
        or act.role in ("reporter", "system")
        or act.transition in ("rectify_done", "item_done"),
        "returned once": len(set(after.returned_by)) == len(after.returned_by),
        "satisfied": (after.closing is Closing.SATISFIED) is (after.closing is not None and after.score >= 3),
        "ended": (after.ended_at is not None) is over,
        "result": not after.closing or bool(after.outcome),
    }
    return [name for name, holds in held.items() if not holds]


def _is_sound(clock: CaseClock) -> bool:
    pausing = (clock.state is Running.PAUSED) is (clock.paused_at is not None)
    stopped = (clock.state is Running.STOPPED) is (clock.stopped_at is not None)
    return stopped and clock.due >= clock.started and (pausing or clock.state is Running.STOPPED)


def _active(facts: Facts) -> set[str]:
    return {clock.code for clock in facts.clocks if clock.state is not Running.STOPPED}


def _at_most_one(facts: Facts) -> bool:
    return len(_active(facts)) == sum(clock.state is not Running.STOPPED for clock in facts.clocks)


def _granted_by_another(before: Facts, act: Act) -> bool:
    return before.request is not None and before.request.person != act.person and not before.request.units & act.units


def _finish(facts: Facts, at: datetime, breaches: Counter[str]) -> str:
    """Bring the case to its end by what offices and the clock can do alone; return the state where the walk had left it."""
    left = facts.state
    for _ in range(STEPS):
        if BOOK.workflow.states[facts.state].kind in (Kind.FINAL, Kind.END):
            return left
        at += timedelta(hours=1)
        acts = list(_ways_on(facts, at))
        able = next((act for act in acts if may(BOOK, facts, act).allowed), None)
        if able is None:
            breaches[f"stuck in {facts.state}"] += 1
            return left
        facts = apply(BOOK, facts, able).facts
        at = able.at
    breaches["endless"] += 1
    return left


def _ways_on(facts: Facts, at: datetime) -> list[Act]:
    """What a willing county would try in this state, in this order; each by every unit that could."""
    tries = {
        "submitted": [("accept", "intake")],
        "info_needed": [("lapse", "system")],
        "accepted": [("dispatch", "dispatcher"), ("adjudicate", "supervisor")],
        "dissuading": [("transfer", "system")],
        "dispatched": [("sign", "system")],
        "handling": [
            ("refuse_request", "supervisor"),
            ("excuse_helper", "supervisor"),
            ("report_result", "unit_lead"),
            ("reassign", "supervisor"),
        ],
        "rectifying": [("rectify_fail", "system")],
        "mediating": [("mediation_fail", "mediator")],
        "in_court": [("court_result", "court")],
        "suspended": [("resume", "system")],
        "verifying": [
            *(
                (code, role)
                for code in ("verify_pass", "verify_close", "item_pass")
                for role in ("community", "town", "supervisor")
            ),
            ("item_done", "handler"),
        ],
        "feedback": [("uphold", "supervisor"), ("rate_timeout", "system")],
    }
    return [act for code, role in tries[facts.state] for act in _tries(facts, code, role, at)]


def _tries(facts: Facts, code: str, role: str, at: datetime) -> list[Act]:
    units = (*dict.fromkeys(task.unit for task in facts.open_tasks() if task.unit), *_UNITS, "u_other")
    given = BOOK.workflow.outcomes_by(facts.type, code)
    outcome = next((one.code for one in given if one.kind != "done"), "")
    fired = facts.clock(BOOK.workflow.clock_that_fires(code) or "")
    moment = max(at, fired.due + timedelta(hours=1)) if fired and role == "system" else at
    return [
        Act(
            code, role, moment, "" if role == "system" else f"p_{role}", frozenset({unit if role in _WORKING else f"u_{role}"}), _EVIDENCE,
            Payload(matter=facts.matter, urgency=facts.urgency, lead=lead, unit=unit, outcome=outcome, item=_item(facts, code)),
        )
        for unit in units
        for lead in ("u_fifth", "u_sixth", "u_seventh")
    ]  # fmt: skip


def _item(facts: Facts, code: str) -> int:
    """The first item that is to be done, or to be verified."""
    wanted = ItemState.OPEN if code == "item_done" else ItemState.DONE
    return next((place for place, one in enumerate(facts.items, 1) if one.state is wanted), 0)

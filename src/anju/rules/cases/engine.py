"""The only judge of a case: may somebody do this now, and what follows. State is the fold of events and nothing else.

decision = may(book, facts, act)          why not, by codes
done = apply(book, facts, act)            event, facts and effects; raises NotAllowed
facts = fold(workflow, events)            the same facts again
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import Final

from anju.rules.cases import separation
from anju.rules.cases.book import Book
from anju.rules.cases.clocks import dues, moved_clocks
from anju.rules.cases.decision import Decision, Reason
from anju.rules.cases.effects import Effects, effects_of
from anju.rules.cases.facts import Act, Event, Facts, Running
from anju.rules.cases.guards import GUARDS
from anju.rules.cases.marks import mark
from anju.rules.cases.question import Question
from anju.rules.cases.tasks import moved_tasks
from anju.rules.cases.workflow import START, Kind, Transition, Workflow

# What an act says counts as its evidence; all else is attached.
_TOLD: Final = (
    "matter", "compound", "lead", "urgency", "until", "score", "level", "outcome", "milestone", "child_type", "master",
    "meets_at", "ground",
)  # fmt: skip
_HANDS: Final = frozenset({"handler", "unit_lead", "mediator", "station"})


class NotAllowed(ValueError):
    """The act was refused. Nothing changed."""

    def __init__(self, decision: Decision) -> None:
        super().__init__("、".join(decision.codes))
        self.decision = decision


@dataclass(frozen=True, slots=True)
class Applied:
    """An act that was done: what to keep, what the case is now, what else to do."""

    event: Event
    facts: Facts
    effects: Effects


def may(book: Book, facts: Facts, act: Act) -> Decision:
    """Say whether the act may be done, with every reason against it. There is no role that may do everything."""
    misplaced = _misplaced(book.workflow, facts, act)
    if misplaced:
        return Decision((Reason(misplaced),))
    return Decision(tuple(dict.fromkeys(_against(book, facts, _with_outcome(book.workflow, facts, act)))))


def _with_outcome(workflow: Workflow, facts: Facts, act: Act) -> Act:
    """An act that can give only one result gives it: 整改完成 is 已整改销号."""
    if act.payload.outcome or "outcome" not in workflow.transitions[act.transition].marks:
        return act
    given = workflow.outcomes_by(facts.type, act.transition)
    return replace(act, payload=replace(act.payload, outcome=given[0].code)) if len(given) == 1 else act


def _misplaced(workflow: Workflow, facts: Facts, act: Act) -> str:
    """Return why an act has no place in this type, state or role at all."""
    case_type = facts.type if facts.state else act.payload.type
    if not workflow.enabled(case_type, act.transition):
        return "not_in_type"
    transition = workflow.transitions[act.transition]
    if facts.state not in (transition.from_ or (START,)):
        return "wrong_state"
    return "" if act.role in transition.roles else "wrong_role"


def _against(book: Book, facts: Facts, act: Act) -> Iterator[Reason]:
    transition = book.workflow.transitions[act.transition]
    question = Question(book, facts, act)
    yield from separation.recusal(question, transition)
    yield from separation.clerk(facts, act)
    yield from _not_due(book.workflow, facts, act)
    yield from _missing(book.workflow, facts, transition, act)
    for name in transition.guards:
        code = GUARDS[name](question)
        if code:
            yield Reason(code)


def _missing(workflow: Workflow, facts: Facts, transition: Transition, act: Act) -> Iterator[Reason]:
    """The clock brings no papers, but a case that the system files says what it is about."""
    if act.role == "system" and transition.from_:
        return
    there = act.evidence | {name for name in _TOLD if getattr(act.payload, name)}
    step = workflow.milestones.get(act.payload.milestone) if "milestone" in transition.marks else None
    proofs = workflow.proof_of(facts.matter, act.payload.outcome) if "outcome" in transition.marks else ()
    for need in (*transition.needs, *(step.needs if step else ()), *proofs):
        if not there & set(need.split("|")):
            yield Reason("missing", need)


def _not_due(workflow: Workflow, facts: Facts, act: Act) -> Iterator[Reason]:
    """What the system does because time ran out, it does when time has run out."""
    fired = workflow.clock_that_fires(act.transition) if act.role == "system" else None
    if fired is None:
        return
    clock = facts.clock(fired)
    if clock is None or clock.state is not Running.RUNNING or act.at < clock.due:
        yield Reason("not_due")


def apply(book: Book, facts: Facts, act: Act) -> Applied:
    """Return the event, the new facts and what follows. Raises `NotAllowed` with the reasons."""
    decision = may(book, facts, act)
    if not decision.allowed:
        raise NotAllowed(decision)
    act = _with_outcome(book.workflow, facts, act)
    bare = Event(
        facts.seq + 1, act.transition, act.role, act.at, act.person, act.units, act.payload, clerk=act.clerk
    )  # fmt: skip
    marked = mark(facts, bare, book.workflow.transitions[act.transition].marks)
    event = replace(bare, dues=dues(book, facts, marked, bare))
    after = evolve(book.workflow, facts, event)
    return Applied(event, after, effects_of(book.workflow, facts, after, event))


def evolve(workflow: Workflow, facts: Facts, event: Event) -> Facts:
    """Return the facts after one event. It was allowed when it happened and is not judged again."""
    transition = workflow.transitions[event.transition]
    state = transition.target(facts.state)
    arrives = workflow.states[state].kind
    clocks = moved_clocks(workflow, facts, event, arrives)
    marked = mark(facts, event, transition.marks)
    begun = {code for code, _, _ in event.dues}
    worked = event.person and event.role in _HANDS
    return replace(
        marked,
        seq=event.seq,
        state=state,
        clocks=clocks,
        tasks=moved_tasks(marked, event, transition, arrives),
        absorbed=tuple(one for one in marked.absorbed if one[0] not in begun),
        hands=facts.hands | {event.person} if worked else facts.hands,
        ended_at=_ended_at(facts, event, state, arrives),
    )


def _ended_at(facts: Facts, event: Event, state: str, arrives: Kind) -> datetime | None:
    """The moment of closing, kept while the case is only archived, forgotten when it comes back."""
    if state == facts.state or arrives is Kind.END:
        return facts.ended_at
    return event.at if arrives is Kind.FINAL else None


def fold(workflow: Workflow, events: Iterable[Event]) -> Facts:
    """Return the facts that these events lead to, in their order."""
    return reduce(lambda facts, event: evolve(workflow, facts, event), events, Facts())

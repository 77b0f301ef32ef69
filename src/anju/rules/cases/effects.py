"""What follows from an event besides the case's own facts: read off the facts before and after, so that it cannot differ from them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from anju.rules.cases.facts import CaseClock, Event, Facts, Running, Task, TaskState
from anju.rules.cases.workflow import Kind, Workflow


class ClockVerb(StrEnum):
    START = "start"
    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    MOVE = "move"


class Publication(StrEnum):
    """PROPOSE: a reviewer may look at it now. Nothing is public before RELEASE."""

    PROPOSE = "propose"
    RELEASE = "release"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class ClockEffect:
    verb: ClockVerb
    code: str
    due: datetime


@dataclass(frozen=True, slots=True)
class TaskEffect:
    """`state` OPEN: a new order; any other: how an old one ended."""

    task: Task

    @property
    def state(self) -> TaskState:
        return self.task.state


@dataclass(frozen=True, slots=True)
class NoticeEffect:
    """A message to send. `audience`: the reporter, or one of `audiences`, which says who that is."""

    code: str
    audience: str


@dataclass(frozen=True, slots=True)
class Effects:
    """All that a service has to do besides keeping the event.

    `absorbed`: the running ends that the master takes over (`absorb` with `Payload.dues`). `child_type`: a case to open.
    `credit`: propose a deduction. `lapsed`: the clock whose end made the system act, with the moment it should have acted.
    """

    state: str
    clocks: tuple[ClockEffect, ...] = ()
    tasks: tuple[TaskEffect, ...] = ()
    notices: tuple[NoticeEffect, ...] = ()
    publication: Publication | None = None
    master: str = ""
    absorbed: tuple[tuple[str, datetime], ...] = ()
    child_type: str = ""
    credit: bool = False
    lapsed: CaseClock | None = None


def effects_of(workflow: Workflow, before: Facts, after: Facts, event: Event) -> Effects:
    """Return what follows from the event that led from `before` to `after`."""
    fired = workflow.clock_that_fires(event.transition) if event.role == "system" else None
    marks = workflow.transitions[event.transition].marks
    return Effects(
        state=after.state,
        clocks=_clocks(before, after),
        tasks=_tasks(before, after),
        notices=_notices(workflow, after, event),
        publication=_publication(workflow, before, after),
        master=after.master if after.master != before.master else "",
        absorbed=_running(before) if after.master and not before.master else (),
        child_type=event.payload.child_type if "derived" in marks else "",
        credit="credit" in marks,
        lapsed=before.clock(fired) if fired else None,
    )


def _running(facts: Facts) -> tuple[tuple[str, datetime], ...]:
    return tuple((clock.code, clock.due) for clock in facts.clocks if clock.state is Running.RUNNING)


def _clocks(before: Facts, after: Facts) -> tuple[ClockEffect, ...]:
    old = [*before.clocks, *[None] * (len(after.clocks) - len(before.clocks))]
    told = ((_verb(was, now), now) for was, now in zip(old, after.clocks, strict=True))
    return tuple(ClockEffect(verb, now.code, now.due) for verb, now in told if verb)


def _verb(was: CaseClock | None, now: CaseClock) -> ClockVerb | None:
    if was is None:
        return ClockVerb.START
    if was.state is not now.state:
        verbs = {Running.STOPPED: ClockVerb.STOP, Running.PAUSED: ClockVerb.PAUSE, Running.RUNNING: ClockVerb.RESUME}
        return verbs[now.state]
    return ClockVerb.MOVE if was.due != now.due else None


def _tasks(before: Facts, after: Facts) -> tuple[TaskEffect, ...]:
    count = len(before.tasks)
    changed = [now for was, now in zip(before.tasks, after.tasks[:count], strict=True) if was != now]
    return tuple(TaskEffect(task) for task in (*changed, *after.tasks[count:]))


def _notices(workflow: Workflow, after: Facts, event: Event) -> tuple[NoticeEffect, ...]:
    """A reporter who cannot be reached is told nothing; the receipt's number and code show him the same."""
    listed = [notice for notice in workflow.notices if event.transition in notice.on]
    return tuple(NoticeEffect(one.code, one.to) for one in listed if one.to != "reporter" or after.reachable)


def _publication(workflow: Workflow, before: Facts, after: Facts) -> Publication | None:
    if after.released != before.released:
        return Publication.RELEASE if after.released else Publication.WITHDRAW
    ended = workflow.states[after.state].kind is Kind.FINAL and after.closing and after.state != before.state
    counts_only = after.private or after.undisclosed or workflow.types[after.type].publication == "counts"
    return Publication.PROPOSE if ended and not counts_only else None

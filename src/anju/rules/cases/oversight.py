"""Which levels of oversight are due (督办): a function of how late a case is now, so that a day without the job changes nothing.

A clock of the unit that leads is overseen with its whole ladder (`oversee`); one of an office that accepts, dispatches, verifies or rules
is urged by the clock's own level (`urge`). A level belongs to the clocks that ran when it was ordered: what begins later begins at 0.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from anju.rules.cases.facts import CaseClock, Facts, Running
from anju.rules.cases.workflow import LEAD, Level, Urgency, Workflow

_SECOND_TIME: Final = 2
WARNING: Final = -1
_WORK: Final = (
    "handle",
    "rectify",
    "mediate",
)  # what is overseen in editions whose clocks do not say who answers for them
# (clock) -> working days since its end, 0 when not late; and whether it is nearly over (预警).
Late = Callable[[CaseClock], int]
Warned = Callable[[CaseClock], bool]


@dataclass(frozen=True, slots=True)
class Order:
    """A level to order. `clock`: the one that is urged, empty for an order to the unit that leads."""

    level: int
    clock: str = ""


def causes(facts: Facts, at: datetime) -> frozenset[str]:
    """Return why a level may be due besides lateness: the second rework, the second displeasure, nobody on the scene of an emergency."""
    arrive = facts.clock("arrive")
    absent = arrive is not None and arrive.state is Running.RUNNING and at >= arrive.due
    found = {
        "reworks": facts.reworks >= _SECOND_TIME,
        "redos": facts.redos >= _SECOND_TIME or (facts.awaiting_ruling and not facts.court),
        "not_on_scene": facts.urgency is Urgency.A and absent,
    }
    return frozenset(name for name, holds in found.items() if holds)


def answering(workflow: Workflow, clock: str) -> str:
    """Return who answers for a clock, one of `workflow.ANSWERS`; empty where nobody is overseen for it."""
    if any(one.answers for one in workflow.clocks.values()):
        return workflow.clocks[clock].answers
    return LEAD if clock in _WORK else ""


def overseen_clocks(workflow: Workflow) -> frozenset[str]:
    """Return the clocks for which somebody is overseen."""
    return frozenset(code for code in workflow.clocks if answering(workflow, code))


def warns(workflow: Workflow, clock: str) -> bool:
    """Say whether somebody is told before the clock ends (预警)."""
    return workflow.clocks[clock].warns or clock in _WORK


def standing(workflow: Workflow, facts: Facts) -> int:
    """Return the level that the unit which leads stands at; without a clock of its that keeps levels, the case's."""
    own = [clock for clock in _running(facts) if workflow.clocks[clock.code].answers == LEAD]
    return max((clock.level for clock in own), default=facts.level)


def urged(workflow: Workflow, facts: Facts, clock: str) -> CaseClock | None:
    """Return the clock of an office that runs, by its code."""
    offices = (one for one in _running(facts) if workflow.clocks[one.code].answers not in ("", LEAD))
    return next((one for one in offices if one.code == clock), None)


def orders_due(
    workflow: Workflow, facts: Facts, late: Late, warned: Warned, because: frozenset[str]
) -> tuple[Order, ...]:
    """Return what to order now, lowest first. Days on which nobody asked are made up: every level on the way is ordered."""
    stands, own, found = standing(workflow, facts), set[int](), list[Order]()
    for clock in _running(facts):
        answers, most = answering(workflow, clock.code), workflow.clocks[clock.code].level_most
        levels = [level for level in workflow.levels if level.level <= most]
        if answers == LEAD:
            soon = warns(workflow, clock.code) and warned(clock)
            own |= {one.level for one in levels_due(levels, standing=stands, overdue_days=late(clock), warned=soon)}
        elif answers:
            due = levels_due(levels, standing=clock.level, overdue_days=late(clock))
            found += [Order(level.level, clock.code) for level in due if level.overdue_days != WARNING]
    own |= {one.level for one in levels_due(workflow.levels, standing=facts.level, because=because)}
    return (*map(Order, sorted(own)), *found)


def _running(facts: Facts) -> list[CaseClock]:
    return [clock for clock in facts.clocks if clock.state is Running.RUNNING]


def levels_due(
    levels: Iterable[Level],
    *,
    standing: int,
    overdue_days: int = 0,
    warned: bool = False,
    because: frozenset[str] = frozenset(),
) -> tuple[Level, ...]:
    """Return the levels to order now, lowest first, up to the highest reached; none that stands already.

    `overdue_days`: working days since the end, the first day late is 1, 0 when not late. `warned`: 80 % of the time is used or one
    working day is left.
    """
    reached = [level.level for level in levels if _reached(level, overdue_days, warned, because)]
    highest = max(reached, default=0)
    found = [level for level in levels if standing < level.level <= highest]
    return tuple(sorted(found, key=lambda level: level.level))


def _reached(level: Level, overdue_days: int, warned: bool, because: frozenset[str]) -> bool:
    late = warned if level.overdue_days == WARNING else overdue_days >= level.overdue_days
    return late or bool(because & set(level.also))

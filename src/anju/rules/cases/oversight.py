"""Which levels of oversight are due (督办): a function of how late a case is now, so that a day without the job changes nothing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from anju.rules.cases.facts import Facts, Running
from anju.rules.cases.workflow import Level, Urgency

_SECOND_TIME: Final = 2
WARNING: Final = -1


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


def levels_due(
    levels: Iterable[Level], *, standing: int, overdue_days: int, warned: bool, because: frozenset[str]
) -> tuple[Level, ...]:
    """Return the levels to order now, lowest first, up to the highest reached; none that stands already.

    `overdue_days`: working days since the end, the first day late is 1, 0 when not late. `warned`: 80 % of the time is used or one
    working day is left. Days on which nobody asked are made up: every level on the way has its document.
    """
    reached = [level.level for level in levels if _reached(level, overdue_days, warned, because)]
    highest = max(reached, default=0)
    found = [level for level in levels if standing < level.level <= highest]
    return tuple(sorted(found, key=lambda level: level.level))


def _reached(level: Level, overdue_days: int, warned: bool, because: frozenset[str]) -> bool:
    late = warned if level.overdue_days == WARNING else overdue_days >= level.overdue_days
    return late or bool(because & set(level.also))

"""What the engine judges by: a workflow, the calendar's two answers, and who 县住建局 is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from anju.rules.cases.workflow import Amount, Unit, Workflow

# (start, unit, amount) -> end. Units: ch, wh, wd, cd. Days do not count the first; natural days end on a working day.
Deadline = Callable[[datetime, str, int], datetime]
# (due, paused, resumed, unit) -> the new end: what was left at the pause is left at the resumption, in the same calendar.
Resumed = Callable[[datetime, datetime, datetime, str], datetime]


@dataclass(frozen=True, slots=True)
class Book:
    """`bureau`: the ids of 县住建局 and of the offices that are part of it."""

    workflow: Workflow
    deadline: Deadline
    resumed: Resumed
    bureau: frozenset[str] = frozenset()

    def end(self, start: datetime, amount: Amount) -> datetime:
        """Return the end of a period; minutes are natural and need no calendar (民法典 201 第二款)."""
        if amount.unit is Unit.CM:
            return start + timedelta(minutes=amount.number)
        return self.deadline(start, amount.unit, amount.number)

    def within(self, start: datetime | None, amount: Amount, at: datetime) -> bool:
        """Say whether `at` is not later than the period after `start`; an unknown start is no start."""
        return start is not None and at <= self.end(start, amount)

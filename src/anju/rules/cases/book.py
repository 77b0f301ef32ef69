"""What the engine judges by: a workflow, the calendar's two answers, and who 县住建局 is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final

from anju.rules.cases.workflow import Amount, Unit, Urgency, Workflow
from anju.rules.workdays.calendar import CHINA

_INSTANT: Final = timedelta(seconds=1)
# (start, unit, amount) -> end. Units: ch, wh, wd, cd. Days do not count the first; natural days end on a working day.
# Acting before the end is in time, at the end it is late: 24:00 of a day is 0:00 of the next.
Deadline = Callable[[datetime, str, int], datetime]
# (due, paused, resumed, unit) -> the new end: what was left at the pause is left at the resumption, in the same calendar.
Resumed = Callable[[datetime, datetime, datetime, str], datetime]


@dataclass(frozen=True, slots=True)
class Book:
    """`bureau`: the ids of 县住建局 and of the offices that are part of it.

    `matter_limits`: limits of a matter's own, by clock and matter (`Matters.limits`); they give way only to urgency A.
    """

    workflow: Workflow
    deadline: Deadline
    resumed: Resumed
    bureau: frozenset[str] = frozenset()
    matter_limits: Mapping[tuple[str, str], Amount] = field(default_factory=dict)

    def end(self, start: datetime, amount: Amount) -> datetime:
        """Return the end of a period; minutes are natural and need no calendar (民法典 201 第二款)."""
        if amount.unit is Unit.CM:
            return start + timedelta(minutes=amount.number)
        return self.deadline(start, amount.unit, amount.number)

    def put_off(self, due: datetime, paused: datetime, again: datetime, unit: Unit) -> datetime:
        """Return the end after a pause: what was left is left, in the same unit."""
        return due + (again - paused) if unit is Unit.CM else self.resumed(due, paused, again, unit)

    def longer(self, due: datetime, amount: Amount) -> datetime:
        """Return an end put off by a period. An end at 24:00 is of the day before, so that the next day is the first one more."""
        at_midnight = due.astimezone(CHINA).time() == time()
        return self.end(due - _INSTANT if at_midnight else due, amount)

    def within(self, start: datetime | None, amount: Amount, at: datetime) -> bool:
        """Say whether `at` lies before the end of the period after `start`; an unknown start is no start."""
        return start is not None and at < self.end(start, amount)

    def limit(self, clock: str, case_type: str, matter: str, urgency: Urgency) -> Amount | None:
        """Return how long a clock runs for a case, None where it does not apply."""
        amount = self.workflow.limit(clock, case_type, urgency)
        own = None if urgency is Urgency.A else self.matter_limits.get((clock, matter))
        return own if amount and own else amount

"""Joint sessions (会商): which units were called, when they meet, who came. Guards among them are listed in `guards`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from anju.rules.cases.facts import Event, TaskKind
from anju.rules.cases.question import Question

CALLED: Final = "convene_joint"
HELD: Final = "joint_held"


class Came(StrEnum):
    """到场, 请假, 未到."""

    CAME = "came"
    EXCUSED = "excused"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Session:
    """One session. `units`: who led the case when it was called, then those called. `came`: of each, once it was recorded.

    `called`, `held`: the places of its events; `held` is 0 until somebody has recorded it. `meets_at` is None where the call was a line
    of text (editions before the third). `arrived`: when, of those units that came and of which it was written down.
    """

    called: int
    called_at: datetime
    units: tuple[str, ...]
    meets_at: datetime | None = None
    held: int = 0
    came: Mapping[str, Came] = field(default_factory=dict)
    arrived: Mapping[str, datetime] = field(default_factory=dict)

    def minutes_late(self, unit: str) -> int:
        """Return by how many whole minutes a unit came late; 0 where it was in time or nothing is known."""
        arrived = self.arrived.get(unit)
        if arrived is None or self.meets_at is None:
            return 0
        return max((arrived - self.meets_at) // timedelta(minutes=1), 0)


def sessions_of(events: Iterable[Event]) -> tuple[Session, ...]:
    """Return the sessions of one case, from its events in their order. What is recorded again replaces what was recorded before.

    A record without a call before it is nobody's: no unit was called.
    """
    lead, found = "", list[Session]()
    for event in events:
        told = event.payload
        lead = told.lead or lead
        if event.transition == CALLED:
            units = tuple(dict.fromkeys(unit for unit in (lead, *told.helpers) if unit))
            found.append(Session(event.seq, event.at, units, told.meets_at))
        elif event.transition == HELD and found:
            came = {unit: Came(how) for unit, how in told.attendance}
            found[-1] = replace(found[-1], held=event.seq, came=came, arrived=dict(told.arrivals))
    return tuple(found)


def meeting_ahead(q: Question) -> str:
    """Nobody is called to a moment that has passed."""
    meets_at = q.act.payload.meets_at
    return "meeting_past" if meets_at is not None and meets_at <= q.act.at else ""


def attendance_of_units(q: Question) -> str:
    """Of each unit of the case that is named, once, whether it came. A helper that was let go may have been called before."""
    told = q.act.payload.attendance
    units = [unit for unit, _ in told]
    there = {task.unit for task in q.facts.tasks if task.kind in (TaskKind.LEAD, TaskKind.HELPER)}
    clear = units and len(set(units)) == len(units) and there.issuperset(units)
    return "" if clear and {how for _, how in told} <= set(Came) else "attendance_unclear"


def arrivals_of_those_there(q: Question) -> str:
    """Only a unit that came has arrived, and not later than it is written down."""
    told = q.act.payload
    there = {unit for unit, how in told.attendance if how == Came.CAME}
    clear = all(unit in there and at <= q.act.at for unit, at in told.arrivals)
    return "" if clear else "arrival_unclear"


GUARDS: Final = (meeting_ahead, attendance_of_units, arrivals_of_those_there)

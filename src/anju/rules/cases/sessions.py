"""Joint sessions (会商): which units were called, when they meet, who came. Guards among them are listed in `guards`.

One session may serve several cases of one compound: it is called from one of them, and each keeps its own part, the units that were
called for it. Parts with the same `Key` are one session.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from anju.rules.cases.facts import Event, Payload, TaskKind
from anju.rules.cases.question import Question

CALLED: Final = "convene_joint"
HELD: Final = "joint_held"
Key = tuple[str, datetime]  # the case from which a session was called, and when


class Came(StrEnum):
    """到场, 请假, 未到."""

    CAME = "came"
    EXCUSED = "excused"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Session:
    """One session, or the part of one case in it. `units`: who led the case when it was called, then those called. `came`: of each, once
    it was recorded.

    `called`, `held`: the places of its events; `held` is 0 until somebody has recorded it. `meets_at` is None where the call was a line
    of text (editions before the third). `arrived`: when, of those units that came and of which it was written down. `held_at`: when it
    was recorded last. `called_from`: the case from which it was called, empty where it is this one.
    """

    called: int
    called_at: datetime
    units: tuple[str, ...]
    meets_at: datetime | None = None
    held: int = 0
    came: Mapping[str, Came] = field(default_factory=dict)
    arrived: Mapping[str, datetime] = field(default_factory=dict)
    held_at: datetime | None = None
    called_from: str = ""

    def key(self, number: str) -> Key:
        """Return what makes parts of several cases one session. `number`: of the case whose part this is."""
        return self.called_from or number, self.called_at

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
            found.append(Session(event.seq, event.at, units, told.meets_at, called_from=told.session))
        elif event.transition == HELD and found:
            came = {unit: Came(how) for unit, how in told.attendance}
            arrived = dict(told.arrivals)
            found[-1] = replace(found[-1], held=event.seq, came=came, arrived=arrived, held_at=event.at)
    return tuple(found)


def called_for(told: Payload, lead: str, *, called_from: str, host: str) -> Payload:
    """Return the call of a session for another case than the one it is called from: without the unit that leads it, which comes anyhow.

    Where nobody else was called, `host`, who leads the case it is called from, is who it sits with.
    """
    others = tuple(unit for unit in told.helpers if unit != lead) or (host,)
    return replace(told, helpers=others, session=called_from)


def recorded_for(told: Payload, part: Session) -> Payload:
    """Return of a whole session's record what one case keeps: of its own units, whether and when they came."""
    return replace(
        told,
        attendance=tuple((unit, how) for unit, how in told.attendance if unit in part.units),
        arrivals=tuple((unit, at) for unit, at in told.arrivals if unit in part.units),
    )


def one_table(cases: Iterable[tuple[str, frozenset[str]]]) -> bool:
    """Say whether cases, each with its lead and whom it is about, may be handled in one session: no lead sits there about itself."""
    leads, about = set[str](), set[str]()
    for lead, respondents in cases:
        leads.add(lead)
        about |= respondents
    return not leads & about


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

"""What a unit's work amounts to, counted from rows: on time, returned, redone, satisfied of the rated, unrated apart.

No figure mixes what is not known into what is good: 未评价, 裁定办结, 无法联系 and court results are counted by themselves. Shares are
pairs of whole numbers; whoever shows one shows both, and each opens its rows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from anju.rules.cases.facts import Closing, TaskState
from anju.rules.cases.sessions import Came, Key

SMALL: Final = 5


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One order of one unit. `due`, `done_at`: of its clock 办结. `by_court`: the case ended in a court's result.

    `reasons`: codes of what was tapped after ratings of this order's work, each once.
    """

    unit: str
    case: str
    state: TaskState
    due: datetime | None = None
    done_at: datetime | None = None
    reworks: int = 0
    redos: int = 0
    reopened: int = 0
    score: int = 0
    closing: Closing | None = None
    by_court: bool = False
    level: int = 0
    suspended: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallRow:
    """One unit called to one joint session for one case. Rows with the same `session` are one call, and open several cases.

    `came` is None until somebody has recorded who was there, `told_at` when that was; `late`: by how many whole minutes it came late.
    """

    unit: str
    case: str
    session: Key
    came: Came | None = None
    told_at: datetime | None = None
    late: int = 0


Row = TypeVar("Row", WorkRow, CallRow)


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`, and the cases that make up the part; more than it where one session served several."""

    part: int
    whole: int
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """`on_time` of what is done and had an end; `overdue` of what is open. `satisfied` of the rated only.

    `reasons`: by code, the orders with whose work somebody was not content for this reason, of all orders of which anybody said why.
    `called`: how often to joint sessions, each once however many cases it served; `excused` and `absent` of those calls of which it was
    recorded who came.
    """

    unit: str
    received: int
    done: int
    on_time: Share
    overdue: Share
    returned: Share
    reworked: Share
    redone: Share
    reopened: Share
    rated: Share
    satisfied: Share
    unrated: Share
    upheld: Share
    unreachable: Share
    by_court: Share
    overseen: Share
    suspended: Share
    called: int
    excused: Share
    absent: Share
    reasons: Mapping[str, Share]


def unit_figures(rows: Iterable[WorkRow], calls: Iterable[CallRow], at: datetime) -> tuple[UnitFigures, ...]:
    """Return the figures of every unit, by its code. `at`: the moment for which lateness of open work is told."""
    worked, called = _by_unit(rows), _by_unit(calls)
    units = sorted(worked.keys() | called.keys())
    return tuple(_figures(unit, worked.get(unit, []), called.get(unit, []), at) for unit in units)


def _by_unit(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.unit, []).append(row)
    return found


def _figures(unit: str, rows: list[WorkRow], calls: list[CallRow], at: datetime) -> UnitFigures:
    kept = [row for row in rows if row.state in (TaskState.OPEN, TaskState.DONE)]
    done = [row for row in kept if row.done_at]
    timed = [row for row in done if row.due]
    pending = [row for row in kept if not row.done_at]
    closed = [row for row in kept if row.closing]
    rated = [row for row in closed if row.score and not row.by_court]
    sessions = sessions_called(calls)
    return UnitFigures(
        unit=unit,
        received=len(rows),
        done=len(done),
        on_time=_share(timed, lambda row: bool(row.due and row.done_at and row.done_at < row.due)),
        overdue=_share(pending, lambda row: row.due is not None and at >= row.due and not row.suspended),
        returned=_share(rows, lambda row: row.state is TaskState.RETURNED),
        reworked=_share(kept, lambda row: row.reworks > 0),
        redone=_share(kept, lambda row: row.redos > 0),
        reopened=_share(kept, lambda row: row.reopened > 0),
        rated=_share(closed, lambda row: row.score > 0),
        satisfied=_share(rated, lambda row: row.closing is Closing.SATISFIED),
        unrated=_share(closed, lambda row: row.closing is Closing.UNRATED),
        upheld=_share(closed, lambda row: row.closing is Closing.UPHELD),
        unreachable=_share(closed, lambda row: row.closing is Closing.UNREACHABLE),
        by_court=_share(closed, lambda row: row.by_court),
        overseen=_share(kept, lambda row: row.level > 1),
        suspended=_share(pending, lambda row: row.suspended),
        called=len(sessions),
        excused=_calls(sessions, Came.EXCUSED),
        absent=_calls(sessions, Came.ABSENT),
        reasons=_reasons([row for row in rows if row.reasons]),
    )


def _reasons(told: list[WorkRow]) -> dict[str, Share]:
    codes = dict.fromkeys(code for row in told for code in row.reasons)
    return {code: _share(told, lambda row, code=code: code in row.reasons) for code in sorted(codes)}  # type: ignore[misc]


def sessions_called(calls: Iterable[CallRow]) -> list[list[CallRow]]:
    """Return one unit's calls, those to one session together, each saying the same of it.

    What was recorded of the case from which it was called holds: whoever records a part of his own does not speak for the others. Where
    nothing was, what was recorded last.
    """
    found: dict[Key, list[CallRow]] = {}
    for call in calls:
        found.setdefault(call.session, []).append(call)
    return [_as_told(rows) for rows in found.values()]


def _as_told(rows: list[CallRow]) -> list[CallRow]:
    told = [row for row in rows if row.came and row.told_at]
    if not told:
        return rows
    own = [row for row in told if row.case == row.session[0]]
    last = own[0] if own else max(told, key=lambda row: row.told_at or row.session[1])
    return [replace(row, came=last.came, told_at=last.told_at, late=last.late) for row in rows]


def _calls(sessions: list[list[CallRow]], how: Came) -> Share:
    held = [rows for rows in sessions if rows[0].came]
    those = [rows for rows in held if rows[0].came is how]
    return Share(len(those), len(held), tuple(row.case for rows in those for row in rows))


def _share(rows: list[WorkRow], holds: Callable[[WorkRow], bool]) -> Share:
    cases = tuple(row.case for row in rows if holds(row))
    return Share(len(cases), len(rows), cases)


def merged_small(counts: dict[str, int], *, least: int = SMALL) -> tuple[dict[str, int], int]:
    """Return the cells that may be published and the sum of those too small to stand alone, which is published in their place.

    If the sum itself is small, the next smallest cell joins it: nobody is found by subtracting.
    """
    small = {name for name, count in counts.items() if 0 < count < least}
    rest = sum(counts[name] for name in small)
    for name in sorted((name for name in counts if counts[name] >= least), key=lambda name: counts[name]):
        if not 0 < rest < least:
            break
        small.add(name)
        rest += counts[name]
    return {name: count for name, count in counts.items() if name not in small}, rest

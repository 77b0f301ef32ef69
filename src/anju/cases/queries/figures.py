"""What each unit did with what was given to it, and whether it came to the sessions it was called to, as `rules.cases.figures` counts it:
from rows, so that every figure opens them.

A department sees its own figures; who answers for an area sees all units within it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Any, Final

from django.utils.timezone import make_aware

from anju.base.actor import Actor
from anju.cases.models import CaseClock, CaseEvent, CaseTask
from anju.cases.queries.catalogue import workflow_of
from anju.cases.queries.ratings import reasons_of
from anju.cases.queries.scoped import cases_for
from anju.cases.queries.sessions import sessions_in
from anju.places.models import Organisation
from anju.rules.cases.facts import Closing, TaskState
from anju.rules.cases.figures import CallRow, UnitFigures, WorkRow, sessions_called, unit_figures
from anju.rules.cases.sessions import Came

_COUNTED: Final = {"verify_fail": "reworks", "rate_bad": "redos", "order_redo": "redos", "reopen": "reopened"}
_COUNTS: Final = ("received", "done", "called")
_CAME: Final = {"excused": Came.EXCUSED, "absent": Came.ABSENT}
SESSIONS: Final = ("called", *_CAME)  # counted by the session: one may have served several cases
SHARES: Final = tuple(field.name for field in fields(UnitFigures) if field.name not in ("unit", "reasons", *_COUNTS))
WHY: Final = "why."  # before the code of a reason: the figure of who was not content for it


@dataclass(frozen=True, slots=True)
class UnitLine:
    unit: Organisation
    figures: UnitFigures


@dataclass(frozen=True, slots=True)
class Period:
    """Days on which work was given out and units were called, both included; None is open."""

    first: date | None = None
    last: date | None = None

    def bounds(self) -> tuple[datetime | None, datetime | None]:
        first = make_aware(datetime.combine(self.first, time.min)) if self.first else None
        return first, make_aware(datetime.combine(self.last, time.max)) if self.last else None


def figures_of(actor: Actor, period: Period, at: datetime) -> list[UnitLine]:
    """Return the figures of every unit the actor may compare, in pinyin order."""
    figures = {one.unit: one for one in unit_figures(work_rows(actor, period), call_rows(actor, period), at)}
    units = Organisation.objects.filter(pk__in=[int(pk) for pk in figures]).order_by("pinyin", "id")
    return [UnitLine(unit, figures[str(unit.pk)]) for unit in units]


def cases_behind(actor: Actor, period: Period, unit: int, figure: str, at: datetime) -> list[str] | None:
    """Return the numbers of the cases that make up a figure of a unit; None where there is no such figure."""
    if figure not in (*SHARES, *_COUNTS) and not figure.startswith(WHY):
        return None
    if figure in SESSIONS:
        return [row.case for row in calls_behind(actor, period, unit, figure)]
    rows = [row for row in work_rows(actor, period) if row.unit == str(unit)]
    if figure == "received":
        return [row.case for row in rows]
    if figure == "done":
        return [row.case for row in rows if row.done_at and row.state in (TaskState.OPEN, TaskState.DONE)]
    counted = next(iter(unit_figures(rows, (), at)), None)
    if figure.startswith(WHY):
        share = counted.reasons.get(figure.removeprefix(WHY)) if counted else None
    else:
        share = getattr(counted, figure) if counted else None
    return list(share.cases) if share else []


def calls_behind(actor: Actor, period: Period, unit: int, figure: str) -> list[CallRow]:
    """Return the calls behind one of the figures of `SESSIONS`, a row for each case: more than it where a session served several."""
    calls = sessions_called(row for row in call_rows(actor, period) if row.unit == str(unit))
    wanted = _CAME.get(figure)
    return [row for rows in calls for row in rows if wanted in (None, row.came)]


def call_rows(actor: Actor, period: Period) -> list[CallRow]:
    """Return one row for each unit, each session it was called to in the period, and each case of it."""
    rows = [
        CallRow(unit, case, session.key(case), session.came.get(unit), session.held_at, session.minutes_late(unit))
        for case, session in sessions_in(cases_for(actor), *period.bounds())
        for unit in session.units
    ]
    if _compares(actor):
        return rows
    own = {str(pk) for pk in actor.scope.organisations}
    return [row for row in rows if row.unit in own]


def _compares(actor: Actor) -> bool:
    """Say whether the actor answers for an area and sees all units within it; a department sees its own figures."""
    return actor.scope.everything or bool(actor.scope.divisions)


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of the cases of all orders, by case: clocks, counted acts, when orders were given, why ratings were what they were."""

    clocks: Mapping[int, list[tuple[datetime, datetime, datetime | None]]]
    events: Mapping[int, list[tuple[datetime, str]]]
    held: Mapping[int, list[tuple[int, datetime]]]
    reasons: Mapping[int, list[tuple[datetime, str]]]


def work_rows(actor: Actor, period: Period) -> list[WorkRow]:
    """Return one row for each order of a lead. What was done again counts for whoever held the order when it was."""
    tasks = _tasks(actor, period)
    cases = {task["case_id"] for task in tasks}
    told = Told(_clocks(cases), _events(cases), _held(cases), reasons_of(cases))
    courts = {edition: _court(edition) for edition in {task["case__workflow_id"] for task in tasks}}
    return [_row(task, told, courts[task["case__workflow_id"]]) for task in tasks]


_TASK: Final = (
    "case_id", "position", "unit_id", "state", "opened_at", "settled_at", "case__number", "case__score", "case__closing",
    "case__outcome", "case__level", "case__state", "case__workflow_id",
)  # fmt: skip


def _tasks(actor: Actor, period: Period) -> list[dict[str, Any]]:
    found = CaseTask.objects.filter(kind="lead", case__in=cases_for(actor).order_by().values("pk"))
    if not _compares(actor):
        found = found.filter(unit__in=actor.scope.organisations)
    first, last = period.bounds()
    if first:
        found = found.filter(opened_at__gte=first)
    if last:
        found = found.filter(opened_at__lte=last)
    return list(found.order_by("case_id", "position").values(*_TASK))


def _clocks(cases: Iterable[int]) -> Mapping[int, list[tuple[datetime, datetime, datetime | None]]]:
    found: dict[int, list[tuple[datetime, datetime, datetime | None]]] = {}
    rows = CaseClock.objects.filter(case__in=cases, code="handle").order_by("position")
    for case, started, due, stopped in rows.values_list("case_id", "started_at", "due_at", "stopped_at"):
        found.setdefault(case, []).append((started, due, stopped))
    return found


def _events(cases: Iterable[int]) -> Mapping[int, list[tuple[datetime, str]]]:
    found: dict[int, list[tuple[datetime, str]]] = {}
    rows = CaseEvent.objects.filter(case__in=cases, transition__in=_COUNTED).order_by("seq")
    for case, at, act in rows.values_list("case_id", "at", "transition"):
        found.setdefault(case, []).append((at, act))
    return found


def _held(cases: Iterable[int]) -> Mapping[int, list[tuple[int, datetime]]]:
    """Return when the orders of each case were given, all of them, whoever may see which."""
    found: dict[int, list[tuple[int, datetime]]] = {}
    rows = CaseTask.objects.filter(case__in=cases, kind="lead").order_by("position")
    for case, position, opened in rows.values_list("case_id", "position", "opened_at"):
        found.setdefault(case, []).append((position, opened))
    return found


def _court(edition: int) -> frozenset[str]:
    return frozenset(code for code, one in workflow_of(edition).outcomes.items() if one.kind == "court")


def _row(task: Mapping[str, Any], told: Told, court: frozenset[str]) -> WorkRow:
    case, state = task["case_id"], TaskState(task["state"])
    after = next((opened for position, opened in told.held[case] if position > task["position"]), None)

    def own_of(dated: Mapping[int, list[tuple[datetime, str]]]) -> list[str]:
        """What happened while this order was the case's last."""
        return [what for at, what in dated.get(case, ()) if at > task["opened_at"] and (after is None or at <= after)]

    own = own_of(told.events)
    counts = {name: sum(_COUNTED[act] == name for act in own) for name in set(_COUNTED.values())}
    clock = _own_clock(told.clocks.get(case, []), task["settled_at"])
    kept, last = state in (TaskState.OPEN, TaskState.DONE), after is None
    closing = task["case__closing"]
    return WorkRow(
        unit=str(task["unit_id"]),
        case=task["case__number"],
        state=state,
        due=clock[1] if clock else None,
        done_at=clock[2] if clock and kept else None,
        reworks=counts["reworks"],
        redos=counts["redos"],
        reopened=counts["reopened"],
        score=task["case__score"] if last else 0,
        closing=Closing(closing) if closing and last else None,
        by_court=last and task["case__outcome"] in court,
        level=task["case__level"] if last else 0,
        suspended=last and task["case__state"] == "suspended",
        reasons=tuple(dict.fromkeys(own_of(told.reasons))),
    )


def _own_clock(
    clocks: list[tuple[datetime, datetime, datetime | None]], settled: datetime | None
) -> tuple[datetime, datetime, datetime | None] | None:
    """Return the clock 办结 that ran last while the order was held; a reassigned case keeps the clock it had."""
    own = [clock for clock in clocks if settled is None or clock[0] <= settled]
    return own[-1] if own else None

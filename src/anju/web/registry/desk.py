"""What the registry brings to 今日: how many cells wait for somebody to settle or confirm them, in the actor's scope."""

from datetime import date
from typing import TYPE_CHECKING

from anju.base.actor import Actor
from anju.base.composed import Rows
from anju.registry.models import Cell
from anju.registry.queries.facts import cells_for
from anju.registry.queries.progress import KNOWN, WAITING
from anju.rules.permissions import Permission
from anju.web.home.section import Line, Number, Section, Way

if TYPE_CHECKING:
    from django.db.models import QuerySet

CONFLICT, UNCONFIRMED, STALE = "facts.conflict", "facts.unconfirmed", "facts.stale"


def _rows(actor: Actor, day: date) -> Rows:
    def cells() -> "QuerySet[Cell]":
        return cells_for(actor).filter(compound__ended_on__isnull=True, indicator__ended_on__isnull=True, derived=False)

    return {
        CONFLICT: lambda: cells().filter(conflict=True),
        UNCONFIRMED: lambda: cells().filter(WAITING),
        STALE: lambda: cells().filter(KNOWN, stale_on__lte=day),
    }


def _line(rest: str, show: str) -> Line:
    way = Way("registry:settle", query=(("show", show),))
    return Line("底数", "", way, rest=rest, rest_way=way)


SECTION = Section(
    tasks=lambda _actor, _at: (),
    waits=dict.fromkeys((CONFLICT, UNCONFIRMED), Permission.FACT_CONFIRM),
    lines={
        CONFLICT: _line("{left} 项底数来源不一致，待核定", "conflict"),
        UNCONFIRMED: _line("{left} 项底数登记后还没有人确认", "unconfirmed"),
    },
    rows=_rows,
    numbers={
        STALE: Number("过期未核实", "项", "registry:settle", Permission.FACT_VIEW, "show=stale"),
    },
    shown=dict.fromkeys(
        ("bureau_officer", "bureau_reviewer", "county_supervisor", "town_officer", "community_worker"), (STALE,)
    ),
)

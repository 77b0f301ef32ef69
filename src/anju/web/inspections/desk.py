"""What asking residents brings to 今日: how many opinions nobody has sorted yet."""

from datetime import date

from anju.base.actor import Actor
from anju.base.composed import Rows
from anju.inspections.queries.rounds import all_unsorted
from anju.rules.permissions import Permission
from anju.web.home.section import Line, Section, Way

UNSORTED = "opinions.unsorted"


def _rows(actor: Actor, _day: date) -> Rows:
    return {UNSORTED: lambda: all_unsorted(actor)}


SECTION = Section(
    tasks=lambda _actor, _at: (),
    waits={UNSORTED: Permission.ROUND_RUN},
    lines={
        UNSORTED: Line(
            "征集",
            "{what} 条居民意见还没有归成问题",
            Way("inspections:rounds"),
            "去归",
            permission=Permission.ROUND_RUN,
        )
    },
    rows=_rows,
)

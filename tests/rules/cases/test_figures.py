"""Oversight and the figures of units."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.rules.cases.facts import CaseClock, Closing, Facts, TaskState
from anju.rules.cases.figures import CallRow, Share, WorkRow, merged_small, unit_figures
from anju.rules.cases.oversight import causes, levels_due
from anju.rules.cases.sessions import Came
from anju.rules.cases.workflow import Amount, Unit, Urgency
from tests.rules.cases.sample import DEMO, MONDAY, days, hours

LEVELS = DEMO.levels


def due(*, standing: int = 0, late: int = 0, warned: bool = False, because: frozenset[str] = frozenset()) -> list[int]:
    found = levels_due(LEVELS, standing=standing, overdue_days=late, warned=warned, because=because)
    return [level.level for level in found]


@pytest.mark.parametrize(
    ("told", "levels"),
    [
        ({}, []),
        ({"warned": True}, [1]),
        ({"warned": True, "standing": 1}, []),
        ({"late": 1}, [1, 2]),
        ({"late": 2, "standing": 2}, []),
        ({"late": 3, "standing": 2}, [3]),
        ({"late": 6}, [1, 2, 3, 4]),
        ({"late": 16, "standing": 4}, [5]),
        ({"because": frozenset({"reworks"})}, [1, 2, 3]),
        ({"because": frozenset({"not_on_scene"}), "standing": 1}, [2, 3, 4, 5]),
    ],
)
def test_level_is_due(told: dict[str, int], levels: list[int]) -> None:
    assert due(**told) == levels  # type: ignore[arg-type]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8))
def test_days_without_the_job_end_in_the_same_level(lateness: list[int]) -> None:
    standing = 0
    for late in sorted(lateness):
        standing = max([standing, *due(standing=standing, late=late)])
    assert standing == max([0, *due(late=max(lateness))])
    assert due(standing=standing, late=max(lateness)) == []


def test_cause_besides_lateness() -> None:
    arrive = CaseClock("arrive", Amount(2, Unit.CH), MONDAY, hours(2))
    facts = Facts(urgency=Urgency.A, clocks=(arrive,))
    assert causes(facts, hours(1)) == frozenset()
    assert causes(facts, hours(2)) == {"not_on_scene"}
    assert causes(replace(facts, urgency=Urgency.B), hours(2)) == frozenset()
    assert causes(Facts(reworks=2, redos=2), MONDAY) == {"reworks", "redos"}
    assert causes(Facts(awaiting_ruling=True), MONDAY) == {"redos"}
    assert causes(Facts(awaiting_ruling=True, court=True), MONDAY) == frozenset()


ROWS = [
    WorkRow("u1", "c1", TaskState.DONE, due=days(3), done_at=days(2), score=5, closing=Closing.SATISFIED),
    WorkRow("u1", "c2", TaskState.DONE, due=days(3), done_at=days(3), closing=Closing.UNRATED, reworks=1),
    WorkRow("u1", "c3", TaskState.DONE, due=days(3), done_at=days(1), score=1, closing=Closing.UPHELD, redos=1),
    WorkRow("u1", "c4", TaskState.RETURNED),
    WorkRow("u1", "c5", TaskState.OPEN, due=days(1), level=3),
    WorkRow("u1", "c6", TaskState.OPEN, due=days(1), suspended=True),
    WorkRow("u1", "c7", TaskState.OPEN, due=days(9), level=1),
    WorkRow("u1", "c8", TaskState.OPEN, level=2),
    WorkRow("u1", "c9", TaskState.DONE, done_at=days(1), score=2, closing=Closing.UPHELD, by_court=True, reopened=1),
    WorkRow("u1", "c10", TaskState.DONE, due=days(1), done_at=days(0), closing=Closing.UNREACHABLE),
    WorkRow("u2", "c1", TaskState.CANCELLED),
    WorkRow("u2", "c11", TaskState.REASSIGNED, reasons=("slow", "manner")),
    WorkRow("u2", "c12", TaskState.OPEN, reasons=("slow",)),
]


def test_figures_keep_apart_what_is_not_known() -> None:
    one, two = unit_figures(ROWS, (), days(4))
    assert (one.unit, one.received, one.done) == ("u1", 10, 5)
    assert one.on_time == Share(3, 4, ("c1", "c3", "c10"))
    assert one.overdue == Share(1, 4, ("c5",))
    assert one.returned == Share(1, 10, ("c4",))
    assert (one.reworked.cases, one.redone.cases, one.reopened.cases) == (("c2",), ("c3",), ("c9",))
    assert one.rated == Share(3, 5, ("c1", "c3", "c9"))
    assert one.satisfied == Share(1, 2, ("c1",))
    assert (one.unrated.cases, one.upheld.cases, one.unreachable.cases, one.by_court.cases) == (
        ("c2",),
        ("c3", "c9"),
        ("c10",),
        ("c9",),
    )
    assert (one.overseen.cases, one.suspended.cases) == (("c5", "c8"), ("c6",))
    assert unit_figures(ROWS, (), days(1))[0].overdue.cases == ("c5",), "it is late the moment it ends"
    assert (two.received, two.on_time) == (3, Share(0, 0, ()))
    assert (one.reasons, two.reasons) == ({}, {"manner": Share(1, 2, ("c11",)), "slow": Share(2, 2, ("c11", "c12"))})


@given(st.lists(st.sampled_from(ROWS), max_size=20))
def test_figures_do_not_depend_on_the_order_of_rows(rows: list[WorkRow]) -> None:
    assert [one.received for one in unit_figures(rows, (), days(4))] == [
        one.received for one in unit_figures(rows[::-1], (), days(4))
    ]


def test_figures_of_sessions_count_whom_nobody_has_recorded_among_neither() -> None:
    """u1 was called four times, of which three are recorded; u9 had no order of its own and is there all the same."""
    first, second, third = (("c1", hours(1)), ("c1", hours(2)), ("c2", hours(1)))
    calls = [
        CallRow("u1", "c1", first, Came.CAME, hours(5)),
        CallRow("u1", "c1", second, Came.ABSENT, hours(6)),
        CallRow("u1", "c2", third, Came.EXCUSED, hours(5)),
        CallRow("u1", "c3", ("c3", hours(3))),
        CallRow("u9", "c3", ("c3", hours(3))),
    ]
    found = {one.unit: one for one in unit_figures(ROWS, calls, days(4))}
    assert (found["u1"].called, found["u1"].excused, found["u1"].absent) == (
        4,
        Share(1, 3, ("c2",)),
        Share(1, 3, ("c1",)),
    )
    assert (found["u9"].received, found["u9"].called, found["u9"].absent) == (0, 1, Share(0, 0, ()))
    assert found["u2"].called == 0


def test_figures_count_a_session_of_several_cases_once_and_open_all_of_them() -> None:
    """Where the case it was called from says nothing, what was recorded last holds; the same moment of another case is another session."""
    joint, other = ("c0", hours(1)), ("c4", hours(1))
    calls = [
        CallRow("u1", "c1", joint, Came.ABSENT, hours(5)),
        CallRow("u1", "c2", joint, Came.EXCUSED, hours(6), late=0),
        CallRow("u1", "c3", joint),
        CallRow("u1", "c4", other, Came.ABSENT, hours(5)),
    ]
    for order in (calls, calls[::-1]):
        [one] = unit_figures((), order, days(4))
        assert one.called == 2
        assert (one.excused.part, one.excused.whole, set(one.excused.cases)) == (1, 2, {"c1", "c2", "c3"})
        assert one.absent == Share(1, 2, ("c4",))
    first = CallRow("u1", "c0", joint, Came.CAME, hours(4))
    [one] = unit_figures((), [*calls, first], days(4))
    assert (one.called, one.excused.part, one.absent.part) == (2, 0, 1)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 3), st.sampled_from([*list(Came), None])), max_size=12)
)
def test_excused_and_absent_are_never_more_than_the_calls(told: list[tuple[str, int, Came | None]]) -> None:
    calls = [CallRow("u1", case, ("a", hours(at)), how, hours(9) if how else None) for case, at, how in told]
    for one in unit_figures((), calls, days(4)):
        assert one.called == len({at for _, at, _ in told})
        assert one.excused.part + one.absent.part <= one.excused.whole == one.absent.whole <= one.called


@pytest.mark.parametrize(
    ("counts", "shown", "rest"),
    [
        ({"a": 9, "b": 7}, {"a": 9, "b": 7}, 0),
        ({"a": 9, "b": 3, "c": 2}, {"a": 9}, 5),
        ({"a": 9, "b": 7, "c": 2}, {"a": 9}, 9),
        ({"a": 9, "b": 0}, {"a": 9, "b": 0}, 0),
        ({"a": 2}, {}, 2),
        ({"a": 9, "b": 5}, {"a": 9, "b": 5}, 0),
        ({"a": 9, "b": 5, "c": 1}, {"a": 9}, 6),
    ],
)
def test_small_numbers_are_merged(counts: dict[str, int], shown: dict[str, int], rest: int) -> None:
    assert merged_small(counts) == (shown, rest)

"""Oversight of whoever is answerable: the unit that leads by its ladder, an office by the clock it lets run out."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from anju.rules.cases.audiences import Occasion, Wanted, Where, audience
from anju.rules.cases.engine import fold, may
from anju.rules.cases.facts import CaseClock, Running
from anju.rules.cases.oversight import Order, answering, causes, orders_due, overseen_clocks
from anju.rules.cases.workflow import Urgency
from anju.rules.cases.workflow_file import parse_workflow
from tests.rules.cases.sample import BOOK, DEMO, Walk, days, hours

EDITIONS = Path(__file__).parents[2] / "cases" / "editions"


def due(walk: Walk, at: datetime, *, warned: frozenset[str] = frozenset()) -> tuple[Order, ...]:
    """What is to be ordered at a moment: each started day after an end is one late."""

    def late(clock: CaseClock) -> int:
        return max(-(-(at - clock.due) // (days(1) - days(0))) + (at == clock.due), 0)

    workflow = walk.book.workflow
    return orders_due(workflow, walk.facts, late, lambda clock: clock.code in warned, causes(walk.facts, at))


def order(walk: Walk, at: datetime) -> list[str]:
    """Order what is due, and what is due then, until nothing is; return what was ordered."""
    done = []
    while found := due(walk, at):
        for one in found:
            walk.do("urge" if one.clock else "oversee", "system", level=one.level, clock=one.clock, at=at)
            done.append(f"{one.clock}{one.level}")
    assert fold(walk.book.workflow, walk.events) == walk.facts
    return done


def test_every_office_that_lets_a_case_lie_is_urged_from_the_first_day() -> None:
    """Filed on day 0, due on day 1. No warning before, no unit's level: the case is nobody's work yet."""
    walk = Walk()
    assert order(walk, hours(23)) == []
    assert order(walk, days(1)) == ["accept2"]
    assert order(walk, days(1)) == []
    assert order(walk, days(4)) == ["accept3"]
    assert walk.facts.level == 0
    assert order(walk, days(30)) == ["accept4", "accept5"]
    walk.accept(at=days(30))
    assert order(walk, days(30)) == []
    assert order(walk, days(31.5)) == ["dispatch2"]


def test_three_days_off_end_in_the_same_state() -> None:
    daily, once = Walk(), Walk()
    for hour in range(0, 24 * 8, 6):
        order(daily, hours(hour))
    order(once, hours(24 * 8 - 6))
    assert [clock.level for clock in daily.facts.clocks] == [clock.level for clock in once.facts.clocks] == [4]


def test_unit_is_overseen_for_whatever_it_lets_run_out_and_only_once_for_one_delay() -> None:
    """Contact is due on day 1 and 办结 on day 7; what begins later begins at the bottom of the ladder."""
    walk = Walk().handling()
    assert order(walk, days(1.5)) == ["1", "2"]
    assert order(walk, days(6)) == []  # a call that nobody made is urged, and goes no further
    walk.do("milestone", "handler", units="u_city", milestone="contact", at=days(6))
    assert order(walk, days(7.5)) == []  # 催办 stands for 办结, too: it was ordered while it ran
    assert order(walk, days(9.5)) == ["3"]
    walk.report(at=days(10)).do("verify_fail", "community", person="p_comm", units="u_comm", at=days(10))
    assert walk.facts.level == 3
    assert order(walk, days(14.5)) == ["1", "2"]
    assert walk.facts.level == 3


def test_level_that_another_act_carries_orders_nothing() -> None:
    walk = Walk().accept().dispatch(level=4)
    assert {clock.level for clock in walk.facts.clocks} == {0}


def test_warning_is_of_work_alone() -> None:
    walk = Walk().handling()
    assert due(walk, hours(2), warned=frozenset({"contact"})) == ()
    assert due(walk, hours(2), warned=frozenset({"handle"})) == (Order(1),)


def test_late_verification_is_not_the_unit_s() -> None:
    walk = Walk().handling().report(at=days(1))
    assert order(walk, days(3.5)) == ["verify2"]
    assert walk.facts.level == 0


def test_second_displeasure_is_ordered_while_it_waits_for_its_ruling_and_the_unit_answers() -> None:
    walk = Walk().handling().report().verify()
    walk.do("rate_bad", "reporter", score=1)
    walk.do("dispatch", "system", lead="u_city", single_route=True)
    walk.sign().report().verify().do("rate_unsettled", "reporter", score=1, at=hours(1))
    assert walk.facts.state == "feedback"
    assert order(walk, hours(2)) == ["1", "2", "3"]
    reply = walk.facts.clock("oversight")
    assert reply is not None
    assert reply.due == hours(2 + 48)
    other: Any = {"person": "p_x", "units": "u_fire", "at": hours(3)}
    assert may(BOOK, walk.facts, walk.act("answer_oversight", "unit_lead", **other)).codes == ("not_your_task",)
    walk.do("answer_oversight", "unit_lead", person="p_chief", units="u_city", at=hours(3))
    assert order(walk, hours(4)) == []
    assert order(walk, days(6.5)) == ["ruling2"]


@pytest.mark.parametrize(
    ("clock", "level", "first"),
    [
        ("accept", 2, {Wanted(frozenset({"intake"}), Where.AREA)}),
        ("dispatch", 2, {Wanted(frozenset({"dispatcher"}))}),
        ("verify", 2, {Wanted(frozenset({"community", "town"}), Where.AREA, but=frozenset({"u_city"}))}),
        ("ruling", 2, set()),
        ("dispatch", 3, {Wanted(frozenset({"dispatcher"})), Wanted(frozenset({"supervisor"}))}),
    ],
)
def test_urging_is_for_those_who_answer_for_the_clock(clock: str, level: int, first: set[Wanted]) -> None:
    walk = Walk().handling()
    event = replace(
        walk.events[-1], transition="urge", payload=replace(walk.events[-1].payload, clock=clock, level=level)
    )
    choices = audience("answerable", Occasion(BOOK, walk.facts, walk.facts, event))
    assert set(choices[0]) == first
    assert choices[-1] == (Wanted(frozenset({"supervisor"})),)


def test_every_clock_that_keeps_somebody_from_his_work_has_somebody_who_answers() -> None:
    """Not: what the citizen or the system waits for, the dissuasion and the review that fire themselves, the reply to an order."""
    assert set(DEMO.clocks) - overseen_clocks(DEMO) == {"info", "dissuade", "feedback", "review", "oversight"}
    assert answering(DEMO, "accept") == "intake"


@pytest.mark.parametrize("edition", [1, 2, 3])
def test_case_of_an_older_edition_is_overseen_as_it_began(edition: int) -> None:
    text = (EDITIONS / f"workflow-{edition}.toml").read_text()
    book = replace(BOOK, workflow=parse_workflow(text, units=frozenset({"bureau"})))
    walk = Walk(book=book)
    assert order(walk, days(30)) == []
    walk.accept(urgency=Urgency.B).dispatch().sign()
    assert order(walk, days(5)) == []
    assert order(walk, days(7)) == ["1", "2"]
    walk.report(at=days(7)).do("verify_fail", "community", person="p_comm", units="u_comm", at=days(7))
    assert order(walk, days(11.5)) == []  # the case's level stands in these editions
    assert {clock.level for clock in walk.facts.clocks if clock.state is Running.RUNNING} == {0}

"""Ends counted again by another calendar, and ends that a merged case brings. Each is worked out by hand.

It was counted as if every weekday were worked; the confirmed calendar has Friday 27 November and Thursday 3 December 2026 off. Days are
written as the moment they end, as in `test_reset`: nov(26) is the whole of Wednesday the 25th.
"""

from dataclasses import replace
from datetime import datetime

import pytest

from anju.rules.cases.clocks import recounted
from anju.rules.cases.counting import Counting
from anju.rules.cases.workflow import Urgency
from anju.rules.workdays.calendar import Calendar
from anju.rules.workdays.years import YearTable
from tests.rules.cases.sample import Walk
from tests.rules.cases.test_reset import BOOK, clock, dec, ends, nov, reclassified, suspended, walked, whole
from tests.rules.cases.test_stored import HOURS
from tests.rules.workdays.tables import off

CONFIRMED = Calendar.of(
    [YearTable(2026, off("2026-11-27", "2026-12-03"), confirmed=True), YearTable(2027, (), confirmed=True)], hours=HOURS
)
COUNTING = Counting(CONFIRMED)
AGAIN = replace(BOOK, deadline=COUNTING.deadline, resumed=COUNTING.resumed)


def again(walk: Walk, code: str = "handle") -> datetime:
    return recounted(AGAIN, clock(walk, code), walk.events)


def handled() -> Walk:
    """Dispatched on Tuesday at 10: W25 T26 F27 M30 T1 W2 T3; confirmed W25 T26 M30 T1 W2 F4 M7."""
    walk = walked().dispatch(at=nov(24, 10)).sign(at=nov(24, 11))
    walk.do("milestone", "handler", units="u_city", milestone="contact", at=nov(24, 11))
    assert ends(walk) == {"handle": dec(4)}
    return walk


def absorbed(walk: Walk, at: datetime, **dues: datetime) -> Walk:
    walk.do("absorb", "system", dues=tuple(dues.items()), at=at)
    return walk


def extended(walk: Walk, at: datetime) -> Walk:
    """Two working days more."""
    walk.do("ask_extension", "handler", person="p_city", units="u_city", until=dec(18), at=at)
    walk.do("extend", "dispatcher", person="p_disp", units="u_bureau", days=2, at=at)
    return walk


def test_end_is_counted_again_from_its_beginning() -> None:
    assert again(handled()) == dec(8)


def test_end_is_counted_again_with_what_was_granted() -> None:
    """F4 and M7; confirmed T8 and W9."""
    walk = extended(handled(), nov(25, 9))
    assert (ends(walk), again(walk)) == ({"handle": dec(8)}, dec(10))


def test_end_is_counted_again_with_its_pause() -> None:
    """Confirmed: with M30 T1 W2 F4 M7 left on the 26th it was taken up on 1 December: W2 F4 M7 T8 W9."""
    assert again(suspended()) == dec(10)


@pytest.mark.parametrize("at", [dec(1, 10), dec(2, 9)])
def test_end_is_counted_again_with_another_urgency_after_its_pause(at: datetime) -> None:
    """15 working days end with T15, confirmed with T17, thirteen of them left at the pause; from 1 December, even in the same minute:
    W2 T3 F4 M7-F11 M14-F18; confirmed W2 F4 M7-F11 M14-F18 M21."""
    walk = reclassified(suspended(), Urgency.C, at)
    assert (ends(walk), again(walk)) == ({"handle": dec(19)}, dec(22))
    whole(walk)


def test_end_that_was_put_off_to_a_working_day_is_counted_again_from_it() -> None:
    """From C to B on Friday 4 December: seven days ended with T3, so Monday 7 is left; confirmed they end with that Monday anyhow."""
    walk = walked(urgency=Urgency.C).dispatch(at=nov(24, 10)).sign(at=nov(24, 11))
    assert clock(reclassified(walk, Urgency.B, dec(4, 9)), "handle").due == dec(8)
    assert again(walk) == dec(8)


def test_end_is_counted_again_once_more_as_if_for_the_first_time() -> None:
    walk = handled()
    walk.do("recompute", "system", dues=(("handle", dec(2)),), at=nov(25, 9))
    assert (ends(walk), again(walk)) == ({"handle": dec(2)}, dec(8))
    assert recounted(BOOK, clock(walk, "handle"), walk.events) == dec(4)


def test_merged_case_brings_its_sooner_ends_and_puts_off_none() -> None:
    """时限取最早: of whichever clock both have."""
    sooner = {"sign": nov(24, 16), "contact": nov(25, 10), "handle": dec(3)}
    later = {"sign": nov(25, 9), "contact": nov(28), "handle": dec(9), "accept": nov(25)}
    walk = walked().dispatch(at=nov(24, 10))
    before = ends(walk)
    assert ends(absorbed(walk, nov(24, 11), **later)) == before
    assert ends(absorbed(walk, nov(24, 11), **sooner)) == sooner
    whole(walk)


def test_end_that_a_merged_case_brought_stays_where_the_own_one_is_later() -> None:
    walk = absorbed(handled(), nov(25, 9), handle=dec(2))
    assert (ends(walk), again(walk)) == ({"handle": dec(2)}, dec(2))
    # Two working days more than T1: W2 and T3; confirmed W2 and F4.
    assert (ends(extended(walk, nov(25, 10))), again(walk)) == ({"handle": dec(4)}, dec(5))


def test_end_of_a_merged_case_that_was_later_does_not_hold_back_the_own_one() -> None:
    """Seven working days were sooner than what the merged case had; confirmed they are still."""
    walk = absorbed(handled(), nov(25, 9), handle=dec(9))
    assert (ends(walk), again(walk)) == ({"handle": dec(4)}, dec(8))

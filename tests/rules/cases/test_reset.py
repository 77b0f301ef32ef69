"""Another urgency or matter counts every running end anew. Each end is worked out by hand, by the real counting.

November 2026: Tuesday 24 to Friday 27 are worked, Saturday 28 and Sunday 29 are not; no holiday until the new year. Offices are open
8-12 and 15-18. Days are written as the moment they end: 26 0:00 is the whole of Wednesday the 25th.
"""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from anju.rules.cases.book import Book
from anju.rules.cases.clocks import recounted
from anju.rules.cases.counting import Counting
from anju.rules.cases.engine import fold
from anju.rules.cases.facts import CaseClock, Running
from anju.rules.cases.workflow import Amount, Unit, Urgency
from anju.rules.cases.workflow_file import parse_workflow
from anju.rules.workdays.calendar import CHINA
from tests.rules.cases.sample import DEMO, Walk
from tests.rules.cases.test_stored import KNOWN

COUNTING = Counting(KNOWN)
OWN = {("handle", "WL02"): Amount(20, Unit.WD), ("handle", "WL03"): Amount(9, Unit.CD)}
BOOK = Book(DEMO, COUNTING.deadline, COUNTING.resumed, matter_limits=OWN)
EDITIONS = Path(__file__).parents[2] / "cases" / "editions"


def nov(day: int, hour: float = 0) -> datetime:
    return datetime(2026, 11, day, int(hour), round(hour % 1 * 60), tzinfo=CHINA)


def dec(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, tzinfo=CHINA)


def walked(case_type: str = "complaint", *, urgency: Urgency = Urgency.B, book: Book = BOOK) -> Walk:
    """Filed on Tuesday at 8, accepted at 9."""
    walk = Walk(case_type, book=book)
    walk.do("accept", "intake", units="u_town", urgency=urgency, matter="WL01", at=nov(24, 9))
    return walk


def reclassified(walk: Walk, urgency: Urgency, at: datetime, *, matter: str = "WL01", role: str = "dispatcher") -> Walk:
    walk.do("reclassify", role, units="u_bureau", urgency=urgency, matter=matter, at=at)
    return walk


def clock(walk: Walk, code: str) -> CaseClock:
    found = walk.facts.clock(code)
    assert found is not None
    return found


def ends(walk: Walk) -> dict[str, datetime]:
    return {one.code: one.due for one in walk.facts.clocks if one.state is Running.RUNNING}


def whole(walk: Walk) -> None:
    """The events alone give the same ends again, and so does a recount by the same calendar."""
    assert fold(walk.book.workflow, walk.events) == walk.facts
    running = [one for one in walk.facts.clocks if one.state is Running.RUNNING]
    assert {one.code: recounted(walk.book, one, walk.events) for one in running} == ends(walk)


@pytest.mark.parametrize(
    ("at", "urgency", "end"),
    [
        # 4 working hours from Tuesday 9: 9-12 and 15-16.
        (nov(24, 10), Urgency.B, nov(24, 16)),
        # A working day is more than is left of today.
        (nov(24, 10), Urgency.C, nov(26)),
        # 30 minutes from 9 are over; what was due at 16 is not put off until tomorrow because it has become urgent.
        (nov(24, 10), Urgency.A, nov(24, 16)),
        # Late since yesterday: more urgent, it stays late; less urgent, a working day is left, the whole of Thursday.
        (nov(25, 9), Urgency.A, nov(24, 16)),
        (nov(25, 9), Urgency.C, nov(27)),
    ],
)
def test_dispatch_is_counted_anew(at: datetime, urgency: Urgency, end: datetime) -> None:
    walk = reclassified(walked(), urgency, at)
    assert ends(walk) == {"dispatch": end}
    whole(walk)


# Dispatched on Tuesday at 10. B: contact and arrival by the end of Wednesday, 4 working hours to sign (10-12, 15-17), 7 working days
# W25 T26 F27 M30 T1 W2 T3, 15 working days on to F4 M7 T8 W9 T10 F11 M14 T15.
AT_FIRST = {
    "complaint": {"sign": nov(24, 17), "contact": nov(26), "handle": dec(4)},
    "enforcement_lead": {"sign": nov(24, 17), "arrive": nov(26), "handle": dec(16), "check": dec(16)},
    "survey_problem": {"sign": nov(24, 17), "plan": dec(2), "handle": dec(16)},
}


@pytest.mark.parametrize(
    ("case_type", "at", "urgency", "moved"),
    [
        ("complaint", nov(24, 11), Urgency.B, {}),
        # C: signing keeps its 4 hours, contact has 2 working days, 15 to settle it.
        ("complaint", nov(24, 11), Urgency.C, {"contact": nov(27), "handle": dec(16)}),
        # A: 30 minutes and 2 hours are less than a working day from now, and contact was due then anyhow; 3 working days W25 T26 F27.
        # From now on the danger is to be under control in 24 hours.
        ("complaint", nov(24, 11), Urgency.A, {"handle": nov(28), "control": nov(25, 11)}),
        # C has 3 working days to arrive, W25 T26 F27; checking and settling have 15 as before.
        ("enforcement_lead", nov(24, 16), Urgency.C, {"arrive": nov(28)}),
        ("enforcement_lead", nov(24, 16), Urgency.A, {"handle": nov(28), "check": nov(26), "control": nov(25, 16)}),
        # On Thursday an hour more makes it Friday; the end of Wednesday has passed and stays passed.
        ("enforcement_lead", nov(26, 10), Urgency.A, {"handle": nov(28), "check": nov(28), "control": nov(27, 10)}),
        # 5 working days for the plan W25 T26 F27 M30 T1, in A one; 60 natural days to settle it in C.
        ("survey_problem", nov(24, 11), Urgency.A, {"plan": nov(26), "handle": nov(28)}),
        ("survey_problem", nov(24, 11), Urgency.C, {"handle": datetime(2027, 1, 26, tzinfo=CHINA)}),
    ],
)
def test_ends_of_a_unit_are_counted_anew(
    case_type: str, at: datetime, urgency: Urgency, moved: dict[str, datetime]
) -> None:
    walk = walked(case_type).dispatch(at=nov(24, 10))
    assert ends(walk) == AT_FIRST[case_type]
    reclassified(walk, urgency, at)
    assert ends(walk) == AT_FIRST[case_type] | moved
    assert {code for code, _, _ in walk.last.event.dues} >= moved.keys()
    whole(walk)


def test_another_matter_moves_only_the_clock_it_has_a_limit_for() -> None:
    """20 working days: T15 is the fifteenth, W16 T17 F18 M21 T22."""
    walk = reclassified(walked().dispatch(at=nov(24, 10)), Urgency.B, nov(25, 9), matter="WL02")
    assert ends(walk) == AT_FIRST["complaint"] | {"handle": dec(23)}
    assert clock(walk, "handle").amount == Amount(20, Unit.WD)
    whole(walk)


def test_limit_that_ends_on_the_same_day_moves_nothing() -> None:
    """9 natural days from Tuesday 24 are Thursday 3 as well; on that day it is not put off to Friday."""
    walk = walked().dispatch(at=nov(24, 10)).sign(at=nov(24, 11))
    walk.do("milestone", "handler", units="u_city", milestone="contact", at=nov(24, 11))
    assert ends(reclassified(walk, Urgency.B, dec(3, 10), matter="WL03")) == {"handle": dec(4)}
    whole(walk)


def test_act_says_the_end_only_of_a_clock_that_lets_it() -> None:
    assert ends(walked().dispatch(at=nov(24, 10), until=nov(30))) == AT_FIRST["complaint"]


def overseen(walk: Walk, level: int, at: datetime) -> datetime:
    walk.do("oversee", "supervisor", units="u_county", level=level, at=at)
    return clock(walk, "oversight").due


@pytest.mark.parametrize("level", [1, 2])
def test_warning_and_reminder_ask_for_no_reply(level: int) -> None:
    walk = walked().dispatch(at=nov(24, 10))
    walk.do("oversee", "supervisor", units="u_county", level=level, at=nov(25, 10))
    assert walk.facts.clock("oversight") is None


def test_reply_to_an_oversight_is_due_when_its_document_says() -> None:
    """督办单 in 2 working days, 督办函 in 3, whatever the urgency, and whatever was left of an order that nobody answered."""
    walk = walked(urgency=Urgency.C).dispatch(at=nov(24, 10))
    # 督办单 on Friday: Monday and Tuesday. 督办函 on Monday: T1 W2 T3.
    found = [overseen(walk, level, at) for level, at in ((3, nov(27, 10)), (4, nov(30, 10)))]
    assert found == [dec(2), dec(4)]
    # A supervisor orders a lower level once more: 2 working days from Tuesday.
    assert overseen(walk, 3, dec(1, 10)) == dec(4)
    assert clock(reclassified(walk, Urgency.B, dec(1, 11)), "oversight").due == dec(4)
    whole(walk)


def suspended() -> Walk:
    """Suspended on Thursday 26 with F27 M30 T1 W2 T3 left; taken up on Tuesday 1 December: W2 T3 F4 M7 T8."""
    walk = walked().dispatch(at=nov(24, 10)).sign(at=nov(24, 11))
    walk.do("milestone", "handler", units="u_city", milestone="contact", at=nov(24, 11))
    walk.do("ask_suspension", "handler", person="p_city", units="u_city", until=dec(1), at=nov(25, 9))
    walk.do("suspend", "supervisor", units="u_county", until=dec(1), at=nov(26, 10))
    walk.do("resume", "dispatcher", units="u_bureau", at=dec(1, 10))
    assert ends(walk) == {"handle": dec(9)}
    return walk


def test_pauses_are_kept() -> None:
    """15 working days would end on T15; from F27 thirteen were left: W2 T3 F4, M7-F11 and M14-F18."""
    walk = reclassified(suspended(), Urgency.C, dec(2, 9))
    assert ends(walk) == {"handle": dec(19)}
    whole(walk)


def test_pause_after_it_is_kept_too() -> None:
    """Suspended again on Thursday 3 with F4, M7-F11, M14-F18 left, taken up on Monday 7: T8-F11, M14-F18, M21 T22."""
    walk = reclassified(suspended(), Urgency.C, dec(2, 9))
    walk.do("ask_suspension", "handler", person="p_city", units="u_city", until=dec(8), at=dec(3, 9))
    walk.do("suspend", "supervisor", units="u_county", until=dec(8), at=dec(3, 10))
    walk.do("resume", "dispatcher", units="u_bureau", at=dec(7, 10))
    assert ends(walk) == {"handle": dec(23)}
    whole(walk)


def test_extension_is_kept_where_the_limit_did_not_change() -> None:
    """Two working days more than T3: F4 and M7. The same urgency again moves nothing; C begins from the start, without them."""
    walk = walked().dispatch(at=nov(24, 10)).sign(at=nov(24, 11))
    walk.do("milestone", "handler", units="u_city", milestone="contact", at=nov(24, 11))
    walk.do("ask_extension", "handler", person="p_city", units="u_city", until=dec(8), at=nov(25, 9))
    walk.do("extend", "dispatcher", person="p_disp", units="u_bureau", days=2, at=nov(25, 10))
    reclassified(walk, Urgency.B, nov(26, 9))
    assert (ends(walk), walk.last.event.dues) == ({"handle": dec(8)}, ())
    whole(walk)
    assert ends(reclassified(walk, Urgency.C, nov(26, 10))) == {"handle": dec(16)}
    walk.do("ask_extension", "handler", person="p_city", units="u_city", until=dec(18), at=nov(27, 9))
    walk.do("extend", "supervisor", units="u_county", days=2, at=nov(27, 10))
    assert ends(walk) == {"handle": dec(18)}
    whole(walk)


def test_end_within_a_working_day_is_put_off_to_it() -> None:
    """From C to B on Friday 4 December: the seven working days ended with T3; the whole of Monday 7 is left."""
    walk = walked(urgency=Urgency.C).dispatch(at=nov(24, 10)).sign(at=nov(24, 11))
    walk.do("milestone", "handler", units="u_city", milestone="contact", at=nov(24, 11))
    assert ends(walk) == {"handle": dec(16)}
    assert ends(reclassified(walk, Urgency.B, dec(4, 9))) == {"handle": dec(8)}
    whole(walk)


def test_end_that_an_act_had_set_is_not_recounted() -> None:
    walk = walked().dispatch(at=nov(24, 10)).sign(at=nov(24, 11))
    walk.do("order_rectify", "handler", units="u_city", until=dec(8), at=nov(25, 9))
    assert recounted(BOOK, clock(walk, "rectify"), walk.events) == dec(8)


@pytest.mark.parametrize("edition", [1, 2])
def test_case_of_an_older_edition_counts_only_the_handling_anew(edition: int) -> None:
    text = (EDITIONS / f"workflow-{edition}.toml").read_text()
    old = replace(BOOK, workflow=parse_workflow(text, units=frozenset({"bureau"})))
    walk = reclassified(walked(book=old).dispatch(at=nov(24, 10)), Urgency.C, nov(24, 11))
    assert ends(walk) == AT_FIRST["complaint"] | {"handle": dec(16)}
    whole(walk)


def test_every_clock_whose_limit_hangs_on_urgency_is_counted_anew() -> None:
    """But those that cannot run where the urgency may be changed: before it is accepted, while others act, once it is verified."""
    elsewhere = {"accept", "dissuade", "rectify", "review", "verify", "ruling"}
    hangs = {
        row.clock
        for row in DEMO.limit_rows
        if len(row.amounts) < len(Urgency) or len(set(map(str, row.amounts.values()))) > 1
    }
    told: dict[str, Any] = {code: rule.reset for code, rule in DEMO.clocks.items() if rule.reset}
    assert told == dict.fromkeys(hangs - elsewhere, ("reclassify",))

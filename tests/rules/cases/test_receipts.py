"""What is typed in from a paper: after what moved the case last, whatever reminded somebody meanwhile."""

from anju.rules.cases.receipts import earliest_moment, only_tells
from tests.rules.cases.sample import DEMO, Walk, hours


def test_reminders_do_not_make_late_what_was_done_before_them() -> None:
    walk = Walk().accept(at=hours(1)).dispatch(at=hours(2)).sign(at=hours(3))
    walk.do("oversee", "supervisor", units="u_county", level=2, at=hours(30))
    walk.do("nudge", "reporter", at=hours(31))
    walk.do("talk", "supervisor", units="u_county", meets_at=hours(60), at=hours(32))
    walk.do("recompute", "system", at=hours(33))
    assert earliest_moment(DEMO, walk.events) == hours(3)
    walk.do("milestone", "handler", units="u_city", milestone="contact", at=hours(34))
    assert earliest_moment(DEMO, walk.events) == hours(34)


def test_what_only_tells_is_of_supervisors_the_clock_and_the_citizen_alone() -> None:
    telling = {"oversee", "urge", "nudge", "talk", "criticism", "recompute"}
    assert {one.code for one in DEMO.transitions.values() if only_tells(one)} == telling

"""Joint sessions, read off the events of a case."""

import pytest

from anju.rules.cases.engine import NotAllowed, fold
from anju.rules.cases.facts import Event, Payload
from anju.rules.cases.sessions import Came, Session, called_for, one_table, recorded_for, sessions_of
from anju.rules.cases.stored import read_event, stored_event
from tests.rules.cases.sample import DEMO, Walk, hours

CAME = (("u_city", "came"), ("u_fire", "excused"), ("u_land", "absent"))


def walked() -> Walk:
    return Walk("enforcement_lead").accept().dispatch(helpers=("u_town",)).sign()


def test_session_is_of_the_lead_and_of_those_who_were_called() -> None:
    """A helper that was not called to it need not come."""
    walk = walked()
    walk.do("convene_joint", "station", helpers=("u_fire", "u_land", "u_city"), meets_at=hours(8), at=hours(2))
    assert sessions_of(walk.events) == (Session(5, hours(2), ("u_city", "u_fire", "u_land"), hours(8)),)
    walk.do("joint_held", "station", attendance=CAME, at=hours(9))
    [session] = sessions_of(walk.events)
    assert (session.held, session.held_at) == (6, hours(9))
    assert (session.held, session.came) == (6, {"u_city": Came.CAME, "u_fire": Came.EXCUSED, "u_land": Came.ABSENT})


def test_record_belongs_to_the_call_before_it_and_replaces_an_earlier_one() -> None:
    walk = walked()
    walk.do("joint_held", "station", attendance=(("u_city", "came"),), at=hours(1))
    assert sessions_of(walk.events) == ()
    walk.do("convene_joint", "station", helpers=("u_fire",), meets_at=hours(8), at=hours(2))
    walk.do("joint_held", "station", attendance=(("u_city", "came"), ("u_fire", "absent")), at=hours(9))
    walk.do("joint_held", "station", attendance=(("u_city", "came"), ("u_fire", "excused")), at=hours(10))
    walk.do("excuse_helper", "station", unit="u_fire", at=hours(11))
    walk.do("reassign", "dispatcher", units="u_bureau", lead="u_land", at=hours(11))
    walk.sign("u_land", at=hours(11))
    walk.do("convene_joint", "station", helpers=("u_fire",), meets_at=hours(20), at=hours(12))
    first, second = sessions_of(walk.events)
    assert (first.held, first.came["u_fire"]) == (8, Came.EXCUSED)
    assert (second.units, second.held, second.came) == (("u_land", "u_fire"), 0, {})


def test_session_of_a_case_without_a_lead_is_of_those_who_were_called() -> None:
    """No workflow allows it today; the events of a case are read as they are."""
    call = Event(1, "convene_joint", "station", hours(2), "", frozenset(), Payload(helpers=("u_fire",)))
    assert sessions_of([call])[0].units == ("u_fire",)


def test_helper_that_was_let_go_is_still_recorded() -> None:
    """It asked for leave before the session and was excused from helping: the record says 请假."""
    walk = walked()
    walk.do("convene_joint", "station", helpers=("u_fire",), meets_at=hours(8), at=hours(2))
    walk.do("excuse_helper", "station", unit="u_fire", at=hours(3))
    walk.do("joint_held", "station", attendance=(("u_city", "came"), ("u_fire", "excused")), at=hours(9))
    assert sessions_of(walk.events)[0].came["u_fire"] is Came.EXCUSED


def test_arrivals_are_of_those_who_came_and_say_who_was_late() -> None:
    walk = walked()
    walk.do("convene_joint", "station", helpers=("u_fire", "u_land"), meets_at=hours(8), at=hours(2))
    told = (("u_city", hours(7.5)), ("u_land", hours(8.75)))
    came = (("u_city", "came"), ("u_fire", "excused"), ("u_land", "came"))
    for wrong in ((("u_fire", hours(8)),), (("u_city", hours(9.5)),)):
        with pytest.raises(NotAllowed, match="arrival_unclear"):
            walk.do("joint_held", "station", attendance=came, arrivals=wrong, at=hours(9))
    walk.do("joint_held", "station", attendance=came, arrivals=told, at=hours(9))
    [session] = sessions_of(walk.events)
    assert session.arrived == dict(told)
    assert [session.minutes_late(unit) for unit in session.units] == [0, 0, 45]
    assert fold(DEMO, [read_event(stored_event(event)) for event in walk.events]) == walk.facts
    assert read_event(stored_event(walk.events[-1])) == walk.events[-1]


def test_session_of_several_cases_is_one_by_the_case_it_was_called_from_and_the_moment() -> None:
    walk = walked()
    walk.do("convene_joint", "station", helpers=("u_fire",), meets_at=hours(8), at=hours(2))
    walk.do("convene_joint", "station", helpers=("u_fire",), meets_at=hours(9), at=hours(3), session="XS-2026-000001-1")
    own, beside = sessions_of(walk.events)
    assert own.key("XS-2026-000002-2") == ("XS-2026-000002-2", hours(2))
    assert beside.key("XS-2026-000002-2") == ("XS-2026-000001-1", hours(3)) == beside.key("XS-2026-000003-3")


def test_call_without_others_is_stored_as_before() -> None:
    """The digest of an old event stays: no field that it did not have; what was called from elsewhere is read back."""
    walk = walked()
    walk.do("convene_joint", "station", helpers=("u_fire",), meets_at=hours(8), at=hours(2))
    walk.do("convene_joint", "station", helpers=("u_fire",), meets_at=hours(9), at=hours(3), session="XS-2026-000001-1")
    own, beside = (stored_event(event) for event in walk.events[-2:])
    assert own["payload"] == {"helpers": ["u_fire"], "meets_at": hours(8).isoformat()}
    assert beside["payload"] == {**own["payload"], "meets_at": hours(9).isoformat(), "session": "XS-2026-000001-1"}
    assert read_event(beside) == walk.events[-1]


def test_call_for_another_case_leaves_out_its_lead_and_its_record_whom_it_did_not_call() -> None:
    told = called_for(
        Payload(helpers=("u_fire", "u_city"), meets_at=hours(8)), "u_city", called_from="A", host="u_land"
    )
    assert (told.helpers, told.meets_at, told.session) == (("u_fire",), hours(8), "A")
    alone = called_for(Payload(helpers=("u_city",)), "u_city", called_from="A", host="u_land")
    assert alone.helpers == ("u_land",), "who leads the case it is called from sits there"
    part = Session(5, hours(2), ("u_city", "u_fire"))
    arrivals = (("u_city", hours(8)), ("u_land", hours(9)))
    kept = recorded_for(Payload(attendance=CAME, arrivals=arrivals), part)
    assert (kept.attendance, kept.arrivals) == ((("u_city", "came"), ("u_fire", "excused")), arrivals[:1])


def test_no_lead_sits_at_a_table_where_a_case_about_it_is_handled() -> None:
    assert one_table([("u_city", frozenset()), ("u_fire", frozenset({"u_land"})), ("u_city", frozenset())])
    assert not one_table([("u_city", frozenset()), ("u_fire", frozenset({"u_land", "u_city"}))])

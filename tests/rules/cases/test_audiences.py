"""Whom a notice is for, as values: the choices for each audience, and who of the people found is told."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from anju.rules.cases.audiences import AUDIENCES, Audience, Occasion, Wanted, Where, audience, told
from anju.rules.cases.book import Book
from anju.rules.cases.facts import Asked, Event, Facts, Payload, Request, Task, TaskKind, TaskState
from anju.rules.cases.workflow_file import parse_workflow
from tests.rules.cases.sample import BOOK, BUREAU, DEMO, MONDAY, Walk

WORKING = frozenset({"handler", "unit_lead"})
LEAD = Task(TaskKind.LEAD, "u_city")
CITY, NOBODY = frozenset({"u_city"}), frozenset[str]()
DISPATCHER, SUPERVISOR = Wanted(frozenset({"dispatcher"})), Wanted(frozenset({"supervisor"}))
AT_CITY = Wanted(WORKING, Where.UNITS, CITY)


def asked_of(
    name: str, before: Facts | None = None, *, book: Book = BOOK, at: datetime = MONDAY, **told: Any
) -> Audience:
    """The audience of an act after which the facts are as told; `payload` is what the act says."""
    payload = told.pop("payload", Payload())
    after = Facts(**{"tasks": (LEAD,), **told})
    return audience(name, Occasion(book, before or after, after, Event(9, "any", "any", at, "", NOBODY, payload)))


def level(number: int, *, book: Book = BOOK, **facts: Any) -> Audience:
    return asked_of("level", payload=Payload(level=number), book=book, **facts)


def test_lead_and_helpers_are_people_at_work_in_their_units() -> None:
    helpers = (LEAD, Task(TaskKind.HELPER, "u_fire"), Task(TaskKind.HELPER, "u_land", TaskState.DONE))
    assert asked_of("lead") == ((AT_CITY,),)
    assert asked_of("helpers", tasks=helpers) == ((Wanted(WORKING, Where.UNITS, frozenset({"u_fire"})),),)
    assert asked_of("lead", tasks=()) == ((),)


def test_session_is_for_the_lead_and_for_all_who_are_called() -> None:
    """Not for a helper that was not called to it."""
    helped = (LEAD, Task(TaskKind.HELPER, "u_town"))
    found = asked_of("called", tasks=helped, payload=Payload(helpers=("u_fire", "u_land")))
    assert found == ((Wanted(WORKING, Where.UNITS, frozenset({"u_city", "u_fire", "u_land"})),),)


def test_body_that_the_case_is_about_is_told_nothing_and_the_bureau_is_one_with_its_offices() -> None:
    of_office: Any = {"respondents": frozenset({"u_office"})}
    assert asked_of("lead", **of_office) == ((replace(AT_CITY, but=BUREAU),),)
    assert asked_of("dispatcher", **of_office) == (
        (replace(DISPATCHER, but=BUREAU),),
        (replace(SUPERVISOR, but=BUREAU),),
    )
    assert asked_of("supervisor", respondents=frozenset({"u_x"})) == ((replace(SUPERVISOR, but=frozenset({"u_x"})),),)


def test_urging_is_for_the_lead_and_before_there_is_one_for_the_dispatcher() -> None:
    assert asked_of("responsible") == ((AT_CITY,), (DISPATCHER,), (SUPERVISOR,))
    assert asked_of("responsible", tasks=()) == ((), (DISPATCHER,), (SUPERVISOR,))


@pytest.mark.parametrize(
    ("number", "choice"),
    [
        (1, (replace(AT_CITY, roles=frozenset({"handler"})),)),
        (2, (AT_CITY, DISPATCHER)),
        (3, (replace(AT_CITY, roles=frozenset({"unit_lead"})),)),
        (4, (replace(AT_CITY, roles=frozenset({"unit_lead"})), DISPATCHER)),
        (5, (replace(AT_CITY, roles=frozenset({"unit_lead"})), SUPERVISOR)),
    ],
)
def test_level_of_oversight_is_for_those_it_names(number: int, choice: tuple[Wanted, ...]) -> None:
    """预警 the handler; 催办 him, the head of the unit and the dispatcher; 黄牌 the head; 红牌 the bureau too; 县级督查 the county."""
    assert level(number) == (choice, (DISPATCHER,), (SUPERVISOR,))


def test_level_before_there_is_a_lead_is_for_whoever_is_beside_it_or_dispatches() -> None:
    assert level(1, tasks=()) == ((), (DISPATCHER,), (SUPERVISOR,))
    assert level(2, tasks=()) == ((DISPATCHER,), (DISPATCHER,), (SUPERVISOR,))


def test_level_that_names_nobody_of_the_unit() -> None:
    """As the fifth of editions 1 and 2."""
    text = (Path(__file__).parents[2] / "cases" / "editions" / "workflow-2.toml").read_text()
    book = replace(BOOK, workflow=parse_workflow(text, units=frozenset({"bureau"})))
    assert level(5, book=book)[0] == (SUPERVISOR,)


def test_level_that_names_the_dispatcher_leaves_out_whom_the_case_is_about() -> None:
    of_office: Any = {"respondents": frozenset({"u_office"})}
    assert level(2, **of_office)[0] == (replace(AT_CITY, but=BUREAU), replace(DISPATCHER, but=BUREAU))


def test_asking_is_for_who_may_grant_it() -> None:
    """Nobody of the unit that asks; the second extension is the supervisors' alone."""
    asked = Request(Asked.EXTENSION, "7", CITY, None)
    dispatcher, supervisor = replace(DISPATCHER, but=CITY), replace(SUPERVISOR, but=CITY)
    assert asked_of("granter", request=asked) == ((dispatcher,), (supervisor,))
    assert asked_of("granter", request=asked, extensions=1) == ((supervisor,),)
    put_off = Request(Asked.SUSPENSION, "7", CITY, None)
    assert asked_of("granter", request=put_off, extensions=1)[0] == (dispatcher,)
    assert asked_of("granter") == ((DISPATCHER,), (SUPERVISOR,))


def test_answer_is_for_who_asked_else_for_the_unit_else_for_who_entered_it() -> None:
    before = Facts(tasks=(LEAD,), request=Request(Asked.EXTENSION, "7", frozenset({"u_city", "u_part"}), None))
    assert asked_of("asker", before) == (
        (Wanted(WORKING, Where.UNITS, frozenset({"u_city", "u_part"}), person="7"),),
        (AT_CITY,),
        (Wanted(NOBODY, person="7"),),
    )
    assert asked_of("asker", before, respondents=CITY)[-1] == (Wanted(NOBODY, but=CITY, person="7"),)
    assert asked_of("asker") == ((AT_CITY,),)


def test_check_is_for_those_near_the_place_who_may_verify() -> None:
    near = Wanted(frozenset({"community", "town"}), Where.AREA, but=CITY)
    assert asked_of("verifier") == ((near,), (SUPERVISOR,))
    of_bureau = (Task(TaskKind.LEAD, "u_office"),)
    assert asked_of("verifier", tasks=of_bureau) == (
        (Wanted(frozenset({"town"}), Where.AREA, but=BUREAU),),
        (SUPERVISOR,),
    )


def test_bodies_of_the_compound_are_told_what_is_addressed_to_them() -> None:
    bodies, company = frozenset({"company", "owners_org"}), frozenset({"u_company"})
    assert asked_of("respondent", respondents=company) == ((Wanted(bodies, Where.COMPOUND, company),),)
    assert asked_of("dissuader", tasks=(Task(TaskKind.DISSUADE, "u_company"),)) == (
        (Wanted(bodies, Where.COMPOUND, company),),
    )


FIRST, SECOND = Wanted(WORKING), Wanted(frozenset({"dispatcher"}))


@pytest.mark.parametrize(
    ("found", "out", "expected"),
    [
        ({FIRST: {1, 2}, SECOND: {3}}, set(), {1, 2}),
        ({FIRST: {1, 2}, SECOND: {3}}, {1}, {2}),
        ({FIRST: {1, 2}, SECOND: {3}}, {1, 2}, {3}),
        ({SECOND: {3}}, set(), {3}),
        ({FIRST: {1}, SECOND: {3}}, {1, 3}, set()),
    ],
)
def test_first_choice_in_which_anybody_is_left_is_told(
    found: dict[Wanted, set[int]], out: set[int], expected: set[int]
) -> None:
    people = {one: frozenset(users) for one, users in found.items()}
    said = told([("ask", ((FIRST,), (SECOND,)))], people, frozenset(out))
    assert dict(said) == ({"ask": frozenset(expected)} if expected else {})


def test_all_of_a_choice_are_told_and_nobody_twice() -> None:
    """Who leads and is called too is told that he leads; that he knows it is no reason to tell others in his stead."""
    people = {FIRST: frozenset({1}), SECOND: frozenset({1, 2})}
    assert told([("task", ((FIRST, SECOND),))], people, frozenset()) == (("task", frozenset({1, 2})),)
    said = told([("task", ((FIRST,),)), ("help", ((FIRST,), (SECOND,)))], people, frozenset())
    assert said == (("task", frozenset({1})),)
    people = {FIRST: frozenset({1}), SECOND: frozenset({2})}
    notices = [("task", ((FIRST,),)), ("help", ((SECOND,),)), ("check", ((FIRST, SECOND),))]
    assert told(notices, people, frozenset()) == (("task", frozenset({1})), ("help", frozenset({2})))


def test_every_notice_of_the_workflow_has_an_audience() -> None:
    walk = Walk().handling()
    event = replace(walk.events[-1], payload=Payload(level=1, clock="accept"))
    for notice in DEMO.notices:
        if notice.to != "reporter":
            before = replace(walk.facts, released=True)
            assert audience(notice.to, Occasion(BOOK, before, walk.facts, event)), notice.code
    assert {notice.to for notice in DEMO.notices} == {"reporter", *AUDIENCES}

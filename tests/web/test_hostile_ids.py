"""Ids that are none, in addresses and in the questions of lists: not a page, never an error of ours."""

from types import SimpleNamespace
from urllib.parse import quote

import pytest

from tests.web.hostile import EACH, IDS, TOGETHER, Walk, fault, open_routes

WITH_ROW = [route for route in open_routes("") if "pk" in route.keys]
LISTS = [route for route in open_routes("") if not route.keys]
NO_IDS = ("x", "-1", "1" + "0" * 30, "１２３", "999999999999999999")
MORE_NO_IDS = (
    "0",
    "00001",
    "1.0",
    "0x1",
    "٣",
    "1/../2",
    "+1",
    " 1",
    "1\n",
    "1\0",
    "\u202e1",
    "null",
    "𠮷",
    "1;2",
    "%31",
)
QUESTIONS = (
    *("q", "person", "action", "outcome", "subject", "since", "until", "above", "below", "before", "after"),
    *("town", "kind", "service_state", "unsettled", "show", "state", "edition", "unit", "organisation", "next"),
)


def spelled(pattern: str) -> str:
    """Return an address with what else it names, an act or a file, filled in."""
    return pattern.replace("<slug:code>", "accept").replace("<str:name>", "a.jpg")


@pytest.fixture
def walk(place: SimpleNamespace, people: SimpleNamespace) -> Walk:
    return Walk(place, people)


def test_address_with_an_id_that_is_none_is_no_page(walk: Walk) -> None:
    wrong = []
    for place_in_list, route in enumerate(WITH_ROW):
        client = walk.someone(route).client
        for pk in NO_IDS if place_in_list else NO_IDS + MORE_NO_IDS:
            address = "/" + spelled(route.pattern).replace("<id:pk>", quote(pk, safe=""))
            got = {client.get(address).status_code, client.post(address).status_code}
            if not got <= {404, 405}:
                wrong.append((address, got))
    assert not wrong


def test_address_with_an_id_that_is_none_says_nothing_to_a_stranger(people: SimpleNamespace) -> None:
    """Not signed in, an address that could be one asks for sign-in whether the row is there or not."""
    for route in WITH_ROW:
        there, not_there = (spelled(route.pattern).replace("<id:pk>", pk) for pk in ("1", "999999999999999999"))
        answers = [people.stranger.client.get(f"/{address}") for address in (there, not_there)]
        assert [answer.status_code for answer in answers] in ([302, 302], [405, 405]), route.name


def test_list_asked_with_hostile_questions_is_answered_calmly(walk: Walk) -> None:
    wrong = []
    for route in LISTS:
        for text in (*EACH, TOGETHER[3], *IDS[:4]):
            answer = walk.someone(route).client.get(f"/{route.pattern}", dict.fromkeys(QUESTIONS, text[:300]))
            if complaint := fault(answer):
                wrong.append((route.name, text[:30], complaint))
    assert not wrong


def test_list_asked_in_broken_encoding_is_answered_calmly(walk: Walk) -> None:
    for route in LISTS:
        for question in ("%FF%FE", "%ED%A0%80", "1&" + "q=1&" * 900 + "q[]=1&q[x]=2&q=%00&&&="):
            answer = walk.someone(route).client.get(f"/{route.pattern}", QUERY_STRING=f"q={question}")
            assert not fault(answer), (route.name, question[:30])


def test_record_asked_with_hostile_questions_is_answered_calmly(walk: Walk) -> None:
    for route in WITH_ROW:
        asked = dict.fromkeys(QUESTIONS, "１２３\0")
        answer = walk.someone(route).client.get(walk.addresses(route)[0], asked)
        assert not fault(answer), route.name

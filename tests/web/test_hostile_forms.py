"""Every form of the product, found by walking its pages, filled with what no honest person types."""

from types import SimpleNamespace

import pytest
from django.test import Client

from anju.base.models import Installation
from tests.house.routes import all_routes
from tests.web.hostile import EACH, IDS, TOGETHER, Walk, fault, open_routes, send, undone, variants

# area -> how many forms it offers at least: a walk that found none would prove nothing
AREAS = {
    "account/": 1,
    "audit/": 2,
    "places/divisions/": 5,
    "places/organisations/": 7,
    "places/compounds/": 8,
    "people/": 17,
    "calendar/": 2,
    "registry/imports/": 4,
    "disclosure/": 7,
    "facts/": 5,
    "board/": 1,
    "ledger/": 2,
    "notices/": 0,
    "papers/": 0,
    "cases/": 3,
    "matters/": 6,
    "table/": 3,
    "intake/": 2,
    "asking/": 3,
}


def test_area_of_every_form_is_walked() -> None:
    walked = {route.name for area in AREAS for route in open_routes(area)}
    elsewhere = {route.name for route in all_routes() if route.door in {"public", "trial"}}
    frame_and_reading = {"home:today", "home:search", "home:act_as", "places:policy", "places:policy_pdf"}
    assert {route.name for route in all_routes()} - elsewhere - frame_and_reading == walked


@pytest.mark.parametrize("area", AREAS)
def test_form_with_hostile_input_is_answered_calmly(area: str, place: SimpleNamespace, people: SimpleNamespace) -> None:
    offered = Walk(place, people).offers(area)
    assert len(offered) >= AREAS[area]
    wrong = []
    for person, form in offered:
        for changed in variants(form):
            with undone():
                complaint = fault(send(person, form, changed))
            if complaint:
                wrong.append(f"{form.method} {form.action} {str(changed)[:80]}: {complaint}")
    assert not wrong


def test_form_of_every_page_with_hostile_input_is_answered_calmly(people: SimpleNamespace) -> None:
    """The size of type, the change of post: the frame of every page."""
    client, post = people.bureau_officer.client, people.bureau_officer.actor.post_id
    for field in ("large", "post", "next"):
        for text in (*EACH, *TOGETHER, *IDS):
            for action in ("/type/", "/desk/post/"):
                answer = client.post(action, {"large": "1", "next": "/desk/", "post": post} | {field: text})
                assert not fault(answer), (action, text)


def test_form_of_the_empty_house_with_hostile_input_founds_nothing(db: None, client: Client) -> None:
    for text in (*EACH, *IDS):
        for address, field in (("/found/", "policy"), ("/personas/become/", "persona")):
            assert not fault(client.post(address, {field: text}))
    assert not Installation.objects.exists()


def test_preview_of_a_staff_list_that_was_tampered_with_is_refused(people: SimpleNamespace) -> None:
    for text in (*EACH, *TOGETHER):
        tampered = {"rows": text, "digest": text, "write": "1", "line-1": text}
        answer = people.system_admin.client.post("/people/staff/", tampered)
        assert answer.status_code == 422
        assert "预览已超过两小时，或不是您上传的名册" in answer.content.decode()

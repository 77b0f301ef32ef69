"""Requests that no browser of ours sends: other methods, forged headers, broken bodies, forms without their token."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.test import Client

from anju.base.models import AuditEntry
from anju.places.models import Compound
from tests.people import Person
from tests.web.hostile import Walk, open_routes, send

EVIL = "evil.example"
NEW = "/places/compounds/new/"
OFF_SITE = (
    *(f"//{EVIL}/", f"///{EVIL}", f"https:{EVIL}", f"https://{EVIL}/", f"/\\{EVIL}", f"\\\\{EVIL}", f"/\t/{EVIL}"),
    *(
        f"%2F%2F{EVIL}",
        f"/%2F{EVIL}",
        f"//{EVIL}\\@testserver",
        f"http://testserver@{EVIL}/",
        "javascript:alert(1)",
        "\0",
    ),
)


def state() -> dict[str, int]:
    """How many rows there are of everything of ours. Looking at the trail is itself written down, and does not count."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("anju.")]
    return {model.__name__: model._default_manager.count() for model in ours if model.__module__ != "anju.base.models"}


def filled(place: SimpleNamespace, name: str = "示例·新苑") -> dict[str, Any]:
    return {"name": name, "division": place.community.pk, "kind": "commercial", "service_state": "unknown"}


def strict(person: Person) -> Client:
    """The same person at a browser whose token is asked for."""
    client = Client(enforce_csrf_checks=True)
    assert person.user is not None
    client.force_login(person.user)
    return client


@pytest.fixture
def officer(people: SimpleNamespace) -> Client:
    client: Client = people.bureau_officer.client
    return client


def test_form_as_it_should_be_sent_makes_a_compound(place: SimpleNamespace, officer: Client) -> None:
    """What the tests below break is whole to begin with."""
    assert officer.post(NEW, filled(place)).status_code == 302
    assert Compound.objects.filter(name="示例·新苑").exists()


def test_address_opened_by_a_link_changes_nothing(place: SimpleNamespace, people: SimpleNamespace) -> None:
    """Every address either shows a page or asks for a form: a link is never enough to do something."""
    walk, before = Walk(place, people), state()
    answers = {
        address: walk.someone(route).client.get(address).status_code
        for route in open_routes("")
        for address in walk.addresses(route)
    }
    assert sum(status == 405 for status in answers.values()) > 3
    assert sum(status == 200 for status in answers.values()) > 30
    assert state() == before


def test_other_method_changes_nothing(place: SimpleNamespace, people: SimpleNamespace) -> None:
    walk, before = Walk(place, people), state()
    for route in open_routes(""):
        for method in ("put", "delete"):
            answer = getattr(walk.someone(route).client, method)(walk.addresses(route)[0])
            assert answer.status_code in {200, 302, 404, 405}, (method, route.name)
    assert state() == before


def test_method_in_a_header_is_not_heard(place: SimpleNamespace, people: SimpleNamespace) -> None:
    officer, before = people.bureau_officer, state()
    for header in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        officer.client.get(NEW, filled(place), headers={header: "POST"})
        assert strict(officer).post(NEW, filled(place), headers={header: "GET"}).status_code == 403
    assert state() == before


def test_method_in_a_field_is_not_heard(place: SimpleNamespace, people: SimpleNamespace) -> None:
    officer, before = people.bureau_officer, state()
    for name in ("_method", "_METHOD", "method", "csrfmiddlewaretoken"):
        officer.client.get(NEW, filled(place) | {name: "POST"})
        assert strict(officer).post(NEW, filled(place) | {name: "GET"}).status_code == 403
    assert state() == before


def test_every_form_without_its_token_is_refused_in_chinese(place: SimpleNamespace, people: SimpleNamespace) -> None:
    forms = [offer for offer in Walk(place, people).offers("p") if offer[1].method == "post"]
    before = state()
    assert len(forms) > 20
    for person, form in forms:
        without = Person(person.user)
        without.client = strict(person)
        answer = send(without, form, {})
        assert answer.status_code == 403, form.action
        assert "页面放得太久了，没有提交成功" in answer.content.decode(), form.action
    assert state() == before


def test_form_with_the_token_of_another_browser_is_refused(people: SimpleNamespace) -> None:
    client = strict(people.bureau_officer)
    client.get(NEW)
    assert client.post(NEW, {"csrfmiddlewaretoken": "a" * 64}).status_code == 403
    assert client.post(NEW, {"csrfmiddlewaretoken": "碧\0水" * 1000}).status_code == 403


def test_form_with_next_never_leads_off_this_site(people: SimpleNamespace) -> None:
    client, post = people.bureau_officer.client, people.bureau_officer.actor.post_id
    for target in OFF_SITE:
        answers = [
            client.post("/type/", {"large": "1", "next": target}),
            client.post("/desk/post/", {"post": post, "next": target}),
            client.get("/account/sign-in/", {"next": target}),
        ]
        for answer in answers:
            assert answer.status_code == 404 or leads_home(answer["Location"]), answer["Location"]


def leads_home(location: str) -> bool:
    """Resolve as browsers do: tabs and line ends are dropped, a backslash is a slash."""
    read = location.translate({ord("\t"): None, ord("\n"): None, ord("\r"): None, ord("\\"): "/"}).strip()
    return urlsplit(urljoin("http://testserver/desk/", read))[:2] == ("http", "testserver")


def test_address_that_looks_like_another_site_leads_nowhere(officer: Client) -> None:
    """Adding the slash at the end must not turn the path into a host."""
    for path in (f"//{EVIL}/desk", f"//{EVIL}/%2e%2e", f"/\\{EVIL}/desk", f"/desk//{EVIL}"):
        answer = officer.get(path)
        assert answer.status_code == 404 or leads_home(answer["Location"])
        asked = Client().get("/desk/", {"next": path})["Location"]
        assert asked.startswith("/account/sign-in/?next=/desk/")


def test_host_that_is_not_ours_is_refused_in_chinese(officer: Client) -> None:
    for host in (EVIL, "testserver@evil.example", "127.0.0.1:x", "", "evil.example:80", "a" * 300, "[::1"):
        answer = officer.get("/desk/", headers={"Host": host})
        assert answer.status_code == 400
        assert "这个请求看不懂" in answer.content.decode()


@pytest.mark.parametrize(
    "forged",
    [
        {"X-Forwarded-Host": EVIL},
        {"X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "on"},
        {"X-Forwarded-For": "127.0.0.1", "Forwarded": f"for=127.0.0.1;host={EVIL}"},
        {"X-Original-Url": "/audit/", "X-Rewrite-Url": "/audit/"},
        {"X-Forwarded-User": "shenji", "Remote-User": "shenji", "X-Remote-User": "shenji"},
        {"X-Forwarded-Prefix": f"//{EVIL}", "X-Script-Name": f"//{EVIL}", "Script-Name": f"//{EVIL}"},
    ],
)
def test_forwarding_header_is_not_believed(forged: dict[str, str], people: SimpleNamespace) -> None:
    answer = people.bureau_officer.client.get("/desk/", headers=forged)
    assert answer.status_code == 200
    assert answer.context["actor"].name == "陈经办"
    assert EVIL not in answer.content.decode()
    assert not answer.wsgi_request.is_secure()
    stranger = Client().get("/audit/", headers=forged)
    assert stranger["Location"] == "/account/sign-in/?next=/audit/"


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Real-Ip", "Client-Ip", "True-Client-Ip", "Forwarded"])
def test_trial_is_not_opened_from_elsewhere_by_a_forged_address(name: str, db: None) -> None:
    answer = Client(REMOTE_ADDR="203.0.113.9").get("/", headers={name: "127.0.0.1"})
    assert answer.status_code == 403


BROKEN = {
    "multipart without a boundary": ("multipart/form-data", b"--x\r\n"),
    "multipart cut off": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n',
    ),
    "multipart of nonsense": ("multipart/form-data; boundary=x", b"\0\xff--x--" * 100),
    "multipart with a long boundary": ("multipart/form-data; boundary=" + "x" * 5000, b"--x--"),
    "multipart in base64 that is none": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="name"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--x--\r\n',
    ),
    "JSON": ("application/json", b'{"name": "x", "division": 1}'),
    "XML": ("text/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    "another encoding": ("application/x-www-form-urlencoded; charset=utf-7", b"name=+ADw-b+AD4-"),
    "bytes that are no UTF-8": ("application/x-www-form-urlencoded", b"name=%ff%fe\xff&division=%ed%a0%80"),
    "no type": ("", b"name=x"),
    "a type that is none": ("类/型".encode().decode("latin-1"), b"name=x"),
    "7,000 fields": ("application/x-www-form-urlencoded", b"&".join(b"name%d=x" % n for n in range(7000))),
    "six megabytes": ("application/x-www-form-urlencoded", b"name=" + b"x" * 6 * 1024 * 1024),
    "nothing": ("application/x-www-form-urlencoded", b""),
}


def test_body_that_is_no_form_of_ours_writes_nothing(place: SimpleNamespace, people: SimpleNamespace) -> None:
    before = state()
    for what, (kind, body) in BROKEN.items():
        for client in (people.bureau_officer.client, strict(people.bureau_officer)):
            answer = client.generic("POST", NEW, body, content_type=kind)
            assert answer.status_code in {200, 400, 403}, what
            assert "text/html" in answer["Content-Type"], what
            assert "<h1" in answer.content.decode(), what
    assert state() == before


def test_body_too_large_says_so_in_chinese(officer: Client) -> None:
    kind, body = BROKEN["7,000 fields"]
    answer = officer.generic("POST", NEW, body, content_type=kind)
    assert answer.status_code == 400
    assert "太大" in answer.content.decode()


def test_cookie_that_is_nonsense_is_a_strangers(place: SimpleNamespace) -> None:
    broken = "类".encode().decode("latin-1")
    for cookie in ("sessionid=%00", "sessionid=" + "x" * 5000, f"sessionid={broken}", "csrftoken=<b>; large=2; =; ;;"):
        answer = Client().get("/desk/", headers={"Cookie": cookie})
        assert answer["Location"].startswith("/account/sign-in/"), cookie


def test_refused_act_stands_in_the_trail_with_its_page_and_no_more(people: SimpleNamespace) -> None:
    people.manager.client.post(NEW, {"name": "不该记下的内容"})
    entry = AuditEntry.objects.get(action="access.denied")
    assert (entry.user_id, entry.outcome) == (people.manager.user.pk, "refused")
    assert "places:compound_new" in entry.body
    assert "不该" not in entry.body

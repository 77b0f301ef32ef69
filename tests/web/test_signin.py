"""Signing in and out over HTTP: one answer to every stranger, no way off this site, no name in the trail."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from anju.accounts.hashers import OwaspArgon2Hasher
from anju.accounts.models import User
from anju.base.models import AuditEntry, Installation
from tests.people import NOW
from tests.web.signin_people import HOME, PASSWORD, SIGN_IN, SIGN_OUT, WRONG, is_in, said, sign_in

HOSTILE = [
    "chen\0",
    "x" * 10_000,
    "chen\u202e",
    "\u202enehc",
    "<img src=x onerror=alert(1)>陈",
    "𠮷䶮",
    "' or 1=1 --",
    "%00",
    "chen\nSet-Cookie: a=b",
]


def entries(action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=action).order_by("id"))


def test_sign_in_with_the_password_leads_to_the_desk(chen: User, client: Client) -> None:
    response = sign_in(client, "chen")
    assert (response.status_code, response["Location"]) == (302, "/desk/")
    assert is_in(client)
    assert [(entry.subject_id, entry.user_id) for entry in entries("person.signed_in")] == [(chen.pk, chen.pk)]


def test_sign_in_page_names_the_county_and_offers_nothing_else(chen: User, client: Client) -> None:
    page = client.get(SIGN_IN).content.decode()
    assert "示例县" in page
    assert "Sign" not in page
    assert "注册" not in page
    assert client.get("/account/signup/").status_code == 404
    assert client.get("/account/password/reset/").status_code == 404


def test_sign_in_page_of_a_trial_says_so(client: Client, db: None) -> None:
    assert "试用" in client.get(SIGN_IN).content.decode()
    Installation.objects.create(mode="trial", county_name="示例县", policy_code="demo", created_at=NOW)
    assert "试用" in client.get(SIGN_IN).content.decode()


def test_sign_in_page_of_a_real_county_is_not_stamped(place: Any, client: Client) -> None:
    assert "试用" not in client.get(SIGN_IN).content.decode()


@pytest.mark.parametrize("typed", ["CHEN", " chen ", "ｃｈｅｎ"])
def test_sign_in_reads_the_name_as_it_was_meant(chen: User, client: Client, typed: str) -> None:
    sign_in(client, typed)
    assert is_in(client)


def test_sign_in_reads_full_width_letters_of_the_password_as_plain_ones(chen: User, client: Client) -> None:
    sign_in(client, "chen", "Ｇｕｉｈｕａ－２０２６")
    assert is_in(client)


@pytest.mark.parametrize("name", ["lin", "nobody-at-all"])
def test_sign_in_answers_unknown_name_and_wrong_password_alike(
    chen: User, lin: User, client: Client, name: str
) -> None:
    known, other = sign_in(Client(), "chen", WRONG), sign_in(client, name, WRONG)
    assert said(known) == said(other) == ["用户名或密码不对，请核对后再试。连续输错会暂时锁住。"]
    assert known.status_code == other.status_code == 200
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    assert {row.status_code for row in (known, other)} == {200}


@pytest.mark.parametrize("name", ["chen", "nobody-at-all", "wu"])  # wu has an account and no password yet
def test_sign_in_computes_one_hash_whether_the_name_exists_or_not(
    chen: User, client: Client, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[str] = []
    for method in ("encode", "verify"):
        monkeypatch.setattr(OwaspArgon2Hasher, method, _noting(getattr(OwaspArgon2Hasher, method), computed))
    sign_in(client, name, WRONG)
    assert len(computed) == 1


def _noting(real: Any, computed: list[str]) -> Any:
    def called(*given: Any) -> Any:
        computed.append(real.__name__)
        return real(*given)

    return called


def test_sign_in_that_fails_leaves_the_person_and_the_reason_in_the_trail(chen: User, client: Client) -> None:
    sign_in(client, "chen", WRONG)
    sign_in(client, "my-bank-password-by-mistake", WRONG)
    found = entries("person.sign_in_failed")
    assert [(entry.subject_id, json.loads(entry.body)["note"]["reason"], entry.outcome) for entry in found] == [
        (chen.pk, "password", "refused"),
        (None, "unknown", "refused"),
    ]
    assert not [entry for entry in found if "mistake" in entry.body or WRONG in entry.body]


def test_sign_in_of_a_disabled_person_says_so_only_after_the_right_password(chen: User, client: Client) -> None:
    User.objects.filter(pk=chen.pk).update(is_active=False)
    assert said(sign_in(client, "chen", WRONG))
    response = client.post(SIGN_IN, {"login": "chen", "password": PASSWORD}, follow=True)
    assert "已停用" in response.content.decode()
    assert not is_in(client)
    assert [json.loads(entry.body)["note"]["reason"] for entry in entries("person.sign_in_failed")] == [
        "password",
        "inactive",
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_sign_in_with_a_hostile_name_is_answered_calmly(chen: User, client: Client, name: str) -> None:
    response = sign_in(client, name)
    assert response.status_code == 200
    assert said(response)
    assert "<img" not in response.content.decode().replace('<img class="', "")
    assert "Set-Cookie: a" not in str(response.headers)
    assert not is_in(client)


@pytest.mark.parametrize("password", ["\0", "x" * 5_000, "\u202e", ""])
def test_sign_in_with_a_hostile_password_is_answered_calmly(chen: User, client: Client, password: str) -> None:
    response = sign_in(client, "chen", password)
    assert response.status_code == 200
    assert said(response)
    assert password == "" or password not in response.content.decode() or len(password) == 1


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "https://localhost/desk/",
        " //evil.example",
        "/\t/evil.example",
    ],
)
def test_sign_in_never_leads_off_this_site(chen: User, client: Client, target: str) -> None:
    assert sign_in(client, "chen", next=target)["Location"] == "/desk/"
    assert client.get(SIGN_IN, {"next": target})["Location"] == "/desk/"
    out = client.post(SIGN_OUT, {"next": target})
    assert out["Location"] == SIGN_IN


def test_sign_in_leads_back_to_the_page_that_was_asked_for(chen: User, client: Client) -> None:
    assert client.get(HOME)["Location"] == f"{SIGN_IN}?next={HOME}"
    assert sign_in(client, "chen", next=HOME)["Location"] == HOME


def test_sign_in_of_a_person_without_a_post_leads_to_their_account(people: Any, client: Client) -> None:
    nobody = people.nobody.user
    nobody.set_password(PASSWORD)
    nobody.save()
    response = client.post(SIGN_IN, {"login": nobody.username, "password": PASSWORD}, follow=True)
    assert response.redirect_chain == [(HOME, 302)]
    assert "没有岗位" in response.content.decode()


def test_sign_in_changes_the_session_key(chen: User, client: Client) -> None:
    """Whoever planted a session in the browser beforehand has nothing of the one that begins now."""
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    sign_in(client, "chen")
    assert is_in(client)
    assert client.session.session_key != planted


def test_sign_in_without_its_token_is_refused(chen: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(SIGN_IN, {"login": "chen", "password": PASSWORD}).status_code == 403


def test_sign_out_needs_a_post_and_is_written_down(chen: User, client: Client) -> None:
    sign_in(client, "chen")
    assert client.get(SIGN_OUT).status_code == 200
    assert is_in(client)
    assert client.post(SIGN_OUT)["Location"] == SIGN_IN
    assert not is_in(client)
    assert [entry.user_id for entry in entries("person.signed_out")] == [chen.pk]


def test_sign_in_cookies_cannot_be_read_by_scripts(chen: User, client: Client) -> None:
    sign_in(client, "chen")
    ours = [client.cookies[settings.SESSION_COOKIE_NAME], client.cookies["anju_device"]]
    assert all(cookie["httponly"] and cookie["samesite"] == "Lax" for cookie in ours)
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""


def test_sign_in_pages_are_never_kept_by_the_browser(chen: User, client: Client) -> None:
    assert "no-store" in client.get(SIGN_IN)["Cache-Control"]
    sign_in(client, "chen")
    assert "no-store" in client.get(HOME)["Cache-Control"]

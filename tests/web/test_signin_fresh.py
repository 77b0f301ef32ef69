"""Fresh sign-in: dangerous acts ask again after ten minutes, and what was posted comes back with one button."""

from typing import Any
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.utils import timezone

from anju.accounts.models import User
from anju.web.signin.fresh import MOST_HELD, SECONDS
from tests.web.signin_people import HOME, PASSWORD, WRONG, said, sign_in
from tests.web.test_signin_factor import code_of

OFF, PROOF, PROOF_BY_CODE = "/account/second-factor/off/", "/account/proof/", "/account/proof/code/"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def at_desk(chen: User) -> Client:
    """Chen signed in eleven minutes ago, and has a second factor that could be turned off."""
    User.objects.filter(pk=chen.pk).update(password_changed_at=timezone.now())
    client = Client()
    sign_in(client, "chen")
    TOTP.activate(chen, SECRET)
    grow_old(client, SECONDS + 60)
    return client


def grow_old(client: Client, seconds: int) -> None:
    """Let time pass for the session, by moving what it remembers back."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    if held := session.get("_held_request"):
        held["at"] -= seconds
    session.save()


def prove(client: Client, path: str = OFF, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(PROOF, {"password": password, "next": path}, **more)


def test_sign_in_just_now_is_fresh(chen: User) -> None:
    client = Client()
    sign_in(client, "chen")
    TOTP.activate(chen, SECRET)
    assert client.get(OFF).status_code == 200


def test_page_after_ten_minutes_asks_again_and_comes_back(at_desk: Client) -> None:
    asked = at_desk.get(OFF)
    assert asked["Location"] == f"{PROOF}?next={quote(OFF, safe='')}"
    assert "陈经办" in at_desk.get(asked["Location"]).content.decode()
    assert prove(at_desk)["Location"] == OFF
    assert at_desk.get(OFF).status_code == 200


def test_post_after_ten_minutes_does_nothing_until_proven_and_confirmed(at_desk: Client) -> None:
    asked = at_desk.post(OFF, {"reason": "<b>换手机</b>", "two": ["a", "b"]})
    assert asked["Location"].startswith(PROOF)
    assert Authenticator.objects.exists()
    page = prove(at_desk)
    assert page.context["fields"] == [("reason", "<b>换手机</b>"), ("two", "a"), ("two", "b")]
    assert "&lt;b&gt;换手机" in page.content.decode()
    assert Authenticator.objects.exists()
    at_desk.post(OFF, {"reason": "换手机"})
    assert not Authenticator.objects.exists()


def test_post_with_a_wrong_password_stays_undone(at_desk: Client) -> None:
    at_desk.post(OFF)
    assert said(prove(at_desk, password=WRONG)) == ["密码不对，请再输一次。"]
    assert at_desk.get(OFF)["Location"].startswith(PROOF)


def test_post_given_up_does_not_come_back_with_another_question(at_desk: Client) -> None:
    at_desk.post(OFF, {"reason": "old"})
    other = "/account/second-factor/codes/new/"
    assert at_desk.get(other)["Location"].startswith(PROOF)
    answer = prove(at_desk, other)
    assert answer["Location"] == other
    grow_old(at_desk, SECONDS + 60)
    assert prove(at_desk, OFF)["Location"] == OFF


def test_post_held_too_long_is_forgotten(at_desk: Client) -> None:
    at_desk.post(OFF, {"reason": "old"})
    grow_old(at_desk, SECONDS + 1)
    assert prove(at_desk)["Location"] == OFF


def test_post_too_large_to_keep_is_filled_in_again(at_desk: Client) -> None:
    at_desk.post(OFF, {"reason": "x" * (MOST_HELD + 1)})
    assert prove(at_desk)["Location"] == OFF


def test_proof_by_the_code_of_the_telephone(at_desk: Client) -> None:
    page = at_desk.get(PROOF, {"next": OFF}).content.decode()
    assert PROOF_BY_CODE in page
    assert said(at_desk.post(PROOF_BY_CODE, {"code": "000000", "next": OFF}))
    assert at_desk.post(PROOF_BY_CODE, {"code": code_of(SECRET), "next": OFF})["Location"] == OFF
    assert at_desk.get(OFF).status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_proof_never_leads_off_this_site(at_desk: Client, target: str) -> None:
    assert prove(at_desk, target)["Location"] == "/desk/"


def test_proof_of_one_person_is_not_anothers(at_desk: Client, lin: User) -> None:
    """Signing in as somebody else at the same browser does not inherit the proof."""
    prove(at_desk)
    at_desk.post("/account/sign-out/")
    sign_in(at_desk, "lin")
    grow_old(at_desk, SECONDS + 60)
    assert at_desk.get("/account/second-factor/on/")["Location"].startswith(PROOF)


def test_proof_is_asked_of_nobody_who_has_neither_password_nor_code(people: Any) -> None:
    persona = people.bureau_officer.client
    assert persona.get(PROOF)["Location"] == HOME
    assert persona.get("/account/second-factor/on/").status_code == 200


def test_stranger_is_asked_to_sign_in_not_to_prove(chen: User, client: Client) -> None:
    assert client.get(OFF)["Location"].startswith("/account/sign-in/")
    assert client.get(PROOF)["Location"].startswith("/account/sign-in/")

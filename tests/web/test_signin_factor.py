"""The second factor: turned on with a computed code, asked for at sign-in, usable once, replaced by recovery codes."""

import base64
import hashlib
import hmac
import struct
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from anju.accounts.models import User
from anju.base.models import AuditEntry
from anju.rules.lockout import CODE
from tests.web.signin_people import HOME, SIGN_IN, SIGN_OUT, is_in, said, sign_in

ON, OFF = "/account/second-factor/on/", "/account/second-factor/off/"
CODES, NEW_CODES = "/account/second-factor/codes/", "/account/second-factor/codes/new/"
ASK = "/account/sign-in/code/"


def code_of(secret: str) -> str:
    """RFC 6238, computed here and not by the library under test."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


@pytest.fixture
def at_desk(chen: User) -> Client:
    User.objects.filter(pk=chen.pk).update(password_changed_at=timezone.now())
    client = Client()
    sign_in(client, "chen")
    return client


@pytest.fixture
def secret(at_desk: Client) -> str:
    """The secret of chen's telephone, once the second factor is on."""
    found = str(at_desk.get(ON).context["form"].secret)
    assert at_desk.post(ON, {"code": code_of(found)})["Location"] == CODES
    return found


def actions() -> list[str]:
    return list(AuditEntry.objects.filter(action__startswith="person.second").values_list("action", flat=True))


def test_turn_on_second_factor_shows_the_code_to_scan_and_to_type(at_desk: Client) -> None:
    page = at_desk.get(ON)
    assert page.context["form"].secret in page.content.decode()
    assert "data:image/svg+xml" in page.content.decode()


def test_turn_on_second_factor_with_a_wrong_code_leaves_it_off(at_desk: Client) -> None:
    assert said(at_desk.post(ON, {"code": "000000"}))
    assert not Authenticator.objects.exists()
    assert actions() == []


def test_turn_on_second_factor_is_written_down_and_shows_recovery_codes_once(at_desk: Client, secret: str) -> None:
    assert actions() == ["person.second_factor_added"]
    shown = at_desk.get(CODES).context["unused_codes"]
    assert len(set(shown)) == 10
    again = at_desk.get(CODES).content.decode()
    assert not [code for code in shown if code in again]
    assert not AuditEntry.objects.filter(body__contains=secret).exists()


def test_sign_in_with_second_factor_is_not_done_after_the_password(chen: User, secret: str) -> None:
    client = Client()
    assert sign_in(client, "chen")["Location"] == ASK
    assert not is_in(client)
    assert "anju_device" not in client.cookies
    assert client.post(ASK, {"code": code_of(secret)})["Location"] == "/desk/"
    assert is_in(client)


def test_sign_in_code_typed_in_full_width_digits_is_read(chen: User, secret: str) -> None:
    client = Client()
    sign_in(client, "chen")
    client.post(ASK, {"code": "".join(chr(ord(digit) + 0xFEE0) for digit in code_of(secret))})
    assert is_in(client)


def test_sign_in_code_works_once_on_any_process(chen: User, secret: str) -> None:
    used = code_of(secret)
    for client, works in ((Client(), True), (Client(), False)):
        cache.clear()  # what another process would know
        sign_in(client, "chen")
        client.post(ASK, {"code": used})
        assert is_in(client) is works


@pytest.mark.parametrize("code", ["", "000000", "\0", "x" * 5_000, "１２３", "000 000", "\u202e000000"])
def test_sign_in_with_a_wrong_code_is_refused(chen: User, secret: str, code: str) -> None:
    client = Client()
    sign_in(client, "chen")
    response = client.post(ASK, {"code": code})
    assert said(response)
    assert not is_in(client)


def test_sign_in_codes_are_counted_and_closed_to_strangers_only(chen: User, at_desk: Client, secret: str) -> None:
    thief = Client()  # knows the password
    sign_in(thief, "chen")
    for _ in range(CODE.attempts + 1):
        response = thief.post(ASK, {"code": "000000"})
    assert "输错次数太多" in said(response)[0]
    assert said(thief.post(ASK, {"code": code_of(secret)}))
    at_desk.post(SIGN_OUT)
    sign_in(at_desk, "chen")
    at_desk.post(ASK, {"code": code_of(secret)})
    assert is_in(at_desk)


def test_sign_in_code_page_without_a_password_leads_back(chen: User, secret: str) -> None:
    assert Client().get(ASK)["Location"] == SIGN_IN
    assert Client().post(ASK, {"code": code_of(secret)})["Location"] == SIGN_IN


def test_sign_in_waiting_for_the_code_can_be_given_up(chen: User, secret: str) -> None:
    client = Client()
    sign_in(client, "chen")
    assert client.get(SIGN_IN)["Location"] == ASK
    client.post(SIGN_OUT)
    assert client.get(SIGN_IN).status_code == 200


def test_sign_in_waiting_for_the_code_ends_when_the_account_is_disabled(chen: User, secret: str) -> None:
    client = Client()
    sign_in(client, "chen")
    User.objects.filter(pk=chen.pk).update(is_active=False)
    client.post(ASK, {"code": code_of(secret)})
    assert not is_in(client)


def test_recovery_code_signs_in_once(chen: User, at_desk: Client, secret: str) -> None:
    recovery = at_desk.get(CODES).context["unused_codes"][3]
    for works in (True, False):
        client = Client()
        sign_in(client, "chen")
        client.post(ASK, {"code": recovery})
        assert is_in(client) is works
    assert at_desk.get(HOME).context["factor"].codes_left == 9


def test_new_recovery_codes_void_the_old_ones(chen: User, at_desk: Client, secret: str) -> None:
    old = at_desk.get(CODES).context["unused_codes"]
    assert at_desk.post(NEW_CODES)["Location"] == CODES
    assert not set(old) & set(at_desk.get(CODES).context["unused_codes"])
    assert actions()[-1] == "person.second_factor_codes_renewed"


def test_turn_off_second_factor_is_written_down(chen: User, at_desk: Client, secret: str) -> None:
    assert at_desk.get(OFF).status_code == 200
    assert Authenticator.objects.exists()
    assert at_desk.post(OFF)["Location"] == HOME
    assert not Authenticator.objects.exists()
    assert actions() == ["person.second_factor_added", "person.second_factor_dropped"]


@pytest.mark.parametrize("page", [OFF, CODES, NEW_CODES])
def test_page_of_a_second_factor_that_is_off_leads_to_the_account(at_desk: Client, page: str) -> None:
    assert at_desk.get(page)["Location"] == HOME


def test_second_factor_of_another_is_out_of_reach(lin: User, at_desk: Client, secret: str) -> None:
    other = Client()
    sign_in(other, "lin")
    other.post(OFF, {"user": "chen"})
    assert Authenticator.objects.filter(user__username="chen").exists()


def test_sign_in_code_is_refused_to_the_wrong_person(chen: User, lin: User, secret: str) -> None:
    """A code of chen's telephone says nothing about lin."""
    client: Any = Client()
    assert sign_in(client, "lin")["Location"] == "/desk/"
    assert client.post(ASK, {"code": code_of(secret)})["Location"] == "/desk/"
    assert client.session["_auth_user_id"] == str(lin.pk)

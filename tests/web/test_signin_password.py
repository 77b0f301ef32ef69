"""Changing one's own password, and being made to."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from anju.accounts.models import User
from anju.accounts.services.passwords import reset_password
from anju.base.models import AuditEntry
from anju.rules.lockout import KNOWN_DEVICE
from tests.web.signin_people import HOME, PASSWORD, SIGN_IN, SIGN_OUT, WRONG, is_in, said, sign_in

PAGE = "/account/password/"
NEW = "Taohua+2027"


@pytest.fixture
def at_desk(chen: User) -> Client:
    User.objects.filter(pk=chen.pk).update(password_changed_at=timezone.now())
    client = Client()
    sign_in(client, "chen")
    return client


def change(client: Client, new: str = NEW, *, old: str = PASSWORD, again: str | None = None, **more: Any) -> Any:
    fields = {"oldpassword": old, "password1": new, "password2": new if again is None else again}
    return client.post(PAGE, fields | more)


def test_change_password_keeps_this_session_and_ends_the_others(chen: User, at_desk: Client) -> None:
    other = Client()
    sign_in(other, "chen")
    assert change(at_desk)["Location"] == "/desk/"
    assert is_in(at_desk)
    assert not is_in(other)
    assert User.objects.get(pk=chen.pk).check_password(NEW)
    assert AuditEntry.objects.filter(action="person.password_changed", user_id=chen.pk).count() == 1


def test_change_password_keeps_this_sign_in_in_the_list(chen: User, at_desk: Client) -> None:
    change(at_desk)
    listed = at_desk.get(HOME).context["sessions"]
    assert [row["current"] for row in listed] == [True]


@pytest.mark.parametrize(
    "new", ["春天的故事 begins in 钟山 2026", "x" * 100 + "Ab1!" + "花" * 24, "  Lan hua - 2026  "]
)
def test_change_password_takes_sentences_spaces_and_chinese(chen: User, at_desk: Client, new: str) -> None:
    change(at_desk, new)
    at_desk.post(SIGN_OUT)
    sign_in(at_desk, "chen", new)
    assert is_in(at_desk)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("Tao-26", "密码太短，至少 10 个字符"),
        ("taohuakaile", "密码太单一"),
        ("Password2026!", "密码太常见"),
        ("陈经办Chen-2026", "容易猜到"),
        ("x" * 129, "128"),
        (PASSWORD, "和现在的一样"),
        ("\0aohua+2027", ""),
    ],
)
def test_change_password_to_a_bad_one_is_refused_in_words(chen: User, at_desk: Client, new: str, words: str) -> None:
    response = change(at_desk, new)
    assert response.status_code == 200
    assert words in "".join(said(response))
    assert User.objects.get(pk=chen.pk).check_password(PASSWORD)


def test_change_password_typed_differently_twice_is_refused(chen: User, at_desk: Client) -> None:
    assert said(change(at_desk, again=NEW + "x")) == ["两次输入的新密码不一样，请再输一遍。"]


def test_change_password_without_the_old_one_is_refused_and_counted(chen: User, at_desk: Client) -> None:
    assert said(change(at_desk, old=WRONG)) == ["现在的密码不对，请再输一次。"]
    for _ in range(KNOWN_DEVICE.attempts + 5):
        response = change(at_desk, old=WRONG)
    assert "输错次数太多" in said(response)[0]
    assert AuditEntry.objects.filter(action="person.sign_in_failed", user_id=chen.pk).exists()


def test_one_time_password_must_be_changed_before_anything_else(chen: User, people: Any, client: Client) -> None:
    given = reset_password(actor=people.security_admin.actor, person=chen, at=timezone.now())
    sign_in(client, "chen", given)
    for path in (HOME, "/desk/", "/account/second-factor/on/", "/people/"):
        answer = client.get(path)
        assert answer.status_code == 404 or answer["Location"].startswith(PAGE), path
    assert client.post("/account/sessions/end/")["Location"] == PAGE
    page = client.get(PAGE).content.decode()
    assert "请先换成自己的新密码" in page
    assert change(client, old=given, next=HOME)["Location"] == HOME
    assert is_in(client)


def test_one_time_password_may_be_left_by_signing_out(chen: User, people: Any, client: Client) -> None:
    given = reset_password(actor=people.security_admin.actor, person=chen, at=timezone.now())
    sign_in(client, "chen", given)
    assert client.post(SIGN_OUT)["Location"] == SIGN_IN
    assert client.get(PAGE)["Location"].startswith(SIGN_IN)


@pytest.mark.parametrize(("profile", "made_to"), [("djbh", True), ("asvs", False)])
def test_password_of_ninety_days_must_be_changed_under_djbh(
    chen: User, at_desk: Client, settings: Any, profile: str, made_to: bool
) -> None:
    settings.PASSWORD_PROFILE = profile
    User.objects.filter(pk=chen.pk).update(password_changed_at=timezone.now() - timedelta(days=90))
    assert is_in(at_desk) is not made_to


def test_password_page_states_the_rule_of_the_profile(chen: User, at_desk: Client, settings: Any) -> None:
    assert "至少 10 个字符" in at_desk.get(PAGE).content.decode()
    settings.PASSWORD_PROFILE = "asvs"
    page = at_desk.get(PAGE).content.decode()
    assert "至少 12 个字符" in page
    assert "90 天" not in page


def test_change_password_never_leads_off_this_site(chen: User, at_desk: Client) -> None:
    assert change(at_desk, next="https://evil.example/")["Location"] == "/desk/"


def test_person_of_the_demo_county_has_no_password_to_change(people: Any) -> None:
    assert people.bureau_officer.client.get(PAGE)["Location"] == HOME
    assert people.bureau_officer.client.post(PAGE, {"password1": NEW, "password2": NEW})["Location"] == HOME

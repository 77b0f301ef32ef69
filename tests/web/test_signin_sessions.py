"""The list of one's own sign-ins, and taking them back."""

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from anju.accounts.models import User
from anju.accounts.services.sessions import forget_ended_sessions
from anju.base.actor import SYSTEM
from anju.base.models import AuditEntry
from anju.web.signin.browsers import in_words
from tests.web.signin_people import HOME, is_in, sign_in

END = "/account/sessions/end/"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0"


@pytest.fixture
def two(chen: User) -> tuple[Client, Client]:
    """Chen at her desk and at home."""
    User.objects.filter(pk=chen.pk).update(password_changed_at=timezone.now())
    desk, home = Client(), Client()
    sign_in(desk, "chen", HTTP_USER_AGENT=EDGE, REMOTE_ADDR="10.0.0.1")
    sign_in(home, "chen", HTTP_USER_AGENT="<img src=x onerror=alert(1)>", REMOTE_ADDR="10.0.0.2")
    return desk, home


def listed(client: Client) -> list[Any]:
    return list(client.get(HOME).context["sessions"])


def test_list_sessions_shows_where_one_is_signed_in(two: tuple[Client, Client]) -> None:
    rows = listed(two[0])
    assert [(row["device"], row["row"].ip, row["current"]) for row in rows] == [
        ("不认识的设备", "10.0.0.2", False),
        ("Windows 电脑 · Edge", "10.0.0.1", True),
    ]
    assert "onerror" not in two[0].get(HOME).content.decode()


def test_end_session_really_ends_the_other_client(two: tuple[Client, Client]) -> None:
    desk, home = two
    chosen = next(row["row"].pk for row in listed(desk) if not row["current"])
    assert desk.post(END, {"session": chosen})["Location"] == HOME
    assert is_in(desk)
    assert not is_in(home)
    assert len(listed(desk)) == 1
    assert AuditEntry.objects.filter(action="person.sessions_ended").count() == 1


def test_end_other_sessions_keeps_this_one(two: tuple[Client, Client]) -> None:
    desk, home = two
    desk.post(END)
    assert is_in(desk)
    assert not is_in(home)
    assert not Session.objects.filter(session_key=home.session.session_key).exists()


def test_end_session_of_another_person_is_not_there(two: tuple[Client, Client], lin: User) -> None:
    User.objects.filter(pk=lin.pk).update(password_changed_at=timezone.now())
    other = Client()
    sign_in(other, "lin")
    chosen = listed(two[0])[0]["row"].pk
    assert other.post(END, {"session": chosen}).status_code == 404
    assert is_in(two[0])
    assert is_in(two[1])


@pytest.mark.parametrize("chosen", ["0", "-1", "9" * 30, "１２", "x", "1 or 1=1", "\0"])
def test_end_session_that_is_no_number_is_not_there(two: tuple[Client, Client], chosen: str) -> None:
    assert two[0].post(END, {"session": chosen}).status_code == 404
    assert is_in(two[1])


def test_end_session_in_use_is_left_to_signing_out(two: tuple[Client, Client]) -> None:
    own = next(row["row"].pk for row in listed(two[0]) if row["current"])
    assert two[0].post(END, {"session": own}).status_code == 404
    assert is_in(two[0])


def test_end_sessions_is_not_done_by_a_link(two: tuple[Client, Client]) -> None:
    assert two[0].get(END).status_code == 405
    assert is_in(two[1])


def test_list_sessions_leaves_out_what_has_ended(two: tuple[Client, Client]) -> None:
    two[1].post("/account/sign-out/")
    assert len(listed(two[0])) == 1


def test_forget_ended_sessions_keeps_only_those_in_use(two: tuple[Client, Client]) -> None:
    assert forget_ended_sessions(actor=SYSTEM, at=timezone.now()) == 0
    two[1].post("/account/sign-out/")
    assert forget_ended_sessions(actor=SYSTEM, at=timezone.now()) == 1
    assert [row.ip for row in UserSession.objects.all()] == ["10.0.0.1"]


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (EDGE, "Windows 电脑 · Edge"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0", "安卓手机 · 微信"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "苹果手机 · Safari"),
        ("Mozilla/5.0 (X11; Linux x86_64; UOS) Firefox/115.0", "统信电脑 · Firefox"),
        ("curl/8", "不认识的设备"),
        ("", "不认识的设备"),
    ],
)
def test_browser_is_named_as_people_call_it(user_agent: str, words: str) -> None:
    assert in_words(user_agent) == words

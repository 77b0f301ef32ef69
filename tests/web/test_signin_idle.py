"""What is left lying about ends by itself: a sign-in at rest, a one-time password that nobody used."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from anju.accounts.models import User
from anju.accounts.services.passwords import reset_password
from anju.accounts.services.people import disable_person, enable_person
from anju.base.models import AuditEntry
from anju.rules.passwords import ONE_TIME_LIFE
from anju.web.signin.idle import SEEN
from tests.web.signin_people import HOME, PASSWORD, SIGN_IN, is_in, said, sign_in


@pytest.fixture
def at_desk(chen: User, client: Client) -> Client:
    User.objects.filter(pk=chen.pk).update(password_changed_at=timezone.now())
    sign_in(client, "chen")
    assert is_in(client)
    return client


def rest(client: Client, minutes: float) -> None:
    """Let so many minutes pass with nothing done."""
    session = client.session
    session[SEEN] -= int(minutes * 60)
    session.save()


def test_sign_in_at_rest_ends_and_the_page_says_why(chen: User, at_desk: Client) -> None:
    rest(at_desk, 30)
    answer = at_desk.get("/desk/")
    assert answer["Location"] == f"{SIGN_IN}?next=/desk/"
    assert "您有 30 分钟没有操作" in at_desk.get(answer["Location"]).content.decode()
    entry = AuditEntry.objects.filter(action="person.signed_out", user_id=chen.pk).get()
    assert '"reason":"idle"' in entry.body
    assert sign_in(at_desk, "chen", next="/desk/")["Location"] == "/desk/"
    assert is_in(at_desk)


def test_form_sent_after_a_rest_does_nothing(at_desk: Client) -> None:
    rest(at_desk, 31)
    sent = at_desk.post("/places/compounds/new/", {"name": "示例·迟到苑"})
    assert sent["Location"].startswith(SIGN_IN)


def test_person_of_the_demo_county_is_watched_too(client: Client, demo: None) -> None:
    persona = User.objects.get(username="chen")
    client.post("/personas/become/", {"persona": persona.pk})
    assert client.session[SEEN] > 0


def test_sign_in_goes_on_while_something_is_done(at_desk: Client) -> None:
    for _ in range(3):
        rest(at_desk, 29)
        assert is_in(at_desk)


def test_sign_in_in_use_is_not_written_at_each_request(at_desk: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        at_desk.get(HOME)
    assert not [query for query in queries if query["sql"].startswith("UPDATE")]
    rest(at_desk, 4)
    with CaptureQueriesContext(connection) as queries:
        at_desk.get(HOME)
    assert [query["sql"].split()[1] for query in queries if query["sql"].startswith("UPDATE")] == ['"django_session"']


def test_rest_is_as_long_as_the_installation_says(at_desk: Client, settings: Any) -> None:
    settings.IDLE = timedelta(minutes=5)
    rest(at_desk, 5)
    assert "您有 5 分钟没有操作" in at_desk.get("/desk/", follow=True).content.decode()


def given_to(chen: User, people: SimpleNamespace, *, days: int) -> str:
    """A one-time password that was given so many days ago."""
    given = reset_password(actor=people.security_admin.actor, person=chen, at=timezone.now())
    User.objects.filter(pk=chen.pk).update(password_changed_at=timezone.now() - timedelta(days=days))
    return given


def test_one_time_password_unused_for_a_week_is_over(chen: User, people: SimpleNamespace, client: Client) -> None:
    given = given_to(chen, people, days=ONE_TIME_LIFE.days)
    assert said(sign_in(client, "chen", given)) == [
        "这个一次性密码超过 7 天没有用，已经失效。请找安全管理员重置，领一个新的。"
    ]
    assert not is_in(client)
    entry = AuditEntry.objects.filter(action="person.sign_in_failed", subject_id=chen.pk).get()
    assert '"reason":"stale"' in entry.body
    again = reset_password(actor=people.security_admin.actor, person=chen, at=timezone.now())
    assert sign_in(client, "chen", again).status_code == 302


def test_one_time_password_used_within_the_week_opens(chen: User, people: SimpleNamespace, client: Client) -> None:
    given = given_to(chen, people, days=ONE_TIME_LIFE.days - 1)
    assert sign_in(client, "chen", given).status_code == 302


def test_wrong_password_does_not_learn_that_one_is_over(chen: User, people: SimpleNamespace, client: Client) -> None:
    given_to(chen, people, days=ONE_TIME_LIFE.days)
    assert "用户名或密码不对" in said(sign_in(client, "chen", "not-this-one"))[0]


def test_account_opened_again_has_a_week_for_its_old_password(
    chen: User, people: SimpleNamespace, client: Client
) -> None:
    User.objects.filter(pk=chen.pk).update(password_changed_at=timezone.now() - timedelta(days=60))
    actor, now = people.system_admin.actor, timezone.now()
    enable_person(actor=actor, person=disable_person(actor=actor, person=chen, reason="借调", at=now), at=now)
    assert sign_in(client, "chen", PASSWORD).status_code == 302

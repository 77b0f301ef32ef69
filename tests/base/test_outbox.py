"""Notices are queued with the act, delivered once it is done, and never lost, doubled or sent at night."""

import threading
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction

from anju.base.actor import STRANGER, Refused
from anju.base.models import Notice
from anju.base.outbox import (
    LEASE,
    PHONE_KEPT,
    Undeliverable,
    call_list,
    deliver_due,
    forget_phones,
    mark_read,
    queue_notice,
    settle_call,
    unread_for,
)
from anju.config.gateways import gateway_of
from anju.papers.notices import BY_CODE, TEXTS, said_notice
from anju.rules.sending import next_attempt, sending_moment
from tests.people import NOW

SMS, CALL, IN_APP = Notice.Channel.SMS, Notice.Channel.CALL, Notice.Channel.IN_APP
PHONE = "13500000000"


class Exchange:
    """A gateway in memory that can be told to fail."""

    def __init__(self, *failures: Exception) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.failures = list(failures)

    def send(self, phone: str, text: str, key: str) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((phone, text, key))


def queued(key: str = "", *, at: datetime = NOW, channel: Notice.Channel = SMS, **more: object) -> Notice | None:
    given: dict[str, object] = {"phone": PHONE} if channel != IN_APP else {}
    return queue_notice(template="work.waiting", values={"count": 3}, channel=channel, at=at, key=key, **(given | more))  # type: ignore[arg-type]


def row(notice: Notice | None) -> Notice:
    assert notice is not None
    return Notice.objects.get(pk=notice.pk)


def test_deliver_short_message_once(db: None) -> None:
    notice, gateway = queued("case:1:closed"), Exchange()
    assert deliver_due(gateway, said_notice, NOW) == 1
    assert deliver_due(gateway, said_notice, NOW + timedelta(hours=1)) == 0
    assert gateway.sent == [(PHONE, "您有3件事项待办，请登录查看。", "case:1:closed")]
    assert (row(notice).state, row(notice).settled_at, row(notice).attempts) == ("sent", NOW, 1)


def test_queue_same_key_once(db: None) -> None:
    assert queued("k") is not None
    assert queued("k") is None
    assert queued("k", channel=CALL) is None
    assert Notice.objects.count() == 1


def test_queue_goes_with_its_act(db: None) -> None:
    with transaction.atomic():
        queued("k")
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_queue_at_most_so_many_to_one_person_about_one_thing(db: None) -> None:
    made = [queued(about="case:1", most=5) for _ in range(7)]
    assert len([notice for notice in made if notice]) == 5
    assert queued(about="case:2", most=5) is not None
    assert queued(about="case:1", most=5, phone="13500000001") is not None


@pytest.mark.parametrize(
    "values", [{"a": PHONE}, {"a": "电话13500000000。"}, {"a": "44052418800101001X"}, {"a": "长" * 101}]
)
def test_queue_refuses_personal_data(db: None, values: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        queue_notice(template="work.waiting", values=values, channel=SMS, phone=PHONE, at=NOW)
    assert not Notice.objects.exists()


def test_queue_refuses_a_notice_to_nobody(db: None) -> None:
    with pytest.raises(ValueError):
        queued(phone="")
    with pytest.raises(ValueError):
        queued(channel=IN_APP)
    assert queued(channel=CALL, phone="") is not None


@pytest.mark.parametrize(
    ("hour", "minute", "days", "at_hour"),
    [(7, 59, 0, 8), (8, 0, 0, 8), (19, 59, 0, 19), (20, 0, 1, 8), (23, 30, 1, 8), (0, 0, 0, 8)],
)
def test_send_nothing_at_night(hour: int, minute: int, days: int, at_hour: int) -> None:
    wanted = NOW.replace(hour=hour, minute=minute)
    moment = sending_moment(wanted, urgent=False)
    assert (moment.date() - wanted.date(), moment.hour) == (timedelta(days), at_hour)
    assert moment >= wanted
    assert sending_moment(wanted, urgent=True) == wanted


def test_deliver_waits_for_the_morning_unless_urgent(db: None) -> None:
    night, gateway = NOW.replace(hour=23), Exchange()
    queued("quiet", at=night)
    queued("urgent", at=night, urgent=True)
    deliver_due(gateway, said_notice, night)
    assert [key for _, _, key in gateway.sent] == ["urgent"]
    deliver_due(gateway, said_notice, night + timedelta(hours=9))
    assert [key for _, _, key in gateway.sent] == ["urgent", "quiet"]


def test_deliver_tries_again_and_then_telephones(db: None) -> None:
    notice, gateway = queued(), Exchange(*[OSError("away")] * 9)
    at = NOW
    for attempt in range(1, 6):
        assert deliver_due(gateway, said_notice, at) == 0
        assert deliver_due(gateway, said_notice, at) == 0, "not before its time"
        assert row(notice).attempts == attempt
        at = next_attempt(attempt, at) or at
    assert len(gateway.failures) == 4
    assert (row(notice).channel, row(notice).state, row(notice).failure) == ("call", "waiting", "OSError")
    assert list(call_list(at=at)) == [notice]


def test_deliver_that_is_late_or_tried_again_waits_for_the_morning(db: None) -> None:
    """A message of the evening that failed, and one that lay while the ticker stood still, are no messages of the night."""
    evening, gateway = NOW.replace(hour=19, minute=59), Exchange(OSError("away"))
    queued("failed", at=evening)
    deliver_due(gateway, said_notice, evening)
    queued("lay", at=evening)
    for minutes in (2, 30, 180):
        deliver_due(gateway, said_notice, evening + timedelta(minutes=minutes))
    assert gateway.sent == []
    deliver_due(gateway, said_notice, evening.replace(hour=8, minute=0) + timedelta(days=1))
    assert sorted(key for _, _, key in gateway.sent) == ["failed", "lay"]


def test_deliver_of_a_wrong_number_is_telephoned_at_once(db: None) -> None:
    notice, gateway = queued(), Exchange(Undeliverable("bad_number"))
    deliver_due(gateway, said_notice, NOW)
    assert (row(notice).channel, row(notice).failure) == ("call", "bad_number")


def test_deliver_of_an_unknown_template_does_not_stop_the_others(db: None) -> None:
    bad = queue_notice(template="unknown", channel=SMS, phone=PHONE, at=NOW)
    queued("good")
    gateway = Exchange()
    assert deliver_due(gateway, said_notice, NOW) == 1
    assert row(bad).failure == "KeyError"


def test_deliver_without_a_gateway_becomes_a_call_list(db: None, people: SimpleNamespace) -> None:
    notice, urgent = queued(), queued(urgent=True)
    assert deliver_due(None, said_notice, NOW) == 0
    assert list(call_list(at=NOW)) == [urgent, notice]
    officer = people.bureau_officer.actor
    done = settle_call(actor=officer, notice=row(notice), reached=True, at=NOW)
    assert (done.state, done.settled_by) == ("sent", officer.user_id)
    with pytest.raises(Refused):
        settle_call(actor=officer, notice=row(notice), reached=False, at=NOW)
    assert list(call_list(at=NOW)) == [urgent]


def test_in_app_notice_is_there_with_the_act_and_read_by_its_own(db: None, people: SimpleNamespace) -> None:
    officer, other = people.bureau_officer.actor, people.town_officer.actor
    night = NOW.replace(hour=23)
    notice = queued(channel=IN_APP, user_id=officer.user_id, at=night)
    later = queued(channel=IN_APP, user_id=officer.user_id, at=night, not_before=night + timedelta(days=1))
    assert list(unread_for(officer, at=night)) == [notice]
    assert not unread_for(other, at=night)
    assert not unread_for(STRANGER, at=night)
    assert mark_read(actor=other, ids=[row(notice).pk], at=night) == 0
    assert mark_read(actor=officer, ids=[row(notice).pk, row(later).pk], at=night) == 1
    assert not unread_for(officer, at=night)


def test_lease_of_a_ticker_that_died_passes_on(db: None) -> None:
    notice = row(queued())
    Notice.objects.filter(pk=notice.pk).update(leased_until=NOW + LEASE)
    gateway = Exchange()
    assert deliver_due(gateway, said_notice, NOW) == 0
    assert deliver_due(gateway, said_notice, NOW + LEASE) == 1


@pytest.mark.django_db(transaction=True)
def test_deliver_by_four_tickers_at_once_sends_each_once() -> None:
    for number in range(40):
        queued(f"k{number}")
    gateway = Exchange()

    def tick() -> None:
        deliver_due(gateway, said_notice, NOW)
        connections.close_all()

    threads = [threading.Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(key for _, _, key in gateway.sent) == sorted(f"k{number}" for number in range(40))


def test_forget_phone_of_a_notice_long_over(db: None) -> None:
    sent = row(queued())
    deliver_due(Exchange(), said_notice, NOW)
    waiting = row(queued())
    assert forget_phones(NOW + PHONE_KEPT) == 0
    assert forget_phones(NOW + PHONE_KEPT + timedelta(seconds=1)) == 1
    assert (row(sent).phone, row(waiting).phone) == ("", PHONE)
    assert row(sent).recipient == row(waiting).recipient
    assert PHONE not in row(sent).recipient


def test_gateway_by_name(tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    from json import loads
    from pathlib import Path

    path = Path(str(tmp_path)) / "out.jsonl"
    assert gateway_of({}) is None
    written = gateway_of({"ANJU_SMS": f"file:{path}"})
    assert written is not None
    written.send(PHONE, "示例", "k1")
    written.send(PHONE, "示例", "k2")
    assert [loads(line)["key"] for line in path.read_text("utf-8").splitlines()] == ["k1", "k2"]
    assert path.stat().st_mode & 0o077 == 0
    console = gateway_of({"ANJU_SMS": "console"})
    assert console is not None
    console.send(PHONE, "示例", "k")
    assert PHONE not in capsys.readouterr().err
    with pytest.raises(ImproperlyConfigured):
        gateway_of({"ANJU_SMS": "carrier"})


def test_text_of_a_notice_is_chinese_and_short() -> None:
    for text in TEXTS.values():
        assert len(text.replace("{how}", BY_CODE)) <= 70
        assert any("\u4e00" <= sign <= "\u9fff" for sign in text)

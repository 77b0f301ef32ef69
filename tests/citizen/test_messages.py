"""Messages to a reporter: what leaves by SMS, what is told by telephone, and where their link leads."""

import re
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from anju.base.actor import STRANGER
from anju.base.models import Notice
from anju.base.outbox import deliver_due, tell_in_app
from anju.cases.models import Case, CaseEvent
from anju.cases.services.acting import Wish, act_on_case
from anju.cases.services.filing import Filing, Receipt, submit_case
from anju.cases.services.links import link_of, link_values, open_link
from anju.cases.services.telling import tell_reporter
from anju.config.duties import say_by_sms
from anju.papers.notices import said_notice
from anju.rules.cases.effects import NoticeEffect
from anju.rules.cases.facts import Payload
from anju.rules.cases.quiet import MOST
from anju.rules.cases.workflow import Urgency
from tests.citizen.test_report import text

LOOK = reverse("citizen:look")
BASE = "https://anju.example"
PHONE = "13500000001"
pytestmark = pytest.mark.django_db


class Exchange:
    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, phone: str, text: str, key: str) -> None:
        assert phone == PHONE
        self.sent.append(text)


def noon() -> datetime:
    """Return the next noon, whenever the test runs: no message goes out at night."""
    return timezone.localtime(timezone.now() + timedelta(days=1)).replace(hour=12)


@pytest.fixture(autouse=True)
def _address(settings: Any) -> None:
    settings.PUBLIC_URL = BASE


@pytest.fixture
def receipt(place: SimpleNamespace, policy: None) -> Receipt:
    told = Filing(place.compound, "SF01", text="何业主的车位3幢601被收两次费", phone=PHONE, key="k" * 20, source="qr")
    return submit_case(actor=STRANGER, filing=told, at=timezone.now() - timedelta(hours=1))


@pytest.fixture
def accepted(receipt: Receipt, people: SimpleNamespace) -> Receipt:
    row = Case.objects.get(pk=receipt.case.pk)
    wish = Wish("accept", Payload(matter="SF01", urgency=Urgency.B), {"duplicates": "查过"})
    act_on_case(actor=people.town_officer.actor, case=row, wish=wish, version=row.version, at=timezone.now())
    return receipt


@pytest.fixture
def message(accepted: Receipt) -> str:
    """The short message that tells of the acceptance."""
    exchange = Exchange()
    deliver_due(exchange, say_by_sms, noon())
    [sent] = exchange.sent
    return sent


def link_in(message: str) -> str:
    return re.findall(rf" {BASE}(/c/s/[\w-]{{20}}/) ", message)[0]  # type: ignore[no-any-return]


def test_message_opens_the_case_with_one_press(accepted: Receipt, message: str) -> None:
    client = Client()
    page = client.get(link_in(message), follow=True)
    assert [status for _, status in page.redirect_chain] == [302]
    assert accepted.number in text(page)
    assert accepted.code not in page.redirect_chain[0][0]
    assert client.cookies["anju_cases"].value, "this telephone is known to hold the case"


def test_message_and_what_is_kept_of_it_name_nobody(accepted: Receipt, message: str) -> None:
    kept = Notice.objects.get()
    for told in (message, str(kept.values), said_notice(kept.template, kept.values)):
        for personal in ("何业主", "601", PHONE, accepted.code):
            assert personal not in told
    assert link_in(message).split("/")[3] not in str(kept.values), "what opens the case lies nowhere"
    assert "凭编号和查询码" in said_notice(kept.template, kept.values)


def test_link_ends_on_its_last_day_and_then_asks_for_the_code(
    receipt: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    short = reverse("citizen:short", args=[link_of(link_values(receipt.case, now))])
    later = now + timedelta(days=14, hours=1)
    monkeypatch.setattr("anju.web.citizen.views_status.timezone.now", lambda: later)
    page = Client().get(short)
    assert page.headers["Location"].startswith("/c/case/g")
    later = now + timedelta(days=16, hours=1)
    assert Client().get(page.headers["Location"]).headers["Location"] == f"{LOOK}?n={receipt.number}", (
        "the page ends too"
    )
    assert Client().get(short).headers["Location"] == f"{LOOK}?n={receipt.number}"


def test_link_that_is_guessed_or_of_nobody_opens_nothing(receipt: Receipt, people: SimpleNamespace) -> None:
    good = link_of(link_values(receipt.case, timezone.now()))
    for bad in ("none", "A" * 20, good[:-1] + ("A" if good[-1] == "-" else "-")):
        assert Client().get(reverse("citizen:short", args=[bad])).headers["Location"] == LOOK
    office = submit_case(
        actor=people.town_officer.actor,
        filing=Filing(receipt.case.compound, "SS07", text="路面破损", source="patrol", key="p" * 20),
        at=timezone.now(),
    )
    token = link_of(link_values(office.case, timezone.now()))
    assert open_link(actor=STRANGER, token=token, on=timezone.localdate()) is None
    assert Client().post(reverse("citizen:short", args=[token])).status_code == 405


def test_message_without_an_address_of_ours_says_number_and_code(accepted: Receipt, settings: Any) -> None:
    settings.PUBLIC_URL = ""
    exchange = Exchange()
    deliver_due(exchange, say_by_sms, noon())
    [sent] = exchange.sent
    assert "/c/" not in sent
    assert accepted.number in sent
    assert "凭编号和查询码" in sent


def test_call_is_told_without_the_link(accepted: Receipt, people: SimpleNamespace, message: str) -> None:
    Notice.objects.update(channel="call", state="waiting", settled_at=None, not_before=timezone.now())
    page = people.town_officer.client.get(reverse("notices:calls")).content.decode()
    assert accepted.number in page
    assert "/c/s/" not in page


def test_sixth_message_of_a_case_is_not_sent_and_the_last_has_its_link(receipt: Receipt) -> None:
    now = timezone.now()
    for seq, code in enumerate(["accepted", *["delayed"] * 6, "result", "ended"], 2):
        tell_reporter(receipt.case, CaseEvent(seq=seq), (NoticeEffect(code, "reporter"),), now)
    exchange = Exchange()
    deliver_due(exchange, say_by_sms, noon())
    assert len(exchange.sent) == MOST
    assert "查看并评价" in exchange.sent[-1]
    assert {link_in(one) for one in exchange.sent} == {link_in(exchange.sent[0])}


def test_what_staff_are_told_of_a_case_takes_no_message_from_its_reporter(
    receipt: Receipt, people: SimpleNamespace
) -> None:
    now = timezone.now()
    for code in ("task", "nudged", "check", "oversight", "redo", "answered"):
        tell_in_app(
            template=f"work.{code}",
            values={"number": receipt.number},
            users=[people.town_officer.actor.user_id, people.bureau_officer.actor.user_id],
            key=code,
            about=f"case:{receipt.case.pk}",
            at=now,
        )
    tell_reporter(receipt.case, CaseEvent(seq=2), (NoticeEffect("delayed", "reporter"),), now)
    tell_reporter(receipt.case, CaseEvent(seq=3), (NoticeEffect("result", "reporter"),), now)
    exchange = Exchange()
    deliver_due(exchange, say_by_sms, noon())
    assert len(exchange.sent) == 2

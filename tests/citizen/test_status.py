"""办到哪了: by number and code, by link; nudge, supplement, rating; and nothing for those who guess."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from anju.base.actor import STRANGER
from anju.cases.models import Case, RatingReason
from anju.cases.queries.record import history_of
from anju.cases.services.acting import Wish, act_as_system, act_on_case
from anju.cases.services.filing import Filing, Receipt, submit_case
from anju.rules.cases.facts import Payload
from anju.rules.cases.workflow import Urgency
from anju.rules.lockout import QUARTER, Limit
from anju.web.citizen.passes import open_pass, seal_pass
from tests.base.pictures import picture
from tests.citizen.test_report import named, text

LOOK = reverse("citizen:look")
pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt(place: SimpleNamespace, policy: None) -> Receipt:
    told = Filing(place.compound, "SF01", text="停车费多收了", key="k" * 20, source="qr")
    return submit_case(actor=STRANGER, filing=told, at=timezone.now() - timedelta(days=4))


@pytest.fixture
def link(receipt: Receipt) -> str:
    return reverse("citizen:case", args=[seal_pass(receipt.number, receipt.code, timezone.now())])


def read(link: str) -> str:
    """The words of the page as they follow each other."""
    return " ".join(re.sub(r"<[^>]+>", " ", text(Client().get(link))).split())


@pytest.fixture
def bring(place: SimpleNamespace, people: SimpleNamespace) -> Callable[[Case, str], None]:
    """Bring a case one act further, as its people do."""

    def one(case: Case, transition: str, **told: Any) -> None:
        steps: dict[str, tuple[Any, dict[str, str], dict[str, Any]]] = {
            "accept": (people.town_officer, {"duplicates": "查过"}, {"matter": "SF01", "urgency": Urgency.B}),
            "ask_info": (people.town_officer, {"missing_list": "请补上收费单"}, {}),
            "dispatch": (people.bureau_officer, {}, {"lead": str(place.department.pk)}),
            "sign": (people.department_officer, {}, {}),
            "report_result": (
                people.department_officer,
                {"reply_text": "已责令退还", "no_photo_reason": "与现场无关"},
                {"outcome": "solved"},
            ),
            "verify_pass": (people.community_worker, {"call_note": "电话核实"}, {}),
        }
        who, note, payload = steps[transition]
        row = Case.objects.get(pk=case.pk)
        wish = Wish(transition, Payload(**payload), note)
        act_on_case(actor=who.actor, case=row, wish=wish, version=row.version, at=timezone.now())

    return one


def test_look_up_with_number_and_code_leads_to_the_case(receipt: Receipt) -> None:
    typed = receipt.number.replace("-", "").lower()
    code = f"{receipt.code[:2]} {receipt.code[2:4]} {receipt.code[4:]}"
    page = Client().post(LOOK, {"number": typed, "code": code}, follow=True)
    assert "已收到" in text(page)
    assert receipt.number in text(page)
    assert receipt.code not in page.redirect_chain[0][0]


def test_look_up_with_the_wide_digits_of_a_chinese_keyboard(receipt: Receipt) -> None:
    wide = str.maketrans("0123456789-", "０１２３４５６７８９－")
    typed = {"number": receipt.number.translate(wide), "code": receipt.code.translate(wide)}
    assert Client().post(LOOK, typed).status_code == 302


def test_look_up_never_tells_whether_a_number_exists(receipt: Receipt) -> None:
    sequence = receipt.number[8:14]
    other = submit_number(int(sequence) + 5)
    told = []
    for number in (receipt.number, other, "TS-2026-000001-0", "x"):
        page = text(Client().post(LOOK, {"number": number, "code": "999990"}))
        told.append(re.sub(r'value="[^"]*"', "", page[page.index("<h1>") :]))
    assert len(set(told)) == 1


def submit_number(sequence: int) -> str:
    from anju.rules.cases.numbers import CaseNumber

    return str(CaseNumber("TS", 2026, sequence))


def test_look_up_guessed_five_times_is_locked_for_strangers_but_not_for_its_reporter(
    receipt: Receipt, link: str
) -> None:
    own = Client()
    own.get(LOOK)
    own.get(link)
    for _ in range(6):
        page = Client().post(LOOK, {"number": receipt.number, "code": "999990"})
    assert "分钟" in text(page)
    right = {"number": receipt.number, "code": receipt.code}
    assert Client().post(LOOK, right).status_code == 200
    assert own.post(LOOK, right).status_code == 302


def test_guessing_locks_one_case_and_never_all_telephones_of_a_carrier(
    receipt: Receipt, link: str, place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them share one address here, as thousands do behind a carrier's."""
    neighbours = submit_case(
        actor=STRANGER, filing=Filing(place.compound, "SF01", text="也多收了", key="n" * 20), at=timezone.now()
    )
    for _ in range(6):
        page = Client().post(LOOK, {"number": receipt.number, "code": "999990"})
    assert "分钟" in text(page)
    right = {"number": neighbours.number, "code": neighbours.code}
    assert Client().post(LOOK, right).status_code == 302, "another case opens from the same address"
    own = Client()
    own.get(LOOK)
    own.get(link)
    monkeypatch.setattr("anju.rules.cases.lookups.CARRIER", Limit(20, QUARTER, timedelta(minutes=1), "for the test"))
    for sequence in range(25):
        page = Client().post(LOOK, {"number": submit_number(500 + sequence), "code": "999990"})
    assert "1 分钟" in text(page), "a machine that tries many cases makes its address wait a minute"
    assert own.post(LOOK, {"number": receipt.number, "code": receipt.code}).status_code == 302, "who is known goes on"
    later = timezone.now() + timedelta(minutes=2)
    monkeypatch.setattr("anju.web.citizen.views_status.timezone.now", lambda: later)
    assert Client().post(LOOK, right).status_code == 302, "and strangers of the address after it"


def test_open_link_that_is_old_forged_or_cut_asks_for_the_code(receipt: Receipt) -> None:
    old = seal_pass(receipt.number, receipt.code, timezone.now() - timedelta(days=16))
    answer = Client().get(reverse("citizen:case", args=[old]))
    assert answer.headers["Location"] == f"{LOOK}?n={receipt.number}"
    for bad in ("none", old[:-5], "A" * 400):
        assert Client().get(reverse("citizen:case", args=[bad])).headers["Location"] == LOOK


def test_seal_pass_shows_neither_number_nor_code(receipt: Receipt) -> None:
    now = timezone.now()
    sealed = seal_pass(receipt.number, receipt.code, now)
    assert receipt.number not in sealed
    held = open_pass(sealed, now)
    assert held is not None
    assert (held.number, held.code, held.fresh) == (receipt.number, receipt.code, True)


def test_nudge_is_heard_once_in_two_working_days(receipt: Receipt, link: str) -> None:
    page = text(Client().post(link, {"nudge": "1"}, follow=True))
    assert "催过了" in page
    assert 'name="nudge"' not in page
    again = text(Client().post(link, {"nudge": "1"}, follow=True))
    assert "催过了" not in again
    assert Case.objects.get().nudges == 1


def test_supply_what_was_asked_brings_the_case_back(receipt: Receipt, link: str, bring: Callable[..., None]) -> None:
    bring(receipt.case, "ask_info")
    page = text(Client().get(link))
    assert "等您补充" in page
    assert "请补上收费单" in page
    assert "请写一句话" in text(Client().post(link, {"supply": "1"}, follow=True))
    page = text(Client().post(link, {"supply": "1", "photo": named(picture())}, follow=True))
    assert "补上了" in page
    assert Case.objects.get().state == "submitted"


@pytest.mark.parametrize(
    ("pressed", "field"),
    [({"supply": "1", "photo": b"GIF89a"}, "text"), ({"reopen": "1"}, "facts"), ({"rate": "king"}, "why")],
)
def test_act_that_is_not_taken_shows_again_what_was_typed(
    receipt: Receipt, link: str, bring: Callable[..., None], pressed: dict[str, Any], field: str
) -> None:
    """A photo that is no photo, words that are too long: nobody types them twice."""
    if "supply" in pressed:
        bring(receipt.case, "ask_info")
    else:
        for act in ("accept", "dispatch", "sign", "report_result", "verify_pass"):
            bring(receipt.case, act)
    typed = "单子在抽屉里" if "supply" in pressed else "又不亮了" * 300 if "reopen" in pressed else "差一点"
    if "reopen" in pressed:
        Client().post(link, {"rate": "good"})
    handed = {name: named(value) if isinstance(value, bytes) else value for name, value in pressed.items()}
    page = text(Client().post(link, {**handed, field: typed}))
    assert "is-bad" in page
    assert f">{typed}</textarea>" in page


@pytest.mark.parametrize(
    ("pressed", "score", "state"), [("good", 5, "closed"), ("fair", 3, "closed"), ("bad", 1, "dispatched")]
)
def test_rate_with_one_press(
    receipt: Receipt, link: str, bring: Callable[..., None], pressed: str, score: int, state: str
) -> None:
    for act in ("accept", "dispatch", "sign", "report_result", "verify_pass"):
        bring(receipt.case, act)
    page = text(Client().get(link))
    assert "点一个就行" in page
    assert "已责令退还" in page
    assert "记下了" in text(Client().post(link, {"rate": pressed}, follow=True))
    case = Case.objects.get()
    assert (case.score, case.state) == (score, state)


def taps(page: str) -> list[str]:
    return re.findall(r'name="because" value="(\w+)"', page)


def test_say_why_after_a_low_rating_with_one_press_each(
    receipt: Receipt, link: str, bring: Callable[..., None], people: SimpleNamespace
) -> None:
    for act in ("accept", "dispatch", "sign", "report_result", "verify_pass"):
        bring(receipt.case, act)
    assert taps(text(Client().get(link))) == []
    page = text(Client().post(link, {"rate": "bad"}, follow=True))
    assert taps(page) == ["undone", "slow", "manner", "silent", "again"]
    for code in ("slow", "silent", "slow"):
        page = text(Client().post(link, {"because": code}, follow=True))
    assert taps(page) == ["undone", "manner", "again"]
    assert list(RatingReason.objects.values_list("code", flat=True)) == ["slow", "silent"]
    assert {one.event.transition for one in RatingReason.objects.select_related("event")} == {"rate_bad"}
    assert "is-bad" in text(Client().post(link, {"because": "king"}, follow=True))
    told = [line.texts for line in history_of(people.department_officer.actor, Case.objects.get())]
    assert (("差在哪里", "太慢、没人回复"),) in [texts[-1:] for texts in told]


def test_say_why_is_not_asked_where_it_was_good_or_nobody_rated(
    receipt: Receipt, link: str, bring: Callable[..., None]
) -> None:
    assert "is-bad" in text(Client().post(link, {"because": "slow"}, follow=True))
    for act in ("accept", "dispatch", "sign", "report_result", "verify_pass"):
        bring(receipt.case, act)
    page = text(Client().post(link, {"rate": "good"}, follow=True))
    assert taps(page) == []
    assert "is-bad" in text(Client().post(link, {"because": "slow"}, follow=True))
    assert not RatingReason.objects.exists()


def test_reason_is_never_changed_or_taken_back(receipt: Receipt, link: str, bring: Callable[..., None]) -> None:
    for act in ("accept", "dispatch", "sign", "report_result", "verify_pass"):
        bring(receipt.case, act)
    Client().post(link, {"rate": "fair"})
    Client().post(link, {"because": "manner"})
    for change in (lambda: RatingReason.objects.update(code="slow"), lambda: RatingReason.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert RatingReason.objects.get().code == "manner"


def test_reasons_are_counted_for_the_unit_and_open_their_rows(
    receipt: Receipt, link: str, bring: Callable[..., None], people: SimpleNamespace, place: SimpleNamespace
) -> None:
    for act in ("accept", "dispatch", "sign", "report_result", "verify_pass"):
        bring(receipt.case, act)
    Client().post(link, {"rate": "bad"})
    for code in ("slow", "manner"):
        Client().post(link, {"because": code})
    client = people.bureau_officer.client
    page = text(client.get(reverse("ledger:figures")))
    assert "差在哪里" in page
    assert f'aria-label="{place.department.name}太慢1"' in page
    behind = text(client.get(reverse("ledger:behind", args=[place.department.pk]), {"figure": "why.slow"}))
    assert "没有满意的原因：太慢" in behind
    assert receipt.number in behind
    none = text(client.get(reverse("ledger:behind", args=[place.department.pk]), {"figure": "why.again"}))
    assert receipt.number not in none


def test_act_that_is_not_open_now_is_refused_in_words(receipt: Receipt, link: str) -> None:
    for pressed in (
        {"rate": "good"},
        {"rate": "king"},
        {"supply": "1", "text": "x"},
        {"reopen": "1", "facts": "x"},
        {},
    ):
        page = Client().post(link, pressed, follow=True)
        assert "is-bad" in text(page)
    assert Case.objects.get().state == "submitted"


def test_withdraw_ends_it(receipt: Receipt, link: str) -> None:
    page = text(Client().post(link, {"withdraw": "1"}, follow=True))
    assert "按您说的不办了" in page
    assert Case.objects.get().state == "withdrawn"
    assert "结果 已撤回" in read(link)


def test_who_is_turned_away_reads_that_it_was_not_taken_on(
    receipt: Receipt, link: str, people: SimpleNamespace
) -> None:
    """Not that it was handled and ended: nobody handled it, and no unit was to be found."""
    note, row = {"reason": "已在法院审理", "where_to_go": "请找受理的法院"}, Case.objects.get()
    act_on_case(
        actor=people.town_officer.actor,
        case=row,
        wish=Wish("reject", note=note),
        version=row.version,
        at=timezone.now(),
    )
    page = read(link)
    for words in (
        "办理中 没有办",
        "请您评价 没有评",
        "已办结 不予受理",
        "结果 不予受理",
        "去向：请找受理的法院 不予受理",
    ):
        assert words in page, page
    assert "谁在办" not in page
    assert act_as_system(case=Case.objects.get(), transition="archive", at=timezone.now() + timedelta(days=500))
    assert "已办结 不予受理" in read(link), "filed away it is what it was"


def test_nobody_handles_what_waits_to_be_dispatched_again(
    receipt: Receipt, link: str, bring: Callable[..., None]
) -> None:
    for act in ("accept", "dispatch", "sign", "report_result", "verify_pass"):
        bring(receipt.case, act)
    Client().post(link, {"rate": "good"})
    assert "谁在办 县市场监管局" in read(link)
    Client().post(link, {"reopen": "1", "facts": "又多收了"})
    assert "谁在办 还没有定" in read(link)


def test_what_was_in_hand_when_it_was_taken_back_was_handled(
    receipt: Receipt, link: str, bring: Callable[..., None]
) -> None:
    for act in ("accept", "dispatch", "sign"):
        bring(receipt.case, act)
    Client().post(link, {"withdraw": "1"})
    page = read(link)
    assert "办理中 等您补充" in page.replace("（已过）", "").replace("  ", " "), page
    assert "谁在办 县市场监管局" in page
    assert "已办结 已撤回" in page


def test_open_the_link_often_never_locks_its_reporter_out(link: str) -> None:
    client = Client()
    assert {client.get(link).status_code for _ in range(15)} == {200}

"""Numbers, codes, identity, redaction and the hours at which a message may come."""

from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.rules.cases.facts import Mode
from anju.rules.cases.identity import DEFAULT_MODE, LABELS, Sight, masked_name, may_reveal, sight
from anju.rules.cases.lookups import CARRIER, STRANGERS, is_code, is_easy, lookup_code, lookup_counts, lookup_digest
from anju.rules.cases.numbers import MOST, BadNumber, CaseNumber, read_number
from anju.rules.cases.quiet import Delivery, delivery
from anju.rules.cases.redaction import Personal, Span, blacken, proposals
from anju.rules.cases.roles import CASE_ROLES
from anju.rules.lockout import KNOWN_DEVICE

NUMBERS = st.builds(
    CaseNumber, st.sampled_from(["TS", "WT", "XS", "YH", "TJ"]), st.integers(2024, 2099), st.integers(1, MOST)
)


def test_number_is_written_with_its_check_digit() -> None:
    """20 19 2026 000123: the standard's own recursion, written out here, ends in 2; the digit that makes it 1 is 9."""
    product = 10
    for digit in "20192026000123":
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    assert product == 2
    assert str(CaseNumber("TS", 2026, 123)) == "TS-2026-000123-9"


@given(NUMBERS)
def test_number_is_read_back(number: CaseNumber) -> None:
    assert read_number(str(number)) == number
    assert read_number(str(number).replace("-", "").lower()) == number


@given(NUMBERS, st.integers(0, 10), st.integers(1, 9))
def test_wrong_digit_is_found(number: CaseNumber, place: int, step: int) -> None:
    text = list(str(number).replace("-", ""))
    at = 2 + place
    text[at] = str((int(text[at]) + step) % 10)
    with pytest.raises(BadNumber, match=r"^wrong_digit$"):
        read_number("".join(text))


@pytest.mark.parametrize("text", ["", "TS", "TS-2026-123-2", "2026-000123-2", "TS-2026-000123-92", "Ｔ", "x" * 500])
def test_text_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadNumber, match=r"^not_a_number$"):
        read_number(text)


def test_number_is_read_as_people_type_it() -> None:
    for text in (" ts 2026 000123 9 ", "ＴＳ－２０２６－０００１２３－９", "TS—2026—000123—9"):
        assert read_number(text) == CaseNumber("TS", 2026, 123)


@given(st.integers(0, 2**64))
def test_lookup_code_has_six_digits_and_is_not_easy(chance: int) -> None:
    code = lookup_code(chance)
    assert is_code(code)
    assert not is_easy(code)


@pytest.mark.parametrize("code", ["000000", "777777", "121212", "123456", "654321", "789012", "098765"])
def test_easy_code_is_never_given(code: str) -> None:
    assert is_easy(code)
    assert lookup_code(int(code)) != code


@pytest.mark.parametrize(
    ("text", "right"), [("012345", True), ("12345", False), ("１２３４５６", False), ("12345a", False)]
)
def test_code_is_six_plain_digits(text: str, right: bool) -> None:
    assert is_code(text) is right


def test_code_is_kept_as_a_digest_of_its_case() -> None:
    one = lookup_digest("TS-1", "204857", b"key")
    assert len(one) == 64
    assert len({one, lookup_digest("TS-2", "204857", b"key"), lookup_digest("TS-1", "204857", b"other")}) == 3


def test_guessing_locks_strangers_and_not_the_reporter() -> None:
    stranger = lookup_counts("TS-1", device="d", address="a", known_here=False, known_anywhere=False)
    assert stranger == {"lookup:TS-1": STRANGERS, "lookup-address:a": CARRIER}
    assert lookup_counts("TS-1", device="d", address="a", known_here=True, known_anywhere=True) == {
        "lookup:TS-1:d": KNOWN_DEVICE
    }
    assert lookup_counts("TS-1", device="d", address="a", known_here=False, known_anywhere=True) == {
        "lookup:TS-1": STRANGERS
    }
    assert CARRIER.attempts > 100 * STRANGERS.attempts


SEEN = """
intake      reveal  reveal
supervisor  reveal  reveal
dispatcher  masked  masked
handler     masked  label
unit_lead   masked  label
mediator    masked  label
community   masked  label
town        masked  label
station     label   label
court       label   label
reviewer    label   label
company     nothing nothing
owners_org  nothing nothing
reporter    nothing nothing
system      nothing nothing
"""
SIGHTS = {"reveal": Sight.REVEALABLE, "masked": Sight.MASKED, "label": Sight.LABEL, "nothing": Sight.NOTHING}


def test_role_sees_what_the_table_says() -> None:
    told = {role: (named, hidden) for role, named, hidden in (line.split() for line in SEEN.strip().splitlines())}
    assert set(told) == set(CASE_ROLES)
    for role, (named, hidden) in told.items():
        assert sight(role, Mode.NAMED) is SIGHTS[named]
        assert sight(role, Mode.HIDDEN) is SIGHTS[hidden]
        assert sight(role, Mode.ANONYMOUS) is min(SIGHTS[hidden], Sight.LABEL)
        assert may_reveal(role, Mode.HIDDEN) is (hidden == "reveal")


def test_respondent_sees_nothing_whatever_his_role() -> None:
    for role in CASE_ROLES:
        assert sight(role, Mode.NAMED, is_respondent=True) is Sight.NOTHING
        assert not may_reveal(role, Mode.NAMED, is_respondent=True)
        assert not may_reveal(role, Mode.ANONYMOUS)


def test_reporter_sees_his_own() -> None:
    assert sight("reporter", Mode.ANONYMOUS, is_reporter=True) is Sight.FULL
    assert DEFAULT_MODE is Mode.HIDDEN
    assert set(LABELS) == set(Mode)


def test_name_is_masked() -> None:
    assert [masked_name(name) for name in ("王小明", "李", "")] == ["王**", "李", ""]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("电话13800000000找我", [("13800000000", Personal.PHONE)]),
        ("电话１３８００００００００", [("１３８００００００００", Personal.PHONE)]),
        ("138-0000-0000", [("138-0000-0000", Personal.PHONE)]),
        ("0774-5280000", [("0774-5280000", Personal.PHONE)]),
        ("电话：5280000", [("：5280000", Personal.PHONE)]),
        ("身份证11010519491231002X。", [("11010519491231002X", Personal.ID_NUMBER)]),
        ("桂J·A1234挡住了路", [("桂J·A1234", Personal.PLATE)]),
        ("桂JD12345", [("桂JD12345", Personal.PLATE)]),
        ("3栋2单元501室漏水", [("3栋2单元501室", Personal.ROOM)]),
        ("3栋2单元501漏水", [("3栋2单元501", Personal.ROOM)]),
        ("我住5-2-501", [("5-2-501", Personal.ROOM)]),
        ("1203房", [("1203房", Personal.ROOM)]),
        ("楼上姓王的", [("王", Personal.NAME)]),
        ("他叫李小明", [("李小明", Personal.NAME)]),
        ("姓名：陈大文", [("：陈大文", Personal.NAME)]),
        ("物业张经理说", [("张经理", Personal.NAME)]),
        ("找黄某", [("黄某", Personal.NAME)]),
        ("叫他们来看看", []),
        ("3栋楼下电梯坏了12天，收费1200元", []),
        ("2024年3栋一楼", []),
        ("", []),
    ],
)
def test_redaction_is_proposed(text: str, found: list[tuple[str, Personal]]) -> None:
    assert [(text[span.start : span.end], span.kind) for span in proposals(text)] == found


def test_redaction_blackens_and_keeps_the_length() -> None:
    text = "3栋2单元501室王女士13800000000"
    assert blacken(text, proposals(text)) == "█" * len(text)
    assert blacken(text, (Span(0, 2, Personal.ROOM),)) == "██" + text[2:]
    assert blacken(text, (Span(3, 5, Personal.ROOM),)) == text[:3] + "██" + text[5:]


@given(st.text(alphabet="0123456789-栋单元室王姓叫桂JX电话：年元 ", max_size=200))
def test_redaction_spans_lie_in_order_within_the_text(text: str) -> None:
    spans = proposals(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert len(blacken(text, spans)) == len(text)
    assert not [span for span in proposals(blacken(text, spans)) if span.kind is Personal.ID_NUMBER]


NOON = datetime(2026, 11, 2, 12, tzinfo=timezone(timedelta(hours=8)))


def at(hour: int, minute: int = 0, day: int = 2) -> datetime:
    return NOON.replace(day=day, hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        (at(8), at(8)),
        (at(19, 59), at(19, 59)),
        (at(20), at(8, day=3)),
        (at(23, 59), at(8, day=3)),
        (at(0), at(8)),
        (at(7, 59), at(8)),
    ],
)
def test_message_waits_for_the_morning(moment: datetime, goes: datetime) -> None:
    assert delivery("task", "lead", sent=["x"] * 9, at=moment, urgent=False) == Delivery(goes)
    assert delivery("task", "lead", sent=(), at=moment, urgent=True) == Delivery(moment)


def test_citizen_gets_five_messages_and_the_last_is_the_result() -> None:
    four = ["accepted", "missing", "delayed", "delayed"]
    assert delivery("delayed", "reporter", sent=four[:3], at=NOON, urgent=True) == Delivery(NOON)
    assert delivery("delayed", "reporter", sent=four, at=NOON, urgent=True) == Delivery(None, "spent")
    assert delivery("result", "reporter", sent=four, at=NOON, urgent=False) == Delivery(NOON)
    assert delivery("result", "reporter", sent=[*four, "result"], at=NOON, urgent=True) == Delivery(None, "spent")

"""What may be public: every combination, and codes that people type."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.rules.disclosure import (
    CODE_LENGTH,
    CODE_SIGNS,
    Bar,
    Item,
    Standing,
    may_be_public,
    may_be_released,
    read_code,
    without_numbers,
    written_code,
)
from anju.rules.disclosure_policy import PolicyDisclosure, parse_disclosure
from anju.rules.policy_faults import PolicyFaults
from anju.rules.workdays.limits import Limit, Unit

TYPES = ("households", "fee", "answer", "service", "text", "organisation", "point", "address", "person", "phone")
BOOLS = (True, False)


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("names_it", BOOLS)
def test_may_be_public_only_where_nothing_at_all_is_against_it(type_: str, names_it: bool) -> None:
    """The table of all cases, worked out anew in plain words."""
    standings = [None, *(Standing(*flags) for flags in product(BOOLS, repeat=3))]
    for allowed, ended, released, standing in product(BOOLS, BOOLS, BOOLS, standings):
        complaint = "item" if names_it else "another"
        found = may_be_public(
            Item("item", type_, allowed, ended=ended), standing, released=released, complaint_item=complaint
        )
        personal = type_ == "person" or (type_ == "phone" and not names_it)
        listed = allowed and released and not ended and not personal
        sure = standing is not None and standing.known and not standing.conflict and standing.confirmed
        assert (found.listed, found.public) == (listed, listed and sure)
        assert (Bar.PERSONAL in found.bars) == personal
        assert (Bar.NOT_ALLOWED in found.bars) == (not allowed)
        assert (Bar.NOT_RELEASED in found.bars) == (not released)
        assert (Bar.ENDED in found.bars) == ended
        assert (Bar.CONFLICT in found.bars) == (standing is not None and standing.conflict)
        assert (Bar.UNCONFIRMED in found.bars) == (standing is not None and not standing.confirmed)
        assert (Bar.UNKNOWN in found.bars) == (standing is None or not standing.known)


def test_may_be_released_names_every_reason() -> None:
    assert may_be_released(Item("fee", "fee", allowed=True)) == ()
    assert may_be_released(Item("m", "phone", allowed=False, ended=True)) == (Bar.PERSONAL, Bar.NOT_ALLOWED, Bar.ENDED)
    assert may_be_released(Item("c", "phone", allowed=True), complaint_item="c") == ()
    assert may_be_released(Item("c", "person", allowed=True), complaint_item="c") == (Bar.PERSONAL,)
    assert may_be_released(Item("", "phone", allowed=True)) == (Bar.PERSONAL,)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("找张经理13500001234收", "找张经理135****收"),
        ("135-0000-1234", "135****"),
        ("身份证 45112319800101123X。", "身份证 451****。"),
        ("0774-8980000", "0774-8980000"),
        ("1.20元/㎡·月", "1.20元/㎡·月"),
        ("备案号 2024013500001234567", "备案号 2024013500001234567"),
    ],
)
def test_numbers_of_people_are_blotted_out(text: str, shown: str) -> None:
    assert without_numbers(text) == shown


@given(st.text(CODE_SIGNS, min_size=CODE_LENGTH, max_size=CODE_LENGTH))
def test_code_is_read_back_however_it_was_copied(code: str) -> None:
    assert read_code(written_code(code)) == code
    assert read_code(f" {code.upper()} ") == code
    assert read_code(code.replace("0", "O").replace("1", "l")) == code


@given(st.text())
def test_code_of_anything_else_is_none(text: str) -> None:
    found = read_code(text)
    assert found == "" or (len(found) == CODE_LENGTH and set(found) <= set(CODE_SIGNS))


def test_read_disclosure_of_a_county_that_has_set_nothing() -> None:
    assert parse_disclosure({}) == PolicyDisclosure(None, "", "")
    assert parse_disclosure({"disclosure.toml": "version = 1\n"}) == PolicyDisclosure()


def test_read_disclosure_of_a_county_that_has() -> None:
    text = 'version = 1\n[reply]\ndays = 15\ncite = "x"\n[complaint]\nphone = "0774-1234567"\nitem = "hotline"\n'
    assert parse_disclosure({"disclosure.toml": text}) == PolicyDisclosure(
        Limit(Unit.DAYS, 15), "0774-1234567", "hotline"
    )


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("version = 0\n", 1, "out_of_range"),
        ("version = 1\nopen = true\n", 2, "unknown_key"),
        ("version = 1\n[reply]\ndays = 0\ncite = 'x'\n", 3, "out_of_range"),
        ("version = 1\n[reply]\ndays = 15\n", 2, "missing_key"),
        ("version = 1\nreply = 15\n", 2, "wrong_type"),
        ("version = 1\n[complaint]\nitem = '<b>'\n", 3, "bad_shape"),
        ("version = \n", 1, "syntax"),
        (b"\xff", 0, "not_utf8"),
    ],
)
def test_read_disclosure_tells_a_fault_with_its_line(text: str | bytes, line: int, code: str) -> None:
    with pytest.raises(PolicyFaults) as told:
        parse_disclosure({"disclosure.toml": text})
    assert (told.value.faults[0].line, told.value.faults[0].code) == (line, code)

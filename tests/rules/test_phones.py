import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.rules.phones import BadPhone, mask_phone, normalise_phone, office_phone, phone_from_cell


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", ""),
        ("  ", ""),
        ("13500000000", "13500000000"),
        (" 135 0000 0000 ", "13500000000"),
        ("135-0000-0000", "13500000000"),
        ("１３５００００００００", "13500000000"),
        ("+86 13500000000", "13500000000"),
        ("8613500000000", "13500000000"),
        ("0086-13500000000", "13500000000"),
        ("0774-5280000", "0774-5280000"),
        ("（0774）5280000", "0774-5280000"),
        ("07745280000", "0774-5280000"),
        ("+86 774 5280000", "0774-5280000"),
        ("010-62000000", "010-62000000"),
        ("020 8200 0000", "020-82000000"),
        ("\u202d13500000000\u202c", "13500000000"),
        ("135\u200b00000000", "13500000000"),
    ],
)
def test_normalise_phone_as_people_write_it(typed: str, stored: str) -> None:
    assert normalise_phone(typed) == stored
    assert normalise_phone(stored) == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1.38E+10", "spoiled"),
        ("1.38e10", "spoiled"),
        ("5280000", "no_area_code"),
        ("12345678901", "not_a_phone"),
        ("1350000000", "not_a_phone"),
        ("135000000000", "not_a_phone"),
        ("张三", "not_a_phone"),
        ("0774-1280000", "not_a_phone"),
        ("=1+1", "not_a_phone"),
    ],
)
def test_normalise_phone_refuses_what_is_none(typed: str, code: str) -> None:
    with pytest.raises(BadPhone) as refused:
        normalise_phone(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("cell", "stored"),
    [(13500000001.0, "13500000001"), (13812345678, "13812345678"), ("13500000001.0", "13500000001"), ("", "")],
)
def test_read_phone_from_cell(cell: str | float, stored: str) -> None:
    assert phone_from_cell(cell) == stored


@pytest.mark.parametrize("cell", [1.38e10, 13800000000, 13812000000.0, 1.5, "1.38E+10"])
def test_read_phone_from_cell_that_lost_its_digits(cell: str | float) -> None:
    with pytest.raises(BadPhone) as refused:
        phone_from_cell(cell)
    assert refused.value.code == "spoiled"


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13500000000", "135****0000"), ("0774-5280012", "0774-*****12"), ("010-62000034", "010-******34"), ("", "")],
)
def test_mask_phone(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_mask_phone_hides_four_digits(phone: str) -> None:
    assert normalise_phone(phone) == phone
    assert mask_phone(phone) == phone[:3] + "****" + phone[7:]


@given(st.text(max_size=40))
def test_normalise_phone_of_anything_is_a_phone_or_refused(text: str) -> None:
    try:
        stored = normalise_phone(text)
    except BadPhone:
        return
    assert stored == "" or normalise_phone(stored) == stored


@pytest.mark.parametrize(
    ("typed", "kept"), [("12345", "12345"), ("１１０", "110"), ("0774 528 0000", "0774-5280000"), ("", "")]
)
def test_office_phone_takes_service_numbers_too(typed: str, kept: str) -> None:
    assert office_phone(typed) == kept


@pytest.mark.parametrize("typed", ["11", "13345", "5280000", "热线"])
def test_office_phone_refuses_what_nobody_can_dial(typed: str) -> None:
    with pytest.raises(BadPhone):
        office_phone(typed)

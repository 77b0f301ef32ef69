import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.rules.credit_codes import BadCreditCode, tidy_credit_code

GOOD = "91110000600037341L"


@pytest.mark.parametrize(
    "typed", [GOOD, GOOD.lower(), " 9111 0000-600037341L ", "９１１１００００６０００３７３４１Ｌ"]
)
def test_tidy_credit_code_as_typed(typed: str) -> None:
    assert tidy_credit_code(typed) == GOOD


@pytest.mark.parametrize("typed", ["", "  ", "\u3000"])
def test_tidy_credit_code_of_nothing_is_nothing(typed: str) -> None:
    assert tidy_credit_code(typed) == ""


@given(st.text(max_size=40))
def test_tidy_credit_code_answers_any_text(typed: str) -> None:
    try:
        tidied = tidy_credit_code(typed)
    except BadCreditCode:
        return
    assert tidied == "" or (len(tidied) == 18 and tidied.isascii())


@given(st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_tidy_credit_code_notices_one_changed_sign(where: int, sign: str) -> None:
    changed = GOOD[:where] + sign + GOOD[where + 1 :]
    if changed == GOOD:
        assert tidy_credit_code(changed) == GOOD
        return
    with pytest.raises(BadCreditCode):
        tidy_credit_code(changed)

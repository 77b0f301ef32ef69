"""The words of a decision, and that its numbers can be read back out of them."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.rules.voting.areas import parse_area, show_area, show_percentage, write_area
from anju.rules.voting.counting import Figures, Tally
from anju.rules.voting.decision import Procedure, decide
from anju.rules.voting.explanation import explain
from anju.rules.voting.profiles import CIVIL_CODE_278, PROFILES, REGULATION_2018, Matter
from anju.rules.voting.recount_format import Recount, read_recounts
from tools.proofs.voting_cases import document
from tools.proofs.voting_oracle import reread


def _lines(tally: Tally, *, special: bool = False, procedure: Procedure | None = None) -> list[str]:
    matter = Matter.SPECIAL if special else Matter.ORDINARY
    return explain(decide(tally, CIVIL_CODE_278, matter, procedure or Procedure())).splitlines()


def test_explain_says_each_number_formula_article_and_what_was_short() -> None:
    tally = Tally(Figures(58236_40, 41905_18, 31902_55), Figures(612, 431, 319))
    assert _lines(tally, special=True) == [
        "结论：没有通过。同意的人数还差 5 人。",
        "规则：《中华人民共和国民法典》第二百七十八条（civil-code-278 第 1 版，2021-01-01 起施行）。"
        "特别事项：参加的面积和人数都要达到三分之二，同意的面积和人数都要达到四分之三（按参加的算）。",
        "① 参加的面积：够。参加 41,905.18 ㎡，占全部 58,236.40 ㎡的 71.96%。要达到三分之二，就是至少 38,824.27 ㎡。",
        "　依据：民法典第二百七十八条第二款、第一千二百五十九条。"
        "算式：要求 41,905.18 × 3 不小于 58,236.40 × 2；125,715.54 大于 116,472.80，成立。",
        "② 参加的人数：够。参加 431 人，占全部 612 人的 70.42%。要达到三分之二，就是至少 408 人。",
        "　依据：民法典第二百七十八条第二款、第一千二百五十九条。算式：要求 431 × 3 不小于 612 × 2；1,293 大于 1,224，成立。",
        "③ 同意的面积：够。同意 31,902.55 ㎡，占参加的 41,905.18 ㎡的 76.13%。要达到四分之三，就是至少 31,428.89 ㎡。",
        "　依据：民法典第二百七十八条第二款、第一千二百五十九条。"
        "算式：要求 31,902.55 × 4 不小于 41,905.18 × 3；127,610.20 大于 125,715.54，成立。",
        "④ 同意的人数：不够。同意 319 人，占参加的 431 人的 74.01%。要达到四分之三，就是至少 324 人，还差 5 人。",
        "　依据：民法典第二百七十八条第二款、第一千二百五十九条。算式：要求 319 × 4 不小于 431 × 3；1,276 小于 1,293，不成立。",
        f"引用：{'；'.join(CIVIL_CODE_278.citations)}。",
    ]


def test_explain_exactly_half_as_equal_and_not_enough() -> None:
    lines = _lines(Tally(Figures(9_00, 6_00, 3_00), Figures(9, 6, 4)))
    assert lines[0] == "结论：没有通过。同意的面积还差 0.01 ㎡。"
    assert "要超过一半，就是至少 3.01 ㎡，还差 0.01 ㎡。" in lines[6]
    assert lines[7].endswith("算式：要求 3.00 × 2 大于 6.00 × 1；6.00 等于 6.00，不成立。")


def test_explain_passed_and_the_rule_before_2021() -> None:
    tally = Tally(Figures(10_00, 7_00, 7_00), Figures(10, 7, 7))
    assert _lines(tally)[0] == "结论：通过。四道线都够。"
    old = explain(decide(tally, REGULATION_2018, Matter.SPECIAL, Procedure()))
    assert "2018-03-19 到 2020-12-31施行" in old
    assert "同意的面积和人数都要达到三分之二（按全部业主算）。" in old
    assert "③ 同意的面积：够。同意 7.00 ㎡，占全部 10.00 ㎡的 70.00%。" in old


def test_explain_what_cannot_be_told_and_why() -> None:
    missing = _lines(Tally(Figures(None, 7, 4), Figures(10, 7, 4)))
    assert missing[0] == "结论：无法判断。已知的各项都够，但是数字不全，不能下结论。"
    assert missing[2:4] == [
        "① 参加的面积：算不出。数字不全。",
        "　依据：民法典第二百七十八条第二款、第一千二百五十九条。要达到三分之二。",
    ]
    assert "缺少或为零的数：全部面积。" in missing
    nothing = _lines(Tally(Figures(None, None, None), Figures(None, 7, 4)))
    assert "缺少或为零的数：全部人数、全部面积、参加的面积、同意的面积。" in nothing
    zero = _lines(Tally(Figures(0, 0, 0), Figures(10, 7, 4)))
    assert zero[0] == "结论：无法判断。全部面积或者全部人数为零，不能下结论。"
    assert zero[4] == "② 参加的人数：算不出。全部面积或者全部人数为零，四项都不下结论。"
    nobody = _lines(Tally(Figures(10, 0, 0), Figures(10, 0, 0)))
    assert nobody[0] == "结论：没有通过。参加的面积还差 0.07 ㎡；参加的人数还差 7 人。"
    assert nobody[6] == "③ 同意的面积：算不出。没有人参加，谈不上占比。"


def test_explain_silent_with_and_without_when_they_decide() -> None:
    lines = _lines(
        Tally(Figures(10_00, 6_00, 6_00), Figures(10, 6, 6)), procedure=Procedure(silent_counts_with_majority=True)
    )
    assert "未表决：没表决的业主已按议事规则计入同意的多数。" in lines
    assert (
        "　计入时结论为“通过”；不计入时结论为“没有通过”。"
        "民法典第二百七十八条没有规定没表决的可以计入，这样计票要以议事规则的明文和逐户送达为据。"
    ) in lines
    assert "　注意：结论是由没有表决的业主决定的，容易引起争议。" in lines


def test_explain_silent_without_warning_when_they_do_not_decide() -> None:
    lines = _lines(
        Tally(Figures(10_00, 7_00, 7_00), Figures(10, 7, 7)), procedure=Procedure(silent_counts_with_majority=True)
    )
    assert any("计入时结论为“通过”；不计入时结论为“通过”。" in line for line in lines)
    assert not any("注意" in line for line in lines)


def test_explain_silent_where_nobody_is_followed_or_nobody_can_tell() -> None:
    procedure = Procedure(silent_counts_with_majority=True)
    none = _lines(Tally(Figures(10_00, 7_00, 3_00), Figures(10, 7, 4)), procedure=procedure)
    assert "未表决：同意的在参加的面积和人数里没有都过半，没有多数可随，没表决的业主没有计入。" in none
    unknown = _lines(Tally(Figures(10_00, 6_00, None), Figures(10, 6, None)), procedure=procedure)
    assert "未表决：同意的是不是多数还看不出来，没表决的业主计不计入都成立的项才算成立。" in unknown
    assert unknown[2] == "① 参加的面积：算不出。要看没表决的业主随不随多数，而多数意见的数字不全。"


def test_explain_invalid_in_both_readings_when_decisive() -> None:
    tally = Tally(Figures(9_00, 5_00, 5_00, invalid=1_00), Figures(9, 5, 5, invalid=1))
    assert (
        "废票：1 人的废票不算参加，结论为“没有通过”；如果算参加，结论为“通过”。废票怎么算由议事规则规定，法律没有写明。"
        in _lines(tally)
    )
    counted = _lines(tally, procedure=Procedure(invalid_participates=True))
    assert any(line.startswith("废票：1 人的废票算参加，结论为“通过”；如果不算参加") for line in counted)


@given(st.integers(0, 2**32))
def test_explanation_reads_back_to_the_same_verdict(seed: int) -> None:
    (recount,) = read_recounts(json.dumps(document(random.Random(seed))).encode())
    assert isinstance(recount, Recount)
    decision = recount.decide()
    assert reread(explain(decision)) == decision.verdict


@pytest.mark.parametrize(
    ("text", "parsed"),
    [("88.50", (8850, 2)), ("0", (0, 0)), ("007.5", (75, 1)), ("1" * 1000, (int("1" * 1000), 0))],
)
def test_parse_area_as_digits_and_decimals(text: str, parsed: tuple[int, int]) -> None:
    assert parse_area(text) == parsed


@given(st.integers(0, 10**12), st.integers(1, 8))
def test_write_area_is_read_back(area: int, decimals: int) -> None:
    assert parse_area(write_area(area, decimals)) == (area, decimals)


def test_show_area_separates_thousands_and_leaves_no_idle_decimals() -> None:
    assert show_area(5, 2) == "0.05"
    assert show_area(1234567_80000, 5) == "1,234,567.80"
    assert show_area(33_333, 3) == "33.333"
    assert show_area(33_3330, 4) == "33.333"


@pytest.mark.parametrize(
    ("have", "of", "shown"),
    [
        (2, 3, "66.67%"),
        (1, 8, "12.50%"),
        (1, 80_000, "0.00%"),
        (1, 20_000, "0.01%"),
        (3, 3, "100.00%"),
        (7, 700, "1.00%"),
    ],
)
def test_show_percentage_rounds_half_up(have: int, of: int, shown: str) -> None:
    assert show_percentage(have, of) == shown


def test_every_profile_has_words_for_its_shares() -> None:
    for profile in PROFILES.values():
        assert profile.participation.words
        assert all(threshold.words for threshold in profile.consent.values())

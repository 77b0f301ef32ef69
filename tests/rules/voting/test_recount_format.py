"""The file: every refusal by its code, lists, defaults, and the vectors that others test themselves against."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.rules.voting.recount_format import (
    Recount,
    _faults_of_ballots,
    _faults_of_roll,
    read_recount,
    read_recounts,
    result,
)
from anju.rules.voting.recount_json import MAX_BYTES
from anju.rules.voting.recount_refusals import WORDS, BadFile, shown
from tools.proofs.voting_cases import spoiled
from tools.recount_vectors import FOLDER, Vector, bytes_of, refusals, results, written

HEAD = {"format": "anju-recount/1", "matter": "ordinary"}
ONE = {
    "heads": 3,
    "area": "300",
    "participating_heads": 2,
    "participating_area": "200",
    "agree_heads": 2,
    "agree_area": "200",
}


def _refusal(data: bytes) -> BadFile:
    try:
        (found,) = read_recounts(data)
    except BadFile as bad:
        return bad
    assert isinstance(found, BadFile)
    return found


@pytest.mark.parametrize("vector", refusals(), ids=lambda vector: vector["name"])
def test_read_refuses_with_the_code_and_one_line(vector: Vector) -> None:
    bad = _refusal(bytes_of(vector))
    assert bad.code == vector["code"]
    sentence = bad.sentence()
    assert sentence.startswith(f"[{bad.code}]")
    assert len(sentence.splitlines()) == 1
    assert len(sentence) < 200
    assert sentence.encode("utf-8")
    assert sentence.isprintable()


def test_every_code_has_a_vector() -> None:
    told_elsewhere = {"unreadable", "too_big"}  # a file that is not there; a file of 51 MB
    assert {vector["code"] for vector in refusals()} == set(WORDS) - told_elsewhere


def test_vectors_in_the_documents_are_those_of_the_cases() -> None:
    assert (FOLDER / "results.json").read_text("utf-8") == written(results())
    assert (FOLDER / "refusals.json").read_text("utf-8") == written(refusals())


def test_read_refuses_more_than_fifty_megabytes() -> None:
    fitting = json.dumps([HEAD | {"totals": ONE}]).encode().ljust(MAX_BYTES)
    assert len(read_recounts(fitting)) == 1
    assert _refusal(fitting + b" ").code == "too_big"


def test_read_says_where_in_the_file() -> None:
    rows = [{"unit": "1", "area": "1", "voter": "a"}, {"unit": "2", "area": "1e5", "voter": "a"}]
    bad = _refusal(json.dumps([HEAD | {"roll": rows, "ballots": []}]).encode())
    assert bad.where == "[0].roll[1].area"
    assert bad.sentence() == (
        '[area_not_decimal] [0].roll[1].area：面积 “1e5” 不是十进制数，要写成 "88.50" 这样（半角数字，不用逗号、指数和单位）'
    )
    assert _refusal(b"[1]").where == "[0]"
    assert _refusal(b"1").sentence() == "[not_object] 应当是一个对象（花括号）"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('"roll": [{"unit": "", "area": "1", "voter": "a"}], "ballots": []', "roll[0].unit"),
        ('"roll": [{"unit": "1", "area": "1", "voter": ""}], "ballots": []', "roll[0].voter"),
        (
            '"roll": [{"unit": "1", "area": "1", "voter": "a"}, {"unit": "1", "area": "1", "voter": "b"}], "ballots": []',
            "roll[1].unit",
        ),
        ('"roll": [{"unit": "1", "area": "1"}], "ballots": []', "roll[0]"),
        ('"roll": [], "ballots": [{"voter": "a", "choice": "agree"}]', "ballots[0].voter"),
        ('"roll": [], "ballots": [{"voter": "a", "choice": "no"}]', "ballots[0].choice"),
        ('"roll": {}, "ballots": []', "roll"),
        ('"roll": [], "ballots": {}', "ballots"),
        ('"totals": {"x": 1}', "totals"),
        ('"totals": {"heads": "1"}', "totals.heads"),
        ('"totals": {"heads": 1, "participating_heads": 2}', "totals.participating_heads"),
        ('"totals": {"heads": 1, "agree_heads": 2}', "totals.agree_heads"),
        ('"totals": {"area": "1", "agree_area": "2"}', "totals.agree_area"),
        ('"totals": {}, "invalid_participates": 0', "invalid_participates"),
        ('"totals": {}, "silent_counts_with_majority": 0', "silent_counts_with_majority"),
        ('"totals": {}, "profile": 1', "profile"),
    ],
)
def test_read_names_the_place(text: str, where: str) -> None:
    assert _refusal(f'{{"format": "anju-recount/1", "matter": "ordinary", {text}}}'.encode()).where == where


SENTENCES = {
    "byte_order_mark": "文件开头有 BOM 标记，请另存为“UTF-8（无 BOM）”",
    "not_utf8": "文件不是 UTF-8 编码，请另存为 UTF-8",
    "cut off": "不是合格的 JSON：第 1 行第 142 个字附近写错了",
    "NaN": "不是合格的 JSON：NaN 不是 JSON 的数",
    "a key twice": "同一处出现两个 “heads”，只能写一个",
    "a key twice in the roll": "同一处出现两个 “unit”，只能写一个",
    "heads with an exponent": "数字 “1e2” 不是普通整数；面积要加引号写成十进制数，人数写整数",
    "huge heads": "数字 “1000000000000000” 太大",
    "an unknown field": "不认识的字段 “title”",
    "a row without an area": "roll[0]：缺少字段 area",
    "a roll without ballots": "缺少字段 ballots",
    "no format": "format：格式 null 不认识，应当写 anju-recount/1",
    "an unknown matter": "matter：事项 “unanimous” 不认识，应当写 ordinary（一般）或 special（特别）",
    "an unknown rule": "profile：规则 “civil-code-76” 不认识，应当写 civil-code-278 或 regulation-2018",
    "a flag of 1": "invalid_participates：应当写 true 或 false，不能写 1",
    "both forms": "名册（roll）和合计（totals）只能写一样",
    "neither form": "要么写名册和选票（roll 和 ballots），要么写合计（totals）",
    "ballots alone": "有选票（ballots）就要有名册（roll）",
    "a name with NUL": "roll[0].voter：“a\\u0000” 不能当名称：要用引号写 1 到 200 个字，前后不留空格，没有控制符和看不见的字符",
    "a unit that is a number": "roll[0].unit：101 不能当名称：要用引号写 1 到 200 个字，前后不留空格，没有控制符和看不见的字符",
    "an area as a whole number": 'roll[0].area：面积 88 要加引号写成十进制数，例如 "88.50"',
    "an area with an exponent": 'roll[0].area：面积 “1e2” 不是十进制数，要写成 "88.50" 这样（半角数字，不用逗号、指数和单位）',
    "a negative area": "roll[0].area：面积 “-88.5” 是负数",
    "a negative area in the totals": "totals.agree_area：面积 “-0.01” 是负数",
    "heads in quotes": "totals.heads：人数 “9” 不是整数",
    "heads of true": "totals.agree_heads：人数 true 不是整数",
    "negative heads": "totals.heads：人数 -1 是负数",
    "an unknown choice": "ballots[0].choice：选择 “yes” 不认识，应当写 agree、oppose、abstain、invalid 或 silent",
    "a unit twice": "roll[1].unit：房屋 “1” 在名册里出现两次",
    "two ballots": "ballots[1].voter：业主 “a” 有两张选票，同一事项只能有一张",
    "a stranger's ballot": "ballots[0].voter：业主 “c” 不在名册里",
    "more heads than there are": "totals.participating_heads：参加的 10 比全部的还多",
    "more area agrees than takes part": "totals.agree_area：同意的 “60.01” 比参加的还多",
}


@pytest.mark.parametrize(("name", "sentence"), SENTENCES.items())
def test_refusal_says_in_words_what_and_where(name: str, sentence: str) -> None:
    vector = next(one for one in refusals() if name in (one["name"], one["code"]))
    told = _refusal(bytes_of(vector)).sentence()
    assert told.removeprefix(f"[{vector['code']}] ") == sentence


def test_read_takes_what_is_just_allowed() -> None:
    name, heads = "𠮷" * 200, 10**15 - 1
    assert read_recount(HEAD | {"totals": {"heads": heads}}).tally.heads.total == heads
    assert len(read_recounts(json.dumps(HEAD | {"totals": {"heads": heads}}).encode())) == 1
    rows = [{"unit": name, "area": "1" * 1000, "voter": "a\u2003"}]
    assert read_recount(HEAD | {"roll": rows, "ballots": []}).tally.heads.total == 1


@pytest.mark.parametrize("name", ["a:b", "甲：乙", "a b", "张\u3000三", "\ue000"])
def test_read_takes_names_that_are_not_plain(name: str) -> None:
    rows = [{"unit": f"{name}{n}", "area": "1.5", "voter": name} for n in range(2)]
    ballots = [{"voter": name, "choice": "agree"}]
    (found,) = read_recounts(json.dumps(HEAD | {"roll": rows, "ballots": ballots}).encode())
    assert isinstance(found, Recount)
    assert found.decide().verdict == "passed"
    assert found.tally.area.agree == 300


def test_read_finds_a_doubled_key_beside_a_colon_in_a_name() -> None:
    text = '{"format": "anju-recount/1", "matter": "ordinary", "matter": "special", "totals": {"heads": 1}}'
    assert _refusal(text.encode()).code == "repeated_key"
    row = '{"unit": "1:1", "area": "1", "voter": "a", "voter": "b"}'
    text = f'{{"format": "anju-recount/1", "matter": "ordinary", "roll": [{row}], "ballots": []}}'
    assert _refusal(text.encode()).code == "repeated_key"
    nested = '{"format": "anju-recount/1", "matter": "ordinary", "totals": [{"a": {"b": 1, "b": 2}}]}'
    assert _refusal(nested.encode()).code == "repeated_key"


def test_sound_lines_have_no_fault() -> None:
    rows = [{"unit": str(n), "area": "1", "voter": "a"} for n in range(3)]
    assert list(_faults_of_roll(rows)) == []
    assert list(_faults_of_ballots([{"voter": "a", "choice": "agree"}], {"a"})) == []


def test_every_fault_of_a_line_is_found_first_to_last() -> None:
    rows = [
        {"unit": "", "area": "x", "voter": " "},
        {"unit": "1", "area": "-1", "voter": "a"},
        {"unit": "1", "area": 5, "voter": "a"},
    ]
    assert [fault.code for fault in _faults_of_roll(rows)] == [
        "text_wrong",
        "text_wrong",
        "area_not_decimal",
        "area_negative",
        "unit_repeated",
        "area_not_text",
    ]
    ballots = [{"voter": "b", "choice": "x"}, {"voter": "a", "choice": "agree"}, {"voter": "a", "choice": "silent"}]
    assert [fault.code for fault in _faults_of_ballots(ballots, {"a"})] == [
        "choice_unknown",
        "voter_unknown",
        "voter_repeated",
    ]


def test_read_answers_the_others_of_a_list_when_one_is_wrong() -> None:
    found = read_recounts(json.dumps([HEAD | {"totals": ONE}, {}, HEAD | {"totals": {}}]).encode())
    assert [type(one) for one in found] == [Recount, BadFile, Recount]


def test_read_takes_defaults_and_left_out_totals_for_unknown() -> None:
    recount = read_recount(HEAD | {"totals": {"heads": 3}})
    assert recount.profile.code == "civil-code-278"
    assert not recount.procedure.silent_counts_with_majority
    assert not recount.procedure.invalid_participates
    assert result(recount.decide())["missing"] == [
        "area",
        "participating_heads",
        "participating_area",
        "agree_heads",
        "agree_area",
    ]


def test_result_writes_areas_as_text_and_heads_as_numbers() -> None:
    found = result(read_recount(HEAD | {"totals": ONE | {"agree_area": "199.995"}}).decide())
    assert list(found) == ["verdict", "tests", "missing", "citations", "explanation"]
    tests = found["tests"]
    assert isinstance(tests, list)
    assert tests[2] == {
        "name": "consent_area",
        "have": "199.995",
        "of": "200.000",
        "need": "100.001",
        "passed": True,
        "short_by": "0.000",
    }
    assert tests[1]["have"] == 2
    assert found["citations"][0] == "《中华人民共和国民法典》第二百七十八条第二款"  # type: ignore[index]


def test_totals_of_a_roll_decide_as_the_roll_does() -> None:
    rows = [{"unit": str(n), "area": f"{n}.5", "voter": f"v{n % 7}"} for n in range(20)]
    ballots = [{"voter": f"v{n}", "choice": choice} for n, choice in enumerate(["agree"] * 4 + ["oppose", "abstain"])]
    by_roll = result(read_recount(HEAD | {"roll": rows, "ballots": ballots}).decide())
    tests = {test["name"]: test for test in by_roll["tests"]}  # type: ignore[attr-defined]
    figures = {}
    for measure in ("heads", "area"):
        figures[measure] = tests[f"participation_{measure}"]["of"]
        figures[f"participating_{measure}"] = tests[f"participation_{measure}"]["have"]
        figures[f"agree_{measure}"] = tests[f"consent_{measure}"]["have"]
    assert result(read_recount(HEAD | {"totals": figures}).decide()) == by_roll


def test_read_keeps_rare_names_apart() -> None:
    """𠮷 (outside the basic plane), composed and decomposed é, wide space inside: exact strings, none merged."""
    names = ["𠮷", "吉", "é", "e\u0301", "a\u3000b", "a b", "\ue000"]
    rows = [{"unit": name, "area": "1", "voter": name} for name in names]
    found = read_recount(HEAD | {"roll": rows, "ballots": []})
    assert found.tally.heads.total == len(names)


def test_shown_cuts_long_text_and_escapes_what_hides() -> None:
    assert shown("字" * 41) == f"“{'字' * 40}…”"
    assert shown("字" * 40) == f"“{'字' * 40}”"
    assert shown("a\u202eb\n") == "“a\\u202eb\\u000a”"
    assert shown("\ud840") == "“\\ud840”"
    values: tuple[object, ...] = (True, False, None, 7, [], {})
    assert [shown(value) for value in values] == [
        "true",
        "false",
        "null",
        "7",
        "（列表或对象）",
        "（列表或对象）",
    ]


@given(st.integers(0, 2**32))
def test_read_answers_or_refuses_whatever_is_spoiled(seed: int) -> None:
    data = spoiled(random.Random(seed))
    try:
        found = read_recounts(data)
    except BadFile:
        found = [_refusal(data)]
    assert all(one.sentence() if isinstance(one, BadFile) else one.decide().verdict for one in found)


@given(st.binary(max_size=200))
def test_read_refuses_noise(data: bytes) -> None:
    with pytest.raises(BadFile):
        read_recounts(data)

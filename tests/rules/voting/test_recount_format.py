"""The file: every refusal by its code, lists, defaults, and the vectors that others test themselves against."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.rules.voting.recount_format import Recount, read_recount, read_recounts, result
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

"""What is wrong with a policy file is told with its line, all of it at once, and nothing of such a policy is used."""

import re
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anju.rules.policy import FILES, parse_policy
from anju.rules.policy_faults import WORDS, Fault, PolicyFaults, sentence
from tests.rules.workdays.test_policy import WRONG as WRONG_CALENDAR

HEAD, UNITS, ITEMS, TABLE = FILES

SMALL = {
    HEAD: """\
[policy]
code = "small-1"
version = 1
title = "小方案"
number = "〔2024〕1号"
issuer = "县政府办"
issued_on = 2024-10-30
in_force_from = 2024-11-01
county = "990001"
county_name = "示例县"
cite = "印发通知"

[divisions]
source = "虚构"

[report]
cite = "三(四)"
day = 25
to = "bureau"
phone = "无"
email = "无"
""",
    UNITS: """\
version = 1
valid_from = 2024-10-30

[[unit]]
code = "bureau"
name = "县住建局"
kind = "bureau"
level = "county"
aliases = [
  "住建局", # as in 二(二)
]
cite = "二(一)1"

[[unit]]
code = "town"
name = "城关镇人民政府"
kind = "town"
level = "town"
aliases = []
cite = "二(一)1"
division = "990001100"
town_of_compound = true

[[unit]]
code = "office"
name = "房管所"
kind = "bureau"
level = "county"
aliases = []
cite = "三(四)"
parent = "bureau"
""",
    ITEMS: """\
version = 1
valid_from = 2024-10-30

[[item]]
code = "1.1"
heading = "摸清底数"
cite = "二(一)1"
units_text = "城关镇人民政府，住建局"
units = ["town", "bureau"]
text = "1.摸清底数。摸清。（责任单位：城关镇人民政府，住建局）"

[[requirement]]
code = "3.1"
heading = "加强领导"
cite = "三(一)"
text = "（一）加强领导。领导。"
""",
    TABLE: """\
code,name,level,parent,valid_from
990001,示例县,county,,2024-01-01
990001100,城关镇,town,990001,2024-01-01
990001100001,城北社区,community,990001100,2024-01-01
""",
}


def with_change(file: str, old: str, new: str) -> dict[str, str]:
    assert SMALL[file].count(old) >= 1, "the change must change something"
    return {**SMALL, file: SMALL[file].replace(old, new, 1)}


def faults_of(files: Mapping[str, str | bytes]) -> list[Fault]:
    with pytest.raises(PolicyFaults) as refused:
        parse_policy(files)
    return list(refused.value.faults)


def told(files: Mapping[str, str | bytes]) -> list[tuple[str, int, str]]:
    return [(fault.file, fault.line, fault.code) for fault in faults_of(files)]


def test_read_policy_without_a_fault_gives_it() -> None:
    policy = parse_policy(SMALL)
    assert [unit.code for unit in policy.units] == ["bureau", "town", "office"]
    assert [(item.code, item.units) for item in policy.items] == [("1.1", ("town", "bureau")), ("3.1", ())]
    assert [division.code for division in policy.divisions] == ["990001", "990001100", "990001100001"]


WRONG = [
    # (file, what stands there, what is written instead, line of the fault, its code)
    (HEAD, 'code = "small-1"\n', "", 1, "missing_key"),
    (HEAD, 'code = "small-1"', 'code = "Small 1"', 2, "bad_shape"),
    (HEAD, 'code = "small-1"', "code = 1", 2, "wrong_type"),
    (HEAD, "version = 1", "version = true", 3, "wrong_type"),
    (HEAD, "version = 1", "version = 0", 3, "out_of_range"),
    (HEAD, "version = 1", "version = 2", 1, "version_differs"),
    (HEAD, 'title = "小方案"', 'title = ""', 4, "text_empty"),
    (HEAD, 'title = "小方案"', f'title = "{"长" * 201}"', 4, "text_too_long"),
    (HEAD, 'title = "小方案"', 'title = "小\\u0000方案"', 4, "text_control"),
    (HEAD, 'title = "小方案"', 'title = "小\\u202e方案"', 4, "text_deceiving"),
    (HEAD, 'title = "小方案"', 'title = " 小方案"', 4, "text_untidy"),
    (HEAD, 'title = "小方案"', 'title = """小\n方案"""', 4, "text_untidy"),
    (HEAD, "issued_on = 2024-10-30", "issued_on = 2024-10-30T08:00:00", 7, "wrong_type"),
    (HEAD, "issued_on = 2024-10-30", "issued_on = 2024-02-30", 7, "syntax"),
    (HEAD, "in_force_from = 2024-11-01", "in_force_from = 2024-10-29", 8, "dates_reversed"),
    (HEAD, 'county = "990001"', 'county = "990002"', 9, "county_differs"),
    (HEAD, 'county_name = "示例县"', 'county_name = "别县"', 10, "county_differs"),
    (HEAD, "[divisions]", "[division]", 13, "unknown_key"),
    (HEAD, "[report]", "[[report]]", 16, "wrong_type"),
    (HEAD, "day = 25", "day = 31", 18, "out_of_range"),
    (HEAD, "day = 25", "day = 25\nday = 26", 19, "syntax"),
    (HEAD, 'to = "bureau"', 'to = "nobody"', 19, "unknown_unit"),
    (HEAD, 'email = "无"\n', 'email = "无', 21, "syntax"),
    (UNITS, "version = 1\n", "", 1, "missing_key"),
    (UNITS, "valid_from = 2024-10-30", "valid_from = 2024-10-29", 2, "dates_reversed"),
    (UNITS, 'kind = "bureau"', 'kind = "office"', 7, "unknown_choice"),
    (UNITS, 'kind = "bureau"', 'kind = "department"', 7, "one_bureau"),
    (UNITS, 'parent = "bureau"\n', "", 27, "one_bureau"),
    (UNITS, 'level = "county"', 'level = "town"', 4, "wrong_level"),
    (UNITS, '"住建局", # as in 二(二)', "1,", 9, "wrong_type"),
    (UNITS, '"住建局", # as in 二(二)', '"住建局 ",', 9, "text_untidy"),
    (UNITS, 'code = "town"', 'code = "bureau"', 15, "repeated_code"),
    (UNITS, 'name = "城关镇人民政府"', 'name = "住建局"', 16, "name_of_two"),
    (UNITS, "aliases = []", 'aliases = ["县住建局"]', 19, "name_of_two"),
    (UNITS, 'division = "990001100"', 'division = "990001101"', 21, "unknown_division"),
    (UNITS, 'division = "990001100"', 'division = "990001"', 21, "wrong_level"),
    (UNITS, 'division = "990001100"', 'place = "990001100"', 21, "unknown_key"),
    (UNITS, "town_of_compound = true", 'town_of_compound = "yes"', 22, "wrong_type"),
    (UNITS, 'parent = "bureau"', 'parent = "office"', 31, "parent_not_above"),
    (UNITS, "[[unit]]", "[[units]]", 4, "unknown_key"),
    (ITEMS, 'code = "1.1"', 'code = "一"', 5, "bad_shape"),
    (ITEMS, 'heading = "摸清底数"', 'heading = "查清底数"', 6, "not_in_text"),
    (ITEMS, 'units_text = "城关镇人民政府，住建局"', 'units_text = "城关镇人民政府"', 9, "units_text_differs"),
    (ITEMS, 'units_text = "城关镇人民政府，住建局"', 'units_text = "镇，住建局"', 8, "units_text_unknown"),
    (ITEMS, 'units_text = "城关镇人民政府，住建局"', 'units_text = "住建局，城关镇人民政府"', 8, "not_in_text"),
    (ITEMS, 'units = ["town", "bureau"]', 'units = ["bureau", "town"]', 9, "units_text_differs"),
    (ITEMS, 'units = ["town", "bureau"]', 'units = ["town", "bureau", "bureau"]', 9, "repeated_unit"),
    (ITEMS, 'units = ["town", "bureau"]', 'units = ["town", "mayor"]', 9, "unknown_unit"),
    (ITEMS, 'units = ["town", "bureau"]', "units = []", 9, "list_empty"),
    (ITEMS, 'units = ["town", "bureau"]', "units = [[]]", 9, "wrong_type"),
    (ITEMS, 'code = "3.1"', 'code = "1.1"', 13, "repeated_code"),
    (ITEMS, "[[requirement]]", "[[item]]", 12, "missing_key"),
    (ITEMS, "[[item]]\n", 'item = ["1.1"]\n[x]\n', 4, "wrong_type"),
    (TABLE, "code,name", "编号,名称", 1, "wrong_header"),
    (TABLE, "990001,示例县,county,,2024-01-01\n", "", 1, "county_missing"),
    (TABLE, ",county,,2024-01-01", ",county,", 2, "wrong_columns"),
    (TABLE, ",county,,2024-01-01", ",county,,2024/01/01", 2, "bad_date"),
    (TABLE, ",county,,2024-01-01", ",county,,20240101", 2, "bad_date"),
    (TABLE, "示例县", "", 2, "text_empty"),
    (TABLE, "示例县", " 示例县", 2, "text_untidy"),
    (TABLE, "990001100,城关镇,town", "990001100,城关镇,township", 3, "unknown_choice"),
    (TABLE, "990001100,城关镇", "99000110,城关镇", 3, "wrong_code"),
    (TABLE, "990001100,城关镇", "990002100,城关镇", 3, "wrong_code"),
    (TABLE, "990001100,城关镇", "９90001100,城关镇", 3, "wrong_code"),
    (TABLE, "990001100,城关镇,town,990001,", "990002,城关镇,county,,", 3, "second_county"),
    (
        TABLE,
        "990001100001,城北社区,community,990001100",
        "990001100001,城北社区,community,990001",
        4,
        "parent_not_above",
    ),
    (TABLE, "990001100001,城北社区,community,990001100", "990001100,城关镇,town,990001", 4, "repeated_code"),
    (TABLE, "城北社区", '"城北\n社区"', 4, "text_untidy"),
    (TABLE, "城北社区", '"城北"社区', 4, "syntax"),
    (TABLE, "城北社区", '"城北社区', 4, "syntax"),
]


OF_CASES = {  # tests/rules/cases
    "unknown_name", "limit_empty", "never_fires", "dead_end", "citizen_only", "clock_without_limit", "clock_never_starts",
    "clock_never_stops", "not_by_system", "beyond_differs", "unknown_item",
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "line", "code"), WRONG)
def test_read_policy_tells_a_fault_with_its_line(file: str, old: str, new: str, line: int, code: str) -> None:
    found = [(fault.line, fault.code) for fault in faults_of(with_change(file, old, new))]
    assert (line, code) in found


def test_read_policy_tells_every_kind_of_fault_in_words() -> None:
    codes = {code for *_, code in WRONG} | {"missing_file", "unknown_file", "not_utf8"}
    assert codes | OF_CASES | {code for *_, code, _ in WRONG_CALENDAR} == set(WORDS)


@pytest.mark.parametrize(("file", "old", "new", "line", "code"), WRONG)
def test_say_fault_names_file_line_and_reason(file: str, old: str, new: str, line: int, code: str) -> None:
    for fault in faults_of(with_change(file, old, new)):
        said = sentence(fault)
        assert said.startswith(f"{fault.file} 第 {fault.line} 行：")
        assert "{" not in said.replace(str(fault.values.get("reason", "")), "")


def test_read_policy_tells_all_faults_at_once() -> None:
    files = {
        HEAD: SMALL[HEAD].replace("day = 25", "day = 99"),
        UNITS: SMALL[UNITS].replace('kind = "bureau"', 'kind = "x"'),
        ITEMS: SMALL[ITEMS].replace('cite = "二(一)1"', "cite = 1"),
        TABLE: SMALL[TABLE].replace("990001100001", "1"),
    }
    assert told(files) == [
        (TABLE, 4, "wrong_code"),
        (ITEMS, 7, "wrong_type"),
        (HEAD, 18, "out_of_range"),
        (UNITS, 7, "unknown_choice"),
        (UNITS, 27, "unknown_choice"),
    ]


def test_read_policy_tells_one_slip_once() -> None:
    """A unit misspelled in its own file is not told again for each item that names it."""
    assert told(with_change(UNITS, 'code = "town"', 'code = "Town"')) == [(UNITS, 15, "bad_shape")]


def test_read_policy_with_a_file_missing_or_too_many_says_which() -> None:
    files = {name: text for name, text in SMALL.items() if name != ITEMS} | {"notes.txt": ""}
    assert told(files) == [(ITEMS, 0, "missing_file"), ("notes.txt", 0, "unknown_file")]
    assert sentence(faults_of(files)[0]) == "items.toml：缺少这个文件。"


def test_read_policy_saved_in_another_encoding_names_the_line() -> None:
    files: dict[str, str | bytes] = {**SMALL, TABLE: SMALL[TABLE].encode("gb18030")}
    assert told(files) == [(TABLE, 2, "not_utf8")]


def test_read_policy_with_the_mark_and_line_ends_of_a_spreadsheet_is_the_same() -> None:
    spread = {name: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for name, text in SMALL.items()}
    assert parse_policy(spread) == parse_policy(SMALL)


def test_read_policy_nested_without_end_is_a_fault() -> None:
    files = {**SMALL, HEAD: f"a = {'[' * 5000}"}
    assert [code for *_, code in told(files)] == ["syntax"]


def test_read_policy_with_a_number_of_thousands_of_digits_is_a_fault() -> None:
    assert [code for *_, code in told(with_change(HEAD, "day = 25", f"day = {'9' * 5000}"))] == ["syntax"]


def test_digest_stays_when_only_comments_and_order_change() -> None:
    moved = with_change(HEAD, 'cite = "三(四)"\nday = 25', '# quarterly\nday = 25\ncite = "三(四)"')
    assert parse_policy(moved).digest == parse_policy(SMALL).digest


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (HEAD, "虚构", "别处"),
        (HEAD, "day = 25", "day = 24"),
        (UNITS, "房管所", "物业科"),
        (ITEMS, "领导。领导。", "领导。"),
        (TABLE, "城北社区,community,990001100,2024-01-01", "城北社区,community,990001100,2024-01-02"),
    ],
)
def test_digest_changes_with_a_word_of_any_file(file: str, old: str, new: str) -> None:
    assert parse_policy(with_change(file, old, new)).digest != parse_policy(SMALL).digest


def _line_count(text: str) -> int:
    return len(re.split("\r\n|\r|\n", text))


@st.composite
def _mutilated(draw: st.DrawFn) -> dict[str, str]:
    """The small policy with a stretch of one file replaced by what people and programs leave behind."""
    file = draw(st.sampled_from(FILES))
    text = SMALL[file]
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 40)))
    scraps = st.sampled_from(
        ['"', '"""', "'''", "[", "]]", "[[unit]]", "=", "\n", "\r", "\u2028", "\\", ",", "#", "a.b = 1"]
    )
    pieces = draw(st.lists(scraps | st.text(max_size=4), max_size=4))
    return {**SMALL, file: text[:start] + "".join(pieces) + text[end:]}


@settings(max_examples=400, deadline=None)
@given(_mutilated())
def test_read_policy_mutilated_is_read_or_refused_with_lines(files: dict[str, str]) -> None:
    for fault in _faults_or_none(files):
        assert 1 <= fault.line <= _line_count(files[fault.file])
        assert sentence(fault).startswith(f"{fault.file} 第 {fault.line} 行：")


def _faults_or_none(files: dict[str, str]) -> tuple[Fault, ...]:
    try:
        parse_policy(files)
    except PolicyFaults as refused:
        return refused.faults or (Fault("", 0, "refused without a fault"),)
    return ()


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(FILES), st.binary(max_size=60)))
def test_read_policy_of_any_bytes_is_refused(files: dict[str, bytes]) -> None:
    assert faults_of(files)

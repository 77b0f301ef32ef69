"""No cell makes a parser fail, nothing it knows is lost when written and read again, and figures are figures."""

import ast
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anju.rules.lists.canonical import canonical
from anju.rules.lists.catalogue import COLUMN_TYPES, TYPES
from anju.rules.lists.cells import read_cell
from anju.rules.lists.figures import NUMERAL, figure, numeral, written
from anju.rules.lists.headers import find_header, heading_key
from anju.rules.lists.plausibility import doubts_about, profile_of
from anju.rules.lists.readings import Known, Missing, Number, Placeholder, Point, Unit, Words, value_of
from anju.rules.lists.reasons import sentence
from anju.rules.lists.rows import read_row
from anju.rules.lists.text import cell_text, plain, tidy
from tests.house.source import modules, where
from tests.rules.lists.sample import CATALOGUE, YEAR

PIECES = [
    "1", "0", "35", "2005", "1,234", ".5", "-", "~", "至", "约", "万", "亩", "㎡",
    "平方米", "户", "栋", "层", "个", "%", "年", "月", "日", "元", "/", "·", "(", ")", "，",
    "。", "：", " ", "\u00a0", "暂无资料", "无", "有", "未", "物业", "公司", "业主", "自管",
    "社区", "停车位", "机动", "非机动", "地上", "总", "E+10", "#", "?", "…", "[入驻]", "一",
    "十", "百", "两", "90", "代", "东经", "111.5", "24.4", "°", "′", "\x00", "\u200b",
    "𠮷", "&#160;", "＜", "１", "，０００",
]  # fmt: skip
CELLS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), st.text(max_size=30))
EMPTY_DAY = date(1900, 1, 1)  # what a spreadsheet shows for a day nobody entered: read as a placeholder
ALL_TYPES = sorted({*TYPES, *COLUMN_TYPES})


@settings(max_examples=60)
@given(CELLS, st.booleans())
@pytest.mark.parametrize("type_", ALL_TYPES)
def test_read_any_cell_and_what_is_known_survives_writing(type_: str, text: str, zero: bool) -> None:
    reading = read_cell(text, type_, latest=YEAR, zero=zero)
    if isinstance(reading, Known) and not isinstance(reading.value, Words):
        again = read_cell(canonical(reading.value), type_, latest=YEAR, zero=True)
        if isinstance(reading.value, Point) and type_ != "point":
            return
        assert isinstance(again, Known), (canonical(reading.value), again)
        assert again.value == reading.value


@given(st.integers(1, 10**9), st.integers(0, 10**6), st.booleans())
@pytest.mark.parametrize(
    ("type_", "unit"),
    [
        ("area", Unit.AREA),
        ("fee", Unit.FEE),
        ("ratio", Unit.RATIO),
        ("percent", Unit.PERCENT),
        ("households", Unit.COUNT),
        ("term", Unit.YEARS),
    ],
)
def test_write_number_and_read_it_again(type_: str, unit: Unit, low: int, more: int, approximate: bool) -> None:
    number = Number(low, low + more, unit, approximate)
    reading = read_cell(canonical(number), type_, latest=YEAR)
    assert isinstance(reading, Known)
    assert reading.value == number


@given(st.dates(date(1800, 1, 1), date(2199, 12, 31)).filter(lambda day: day != EMPTY_DAY))
def test_write_day_and_read_it_again(day: date) -> None:
    reading = read_cell(day.isoformat(), "date", latest=YEAR)
    assert isinstance(reading, Known)
    assert canonical(reading.value) == day.isoformat()


@given(st.text(max_size=40))
def test_make_text_plain_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text) or "&" in text
    assert plain(plain(text)) == plain(text) or "&" in text


@given(st.integers(-(10**15), 10**15), st.integers(0, 7))
def test_write_decimal_exactly(scaled: int, places: int) -> None:
    text = written(scaled, 10**places)
    sign, size = (-1, text[1:]) if text.startswith("-") else (1, text)
    assert sign * figure(size).scaled(10**places) == scaled


@given(st.integers(1, 999))
def test_read_numeral_below_a_thousand(number: int) -> None:
    signs = "零一二三四五六七八九"
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{signs[hundreds]}百" if hundreds else ""
    text += f"{signs[tens]}十" if tens else ("零" if hundreds and ones else "")
    text += signs[ones] if ones else ""
    assert numeral(text) == number
    assert numeral(text.removeprefix("一") if text.startswith("一十") else text) == number


@given(st.text(alphabet="零〇一二三四五六七八九十百两", max_size=6))
def test_read_any_numeral(text: str) -> None:
    found = numeral(text)
    assert found is None or 0 <= found < 1000
    assert NUMERAL


@settings(max_examples=60)
@given(
    st.lists(st.lists(CELLS, max_size=5), min_size=1, max_size=6),
    st.lists(st.sampled_from(sorted(CATALOGUE.headings)), min_size=1, max_size=5),
)
def test_read_any_list(rows: list[list[str]], headings: list[str]) -> None:
    header = find_header([headings, *rows], CATALOGUE)
    if header is None:
        return
    read = [read_row(line, row, header, CATALOGUE, latest=YEAR) for line, row in enumerate(rows)]
    profile = profile_of(read)
    for row in read:
        for doubt in doubts_about(row, CATALOGUE, profile, latest=YEAR):
            assert sentence(doubt.reason, dict(doubt.told), CATALOGUE.why)
    assert all(heading_key(heading_key(heading)) == heading_key(heading) for heading in headings)


def test_cell_becomes_text_without_loss() -> None:
    cells = [None, "甲", 12, date(2026, 1, 5), datetime(2026, 1, 5, 8, 30, tzinfo=UTC)]
    assert [cell_text(cell) for cell in cells] == ["", "甲", "12", "2026-01-05", "2026-01-05"]


def test_figures_without_a_float() -> None:
    assert figure("0.30000000000000004").scaled(100) == 30
    assert figure("1.005").scaled(100) == 101
    assert isinstance(read_cell("0.0", "area", latest=YEAR), Placeholder)
    assert isinstance(read_cell("", "area", latest=YEAR), Missing)


@pytest.mark.parametrize(
    ("type_", "text", "told"),
    [
        ("text", "砖混", "砖混"),
        ("year", "2005年6月", "2005-06"),
        ("year", "2005/6/1", "2005-06-01"),
        ("year", "约2005年", "2005年"),
        ("year", "1990至2000", "1990-2000年"),
        ("answer", "已成立", "有"),
        ("answer", "不涉及", "不适用"),
        ("service", "小区业主自筹物业", "业主自管"),
        ("service", "甲物业", "甲物业"),
        ("service", "没有物业公司", "无物业"),
        ("fee", "1.20~1.5 元/㎡·月", "1.2-1.5元/平方米·月"),
        ("area", "约2.5万方", "约25000平方米"),
        ("point", "111.558121，24.401187", "111.558121,24.401187"),
    ],
)
def test_write_value_as_a_list_for_correction_holds_it(type_: str, text: str, told: str) -> None:
    value = value_of(read_cell(text, type_, latest=YEAR))
    assert value is not None
    assert canonical(value) == told
    assert read_cell(told, type_, latest=YEAR) == Known(value, told if type_ == "service" and told != "甲物业" else "")


def test_rules_of_lists_hold_no_float() -> None:
    for path, tree in modules("rules/lists"):
        floats = [
            node
            for node in ast.walk(tree)
            if (isinstance(node, ast.Constant) and isinstance(node.value, float))
            or (isinstance(node, ast.Name) and node.id in {"float", "round", "Decimal"})
            or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))
        ]
        assert not floats, where(path, floats[0])

"""Reading many rows remembers texts and takes short ways; it must say what reading each cell by itself says."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anju.rules.lists.cells import read_cell
from anju.rules.lists.plausibility import doubts_about, judge_of, profile_of
from anju.rules.lists.points import read_point
from anju.rules.lists.quantities import FAMILIES, read_quantity
from anju.rules.lists.readings import Doubtful, Missing, Placeholder, Reading, value_of
from anju.rules.lists.rows import read_row, reader_of
from anju.rules.lists.text import Cell, cell_text
from tests.rules.lists.sample import CATALOGUE, YEAR, header_of

HEADINGS = ("小区名称", "户数", "总幢数", "总建筑面积", "占地面积", "容积率", "建造年代", "物业费", "物 业 费")
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.integers(0, 3000),
    st.sampled_from(
        ["", " ", "1", "520 户", "8栋", "2.5", "5000㎡", "3亩", "约7万㎡", "2005年", "1.2元/㎡·月", "暂无", "35%"]
    ),
    st.sampled_from(["甲置业有限公司", "3O户", "1.38E+10", "x\x00", "-5", "2041", date(2005, 6, 1)]),
)
ROWS = st.lists(st.lists(CELLS, max_size=len(HEADINGS) + 1), min_size=1, max_size=12)


@settings(max_examples=80)
@given(ROWS)
def test_read_many_rows_as_each_by_itself(rows: Sequence[Sequence[Cell]]) -> None:
    header = header_of(*HEADINGS)
    read = reader_of(header, CATALOGUE, latest=YEAR)
    for line, cells in enumerate(rows):
        row = read(line, cells)
        assert row == read_row(line, cells, header, CATALOGUE, latest=YEAR)
        for cell in row.all_cells:
            column = CATALOGUE.by_code[cell.code]
            raw = cell_text(cells[cell.position]) if cell.position < len(cells) else ""
            alone = read_cell(raw.strip(), column.type, latest=YEAR, zero=column.zero, headings=CATALOGUE.heading_words)
            assert (cell.raw, cell.reading) == (raw, alone)


@settings(max_examples=80)
@given(ROWS)
def test_judge_many_rows_as_each_by_itself(rows: Sequence[Sequence[Cell]]) -> None:
    read = reader_of(header_of(*HEADINGS), CATALOGUE, latest=YEAR)
    every = [read(line, cells) for line, cells in enumerate(rows)]
    profile = profile_of(every)
    judge = judge_of(every[0].cells, CATALOGUE, profile, latest=YEAR)
    for row in every:
        assert judge(row) == doubts_about(row, CATALOGUE, profile, latest=YEAR)
        assert row.numbers() == {code: number for code in row.cells if (number := row.number(code)) is not None}


def test_remembered_texts_are_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anju.rules.lists.rows._REMEMBERED", 3)
    read = reader_of(header_of("小区名称", "户数"), CATALOGUE, latest=YEAR)
    rows = [read(line, ["示例花园", f"{line % 7}户"]) for line in range(1, 30)]
    assert [row.text("name") for row in rows] == ["示例花园"] * 29
    assert [row.cells["households"].raw for row in rows] == [f"{line % 7}户" for line in range(1, 30)]


def same(one: Reading, other: Reading) -> bool:
    """Equal but for the text they repeat."""
    if isinstance(one, Missing | Placeholder):
        return type(one) is type(other)
    reasons = [reading.reason if isinstance(reading, Doubtful) else "" for reading in (one, other)]
    return reasons[0] == reasons[1] and value_of(one) == value_of(other)


@given(
    st.from_regex(r"[0-9]{1,3}(,[0-9]{3}){0,2}(\.[0-9]{1,12})?", fullmatch=True),
    st.sampled_from(["", " "]),
    st.sampled_from(["", *(unit for units in FAMILIES.values() for unit in units)]),
    st.booleans(),
)
@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_read_usual_amount_as_any_other(family: str, number: str, space: str, unit: str, zero: bool) -> None:
    text = f"{number}{space}{unit}"
    assert same(read_quantity(text, family, zero=zero), read_quantity(f"共{text}", family, zero=zero))


@given(
    st.from_regex(r"[0-9]{1,3}\.[0-9]{1,13}", fullmatch=True), st.from_regex(r"[0-9]{1,3}\.[0-9]{1,13}", fullmatch=True)
)
def test_read_usual_point_as_any_other(longitude: str, latitude: str) -> None:
    assert same(read_point(f"{longitude},{latitude}"), read_point(f"{longitude}、{latitude}"))

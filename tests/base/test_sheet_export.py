"""What goes out comes back: typed, whole, in a stream, and never as a formula."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from anju.base.sheet_export import CUT, Column, Value, stream_csv, stream_workbook
from anju.base.sheets import LONGEST_CELL, Cell, Sheet, open_book

COLUMNS = [Column("名称", 30, wrap=True), Column("户数"), Column("费用"), Column("日期"), Column("时间")]
MOMENT = datetime.combine(date(2026, 11, 24), time(10, 30))
ROW: Sequence[Value] = ["示例·碧水花园", 120, Decimal("1.25"), date(2026, 11, 24), MOMENT]
HOSTILE = ["=1+1", "+86 135", "-1", "@sum", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠a", " =1", "\u2060=1", "\u2060"]


def sheets_of(chunks: Iterator[bytes]) -> list[list[list[Cell]]]:
    return [list(sheet.rows()) for sheet in open_book(io.BytesIO(b"".join(chunks))).sheets]


def test_export_workbook_keeps_types() -> None:
    notes = Sheet("说明", [["说明"], ["=示例"]], [20])
    table, others = sheets_of(
        stream_workbook("小区", COLUMNS, [ROW, [None, "", 10**17, True, date(1899, 1, 1)]], others=[notes])
    )
    assert table[0] == ["名称", "户数", "费用", "日期", "时间"]
    assert table[1] == ["示例·碧水花园", 120, 1.25, date(2026, 11, 24), MOMENT]
    assert table[2] == ["", "", "100000000000000000", "是", "1899-01-01"]
    assert others == [["说明"], ["=示例"]]


def test_export_workbook_formats_columns() -> None:
    content = b"".join(stream_workbook("小区", COLUMNS, [ROW]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b'state="frozen"' in sheet
    assert b'<col min="1" max="1" width="30.7109375"' in sheet
    assert b"<f>" not in sheet
    assert sheet.count(b"<row ") == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_export_text_that_looks_like_a_formula(text: str) -> None:
    columns = [Column("甲"), Column("乙")]
    assert sheets_of(stream_workbook("小区", columns, [["a", text]]))[0][1][1] == text.strip()
    content = b"".join(stream_csv(columns, [["a", text]]))
    assert (
        not content.decode("utf-8-sig")
        .splitlines()[1]
        .split(",", 1)[1]
        .lstrip('" \t\r')
        .startswith(tuple("=+-@＝＋－＠"))
    )
    assert sheets_of(iter([content]))[0][1][1] == text.strip(" \t\r")


@settings(deadline=None)
@given(
    some.lists(some.text(some.characters(codec="utf-8", exclude_characters="\r"), max_size=30), min_size=1, max_size=4)
)
def test_export_any_text_comes_back(texts: list[str]) -> None:
    row = ["始", *texts, "末"]
    columns = [Column(str(number)) for number in range(len(row))]
    expected = [text.strip() for text in row]
    assert sheets_of(stream_workbook("小区", columns, [row]))[0][1] == expected
    assert sheets_of(stream_csv(columns, [row]))[0][1] == expected


def test_export_text_that_no_cell_holds_says_that_it_was_cut() -> None:
    cell = sheets_of(stream_workbook("小区", [Column("甲")], [["长" * 40_000]]))[0][1][0]
    assert isinstance(cell, str)
    assert len(cell) == LONGEST_CELL
    assert cell.endswith(CUT)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_export_sends_before_the_last_row_is_asked_for(kind: str) -> None:
    asked: list[int] = []

    def rows() -> Iterator[Sequence[Value]]:
        for number in range(20_000):
            asked.append(number)
            yield [f"示例小区{number * number}", number, number / 7]

    columns = COLUMNS[:3]
    chunks = stream_workbook("小区", columns, rows()) if kind == "xlsx" else stream_csv(columns, rows())
    next(chunks)
    next(chunks)
    assert len(asked) < 10_000
    assert len([chunk for chunk in chunks if chunk]) > 1
    assert len(asked) == 20_000

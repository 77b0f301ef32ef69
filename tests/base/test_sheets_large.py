"""Whole files of lists: what a reader would drop or round is seen, and whatever asks for too much is refused in time."""

import io
import struct
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as some
from python_calamine import CalamineWorkbook

from anju.base.sheet_biff import _contained
from anju.base.sheets import BadSheet, Book, Cell, open_book, shown
from anju.rules.lists.text import is_spoiled, strange
from tests.base.sheet_files import (
    by_hand,
    failure,
    label,
    number,
    old_workbook,
    ole,
    record,
    strings_table,
    told,
    with_long_part,
    zipped,
)


def book_of(content: bytes, **more: int) -> Book:
    return open_book(io.BytesIO(content), **more)


def rows_of(content: bytes, **more: int) -> list[list[Cell]]:
    return [row for sheet in book_of(content, **more).sheets for row in sheet.rows()]


def code_of(content: bytes, **more: int) -> tuple[str, int | None]:
    with pytest.raises(BadSheet) as refused:
        rows_of(content, **more)
    return refused.value.code, refused.value.line


def row(line: int, *cells: str) -> bytes:
    return f'<row r="{line}">{"".join(cells)}</row>'.encode()


def test_read_book_with_sheets_and_rows_that_are_hidden() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    first, second = book.add_worksheet("小区"), book.add_worksheet("旧表")
    first.merge_range(0, 0, 0, 2, "示例县小区一览")
    first.write_row(1, 0, ["名称", "户数", "年份"])
    first.write_row(2, 0, ["示例·碧水花园", 120, 2014.5])
    first.set_row(2, None, None, {"hidden": True})
    second.write_string(0, 0, "旧")
    second.hide()
    book.close()
    found = book_of(target.getvalue())
    assert [(sheet.name, sheet.hidden) for sheet in found.sheets] == [("小区", False), ("旧表", True)]
    assert list(found.sheets[0].rows())[2] == ["示例·碧水花园", 120, 2014.5]
    assert found.sheets[0].hidden_lines == {3}
    assert list(found.sheets[0].merged) == [(1, 1, 1, 3)]
    assert not found.macros


def test_read_errors_and_formulas_without_value_as_what_they_are() -> None:
    content = by_hand(
        row(1, '<c r="A1" t="inlineStr"><is><t>名称</t></is></c>', '<c r="B1" t="e"><f>X!A1</f><v>#REF!</v></c>')
        + row(
            2,
            '<c r="A2"><f>B2</f></c>',
            '<c r="B2"><f>1</f><v></v></c>',
            '<c r="C2"><f>1</f><v/></c>',
            '<c r="D2"><v>4</v></c>',
        )
        + row(
            3, '<c r="A3" t="str"><f>IF(1=1,"")</f><v></v></c>', '<c r="B3"><f>1+1</f><v>2</v></c>', '<c r="C3" t="e"/>'
        )
        + row(5, '<c r="F5" t="e"><v>#N/A</v></c>', '<c r="G5" t="str"><f>A1</f></c>')
    )
    rows = rows_of(content)
    assert [line[: max((place for place, cell in enumerate(line, 1) if cell != ""), default=0)] for line in rows] == [
        ["名称", "#REF!"],
        ["#FORMULA!", "#FORMULA!", "#FORMULA!", 4],
        ["", 2],
        [],
        ["", "", "", "", "", "#N/A", "#FORMULA!"],
    ]
    assert strange("#FORMULA!") is not None


def test_read_figures_that_lost_their_digits_as_spoiled() -> None:
    content = by_hand(
        row(
            1,
            '<c r="A1"><v>451122199001011234</v></c>',
            '<c r="B1"><v>4.5112219900101E17</v></c>',
            '<c r="C1"><v>13500000000</v></c>',
        )
    )
    spoiled, also, phone = rows_of(content)[0]
    assert phone == 13500000000
    assert is_spoiled(shown(spoiled))
    assert is_spoiled(shown(also))
    assert shown(2.5) == "2.5"


HALF_PAST_TEN = datetime.combine(date(2026, 11, 24), time(10, 30))


@pytest.mark.parametrize("old", [False, True])
def test_read_dates_of_both_calendars(old: bool) -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "date_1904": old})
    page, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    page.write_datetime(0, 0, date(2026, 11, 24), day)
    page.write_datetime(0, 1, HALF_PAST_TEN, day)
    book.close()
    assert rows_of(target.getvalue()) == [[date(2026, 11, 24), HALF_PAST_TEN]]


def test_read_control_characters_and_long_cells_whole() -> None:
    long = "长" * 10_000
    content = by_hand(
        row(
            1,
            f'<c r="A1" t="inlineStr"><is><t>a_x0000_b</t></is></c><c r="B1" t="inlineStr"><is><t>{long}</t></is></c>',
        )
    )
    assert rows_of(content) == [["a\x00b", long]]
    assert rows_of(f"a\x00b,{long}".encode() + b"\n" + b"x,y\n" * 100)[0] == ["a\x00b", long]
    assert code_of(b"a\n" + b"x" * 32_768 + b"\n") == ("cell_too_long", 2)


def test_read_book_with_macros_says_so() -> None:
    found = book_of(by_hand(row(1, '<c r="A1"><v>1</v></c>'), extra={"xl/vbaProject.bin": b"program"}))
    assert found.macros
    assert list(found.sheets[0].rows()) == [[1]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_read_text_of_each_encoding(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    content = mark + '名称,说明\r\n示例·𠮷祥苑,"两行\r\n说明"\r\n,,\r\n'.encode(encoding)
    assert rows_of(content) == [["名称", "说明"], ["示例·𠮷祥苑", "两行\r\n说明"]]


def test_read_text_again_gives_the_same() -> None:
    sheet = book_of(b"a,b\n1,2\n", most=2).sheets[0]
    assert list(sheet.rows()) == list(sheet.rows()) == [["a", "b"], ["1", "2"]]


@settings(deadline=None)
@given(
    some.lists(
        some.lists(
            some.text(some.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=20), min_size=2, max_size=4
        ),
        min_size=1,
        max_size=5,
    )
)
def test_read_what_the_csv_module_writes(table: Sequence[Sequence[str]]) -> None:
    import csv

    text = io.StringIO()
    csv.writer(text).writerows([["a", "b"], *table])
    rows = rows_of(text.getvalue().encode("utf-8-sig"))
    expected = [[cell.strip() for cell in line] for line in table]
    while expected and not any(expected[-1]):
        expected.pop()
    assert rows[1:] == [line if any(line) else [] for line in expected]


def test_blank_formatted_rows_do_not_count() -> None:
    blank = b"".join(
        f'<row r="{line}" spans="1:3"><c r="A{line}" s="1"/><c r="XFD{line}" s="1" t="n" /></row>'.encode()
        for line in range(2, 60_000)
    )
    assert rows_of(by_hand(row(1, '<c r="A1"><v>1</v></c>') + blank), most=1) == [[1]]


def test_refuse_more_rows_than_the_file_may_hold() -> None:
    lines = b"".join(row(line, f'<c r="A{line}"><v>1</v></c>') for line in range(1, 5))
    assert code_of(by_hand(lines), most=3) == ("too_many_rows", 4)
    assert code_of(b"a\n\nb\nc\n", most=2) == ("too_many_rows", 4)


FAR = '<c r="XFD1048576"><v>1</v></c>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (by_hand(row(1, '<c r="A1"><v>1</v></c>') + row(1_048_576, FAR)), "far_cells"),
        (by_hand(row(1, '<c r="A1"><v>1</v></c>', FAR)), "far_cells"),
        (by_hand(row(1, "<c r='A1'><v>1</v></c>", "<c\n r = 'XFD1048576'\n><v>1</v></c>")), "far_cells"),
        (by_hand(row(1, f'<c x=">" {FAR[3:]}')), "far_cells"),
        (by_hand(row(1, f'<!-- <c r="A1"/> -->{FAR}')), "damaged"),
        (by_hand(row(1, "<c><v>1</v></c>" * 3_000)), "far_cells"),
        (by_hand(row(1, "<c><v>1</v></c ><c><v>1</v></c >")), "damaged"),
        (by_hand(row(1, '<c r="A1"><v>1</v></c>') + b'<row r="99999999"><c><v>1</v></c></row>'), "far_cells"),
        (by_hand(b"", extra={"xl/media/a.png": b"\x00" * 90_000_000}), "too_big"),
        (by_hand(b"<row/>", strings=b"<si/>" * 6_100_000), "too_big"),
        (by_hand(b"", extra={"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><workbook/>'}), "damaged"),
        (by_hand(row(1, '<c r="A1" t="s"><v>99</v></c>')), "damaged"),
        (zipped({"xl/workbook.bin": b"x"}), "other_workbook"),
        (zipped({"word/document.xml": b"x"}), "not_a_sheet"),
        (by_hand(row(1, '<c r="A1"><v>1</v></c>'))[:-40], "damaged"),
        (b"\xef\xbb\xbf <HTML><table><tr><td>1</td></tr></table>", "html"),
        (b"MIME-Version: 1.0\nX-Document-Type: Workbook", "html"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "xml_2003"),
        ("名称,户数\n".encode("utf-16-le") * 10, "not_a_sheet"),
        (b"%PDF-1.7 x", "not_a_sheet"),
        (b"\xff\xfe\x00\xd8\x00\x00", "encoding"),
        (b"a," * 3_000, "far_cells"),
        (ole({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), "encrypted"),
        (ole({"WordDocument": b"x"}), "not_a_sheet"),
        (ole({"Workbook": old_workbook(globals_=record(0x002F, b"\x00" * 6))}), "encrypted"),
        (ole({"Workbook": old_workbook(number(0, 0, 1), number(65_535, 65_535, 2))}), "far_cells"),
        (ole({"Workbook": old_workbook(number(0, 0, 1), number(65_535, 255, 2))}), "far_cells"),
        (ole({"Workbook": old_workbook(record(0x0200, struct.pack("<IIHHH", 0, 2**32 - 1, 0, 65_535, 0)))}), "damaged"),
        (ole({"Workbook": old_workbook(record(0x0200, struct.pack("<HHHHH", 6, 257, 4352, 9728, 0)))}), "damaged"),
        (ole({"Workbook": old_workbook(globals_=record(0x00FC, struct.pack("<II", 1, 2**31)))}), "damaged"),
    ],
)
def test_refuse_hostile_or_foreign_file(content: bytes, code: str) -> None:
    assert code_of(content)[0] == code


def test_read_old_workbook_with_its_errors_and_hidden_rows() -> None:
    hidden = record(0x0208, struct.pack("<HHHHHHI", 1, 0, 3, 255, 0, 0, 0x20))
    merged = record(0x00E5, struct.pack("<HHHHH", 1, 0, 0, 0, 2))
    found = book_of(
        ole(
            {
                "Workbook": old_workbook(
                    hidden, label(0, 0, "示例·碧水花园"), number(1, 0, 120), failure(1, 3, 0x17), merged, hidden=True
                )
            }
        )
    )
    sheet = found.sheets[0]
    assert (found.kind, sheet.name, sheet.hidden) == ("xls", "表一", True)
    assert sheet.hidden_lines == {2}
    assert list(sheet.merged) == [(1, 1, 1, 3)]
    assert [[cell for cell in line if cell != ""] for line in sheet.rows()] == [["示例·碧水花园"], [120, "#REF!"]]


@settings(deadline=None)
@given(some.lists(some.tuples(some.integers(0, 8_000), some.integers(0, 255)), max_size=20))
def test_damaged_old_workbook_never_ends_the_process(changes: list[tuple[int, int]]) -> None:
    content = bytearray(ole({"Workbook": old_workbook(label(0, 0, "示例"), number(1, 1, 2), failure(2, 2, 7))}))
    for place, value in changes:
        content[place % len(content)] = value
    with suppress(BadSheet):
        rows_of(bytes(content))


def test_read_old_workbook_of_more_than_seven_megabytes() -> None:
    """Beyond that size the container needs a list of its tables."""
    cells = [number(line, column, line + column) for line in range(60_000) for column in range(8)]
    sheet = book_of(ole({"Workbook": old_workbook(*cells[:90_000])})).sheets[0]
    assert sum(1 for _ in sheet.rows()) == 11_250
    found = list(open_contained(old_workbook(*cells)))
    assert (len(found), found[-1]) == (60_000, [float(59_999 + column) for column in range(8)])


def open_contained(records: bytes) -> Sequence[Sequence[object]]:
    content = _contained(records)
    assert len(content) > 8_000_000
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_refuse_old_workbook_whose_chains_run_in_a_circle() -> None:
    """The library itself follows such a chain until memory ends."""
    circle = bytearray(ole({"Workbook": old_workbook(number(0, 0, 1))}))
    struct.pack_into("<I", circle, 0x44, 1)
    with suppress(BadSheet):
        assert rows_of(bytes(circle)) == [[1]]


ONE_ROW = b'<row r="1"><c r="A1"><v>1</v></c></row>'
SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = "".join(f'<!ENTITY {chr(98 + each)} "{f"&{chr(97 + each)};" * 10}">' for each in range(9))
LAUGHING = f'<!DOCTYPE sst [<!ENTITY a "哈哈哈">{LAUGHS}]><sst><si><t>&j;</t></si></sst>'.encode()
LONG = b"<si><t>" + "长".encode() * 10_000 + b"</t></si>"


def telling(cells: str, lines: int = 2_000) -> bytes:
    """Rows of cells; in `cells` the sign % stands for the line."""
    return b"".join(row(line, cells.replace("%", str(line))) for line in range(1, lines + 1))


TWENTY = "".join(f'<c r="{chr(65 + place)}%" t="s"><v>0</v></c>' for place in range(20))
BOMBS = {
    "a sheet of three gigabytes": with_long_part(by_hand(ONE_ROW), SHEET, ONE_ROW * 1_000, 80_000),
    "a sheet that hides that it is so large": with_long_part(
        by_hand(ONE_ROW), SHEET, ONE_ROW * 1_000, 80_000, claimed=5_000
    ),
    "pictures of three gigabytes": with_long_part(by_hand(ONE_ROW), "xl/media/a.bin", b" " * 1_000_000, 3_000),
    "a string that laughs a billion times": by_hand(
        row(1, '<c r="A1" t="s"><v>0</v></c>'), extra={"xl/sharedStrings.xml": LAUGHING}
    ),
    "one long string in 40,000 cells": by_hand(telling(TWENTY), strings=LONG),
    "the same behind a bracket": by_hand(telling(TWENTY.replace(' t="s">', " t=\"s\" x='&gt;'>")), strings=LONG),
    "the same in an old workbook": ole(
        {
            "Workbook": old_workbook(
                *(told(line, place, 1) for line in range(2_000) for place in range(20)),
                globals_=strings_table("短", "长" * 10_000, cut=3_000),
            )
        }
    ),
    "cells far apart": by_hand(ONE_ROW + row(1_048_576, FAR)),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bomb_is_refused_before_it_is_unpacked(bomb: str) -> None:
    """`too_big`, but for two that are no workbook of any office, and for cells far apart."""
    odd = {
        "a sheet that hides that it is so large": "damaged",
        "a string that laughs a billion times": "damaged",
        "cells far apart": "far_cells",
    }
    assert code_of(BOMBS[bomb]) == (odd.get(bomb, "too_big"), None)


def test_bombs_cost_little_memory(tmp_path: Path) -> None:
    """In a process of its own: what refusing all of them costs over what the process is without them."""
    for number_, content in enumerate(BOMBS.values()):
        (tmp_path / f"{number_}.xlsx").write_bytes(content)
    script = (
        "import resource, sys; from anju.base.sheets import BadSheet, open_book\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for path in sys.argv[1:]:\n"
        "    try: [row for sheet in open_book(open(path, 'rb')).sheets for row in sheet.rows()]\n"
        "    except BadSheet as bad: print(bad.code)\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    paths = [str(path) for path in sorted(tmp_path.iterdir())]
    done = subprocess.run([sys.executable, "-c", script, *paths], capture_output=True, text=True, check=True)
    *codes, megabytes = done.stdout.split()
    assert len(codes) == len(BOMBS)
    assert int(megabytes) < 64


def test_refuse_cells_whose_strings_cannot_be_seen() -> None:
    """Where a workbook's strings have to be weighed, a tag that hides from our patterns is damage, and an odd one weighs the most."""
    hidden = TWENTY.replace(' t="s">', ' t="s" x=\'"s"><v>1</v></\'>')
    assert code_of(by_hand(telling(hidden), strings=LONG + b"<si/>")) == ("damaged", None)
    odd = TWENTY.replace("<v>0</v>", "<v >0</v>")
    assert code_of(by_hand(telling(odd), strings=LONG + b"<si/>")) == ("too_big", None)
    comment = LONG + b"<!-- <si/> -->" + LONG
    assert code_of(by_hand(telling(TWENTY), strings=comment)) == ("damaged", None)


def test_long_strings_that_few_cells_tell_are_read() -> None:
    """Weighed cell by cell: one long remark and thirty thousand short words."""
    words = TWENTY.replace("<v>0</v>", "<v>1</v>")
    table = b"<si><t>" + "长".encode() * 10_000 + b"</t></si><si><t>\xe6\x97\xa0</t></si>"
    rows = rows_of(by_hand(telling(words) + row(2_001, '<c r="A2001" t="s"><v>0</v></c>'), strings=table))
    assert (len(rows), rows[0][:2], len(str(rows[2_000][0]))) == (2_001, ["无", "无"], 10_000)


def test_strings_of_an_old_workbook_are_read_across_records() -> None:
    cells = [told(line, 0, line % 2) for line in range(3_000)]
    rows = rows_of(ole({"Workbook": old_workbook(*cells, globals_=strings_table("短", "长" * 5_000, cut=2_000))}))
    assert (rows[0], rows[1]) == (["短"], ["长" * 5_000])


def test_a_million_blank_formatted_rows_are_skipped() -> None:
    """What selecting whole columns and colouring them leaves behind."""
    blank = b"".join(b'<row r="%d" s="3" customFormat="1"/>' % line for line in range(3, 1_048_577))
    assert rows_of(by_hand(ONE_ROW + row(2, '<c r="A2"><v>2</v></c>') + blank), most=2) == [[1], [2]]

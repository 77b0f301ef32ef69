"""Reading what people send: every shape of a bad file is refused before it can cost memory."""

import io
import subprocess
import sys
import zipfile
from datetime import date

import pytest
import xlsxwriter

from anju.base.sheets import BadSheet, Sheet, read_rows, write_workbook


def workbook(*cells: tuple[int, int, object]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    for line, column, value in cells:
        if isinstance(value, date):
            page.write_datetime(line, column, value, day)
        else:
            page.write(line, column, value)
    book.close()
    return target.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The same archive with parts replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return target.getvalue()


def code_of(content: bytes, *, most: int = 100) -> str:
    with pytest.raises(BadSheet) as refused:
        read_rows(content, most=most)
    return refused.value.code


def test_read_workbook_keeps_line_numbers() -> None:
    rows = read_rows(workbook((2, 1, "姓名"), (3, 1, 13500000001), (3, 2, date(2026, 11, 24))), most=100)
    assert rows[:2] == [[], []]
    assert rows[2][:2] == ["", "姓名"]
    assert rows[3] == ["", 13500000001.0, date(2026, 11, 24)]


def test_read_workbook_that_holds_formulas_as_their_values() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet()
    page.write_string(0, 0, "姓名")
    page.write_formula(1, 0, '=HYPERLINK("http://x","y")', value="y")
    book.close()
    assert read_rows(target.getvalue(), most=100) == [["姓名"], ["y"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_read_text_in_any_usual_encoding(encoding: str, delimiter: str) -> None:
    content = f"姓名{delimiter}单位\r\n𠮷田{delimiter}县住建局\r\n".encode(encoding)
    assert read_rows(content, most=100) == [["姓名", "单位"], ["𠮷田", "县住建局"]]


def test_read_blank_end_does_not_count() -> None:
    content = ("姓名\n" + "张三\n" + "\n" * 500).encode()
    assert read_rows(content, most=2) == [["姓名"], ["张三"]]
    assert code_of(b"a\n" * 3, most=2) == "too_many_rows"
    assert code_of(b"a\n\n\nb\n", most=3) == "too_many_rows"


def test_refuse_two_cells_that_ask_for_all_memory() -> None:
    assert code_of(workbook((0, 0, "a"), (1_048_575, 16_383, "b"))) == "far_cells"
    assert code_of(workbook((0, 0, "a"), (0, 16_383, "b"))) == "far_cells"


def test_two_far_cells_do_end_the_reader_when_nobody_measures(tmp_path: object) -> None:
    """Why the measuring exists: the library itself aborts the process."""
    path = f"{tmp_path}/far.xlsx"
    with open(path, "wb") as file:
        file.write(workbook((0, 0, "a"), (1_048_575, 16_383, "b")))
    script = f"from python_calamine import CalamineWorkbook as W; W.from_path({path!r}).get_sheet_by_index(0)"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import resource as r; r.setrlimit(r.RLIMIT_AS, (2**31, 2**31)); r.setrlimit(r.RLIMIT_CORE, (0, 0)); {script}",
        ],
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0


def test_refuse_part_that_inflates_beyond_measure() -> None:
    bomb = b"<a>" + b" " * (70 * 1024 * 1024)
    assert code_of(repacked(workbook((0, 0, "a")), **{"xl/media/x.xml": bomb})) == "too_big"


def test_refuse_part_that_lies_about_its_size() -> None:
    bomb = repacked(workbook((0, 0, "a")), **{"xl/media/x.xml": b" " * 20_000_000})
    small, large = (100).to_bytes(4, "little"), (20_000_000).to_bytes(4, "little")
    assert large in bomb
    assert code_of(bomb.replace(large, small)) == "damaged"


def test_refuse_too_many_parts() -> None:
    parts = {f"xl/media/{number}.xml": b"" for number in range(5_001)}
    assert code_of(repacked(workbook((0, 0, "a")), **parts)) == "too_big"


def test_refuse_sheet_in_an_encoding_that_hides_its_cells() -> None:
    sheet = '<worksheet><sheetData><row r="1"><c r="XFD1048576"/></row></sheetData></worksheet>'
    hidden = repacked(workbook((0, 0, "a")), **{"xl/worksheets/sheet1.xml": sheet.encode("utf-16")})
    assert code_of(hidden) == "damaged"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n \n,,\n", "empty"),
        (b"PK\x03\x04rubbish", "damaged"),
        (repacked(workbook((0, 0, "a")), **{"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}), "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "damaged"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_sheet"),
        (b"\xff\xff\xff\xff", "encoding"),
        (b"x" * (5 * 1024 * 1024 + 1), "too_big"),
        (b'"' + b"x" * 200_000, "not_a_sheet"),
        (workbook(), "empty"),
    ],
)
def test_refuse_file(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_refuse_archive_that_is_no_workbook() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("content.xml", "<office/>")
    assert code_of(target.getvalue()) == "other_workbook"


def test_write_workbook_keeps_formulas_as_text() -> None:
    rows = [["姓名", "单位"], ["=1+1", '=HYPERLINK("http://x")'], ["+86", "@x"]]
    content = write_workbook([Sheet("名册", rows, [10, 20])])
    assert read_rows(content, most=10) == rows
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
        assert not [name for name in archive.namelist() if "hyperlink" in name.lower()]

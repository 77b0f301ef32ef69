"""Reading tables that people send, as .xlsx or .csv, and writing them: values only, never a formula.

A spreadsheet is a zip of XML, and a small one can ask for any amount of memory: it is measured before the reader sees it. Two
cells, A1 and XFD1048576, in a file of 6 kB would make calamine allocate 500 GB and end the process.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook

Cell = str | float | date
MOST_BYTES = 5 * 1024 * 1024
MOST_ENTRIES = 500
MOST_INFLATED = 60 * 1024 * 1024
MOST_COLUMNS = 1024
MOST_CELLS = 2_000_000
LONGEST_CELL = 500
_STEP = 256 * 1024
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_PLACE = re.compile(rb"\sr\s*=\s*[\"']\s*([A-Za-z]{0,7})([0-9]{1,12})\s*[\"']")


class BadSheet(ValueError):
    """A file that is not read. `code` is one of too_big, old_format, not_a_sheet, encoding, too_many_rows, empty."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_rows(content: bytes, *, most: int) -> list[list[Cell]]:
    """Return the rows of the first sheet that has any, at most `most`. Raises `BadSheet`."""
    if len(content) > MOST_BYTES:
        raise BadSheet("too_big")
    if content.startswith(_OLD_EXCEL):
        raise BadSheet("old_format")
    source = _workbook_rows(content) if content.startswith(b"PK") else _text_rows(content)
    rows = _without_blank_end(source, most)
    if not rows:
        raise BadSheet("empty")
    return rows


def _without_blank_end(source: Iterator[list[Cell]], most: int) -> list[list[Cell]]:
    """Blank rows between others stay, so that line numbers are the spreadsheet's; those at the end do not count."""
    rows: list[list[Cell]] = []
    blank = 0
    for row in source:
        if not any(cell != "" for cell in row):
            blank += 1
            continue
        if len(rows) + blank >= most:
            raise BadSheet("too_many_rows")
        rows += [[] for _ in range(blank)] + [row]
        blank = 0
    return rows


def _workbook_rows(content: bytes) -> Iterator[list[Cell]]:
    _measure(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for number in range(len(book.sheet_names)):
            sheet = book.get_sheet_by_index(number)
            if sheet.height:
                yield from ([_cell(value) for value in row] for row in sheet.iter_rows())
                return
    except CalamineError as broken:
        raise BadSheet("not_a_sheet") from broken


def _measure(content: bytes) -> None:
    """Inflate every part once, counting, and look where its cells say they lie. A part that lies about its size is refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_ENTRIES or sum(part.file_size for part in parts) > MOST_INFLATED:
                raise BadSheet("too_big")
            if "xl/workbook.xml" not in archive.namelist():
                raise BadSheet("not_a_sheet")
            for part in parts:
                _measure_part(archive.read(part))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError) as broken:
        raise BadSheet("not_a_sheet") from broken


def _measure_part(part: bytes) -> None:
    if b"sheetData" not in part.replace(b"\x00", b""):
        return
    if b"\x00" in part:  # UTF-16: nobody's office writes it, and its cells could not be looked at
        raise BadSheet("not_a_sheet")
    widest = deepest = 1
    for letters, digits in _PLACE.findall(part):
        widest, deepest = max(widest, _column(letters)), max(deepest, int(digits))
    if widest > MOST_COLUMNS or widest * deepest > MOST_CELLS:
        raise BadSheet("too_big")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _text_rows(content: bytes) -> Iterator[list[Cell]]:
    text = _decoded(content)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            yield [value.strip()[:LONGEST_CELL] for value in row[:MOST_COLUMNS]]
    except csv.Error as broken:
        raise BadSheet("not_a_sheet") from broken


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, else what Chinese Excel writes."""
    if b"\x00" in content:
        raise BadSheet("not_a_sheet")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadSheet("encoding")


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return str(value).strip()[:LONGEST_CELL]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to write: `widths` of its columns in characters; the first row is set bold and stays in view."""

    name: str
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]


def write_workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return an .xlsx of text cells. Text that looks like a formula stays text."""
    target = io.BytesIO()
    import xlsxwriter  # 19 MB of a process: loaded with the first workbook that it writes

    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, text = book.add_format({"bold": True, "num_format": "@"}), book.add_format({"num_format": "@"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        for column, width in enumerate(sheet.widths):
            page.set_column(column, column, width, text)
        for line, row in enumerate(sheet.rows):
            for column, value in enumerate(row):
                page.write_string(line, column, value, text if line else bold)
        page.freeze_panes(1, 0)
    book.close()
    return target.getvalue()

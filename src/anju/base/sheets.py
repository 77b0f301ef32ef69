"""Reading tables that people send, .xlsx, .xls or .csv, as a stream of rows: values only, never a formula or a macro.

A file is looked at before its reader sees it (`sheet_zip`, `sheet_biff`). What a reader would show as blank or rounded stays to be
seen: an error keeps its text (`#REF!`), a formula that was saved without its result is `#FORMULA!`, a figure of more than fifteen
digits is text in the notation of a spreadsheet (`4.51122199001011E+17`), because its last digits are lost. No cell is ever cut.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from itertools import chain
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from anju.base.sheet_biff import look_at_old_workbook
from anju.base.sheet_faults import BadSheet as BadSheet
from anju.base.sheet_marks import Marks, Merged
from anju.base.sheet_text import encoding_of, text_rows, unguarded
from anju.base.sheet_zip import MOST_UNPACKED, look_at_workbook

Cell = str | int | float | date
MOST_BYTES = 5 * 1024 * 1024  # of a small list that is read at once
_SMALL_UNPACKED = 60 * 1024 * 1024
MOST_ROWS = 200_000
LONGEST_CELL = 32_767  # a spreadsheet's own limit
_LARGEST_WHOLE = 10**15
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(slots=True)
class BookSheet:
    """One sheet. `rows` can be read once or again; `hidden_lines` and `merged` count lines and columns from 1."""

    name: str
    hidden: bool
    _load: Callable[[], Iterator[list[Cell]]]
    _counted: dict[str, int]
    _most: int
    _marks: Marks = field(default_factory=Marks)

    @property
    def hidden_lines(self) -> frozenset[int]:
        """Lines that a filter or a person has hidden. Always empty for text."""
        return frozenset(self._marks.hidden_lines)

    @property
    def merged(self) -> Sequence[Merged]:
        return self._marks.merged

    def rows(self) -> Iterator[list[Cell]]:
        """Yield the rows from line 1 on. Blank lines between others are empty lists, blank lines at the end are left out.

        Raises `BadSheet` at the first row beyond the limit of the file (all its sheets together) and at a cell beyond
        `LONGEST_CELL`. A sheet that is read again does not count again.
        """
        self._counted[self.name] = 0
        blank = 0
        for line, row in enumerate(_with_marks(self._load(), self._marks), start=1):
            if not any(cell != "" for cell in row):
                blank += 1
                continue
            self._counted[self.name] += 1
            if sum(self._counted.values()) > self._most:
                raise BadSheet("too_many_rows", line)
            if any(len(cell) > LONGEST_CELL for cell in row if isinstance(cell, str)):
                raise BadSheet("cell_too_long", line)
            yield from ([] for _ in range(blank))
            yield row
            blank = 0


@dataclass(frozen=True, slots=True)
class Book:
    """A file of tables. `kind` is xlsx, xls or csv; `macros`: it carries programs, which are neither read nor run."""

    kind: str
    macros: bool
    sheets: tuple[BookSheet, ...]


def open_book(stream: BinaryIO, *, most: int = MOST_ROWS, unpacked: int = MOST_UNPACKED) -> Book:
    """Look a file over and return its sheets; rows are read when they are asked for, so the stream stays open until then.

    `most`: non-empty rows of all sheets together; `unpacked`: bytes. Raises `BadSheet`, as does reading the rows.
    """
    size = stream.seek(0, io.SEEK_END)
    if size > unpacked:
        raise BadSheet("too_big")
    stream.seek(0)
    head = stream.read(8)
    if not head:
        raise BadSheet("empty")
    if head.startswith(b"PK"):
        marks, macros = look_at_workbook(stream, unpacked)
        return _workbook("xlsx", stream, list(marks.values()), most, macros=macros)
    if head.startswith(_OLD_EXCEL):
        old, macros, sound = look_at_old_workbook(stream)
        return _workbook("xls", sound, old, most, macros=macros)
    encoding = encoding_of(stream)
    return Book("csv", False, (BookSheet("", False, lambda: _text_cells(stream, encoding), {}, most),))


def _workbook(kind: str, stream: BinaryIO, marks: list[Marks], most: int, *, macros: bool) -> Book:
    stream.seek(0)
    book = _guarded(lambda: CalamineWorkbook.from_filelike(stream))
    listed = book.sheets_metadata
    if len(listed) != len(marks):
        raise BadSheet("damaged")
    counted: dict[str, int] = {}
    sheets = tuple(
        BookSheet(each.name, "Hidden" in str(each.visible), partial(_sheet_cells, book, number), counted, most, found)
        for number, (each, found) in enumerate(zip(listed, marks, strict=True))
        if str(each.typ).endswith("WorkSheet")
    )
    return Book(kind, macros, sheets)


def _sheet_cells(book: CalamineWorkbook, number: int) -> Iterator[list[Cell]]:
    sheet = _guarded(lambda: book.get_sheet_by_index(number))
    left: list[Cell] = [""] * (
        sheet.start[1] if sheet.start else 0
    )  # the reader begins at the first column that holds anything
    for row in sheet.iter_rows() if sheet.height else ():
        yield left + [_cell(value) for value in row]


def _guarded(read: Callable[[], Any]) -> Any:
    """The reader's errors, and the panics of its language, are a damaged file."""
    try:
        return read()
    except CalamineError as broken:
        raise BadSheet("damaged") from broken
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":
            raise
        raise BadSheet("damaged") from panic


def _text_cells(stream: BinaryIO, encoding: str) -> Iterator[list[Cell]]:
    for row in text_rows(stream, encoding):
        yield [unguarded(value.strip()).strip() for value in row]


def _with_marks(rows: Iterator[list[Cell]], marks: Marks) -> Iterator[list[Cell]]:
    """Put the marked cells into the rows, also below where the reader stopped."""
    waiting = marks.in_order()
    marked = next(waiting, None)
    line = 0
    for row in rows:
        line += 1
        while marked and marked[0] == line:
            row.extend([""] * (marked[1] - len(row)))
            row[marked[1] - 1] = marked[2]
            marked = next(waiting, None)
        yield row
    if marked:
        below = Marks()
        for place in chain([marked], waiting):
            below.mark(place[0] - line, place[1], place[2])
            below.reach(place[0] - line, 0)
        yield from _with_marks(([] for _ in range(below.deepest)), below)


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return _figure(float(value))
    if isinstance(value, datetime):
        return value.date() if value.time() == time(0) else value
    return value if isinstance(value, date) else str(value)


def _figure(value: float) -> Cell:
    if not abs(value) < _LARGEST_WHOLE:
        return f"{value:.15G}"  # more digits than a spreadsheet keeps: an identity number that was spoiled
    return int(value) if value.is_integer() else value


def shown(cell: Cell) -> str:
    """Return a cell as a spreadsheet shows it: fifteen digits, dates as 2026-11-24."""
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return cell.isoformat(sep=" ") if isinstance(cell, datetime) else str(cell)


def read_rows(content: bytes, *, most: int) -> list[list[str | float | date]]:
    """Return the rows of the first sheet of a small list that has any, at most `most`. Raises `BadSheet`."""
    if len(content) > MOST_BYTES:
        raise BadSheet("too_big")
    for sheet in open_book(io.BytesIO(content), most=most, unpacked=_SMALL_UNPACKED).sheets:
        rows: list[list[str | float | date]] = []
        for row in sheet.rows():
            if len(rows) >= most:
                raise BadSheet("too_many_rows")
            rows.append([_simple(cell) for cell in row])
        if rows:
            return rows
    raise BadSheet("empty")


def _simple(cell: Cell) -> str | float | date:
    if isinstance(cell, datetime):
        return cell.date()
    return float(cell) if isinstance(cell, int) else cell


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
    for sheet in sheets:
        fill_sheet(book, sheet)
    book.close()
    return target.getvalue()


def fill_sheet(book: Any, sheet: Sheet) -> None:
    """Add a sheet of text to an XlsxWriter workbook."""
    bold, text = book.add_format({"bold": True, "num_format": "@"}), book.add_format({"num_format": "@"})
    page = book.add_worksheet(sheet.name)
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width, text)
    for line, row in enumerate(sheet.rows):
        for column, value in enumerate(row):
            page.write_string(line, column, value, text if line else bold)
    page.freeze_panes(1, 0)

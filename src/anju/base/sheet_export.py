"""Tables on their way out as a stream of bytes: .xlsx and .csv, for pages (StreamingHttpResponse) and for the command line.

XlsxWriter finishes a file before its first byte leaves. So it writes the workbook without its rows (formats, widths, frozen heading,
further sheets), and the rows are put into its sheet while the archive is being sent: memory does not grow with the table.

Text never becomes a formula. In .xlsx it is a text cell in text format. In .csv, text that a spreadsheet would take for a formula or a day
(`sheet_text.guarded`) gets an invisible U+2060 in front, which our reader takes away again: what comes back is what went out.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Literal, NamedTuple, cast

from anju.base.sheet_text import guarded
from anju.base.sheets import LONGEST_CELL, Sheet, fill_sheet

Value = str | int | float | Decimal | date | None
Kind = Literal["text", "number", "day", "moment"]
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
CUT = "……（太长，其余未导出）"  # at the end of text that a spreadsheet cannot hold
_FORMATS: dict[Kind, dict[str, Any]] = {
    "text": {"num_format": "@"},
    "number": {"num_format": "General"},
    "day": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
}
_MOST_ROWS = 1_048_575
_LARGEST_WHOLE = 10**15
_SEND_FROM = 64 * 1024
_LOOK_EVERY = 100
_EPOCH = date(1899, 12, 30)
_SPECIAL = re.compile("[&<>\x00-\x08\x0b\x0c\x0e-\x1f\r\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_STYLE = re.compile(r'<c r="([A-Z]+)([0-9]+)" s="([0-9]+)"')


@dataclass(frozen=True, slots=True)
class Column:
    """A column to write: its heading, its width in characters, whether long text breaks into lines."""

    heading: str
    width: int = 12
    wrap: bool = False


def stream_workbook(
    name: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], *, others: Sequence[Sheet] = ()
) -> Iterator[bytes]:
    """Yield an .xlsx. Numbers and dates are typed, text is text, None is blank; `others` are small sheets behind the table.

    A whole number of more than fifteen digits is written as text: a spreadsheet would spoil it.
    """
    skeleton, styles = _skeleton(name, columns, others)
    sink = _Sink()
    pens = _pens(len(columns), styles)
    with zipfile.ZipFile(skeleton) as source, _archive(sink) as archive:
        for part in source.namelist():
            if part != "xl/worksheets/sheet1.xml":
                archive.writestr(part, source.read(part))
        yield sink.taken()
        head, foot = _around(source.read("xl/worksheets/sheet1.xml"))
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(head)
            for count, row in enumerate(rows, start=1):
                if count > _MOST_ROWS:
                    raise ValueError("more rows than a sheet holds")
                sheet.write(_row(count + 1, row, pens))
                if count % _LOOK_EVERY == 0 and sink.waiting > _SEND_FROM:
                    yield sink.taken()
            sheet.write(foot)
    yield sink.taken()


def stream_csv(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """Yield a .csv in UTF-8 with its mark, so that Excel and WPS open it as Chinese."""
    text = io.StringIO()
    writer = csv.writer(text)
    text.write("\ufeff")
    writer.writerow([guarded(column.heading) for column in columns])
    for row in rows:
        writer.writerow([_plain(value) for value in row])
        if text.tell() > _SEND_FROM:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    content = text.getvalue().encode("utf-8", "replace")
    text.seek(0)
    text.truncate()
    return content


def _plain(value: Value) -> str:
    if isinstance(value, str):
        return guarded(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


def _skeleton(
    name: str, columns: Sequence[Column], others: Sequence[Sheet]
) -> tuple[io.BytesIO, dict[Kind, list[str]]]:
    """Return the workbook without its rows, and the numbers of the formats for each kind of value, column by column."""
    import xlsxwriter  # loaded with the first workbook, as in `write_workbook`

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page, heading = (
        book.add_worksheet(name),
        book.add_format({"bold": True, "num_format": "@", "text_wrap": True, "valign": "top"}),
    )
    formats = {
        (kind, wrap): book.add_format({**given, "text_wrap": wrap, "valign": "top"})
        for kind, given in _FORMATS.items()
        for wrap in (False, True)
    }
    for number, column in enumerate(columns):
        page.set_column(number, number, column.width)
        page.write_string(0, number, column.heading, heading)
        for line, kind in enumerate(_FORMATS, start=1):
            page.write_blank(line, number, None, formats[kind, column.wrap])
    page.freeze_panes(1, 1)
    for sheet in others:
        fill_sheet(book, sheet)
    book.close()
    with zipfile.ZipFile(target) as archive:
        found = _STYLE.findall(archive.read("xl/worksheets/sheet1.xml").decode())
    styles: dict[Kind, list[str]] = {
        kind: [style for _, at, style in found if int(at) == line] for line, kind in enumerate(_FORMATS, start=2)
    }
    return target, styles


def _around(sheet: bytes) -> tuple[bytes, bytes]:
    """Return what stands before the rows, heading included, and behind them. The sample rows and the size go."""
    head, _, rest = sheet.partition(b'<row r="2"')
    return re.sub(rb"<dimension [^>]*/>", b"", head), rest[rest.index(b"</sheetData>") :]


def _row(line: int, row: Sequence[Value], pens: "Sequence[_Pen]") -> bytes:
    cells = [_cell(line, value, pens[at]) for at, value in enumerate(row) if value is not None and value != ""]
    return f'<row r="{line}">{"".join(cells)}</row>'.encode("utf-8", "replace")


class _Pen(NamedTuple):
    """What stands around the values of one column: before the number of the line, and behind it for each kind of value."""

    place: str
    number: str
    day: str
    moment: str
    text: str


def _pens(count: int, styles: dict[Kind, list[str]]) -> list[_Pen]:
    return [
        _Pen(
            f'<c r="{_letters(at + 1)}',
            f'" s="{styles["number"][at]}"><v>',
            f'" s="{styles["day"][at]}"><v>',
            f'" s="{styles["moment"][at]}"><v>',
            f'" s="{styles["text"][at]}" t="inlineStr"><is><t xml:space="preserve">',
        )
        for at in range(count)
    ]


def _cell(line: int, value: str | int | float | Decimal | date, pen: _Pen) -> str:
    if isinstance(value, str):
        return f"{pen.place}{line}{pen.text}{_escaped(value)}</t></is></c>"
    if isinstance(value, bool):
        return f"{pen.place}{line}{pen.text}{'是' if value else '否'}</t></is></c>"
    if isinstance(value, date):
        serial = _serial(value)
        if serial > 0:
            return f"{pen.place}{line}{pen.moment if isinstance(value, datetime) else pen.day}{serial:.15g}</v></c>"
        value = value.isoformat()
    elif -_LARGEST_WHOLE < value < _LARGEST_WHOLE:
        return f"{pen.place}{line}{pen.number}{value}</v></c>"
    return f"{pen.place}{line}{pen.text}{_escaped(str(value))}</t></is></c>"


def _serial(value: date) -> float:
    days = (date(value.year, value.month, value.day) - _EPOCH).days
    if days < 61:  # spreadsheets know a 29 February 1900
        return 0.0
    return days + (value.hour * 60 + value.minute) / 1440 if isinstance(value, datetime) else float(days)


def _escaped(text: str) -> str:
    if len(text) > LONGEST_CELL:
        text = text[: LONGEST_CELL - len(CUT)] + CUT
    return _SPECIAL.sub(_entity, text) if _SPECIAL.search(text) else text


def _entity(found: re.Match[str]) -> str:
    """XML's own signs, and what XML cannot hold in the notation of spreadsheets."""
    sign = found[0]
    if len(sign) > 1:
        return f"_x005F{sign}"
    return _ENTITIES.get(sign) or ("\ufffd" if sign >= "\ud800" else f"_x{ord(sign):04X}_")


def _archive(sink: "_Sink") -> zipfile.ZipFile:
    return zipfile.ZipFile(cast(IO[bytes], sink), "w", zipfile.ZIP_DEFLATED, compresslevel=3)


def _letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


class _Sink:
    """A file for zipfile that can only be written: what has been written is taken away and sent."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.waiting = 0

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        self.waiting += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits outside."""

    def taken(self) -> bytes:
        content, self._pieces, self.waiting = b"".join(self._pieces), [], 0
        return content

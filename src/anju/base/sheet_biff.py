"""A look at an .xls before its reader sees it: is it a workbook, is it encrypted, how far apart do its cells lie, where are errors.

The format is a small file system (OLE) with a stream of records in it. The reader follows its chains without end where they lead in
a circle, so it gets the records in a container of our own making. It believes what records say of sizes, so these are checked
first. Records: [MS-XLS] 2.3, numbers in hexadecimal there as here.
"""

import io
import struct
from array import array
from typing import BinaryIO

import olefile

from anju.base.sheet_faults import BadSheet
from anju.base.sheet_marks import Marks
from anju.base.sheet_strings import require_bearable_records

MOST_XLS = 30 * 1024 * 1024
MOST_TOLD = 300 * 1024 * 1024  # bytes of text, each string as often as cells tell it
_BOF, _EOF, _BOUNDSHEET, _FILEPASS, _SST, _CONTINUE = 0x0809, 0x000A, 0x0085, 0x002F, 0x00FC, 0x003C
_DIMENSIONS, _ROW, _MERGED, _MULRK, _FORMULA, _BOOLERR = 0x0200, 0x0208, 0x00E5, 0x00BD, 0x0006, 0x0205
_LABELSST = 0x00FD
_CELLS = {0x0203, 0x027E, _LABELSST, 0x0204, 0x00D6, _FORMULA, _BOOLERR, _MULRK}
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_SECTOR, _END, _FREE, _TABLE, _LIST = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFC
_MOST_ROWS, _MOST_COLUMNS = 65_536, 256


def look_at_old_workbook(stream: BinaryIO) -> tuple[list[Marks], bool, BinaryIO]:
    """Return the marks of the sheets in the workbook's order, whether it carries macros, and a sound copy. Raises `BadSheet`."""
    try:
        records, macros = _records_of(stream)
        return _look(records), macros, io.BytesIO(_contained(records))
    except BadSheet:
        raise
    except (OSError, struct.error, ValueError, IndexError, KeyError, TypeError, RecursionError) as broken:
        raise BadSheet("damaged") from broken


def _records_of(stream: BinaryIO) -> tuple[bytes, bool]:
    size = stream.seek(0, 2)
    stream.seek(0)
    head = stream.read(512)
    if size < 1024:
        raise BadSheet("damaged")
    with olefile.OleFileIO(stream) as container:
        names = {name[0].lower(): name for name in container.listdir() if len(name) == 1}
        if {"encryptedpackage", "encryptioninfo"} & names.keys():
            raise BadSheet("encrypted")
        if not {"workbook", "book"} & names.keys():
            raise BadSheet("not_a_sheet")
        if size > MOST_XLS:
            raise BadSheet("too_big")
        _check_sizes(head, size, [entry.size for entry in container.direntries if entry is not None])
        with container.openstream(names.get("workbook") or names["book"]) as records:
            return bytes(records.read()), any(name[0].lower() == "_vba_project_cur" for name in container.listdir())


def _check_sizes(head: bytes, size: int, streams: list[int]) -> None:
    """What the container says of its tables and streams must fit into the file."""
    shift = struct.unpack_from("<H", head, 0x1E)[0]
    tables = [struct.unpack_from("<I", head, at)[0] for at in (0x28, 0x2C, 0x40, 0x48)]
    if shift not in (9, 12) or any(count > size >> shift for count in tables) or any(given > size for given in streams):
        raise BadSheet("damaged")


def _contained(records: bytes) -> bytes:
    """Return an OLE container with the records as its only stream, in sectors of 512 bytes: [MS-CFB] 2.2, 2.3, 2.5, 2.6."""
    sectors = max(8, -(-len(records) // _SECTOR))
    tables, lists = _tables_for(sectors + 1)
    first = sectors + 1
    numbers = [*range(first, first + tables), *[_FREE] * (109 + 127 * lists - tables)]
    chain = [*range(1, sectors), _END, _END, *[_TABLE] * tables, *[_LIST] * lists]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    list_at = first + tables
    head += struct.pack("<9I", 0, tables, sectors, 0, 4096, _END, 0, list_at if lists else _END, lists)
    head += struct.pack("<109I", *numbers[:109])
    folder = _entry("Root Entry", 5, _END, 0, child=1) + _entry("Workbook", 2, 0, sectors * _SECTOR, child=_FREE)
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(tables * _SECTOR, b"\xff")
    parts = [head, records.ljust(sectors * _SECTOR, b"\x00"), folder.ljust(_SECTOR, b"\x00"), table]
    for number in range(lists):
        following = list_at + number + 1 if number + 1 < lists else _END
        parts.append(struct.pack("<128I", *numbers[109 + 127 * number :][:127], following))
    return b"".join(parts)


def _tables_for(sectors: int) -> tuple[int, int]:
    """Return how many sectors the table of sectors needs, and how many the list of those beyond the head's 109."""
    tables = lists = 0
    while tables * 128 < sectors + tables + lists:
        tables += 1
        lists = max(0, -(-(tables - 109) // 127))
    return tables, lists


def _entry(name: str, kind: int, start: int, size: int, *, child: int) -> bytes:
    text = name.encode("utf-16-le") + b"\x00\x00"
    links = struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
    return text.ljust(64, b"\x00") + links + bytes(36) + struct.pack("<IQ", start, size)


def _look(stream: bytes) -> list[Marks]:
    starts: dict[int, Marks] = {}
    sheets: list[Marks] = []
    strings: list[bytes] = []
    told, before = array("L"), 0
    at, depth, marks, outside = 0, 0, None, Marks()
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == _BOF:
            depth += 1
            marks = starts.get(at, marks)
        elif kind == _EOF:
            depth -= 1
            marks = marks if depth > 0 else None
        elif kind == _BOUNDSHEET:
            sheets.append(Marks())
            starts[struct.unpack_from("<I", stream, at + 4)[0]] = sheets[-1]
        elif kind == _FILEPASS:
            raise BadSheet("encrypted")
        elif kind == _SST or (kind == _CONTINUE and before == _SST):
            if kind == _SST and (strings or struct.unpack_from("<I", stream, at + 8)[0] > len(stream) // 3):
                raise BadSheet("damaged")
            strings.append(stream[at + 4 : at + 4 + length])
        else:
            if kind == _LABELSST:
                told.append(struct.unpack_from("<I", stream, at + 10)[0])
            _note(stream, at + 4, kind, length, (marks if depth == 1 else None) or outside)
        before = before if kind == _CONTINUE else kind
        at += 4 + length
    require_bearable_records(strings, told, MOST_TOLD)
    for each in [*sheets, outside]:
        each.require_close()
    return sheets


def _note(stream: bytes, at: int, kind: int, length: int, marks: Marks) -> None:
    """Take from one record what the reader leaves out, and where its cells are."""
    if kind in _CELLS:
        line, column = struct.unpack_from("<HH", stream, at)
        last = struct.unpack_from("<H", stream, at + length - 2)[0] if kind == _MULRK else column
        if max(last, column) >= _MOST_COLUMNS:
            raise BadSheet("far_cells")
        marks.reach(line + 1, last + 1)
        marks.filled += last - column + 1
        if kind == _BOOLERR and stream[at + 7]:
            marks.mark(line + 1, column + 1, _ERRORS.get(stream[at + 6], "#VALUE!"))
        elif kind == _FORMULA and stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2:
            marks.mark(line + 1, column + 1, _ERRORS.get(stream[at + 8], "#VALUE!"))
    elif kind == _ROW and length >= 16 and stream[at + 12] & 0x20:
        marks.hidden_lines.add(struct.unpack_from("<H", stream, at)[0] + 1)
    elif kind == _DIMENSIONS:
        _check_dimensions(*struct.unpack_from("<IIHH" if length >= 14 else "<HHHH", stream, at))
    elif kind == _MERGED:
        for place in range(struct.unpack_from("<H", stream, at)[0]):
            top, bottom, left, right = struct.unpack_from("<HHHH", stream, at + 2 + 8 * place)
            marks.merged.append((top + 1, left + 1, bottom + 1, right + 1))


def _check_dimensions(first: int, end: int, left: int, right: int) -> None:
    """The reader sets memory aside for this rectangle, whatever is in it."""
    if first > end or left > right or end > _MOST_ROWS or right > _MOST_COLUMNS:
        raise BadSheet("damaged")

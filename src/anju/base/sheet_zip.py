"""A look at an .xlsx before its reader sees it: how much it unpacks to, how far apart its cells lie, what the reader leaves out.

A spreadsheet is a zip of XML, and a small one can ask for any amount of memory. Two cells, A1 and XFD1048576, in a file of 6 kB
make calamine set up a rectangle of 500 GB and end the process. Parts are inflated once, in steps, and never held whole; a part
is inflated to its true end, because the reader does not stop at the size that the directory claims.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from posixpath import join, normpath
from typing import BinaryIO
from xml.etree import ElementTree  # small parts without a document type, see _tree

from anju.base.sheet_faults import BadSheet
from anju.base.sheet_marks import NO_VALUE, Marks, column
from anju.base.sheet_strings import Longest, blocks, require_bearable, tellings

MOST_UNPACKED = 300 * 1024 * 1024
MOST_ENTRIES = 5_000
MOST_RATIO = 250  # deflate reaches 1,032; lists and blank formatted rows stay below 60
RATIO_COUNTS_FROM = 8 * 1024 * 1024
MOST_STRINGS = 3_000_000
_LONGEST_ROW = 16 * 1024 * 1024
_SMALL_PART = 2 * 1024 * 1024
_STEP = 256 * 1024
_BLOCK = 1024 * 1024
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, EOFError, OSError, ValueError)

_NAME = rb"(?:\w+:)?"
_BLANK_CELL = re.compile(rb"(?:<" + _NAME + rb'c(?:\s++[rst]="[A-Za-z0-9]++")*+\s*+/>)++')
_BLANK_ROW = re.compile(rb"(?:<" + _NAME + rb"row(?:\s[^<>]*)?(?:/>|>\s*</" + _NAME + rb"row\s*>)\s*)+")
_PLACE = re.compile(rb"\sr\s*=\s*[\"']\s*([A-Za-z]{0,7})([0-9]{1,12})\s*[\"']")
_CELL_OPENS = re.compile(rb"<" + _NAME + rb"c[\s>]")
_ODD_CLOSE = re.compile(rb"</" + _NAME + rb"c\s")
_ROW_OPENS = re.compile(rb"<" + _NAME + rb"row[\s>/]")
_HIDDEN = re.compile(rb"<" + _NAME + rb"row\s[^<>]*?\bhidden\s*=\s*[\"'](?:1|true)[\"'][^<>]*>")
_ERROR = re.compile(rb"<" + _NAME + rb"c\s([^<>]*?\bt\s*=\s*[\"']e[\"'][^<>]*)>")
_TYPE = re.compile(rb"\bt\s*=\s*[\"'](str|e)[\"']")
_VALUE = re.compile(rb"<" + _NAME + rb"v(?:\s[^<>]*)?>([^<]*)<")
_NO_VALUE = re.compile(
    rb"(?:</" + _NAME + rb"f>|<" + _NAME + rb"f(?:\s[^<>]*)?/>)\s*"
    rb"(?:<" + _NAME + rb"v(?:\s[^<>]*)?(?:/>|></" + _NAME + rb"v>)\s*)?</" + _NAME + rb"c>"
)
_MERGED = re.compile(rb"<" + _NAME + rb"mergeCell\s[^<>]*?\bref\s*=\s*[\"']([A-Za-z0-9:]+)[\"']")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def look_at_workbook(stream: BinaryIO, unpacked: int) -> tuple[dict[str, Marks], bool]:
    """Return the marks of each sheet by its name, and whether the workbook carries macros. Raises `BadSheet`."""
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = _parts(archive, unpacked)
            sheets = _sheet_parts(stream, parts)
            marks: dict[str, Marks] = {name: Marks() for name in sheets.values()}
            longest = 0
            for name, part in parts.items():
                found = _look_at_part(_inflated(stream, part), name, marks.get(sheets.get(name, "")))
                longest = max(longest, found)
            if longest * sum(each.told for each in marks.values()) > unpacked:
                _weigh_strings(stream, parts, sheets, unpacked)
            return marks, "xl/vbaproject.bin" in {name.lower() for name in parts}
    except BadSheet:
        raise
    except _DAMAGE as broken:
        raise BadSheet("damaged") from broken


def _weigh_strings(stream: BinaryIO, parts: dict[str, zipfile.ZipInfo], sheets: dict[str, str], unpacked: int) -> None:
    tables = [part for name, part in parts.items() if name.lower().endswith("sharedstrings.xml")]
    if len(tables) != 1:
        raise BadSheet("damaged")
    told = (_inflated(stream, parts[name]) for name in sheets if name in parts)
    require_bearable(_inflated(stream, tables[0]), told, unpacked, _LONGEST_ROW)


def look_at_archive(stream: BinaryIO, unpacked: int) -> list[str]:
    """Return the names of the parts of any office document, every one inflated and counted. Raises `BadSheet`."""
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = _measured(archive, unpacked)
        for part in parts.values():
            for _ in _inflated(stream, part):
                pass
    except BadSheet:
        raise
    except _DAMAGE as broken:
        raise BadSheet("damaged") from broken
    return list(parts)


def _parts(archive: zipfile.ZipFile, unpacked: int) -> dict[str, zipfile.ZipInfo]:
    parts = _measured(archive, unpacked)
    if "xl/workbook.xml" not in parts:
        raise BadSheet("other_workbook" if {"xl/workbook.bin", "content.xml"} & parts.keys() else "not_a_sheet")
    return parts


def _measured(archive: zipfile.ZipFile, unpacked: int) -> dict[str, zipfile.ZipInfo]:
    """Return the parts by name, refused at once where their directory already says that they are too large."""
    listed = archive.infolist()
    parts = {part.filename: part for part in listed}
    if len(listed) > MOST_ENTRIES or sum(part.file_size for part in listed) > unpacked:
        raise BadSheet("too_big")
    if any(part.file_size > max(RATIO_COUNTS_FROM, MOST_RATIO * part.compress_size) for part in listed):
        raise BadSheet("too_big")
    if len(parts) != len(listed) or any(part.compress_type not in (0, 8) or part.flag_bits & 1 for part in listed):
        raise BadSheet("damaged")
    return parts


def _inflated(stream: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the bytes of a part in steps. The true length must be the one in the directory."""
    stream.seek(part.header_offset)
    head = stream.read(30)
    name, extra = struct.unpack_from("<HH", head, 26)
    if head[:4] != b"PK\x03\x04":
        raise BadSheet("damaged")
    stream.seek(part.header_offset + 30 + name + extra)
    inflate = zlib.decompressobj(-15) if part.compress_type else None
    left, length = part.compress_size, 0
    while left:
        packed = stream.read(min(left, _STEP))
        if not packed:
            raise BadSheet("damaged")
        left -= len(packed)
        for piece in _pieces(inflate, packed):
            length += len(piece)
            if length > part.file_size:
                raise BadSheet("damaged")
            yield piece
    if length != part.file_size or (inflate and not inflate.eof):
        raise BadSheet("damaged")


def _pieces(inflate: "zlib._Decompress | None", packed: bytes) -> Iterator[bytes]:
    if inflate is None:
        yield packed
        return
    while packed:
        yield inflate.decompress(packed, _BLOCK)
        if inflate.eof:
            return
        packed = inflate.unconsumed_tail


def _sheet_parts(stream: BinaryIO, parts: dict[str, zipfile.ZipInfo]) -> dict[str, str]:
    """Return the name of the sheet for each part that holds one, in the workbook's order."""
    targets = {}
    if links := parts.get("xl/_rels/workbook.xml.rels"):
        for link in _tree(stream, links):
            target = link.get("Target", "")
            targets[link.get("Id")] = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
    sheets = {}
    for found in _tree(stream, parts["xl/workbook.xml"]).iter():
        if found.tag.rpartition("}")[2] == "sheet":
            target = targets.get(found.get(_RELATION) or found.get(_STRICT_RELATION), "")
            sheets[target] = found.get("name", "")
    return sheets


def _tree(stream: BinaryIO, part: zipfile.ZipInfo) -> ElementTree.Element:
    if part.file_size > _SMALL_PART:
        raise BadSheet("too_big")
    text = b"".join(_inflated(stream, part))
    if b"<!DOCTYPE" in text.replace(b"\x00", b""):
        raise BadSheet("damaged")
    try:
        return ElementTree.fromstring(text)  # noqa: S314
    except ElementTree.ParseError as broken:
        raise BadSheet("damaged") from broken


def _look_at_part(pieces: Iterator[bytes], name: str, marks: Marks | None) -> int:
    """Every part is inflated and counted; sheets and the table of strings are looked into. Return the longest string's bytes."""
    if marks is not None:
        _look_at_sheet(pieces, marks)
        return 0
    strings, before, longest = 0, b"", Longest()
    for piece in pieces:
        plain = before + (piece.replace(b"\x00", b"") if b"\x00" in piece else piece)
        before = plain[-16:]
        if b"<sheetData" in plain or b":sheetData" in plain:  # a sheet that our reading of the workbook does not know
            raise BadSheet("damaged")
        longest.see(piece)
        strings += piece.count(b"si>") + piece.count(b"<si/") if name.endswith(".xml") else 0
        if strings > 2 * MOST_STRINGS:
            raise BadSheet("too_big")
    return longest.bytes if name.lower().endswith("sharedstrings.xml") else 0


def _look_at_sheet(pieces: Iterator[bytes], marks: Marks) -> None:
    rows = 0
    for block in blocks(_plain(pieces), b"row>", _LONGEST_ROW):
        rows = _look_at_rows(block, marks, rows)
    marks.require_close()


def _plain(pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        if b"\x00" in piece:  # UTF-16: nobody's office writes it, and its cells could not be looked at
            raise BadSheet("damaged")
        yield piece


def _look_at_rows(block: bytes, marks: Marks, rows: int) -> int:
    """Look at whole rows and return how many there have been. Blank formatted cells and rows are nothing to the reader."""
    if b"<!" in block or _ODD_CLOSE.search(
        block
    ):  # comments and the like, which no office writes, would hide cells from us
        raise BadSheet("damaged")
    if b"mergeCell" in block:
        for reference in _MERGED.findall(block):
            marks.merge(reference.decode())
    if b"/>" in block:
        block = _BLANK_ROW.sub(b"", _BLANK_CELL.sub(b"", block))
    places = _PLACE.findall(block)
    lettered = {letters for letters, _ in places}
    deepest = max((int(digits) for digits in {digits for _, digits in places}), default=0)
    widest = max((column(letters.decode()) for letters in lettered), default=0)
    closed = block.count(b"/c>") + block.count(b":c>")
    marks.filled += closed
    marks.told += tellings(block)
    rows += len(_ROW_OPENS.findall(block))
    if closed > sum(
        1 for letters, _ in places if letters
    ):  # cells that do not say where they are stand one after another
        widest += max(len(_CELL_OPENS.findall(row)) for row in block.split(b"row>"))
        deepest = max(deepest, marks.deepest) + rows
    marks.reach(deepest, widest)
    _note_hidden(block, marks)
    _note_errors(block, marks)
    return rows


def _note_hidden(block: bytes, marks: Marks) -> None:
    if b"hidden" in block:
        for row in _HIDDEN.finditer(block):
            if place := _PLACE.search(row[0]):
                marks.hidden_lines.add(int(place[2]))


def _note_errors(block: bytes, marks: Marks) -> None:
    for cell in _ERROR.finditer(block) if b'"e"' in block or b"'e'" in block else ():
        if cell[1].endswith(b"/"):
            continue
        value = _VALUE.search(block, cell.end(), block.find(b"c>", cell.end()))
        text = value[1].decode("utf-8", "replace")[:20] if value else ""
        _mark(cell[0], text if text.startswith("#") else NO_VALUE, marks)
    if b"<f" in block or b":f" in block:
        for end in _NO_VALUE.finditer(block):
            head = _cell_head(block, end.start())
            if not _is_said(head, end[0]):
                _mark(head, NO_VALUE, marks)


def _is_said(head: bytes, end: bytes) -> bool:
    """A formula may say "", which is its value; an error has been noted already."""
    kind = _TYPE.search(head)
    return kind is not None and (kind[1] == b"e" or (b"<v" in end or b":v" in end))


def _cell_head(block: bytes, before: int) -> bytes:
    opened = max(block.rfind(b"<c ", 0, before), block.rfind(b":c ", 0, before), 0)
    return block[opened : block.find(b">", opened)]


def _mark(head: bytes, text: str, marks: Marks) -> None:
    place = _PLACE.search(head)
    if place is None or not place[1]:
        raise BadSheet("damaged")  # an error in a cell that does not say where it is
    marks.mark(int(place[2]), column(place[1].decode()), text)

"""Tables as text: .csv and its relatives, in the encodings that Chinese programs write, read as a stream."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from anju.base.sheet_faults import BadSheet
from anju.base.sheet_marks import MOST_COLUMNS

LOOKS_LIKE_FORMULA = frozenset("=+-@\t\r＝＋－＠")
LOOKS_LIKE_A_DAY = re.compile(r"[0-9]{1,2}[-/][0-9]{1,2}")  # 3-5 lifts become the fifth of March
GUARD = "\u2060"  # invisible, and no program begins a formula or a day with it
_STEP = 1024 * 1024
_HEAD = 64 * 1024
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_PAGES = (b"<html", b"<!doctype", b"<table", b"<meta", b"<head", b"<body", b"<style", b"<div", b"mime-version:")
_PICTURES_AND_PAPERS = (b"\x89PNG", b"\xff\xd8\xff", b"%PDF", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")


def encoding_of(stream: BinaryIO) -> str:
    """Return the encoding of a table: by its mark, else UTF-8 where all of it is, else what Chinese Excel writes."""
    stream.seek(0)
    head = stream.read(_HEAD)
    for mark, encoding in _MARKS.items():
        if head.startswith(mark) and not head.startswith(codecs.BOM_UTF32_LE):
            _refuse_pages(head.decode(encoding, "ignore").encode())
            return _require(stream, encoding)
    _refuse_pages(head)
    if head.startswith(_PICTURES_AND_PAPERS) or head.count(b"\x00") * 100 > len(head):
        raise BadSheet("not_a_sheet")
    return next((encoding for encoding in ("utf-8", "gb18030") if _decodes(stream, encoding)), "") or _unknown()


def text_rows(stream: BinaryIO, encoding: str) -> Iterator[list[str]]:
    """Yield the rows. Line numbers are those of a spreadsheet that opens the file: a cell may hold line breaks."""
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding, newline="")
    try:
        delimiter = _delimiter(text.read(_HEAD))
        text.seek(0)
        for line, row in enumerate(csv.reader(text, delimiter=delimiter), start=1):
            if len(row) > MOST_COLUMNS:
                raise BadSheet("far_cells", line)
            yield row
    except csv.Error as broken:  # a quotation mark that is never closed swallows the file
        raise BadSheet("not_a_sheet") from broken
    finally:
        text.detach()


def guarded(text: str) -> str:
    """Return text for a .csv so that no spreadsheet takes it for a formula or a day. `unguarded` gives back exactly what went in."""
    start = text.lstrip(" \n\u3000")[:1]
    taken = start in LOOKS_LIKE_FORMULA or LOOKS_LIKE_A_DAY.fullmatch(text.strip())
    return GUARD + text if text[:1] == GUARD or taken else text


def unguarded(text: str) -> str:
    return text.removeprefix(GUARD)


def _delimiter(head: str) -> str:
    lines = [line for line in head.splitlines() if line.strip()][:20]
    return max(",\t;", key=lambda sign: sum(line.count(sign) for line in lines))


def _refuse_pages(head: bytes) -> None:
    start = head.lstrip().lower()
    if start.startswith(b"<?xml") and b"schemas-microsoft-com:office:spreadsheet" in start:
        raise BadSheet("xml_2003")
    if start.startswith(_PAGES) or (start.startswith(b"<?xml") and b"<html" in start):
        raise BadSheet("html")


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    """Tell whether all of the stream is in the encoding, a step at a time."""
    decoder = codecs.getincrementaldecoder(encoding)()
    stream.seek(0)
    try:
        while piece := stream.read(_STEP):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _require(stream: BinaryIO, encoding: str) -> str:
    return encoding if _decodes(stream, encoding) else _unknown()


def _unknown() -> str:
    raise BadSheet("encoding")

"""How much text the cells of a workbook stand for.

A workbook keeps a string once and any number of cells may tell it; the reader copies it for each of them. Forty thousand cells that tell
one string of ten thousand characters are a file of 80 kB and a gigabyte of memory. So text is counted as often as it is told.
"""

import re
import struct
from array import array
from collections.abc import Iterable, Iterator, Sequence

from anju.base.sheet_faults import BadSheet

_NAME = rb"(?:\w+:)?"
_OPENS = re.compile(rb"<" + _NAME + rb"si(?=[\s/>])")
_TAG = re.compile(rb"<[^<>\"']*(?:\"[^<>\"]*\"[^<>\"']*|'[^<>']*'[^<>\"']*)*>")
_TELLS = re.compile(rb"\bt\s*=\s*[\"']s[\"']")
_TOLD = re.compile(_TELLS.pattern + rb"[^<>]*><" + _NAME + rb"v>([0-9]{1,9})</" + _NAME + rb"v></" + _NAME + rb"c>")
_BYTES_WIDE, _BYTES_NARROW = 3, 2  # that a sign of an .xls may become
_AT_ONCE = 1024 * 1024


def blocks(pieces: Iterable[bytes], end: bytes, longest: int) -> Iterator[bytes]:
    """Yield the pieces of a part again in blocks of a megabyte or more. One beyond `longest` is refused.

    They are cut after `end`, such as `row>`, or before what it closes is opened: a blank row is one tag, without an end.
    """
    kept, opening = b"", b"<" + end.removesuffix(b">") + b" "
    for piece in pieces:
        kept += piece
        if len(kept) >= _AT_ONCE:
            closed, opened = kept.rfind(end), kept.rfind(opening)
            cut = max(closed + len(end) if closed >= 0 else 0, opened)
            if cut > 0:
                yield kept[:cut]
                kept = kept[cut:]
        if len(kept) > longest:
            raise BadSheet("too_big")
    yield kept


def tellings(block: bytes) -> int:
    """Return how many cells of a block of a sheet tell a string of the table."""
    return len(_TELLS.findall(block)) if b'"s"' in block or b"'s'" in block else 0


class Longest:
    """The longest string of a table as it goes by: never less than it is."""

    def __init__(self) -> None:
        self.bytes = 0
        self._begun = 0

    def see(self, piece: bytes) -> None:
        first, *others = map(len, piece.split(b"si>"))
        self._begun += first
        self.bytes = max(self.bytes, self._begun, *others)
        self._begun = others[-1] if others else self._begun


def require_bearable(strings: Iterable[bytes], sheets: Iterable[Iterable[bytes]], most: int, longest_row: int) -> None:
    """Weigh the string that each cell tells, and refuse a workbook in which they are more than `most` bytes together.

    A cell of which we cannot see what it tells weighs as much as the longest string.
    """
    sizes = _sizes(blocks(strings, b"si>", most))
    longest, weight = max(sizes, default=0), 0
    for sheet in sheets:
        for block in blocks(sheet, b"row>", longest_row):
            _require_plain(block)
            told = _TOLD.findall(block)
            weight += sum(sizes[at] for at in map(int, told) if at < len(sizes))
            weight += (tellings(block) - len(told)) * longest
            if weight > most:
                raise BadSheet("too_big")


def _sizes(table: Iterable[bytes]) -> "array[int]":
    """Return the bytes of each string of the table, with its markup."""
    sizes = array("L")
    for block in table:
        _require_plain(block)
        starts = [found.start() for found in _OPENS.finditer(block)]
        if sizes:
            sizes[-1] += starts[0] if starts else len(block)
        sizes.extend(after - start for start, after in zip(starts, [*starts[1:], len(block)], strict=True))
    return sizes


def _require_plain(block: bytes) -> None:
    """Refuse markup in which a tag could hide from a pattern: a comment, a bracket inside of an attribute. No office writes it."""
    if b"<!" in block or b"\x00" in block or block.count(b"<") != len(_TAG.findall(block)):
        raise BadSheet("damaged")


def require_bearable_records(table: Sequence[bytes], told: Iterable[int], most: int) -> None:
    """The same for an .xls: `table` is its SST record and those that continue it, `told` the string of each cell ([MS-XLS] 2.4.265)."""
    sizes = list(_record_sizes(table)) if table else []
    weight = 0
    for at in told:
        weight += sizes[at] if at < len(sizes) else 0
        if weight > most:
            raise BadSheet("too_big")


def _record_sizes(table: Sequence[bytes]) -> Iterator[int]:
    parts = iter(table)
    part = next(parts)
    at = 8
    for _ in range(struct.unpack_from("<I", part, 4)[0]):
        if at >= len(part):
            part, at = next(parts, b""), 0
        signs, flags = struct.unpack_from("<HB", part, at)
        at += 3
        runs = struct.unpack_from("<H", part, at)[0] * 4 if flags & 8 else 0
        at += 2 if flags & 8 else 0
        runs += struct.unpack_from("<I", part, at)[0] if flags & 4 else 0
        at += 4 if flags & 4 else 0
        left, size, wide = signs, 0, flags & 1
        while left:
            here = min(left, (len(part) - at) // (2 if wide else 1))
            size += here * (_BYTES_WIDE if wide else _BYTES_NARROW)
            at += here * (2 if wide else 1)
            left -= here
            if left:
                part = next(parts, b"")
                wide, at = part[0] & 1, 1
        while runs > len(part) - at:
            runs -= len(part) - at
            part, at = next(parts, b""), 0
            if not part:
                raise BadSheet("damaged")
        at += runs
        yield size

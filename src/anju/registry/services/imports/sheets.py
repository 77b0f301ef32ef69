"""Which sheet of a file holds the list, and its rows, as often as they are asked for."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from anju.base.sheet_faults import BadSheet
from anju.base.sheets import BookSheet, open_book, shown
from anju.rules.lists.catalogue import Catalogue
from anju.rules.lists.headers import UNKNOWN, Header, find_header
from anju.rules.lists.rows import says_anything
from anju.rules.lists.text import Cell

CORRECTION = ("行", "小区", "列", "值", "原因", "续")  # headings that a list for correction has before the row's own
_LOOKED_AT = 2000  # rows from which the heading and the kind of values are told
_KEPT = 20_000  # rows that are kept instead of being read again


@dataclass(frozen=True, slots=True)
class ListSheet:
    """The sheet with the list. `others`: sheets left alone; `hidden`: it was a hidden one, because no other has a heading."""

    name: str
    hidden: bool
    header: Header
    others: tuple[str, ...]
    hidden_lines: int
    macros: bool
    _sheet: BookSheet
    _rows: list[list[Cell]]

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Yield the line and the cells of each row below the heading that says anything."""
        source, corrects = self._rows or _plain(self._sheet), _corrects(self.header)
        for line, row in enumerate(source, start=1):
            if line > self.header.data and says_anything(row) and not (corrects and _goes_on(row)):
                yield line, row


def _goes_on(row: Sequence[Cell]) -> bool:
    """A further reason of the row above, in a list for correction."""
    return len(row) >= len(CORRECTION) and bool(row[len(CORRECTION) - 1])


def list_sheet(content: bytes, catalogue: Catalogue, remembered: Mapping[str, str], header: Header | None) -> ListSheet:
    """Return the first sheet in view that has a heading, else the first hidden one. Raises `BadSheet`.

    `header`: the heading as people have corrected it, on the sheet where it was found before.
    """
    book = open_book(io.BytesIO(content))
    found = list(_with_heading(book.sheets, catalogue, remembered))
    if not found:
        raise BadSheet("no_header")
    sheet, proposed, rows = found[0]
    others = tuple(each.name for each in book.sheets if each is not sheet)
    whole = rows if len(rows) <= _KEPT else []
    if not whole:
        _count(sheet)
    return ListSheet(
        sheet.name, sheet.hidden, header or proposed, others, len(sheet.hidden_lines), book.macros, sheet, whole
    )


def _count(sheet: BookSheet) -> None:
    """Go through a long sheet once before anything is understood of it: a list beyond the limits is refused at once."""
    for _ in sheet.rows():
        pass


def _with_heading(
    sheets: Sequence[BookSheet], catalogue: Catalogue, remembered: Mapping[str, str]
) -> Iterator[tuple[BookSheet, Header, list[list[Cell]]]]:
    empty = True
    for sheet in sorted(sheets, key=lambda each: each.hidden):
        rows = list(islice(_plain(sheet), _KEPT + 1))
        empty = empty and not rows
        header = find_header(rows[:_LOOKED_AT], catalogue, remembered)
        if header is not None:
            yield sheet, _without_correction(header), rows
            return
    if empty:
        raise BadSheet("empty")


def _corrects(header: Header) -> bool:
    return tuple(match.heading for match in header.matches[: len(CORRECTION)]) == CORRECTION


def _without_correction(header: Header) -> Header:
    """What a list for correction says about a row is no part of the row."""
    if not _corrects(header):
        return header
    ours = tuple(replace(match, code="", confidence=0, reason=UNKNOWN) for match in header.matches[: len(CORRECTION)])
    return replace(header, matches=(*ours, *header.matches[len(CORRECTION) :]))


def _plain(sheet: BookSheet) -> Iterator[list[Cell]]:
    """Yield the rows with broken figures as a spreadsheet shows them: 0.3, not 0.30000000000000004."""
    for row in sheet.rows():
        yield [shown(cell) if isinstance(cell, float) else cell for cell in row]

"""One row of a list read by its header: every column's reading, with the text it came from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from anju.rules.lists.catalogue import Catalogue
from anju.rules.lists.cells import read_cell
from anju.rules.lists.headers import Header, Match
from anju.rules.lists.points import point_of
from anju.rules.lists.readings import Doubtful, Known, Number, Point, Reading, Rejected, Words, value_of
from anju.rules.lists.text import Cell, cell_text

CONFIDENT: Final = 60  # a column matched with less is not read until somebody has confirmed it
_AMISS: Final = (Doubtful, Rejected)
_REMEMBERED: Final = 50_000  # texts of one column


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A reading with where it stood: `position` counts columns from 0, `raw` is the text as it was.

    `number`: the figure it is known to be; `amiss`: whether it is doubted or refused. Both are asked of every cell of every row.
    """

    code: str
    position: int
    raw: str
    reading: Reading
    number: Number | None = field(init=False, repr=False, compare=False)
    amiss: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        value = self.reading.value if isinstance(self.reading, Known) else None
        object.__setattr__(self, "number", value if isinstance(value, Number) else None)
        object.__setattr__(self, "amiss", isinstance(self.reading, _AMISS))


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row: `line` counts from 1 as a spreadsheet does; `cells` by code, one each; `all_cells` as they stand."""

    line: int
    cells: Mapping[str, ReadCell]
    all_cells: tuple[ReadCell, ...]

    def number(self, code: str) -> Number | None:
        """Return the figure known under a code."""
        cell = self.cells.get(code)
        return cell.number if cell else None

    def numbers(self) -> dict[str, Number]:
        """Return all figures known, by code."""
        return {code: number for code, cell in self.cells.items() if (number := cell.number) is not None}

    def text(self, code: str) -> str:
        """Return the words known or proposed under a code."""
        cell = self.cells.get(code)
        value = value_of(cell.reading) if cell else None
        return value.text if isinstance(value, Words) else ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something a person must look at: the column, the text in it, the reason's code and what its sentence tells."""

    column: str
    value: str
    reason: str
    told: tuple[tuple[str, str], ...] = ()
    rejects: bool = False


def read_row(line: int, cells: Sequence[Cell], header: Header, catalogue: Catalogue, *, latest: int) -> ListRow:
    """Read a single row; whoever reads many makes one `reader_of` their header."""
    return reader_of(header, catalogue, latest=latest)(line, cells)


def reader_of(header: Header, catalogue: Catalogue, *, latest: int) -> Callable[[int, Sequence[Cell]], ListRow]:
    """Return what reads the rows below a header, given the line and the cells of each. A text it has read before it knows.

    Where two columns mean the same, the first that says anything counts, and a contradiction is doubted.
    """
    columns = [(match.position, _Column(match, catalogue, latest)) for match in header.matches if _is_read(match)]
    width = 1 + max((position for position, _ in columns), default=-1)
    codes = [column.match.code for _, column in columns]
    plainly = len(set(codes)) == len(codes) and not {"longitude", "latitude"} <= set(codes)

    def read(line: int, cells: Sequence[Cell]) -> ListRow:
        texts = [cell if isinstance(cell, str) else cell_text(cell) for cell in cells]
        texts += [""] * (width - len(texts))
        found = tuple([column[texts[position]] for position, column in columns])
        return ListRow(line, dict(zip(codes, found, strict=True)) if plainly else _together(found, header), found)

    return read


def _is_read(match: Match) -> bool:
    return bool(match.code) and match.confidence >= CONFIDENT


class _Column(dict[str, ReadCell]):
    """The cells of one column that have been read, by their text: lists repeat themselves."""

    def __init__(self, match: Match, catalogue: Catalogue, latest: int) -> None:
        super().__init__()
        self.match = match
        self._column = catalogue.by_code[match.code]
        self._headings = catalogue.heading_words
        self._latest = latest

    def __missing__(self, raw: str) -> ReadCell:
        column, match = self._column, self.match
        reading = read_cell(
            raw.strip(), column.type, latest=self._latest, unit=match.unit, zero=column.zero, headings=self._headings
        )
        if len(self) == _REMEMBERED:
            self.clear()
        self[raw] = cell = ReadCell(match.code, match.position, raw, reading)
        return cell


def _together(cells: Iterable[ReadCell], header: Header) -> Mapping[str, ReadCell]:
    merged: dict[str, ReadCell] = {}
    for cell in cells:
        merged[cell.code] = _merged(merged[cell.code], cell) if cell.code in merged else cell
    if "longitude" in merged and "latitude" in merged:
        merged["point"] = _point(merged.pop("longitude"), merged.pop("latitude"), header)
    return merged


def _merged(first: ReadCell, second: ReadCell) -> ReadCell:
    if isinstance(first.reading, Rejected) or isinstance(second.reading, Rejected):
        return first if isinstance(first.reading, Rejected) else second
    one, other = value_of(first.reading), value_of(second.reading)
    if one is None and (other is not None or isinstance(second.reading, Doubtful)):
        return second
    if one is None or other is None or one == other:
        return first
    return ReadCell(first.code, first.position, f"{first.raw} | {second.raw}", Doubtful("several_columns", one))


def _point(longitude: ReadCell, latitude: ReadCell, header: Header) -> ReadCell:
    """Two columns of angles are one point; what is wrong with either is wrong with it."""
    raw = f"{longitude.raw},{latitude.raw}"
    one, other = (value_of(half.reading) for half in (longitude, latitude))
    if not isinstance(one, Point) or not isinstance(other, Point):
        wrong = longitude if isinstance(one, Point) is False else latitude
        return ReadCell("point", longitude.position, raw, wrong.reading)
    system = next((match.unit for match in header.matches if match.code == "longitude" and match.unit), "unknown")
    return ReadCell("point", longitude.position, raw, point_of(one.longitude, other.longitude, raw, system))


def doubts_of(row: ListRow, catalogue: Catalogue) -> list[Doubt]:
    """Return what the parsers doubt or refuse in a row."""
    amiss = (cell for cell in row.cells.values() if cell.amiss)
    return [_doubt_of(cell, cell.reading, catalogue) for cell in amiss if isinstance(cell.reading, _AMISS)]


def _doubt_of(cell: ReadCell, reading: Doubtful | Rejected, catalogue: Catalogue) -> Doubt:
    told = (("column", catalogue.by_code[cell.code].name), ("found", reading.found))
    return Doubt(cell.code, cell.raw, reading.reason, told, rejects=isinstance(reading, Rejected))


def says_anything(cells: Iterable[Cell]) -> bool:
    """Tell whether a row is more than blank formatted cells."""
    return any(cell_text(cell).strip() for cell in cells)

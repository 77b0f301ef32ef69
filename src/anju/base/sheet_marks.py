"""What a first look at a sheet found that its reader leaves out: errors, formulas without a value, hidden rows, merged cells."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from anju.base.sheet_faults import BadSheet

NO_VALUE = "#FORMULA!"  # stands in a cell whose formula was saved without its result
MOST_CELLS = 8_000_000  # of the rectangle around all cells: what the reader sets up in memory
MOST_THIN = 1_000_000  # a larger rectangle must be filled to a tenth
MOST_COLUMNS = 2_000
MOST_MERGED = 100_000
MOST_MARKED = 500_000

Merged = tuple[int, int, int, int]  # first line, first column, last line, last column, all counted from 1
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?", re.IGNORECASE)


@dataclass(slots=True)
class Marks:
    """Of one sheet. Lines and columns count from 1. `told`: cells that tell a string of the workbook's table."""

    hidden_lines: set[int] = field(default_factory=set)
    merged: list[Merged] = field(default_factory=list)
    widest: int = 0
    deepest: int = 0
    filled: int = 0
    told: int = 0
    _marked: list[tuple[int, int, str]] = field(default_factory=list)

    def mark(self, line: int, column: int, text: str) -> None:
        """Say what stands in a cell that the reader would show as blank."""
        if len(self._marked) >= MOST_MARKED:
            raise BadSheet("too_many_errors")
        self._marked.append((line, column, text))

    def merge(self, reference: str) -> None:
        found = _REFERENCE.fullmatch(reference)
        if found and len(self.merged) < MOST_MERGED:
            left, top, right, bottom = found.groups()
            self.merged.append((int(top), column(left), int(bottom or top), column(right or left)))

    def reach(self, line: int, column: int) -> None:
        self.deepest, self.widest = max(self.deepest, line), max(self.widest, column)

    def require_close(self) -> None:
        """Refuse a sheet whose cells lie so far apart that the reader would set up a huge empty rectangle."""
        area = self.widest * self.deepest
        if self.widest > MOST_COLUMNS or area > MOST_CELLS or (area > MOST_THIN and area > 10 * self.filled):
            raise BadSheet("far_cells")

    def in_order(self) -> Iterator[tuple[int, int, str]]:
        """Yield line, column and text of the marked cells from top to bottom."""
        return iter(sorted(self._marked))


def column(letters: str) -> int:
    """Return the number of a column named by letters, from 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number

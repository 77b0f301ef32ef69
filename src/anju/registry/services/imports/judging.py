"""A row of a list as an import keeps it: the values to write, the doubts with the values that wait because of them, what else it says."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, Final

from anju.registry.models import MAX_TEXT, ImportRow
from anju.registry.services.imports.sheets import ListSheet
from anju.rules.lists.catalogue import Catalogue
from anju.rules.lists.foreign import Home, foreign_division
from anju.rules.lists.plausibility import judge_of, profile_of
from anju.rules.lists.readings import Doubtful, Known, Moment, value_of
from anju.rules.lists.repeats import PLACES, repeats
from anju.rules.lists.rows import Doubt, ListRow, ReadCell, reader_of
from anju.rules.lists.stored import store
from anju.rules.lists.text import Cell

RAW_LIMIT: Final = 1000
_KEPT: Final = (
    50_000  # rows that are kept as they were read; longer lists are read anew for each time they are gone through
)
_SHOWN: Final = 200
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_TOTALS: Final = re.compile(r"(?:总|合|小|共|累)\s*计.{0,4}|合\s*计[:：].*")
# Doubts about the row as a whole: it is left out until a person says otherwise. All others concern single values.
OF_THE_ROW: Final = frozenset(
    {
        "foreign_division",
        "repeated",
        "repeated_otherwise",
        "shifted_columns",
        "total_row",
        "likely_known",
        "known_twice",
        "name_taken",
    }
)
# Doubts that come from what the database holds: made anew whenever it has changed.
OF_THE_DATABASE: Final = frozenset({"likely_known", "known_twice", "name_taken", "outside_reach"})

Cells = list[list[Any]]


@dataclass(slots=True)
class Staged:
    """One row on its way into `ImportRow`; see there for the shapes."""

    line: int
    name: str
    cells: Cells
    doubts: list[list[Any]]
    told: dict[str, Any]
    choice: dict[str, Any] = field(default_factory=dict)
    verdict: str = ImportRow.Verdict.ACCEPTED
    act: str = ImportRow.Act.CREATE
    compound: int | None = None
    division: int | None = None
    unchanged: bool = False
    conflict: bool = False

    @property
    def target(self) -> int:
        """The compound that the row is written to."""
        assert self.compound is not None
        return self.compound


@dataclass(frozen=True)
class Judge:
    """What judges the rows of one list. `codes`: the indicators in force; `home`: None where any place will do."""

    sheet: ListSheet
    catalogue: Catalogue
    codes: frozenset[str]
    home: Home | None
    latest: int

    @cached_property
    def _read(self) -> Callable[[int, Sequence[Cell]], ListRow]:
        """One reader for every time the rows are gone through: a text that it has read before it knows."""
        return reader_of(self.sheet.header, self.catalogue, latest=self.latest)

    @cached_property
    def _kept(self) -> list[ListRow]:
        """The whole list, nothing of a long one."""
        rows = list(islice(self._anew(), _KEPT + 1))
        return rows if len(rows) <= _KEPT else []

    def _anew(self) -> Iterator[ListRow]:
        return (self._read(line, cells) for line, cells in self.sheet.rows())

    def _rows(self) -> Iterable[ListRow]:
        return self._kept or self._anew()

    def staged(self) -> Iterator[Staged]:
        """Yield every row, judged by itself and against the others of the list."""
        profile = profile_of(self._rows())
        repeated = repeats(self._rows(), self.catalogue)
        judge, pack = None, _Packer(self.catalogue, self.codes)
        for row in self._rows():
            judge = judge or judge_of(row.cells, self.catalogue, profile, latest=self.latest)
            doubts = judge(row)
            if row.line in repeated:
                doubts.append(repeated[row.line])
            if self.home and (foreign := foreign_division(row, self.home, self.catalogue)):
                doubts.append(foreign)
            yield pack.staged(row, doubts)


@dataclass(frozen=True)
class _Packer:
    catalogue: Catalogue
    codes: frozenset[str]

    @cached_property
    def _of_rule(self) -> Mapping[str, Sequence[str]]:
        return {rule.code: rule.columns for rule in self.catalogue.rules}

    @cached_property
    def _packed(self) -> dict[int, tuple[ReadCell, list[Any] | None]]:
        return {}

    def staged(self, row: ListRow, doubts: Iterable[Doubt]) -> Staged:
        name = storable(row.text("name"), 200)
        found = [self._doubt(row, doubt) for doubt in doubts]
        if _TOTALS.fullmatch(name.strip()):
            found.append(["name", name, "total_row", {}, False, []])
        waiting = {cell[0] for doubt in found for cell in doubt[5]}
        cells = [
            packed
            for code, cell in row.cells.items()
            if code in self.codes and code not in waiting and (packed := self._cell(cell)) is not None
        ]
        return Staged(row.line, name, cells, found, _told(row))

    def _doubt(self, row: ListRow, doubt: Doubt) -> list[Any]:
        columns = self._of_rule.get(doubt.reason) or (doubt.column,)
        whole = doubt.reason in OF_THE_ROW or doubt.column == "name"
        held = (
            []
            if whole
            else [self._held(row.cells[code]) for code in columns if code in self.codes and code in row.cells]
        )
        told = {key: storable(text, _SHOWN) for key, text in doubt.told}
        return [doubt.column, storable(doubt.value, _SHOWN), doubt.reason, told, doubt.rejects, held]

    def _cell(self, cell: ReadCell) -> list[Any] | None:
        """Return the columns of a value that is sure; worked out once for each text of a column."""
        known = self._packed.get(id(cell))
        if known is not None and known[0] is cell:
            return known[1]
        packed = pack_value(cell) if isinstance(cell.reading, Known) else None
        if len(self._packed) > 200_000:
            self._packed.clear()
        self._packed[id(cell)] = (cell, packed)
        return packed

    def _held(self, cell: ReadCell) -> list[Any]:
        """Return the value that waits; without a proposal only its code and its text."""
        return pack_value(cell) or [cell.code, storable(cell.raw, _SHOWN)]


def pack_value(cell: ReadCell) -> list[Any] | None:
    value = value_of(cell.reading)
    if value is None:
        return None
    note = cell.reading.note if isinstance(cell.reading, Known) else ""
    kept = store(value)
    return [
        cell.code, storable(cell.raw.strip(), RAW_LIMIT), kept.low, kept.high, storable(kept.text, MAX_TEXT), kept.form,
        kept.approximate, storable(note, MAX_TEXT),
    ]  # fmt: skip


def storable(text: str, limit: int) -> str:
    """Return the text as PostgreSQL can keep it: NUL and halves of characters are marked, the rest beyond the limit is cut."""
    text = text if text.isascii() and "\x00" not in text else _UNSTORABLE.sub("\ufffd", text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _told(row: ListRow) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if places := {level: storable(text, 100) for level in PLACES if (text := row.text(level))}:
        told["places"] = places
    if alias := row.text("alias"):
        told["alias"] = storable(alias, 100)
    cell = row.cells.get("observed_on")
    value = cell.reading.value if cell and isinstance(cell.reading, Known) else None
    if isinstance(value, Moment) and value.precision == "day":
        told["observed_on"] = value.first.isoformat()
    if not isinstance(row.cells["name"].reading if "name" in row.cells else None, Known | Doubtful):
        told["unnamed"] = True
    return told

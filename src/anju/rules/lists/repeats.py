"""The same compound twice in one list: told, with what differs, and left to a person."""

from collections.abc import Iterable, Mapping
from typing import Final

from anju.rules.lists.catalogue import Catalogue
from anju.rules.lists.names import name_key
from anju.rules.lists.readings import Known, Point, Reading
from anju.rules.lists.rows import Doubt, ListRow

PLACES: Final = ("city", "district", "town", "community")
_NEAR: Final = 30_000  # ten-millionths of a degree, some 300 m
_NOT_FIGURES: Final = {"name", "text", "place", "address", "point", "ignored"}


def repeats(rows: Iterable[ListRow], catalogue: Catalogue) -> Mapping[int, Doubt]:
    """Return, by line, the doubt about each row whose compound an earlier row has told of."""
    first: dict[tuple[str, ...], list[ListRow]] = {}
    doubts: dict[int, Doubt] = {}
    for row in rows:
        if not (name := row.text("name")):
            continue
        earlier = first.setdefault((name_key(name), row.text("city")), [])
        same = next((one for one in earlier if _same_place(one, row)), None)
        if same is None:
            earlier.append(row)
        else:
            doubts[row.line] = _doubt(row, same, catalogue)
    return doubts


def _same_place(one: ListRow, other: ListRow) -> bool:
    """Two of one name are one compound unless their towns, addresses or coordinates say otherwise."""
    here, there = (_point(row) for row in (one, other))
    if here and there:
        return abs(here.longitude - there.longitude) < _NEAR and abs(here.latitude - there.latitude) < _NEAR
    for code in (*PLACES, "address"):
        said = {text for row in (one, other) if (text := row.text(code))}
        if len(said) > 1:
            return False
    return True


def _point(row: ListRow) -> Point | None:
    cell = row.cells.get("point")
    value = cell.reading.value if cell and isinstance(cell.reading, Known) else None
    return value if isinstance(value, Point) else None


def _doubt(row: ListRow, same: ListRow, catalogue: Catalogue) -> Doubt:
    told: tuple[tuple[str, str], ...] = (("line", str(same.line)),)
    names = [catalogue.by_code[code].name for code in row.cells if _differs(code, row, same, catalogue)]
    raw = row.cells["name"].raw
    if not names:
        return Doubt("name", raw, "repeated", told)
    return Doubt("name", raw, "repeated_otherwise", (*told, ("columns", "、".join(names))))


def _differs(code: str, row: ListRow, same: ListRow, catalogue: Catalogue) -> bool:
    if catalogue.by_code[code].type in _NOT_FIGURES or code not in same.cells:
        return False
    one, other = _known(row.cells[code].reading), _known(same.cells[code].reading)
    return one is not None and other is not None and one != other


def _known(reading: Reading) -> object:
    return reading.value if isinstance(reading, Known) else None

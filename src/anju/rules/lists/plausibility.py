"""Whether a row's figures fit together: the rules are the county's data, each with its reason; this evaluates them in integers."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from anju.rules.lists.catalogue import QUANTITIES, Catalogue, Rule
from anju.rules.lists.readings import Doubtful, Known, Moment, Number, value_of
from anju.rules.lists.rows import Doubt, ListRow, doubts_of

_THOUSAND: Final = 1000
_FITS: Final = {
    "money": {"fee"},
    "number": {*QUANTITIES, "fee"},
    "organisation": {"organisation", "service"},
    "address": {"address"},
}


@dataclass(frozen=True, slots=True)
class Profile:
    """What is usual in each column of a list: how many cells hold a figure, how many of those are written in 万."""

    filled: Mapping[str, int]
    ten_thousands: Mapping[str, int]


def profile_of(rows: Iterable[ListRow]) -> Profile:
    """Return the profile of a list, or of as much of it as there is."""
    filled: Counter[str] = Counter()
    ten_thousands: Counter[str] = Counter()
    for row in rows:
        for code, number in row.numbers().items():
            filled[code] += 1
            ten_thousands[code] += "万" in number.given
    return Profile(filled, ten_thousands)


def doubts_about(row: ListRow, catalogue: Catalogue, profile: Profile, *, latest: int) -> list[Doubt]:
    """Return everything doubtful in a single row; whoever looks at many makes one `judge_of` their columns."""
    return judge_of(row.cells, catalogue, profile, latest=latest)(row)


def judge_of(
    codes: Collection[str], catalogue: Catalogue, profile: Profile, *, latest: int
) -> Callable[[ListRow], list[Doubt]]:
    """Return what judges rows of these columns: their cells, their figures held against each other, columns against their neighbours."""
    rules = [(rule, _test(rule, profile, latest)) for rule in catalogue.rules if _concerns(rule, codes)]

    def judge(row: ListRow) -> list[Doubt]:
        doubts = doubts_of(row, catalogue)
        numbers = row.numbers()
        doubts += [_doubt(rule, row, catalogue) for rule, breaks in rules if breaks(row, numbers)]
        if doubts or len(row.cells) < len(row.all_cells):
            doubts += _shifts(row, catalogue)
        return doubts

    return judge


_Test = Callable[[ListRow, Mapping[str, Number]], bool]


def _concerns(rule: Rule, codes: Collection[str]) -> bool:
    """A rule about units looks at each of its columns by itself, the others need all of theirs."""
    return (any if rule.check == "unit" else all)(code in codes for code in rule.columns)


def _test(rule: Rule, profile: Profile, latest: int) -> _Test:
    if rule.check == "years":
        return lambda row, _numbers: _outside_years(rule, row, latest)
    if rule.check == "unit":
        return lambda row, _numbers: any(_odd_unit(rule, row, code, profile) for code in rule.columns)
    compare, columns = _COMPARE[rule.check], rule.columns

    def breaks(_row: ListRow, numbers: Mapping[str, Number]) -> bool:
        for code in columns:
            if code not in numbers:
                return False
        return compare(rule, [numbers[code] for code in columns])

    return breaks


def _order(_rule: Rule, numbers: list[Number]) -> bool:
    return numbers[0].low > numbers[1].high


def _range(rule: Rule, numbers: list[Number]) -> bool:
    return numbers[0].low < rule.low or numbers[0].high > rule.high


def _per(rule: Rule, numbers: list[Number]) -> bool:
    """Ranges get the benefit of the doubt: only what no pair of ends could mend is doubted."""
    of, by = numbers
    return of.high < rule.low * by.low or of.low > rule.high * by.high


def _quotient(rule: Rule, numbers: list[Number]) -> bool:
    of, by, ratio = numbers
    scale = _THOUSAND * _THOUSAND
    return of.high * scale < rule.low * by.low * ratio.low or of.low * scale > rule.high * by.high * ratio.high


def _spread(rule: Rule, numbers: list[Number]) -> bool:
    return numbers[0].high >= rule.high * numbers[0].low


_COMPARE: Final = {"order": _order, "range": _range, "per": _per, "quotient": _quotient, "spread": _spread}


def _outside_years(rule: Rule, row: ListRow, latest: int) -> bool:
    cell = row.cells.get(rule.columns[0])
    value = cell.reading.value if cell and isinstance(cell.reading, Known) else None
    return isinstance(value, Moment) and not rule.low <= value.first.year <= latest + rule.high


def _odd_unit(rule: Rule, row: ListRow, code: str, profile: Profile) -> bool:
    """亩 never measures a floor; 万 is odd where hardly anything else in the column is written so."""
    cell = row.cells.get(code)
    number = value_of(cell.reading) if cell else None
    if not isinstance(number, Number):
        return False
    if not rule.low:
        return "亩" in number.given
    return "万" in number.given and _THOUSAND * profile.ten_thousands.get(code, 0) < rule.high * profile.filled.get(
        code, 1
    )


def _doubt(rule: Rule, row: ListRow, catalogue: Catalogue) -> Doubt:
    stated = [(code, row.cells[code].raw.strip()) for code in rule.columns if code in row.cells]
    names = "、".join(catalogue.by_code[code].name for code, _ in stated)
    return Doubt(stated[0][0], " / ".join(raw for _, raw in stated), rule.code, (("column", names),))


def _shifts(row: ListRow, catalogue: Catalogue) -> list[Doubt]:
    """Several cells that would each be right one column further on, to the same side, are one slip of the whole row."""
    wrong = [
        (cell, cell.reading.found)
        for cell in row.all_cells
        if isinstance(cell.reading, Doubtful) and cell.reading.reason == "wrong_kind"
    ]
    if len(wrong) < 2:
        return []
    types = {cell.position: catalogue.by_code[cell.code].type for cell in row.all_cells}
    for step in (1, -1):
        moved = [cell for cell, found in wrong if types.get(cell.position + step, "") in _FITS.get(found, {found})]
        if len(moved) > 1:
            told = (("column", catalogue.by_code[moved[0].code].name), ("count", str(len(moved))))
            return [Doubt(moved[0].code, moved[0].raw, "shifted_columns", told)]
    return []

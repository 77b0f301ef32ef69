"""`divisions.csv` of a policy: the county, its towns and communities, each below the one that stands above it in the file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from anju.rules.divisions import BELOW, COUNTY, DIGITS, is_code
from anju.rules.policy_csv import fault_of, name_faults, records
from anju.rules.policy_faults import Fault

DIVISIONS: Final = "divisions.csv"
COLUMNS: Final = ("code", "name", "level", "parent", "valid_from")


@dataclass(frozen=True, slots=True)
class PolicyDivision:
    """A division by its statistical code. `parent` is empty for the county."""

    code: str
    name: str
    level: str
    parent: str
    valid_from: date


def read_divisions(text: str, faults: list[Fault]) -> dict[str, PolicyDivision]:
    """Return the divisions by code, in the file's order; what is wrong is added to `faults` and left out."""
    found: dict[str, PolicyDivision] = {}
    first: dict[str, int] = {}
    for line, cells in records(DIVISIONS, COLUMNS, text, faults):
        division = _division(line, cells, found, faults)
        if division is None:
            continue
        if division.code in found:
            faults.append(_fault(line, "repeated_code", value=division.code, first=first[division.code]))
            continue
        found[division.code], first[division.code] = division, line
    if not any(division.level == COUNTY for division in found.values()):
        faults.append(_fault(1, "county_missing"))
    return found


def _division(
    line: int, cells: list[str], above: dict[str, PolicyDivision], faults: list[Fault]
) -> PolicyDivision | None:
    code, name, level, parent, valid_from = cells
    found = [*name_faults(DIVISIONS, line, name), *_place_faults(line, code, level, parent, above)]
    day = _day(valid_from)
    if day is None:
        found.append(_fault(line, "bad_date", value=valid_from[:50]))
    faults.extend(found)
    return None if found or day is None else PolicyDivision(code, name, level, parent, day)


def _place_faults(line: int, code: str, level: str, parent: str, above: dict[str, PolicyDivision]) -> Iterator[Fault]:
    """The code has the digits of its level and continues its parent's; the parent stands above, one level higher."""
    if level not in DIGITS:
        yield _fault(line, "unknown_choice", key="level", value=level[:50], choices="、".join(DIGITS))
        return
    if not is_code(code, level, below=parent):
        yield _fault(line, "wrong_code", value=code[:50])
    if level == COUNTY:
        if above:
            yield _fault(line, "second_county", value=code[:50])
    elif parent not in above or BELOW.get(above[parent].level) != level:
        yield _fault(line, "parent_not_above", value=parent[:50])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _fault(line: int, code: str, **values: object) -> Fault:
    return fault_of(DIVISIONS, line, code, **values)

"""`region.csv` of a policy: the province around the county, its cities and their counties, by which a row of another county is told.

A list of codes (GB/T 2260) and names alone; the county itself is among them.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from anju.rules.divisions import COUNTY
from anju.rules.policy_csv import fault_of, name_faults, records
from anju.rules.policy_divisions import PolicyDivision
from anju.rules.policy_faults import Fault, PolicyFaults
from anju.rules.policy_shapes import REGION

COLUMNS: Final = ("code", "name")
_DIGITS: Final = (2, 4, 6)  # province, city, county


def parse_region(files: Mapping[str, str | bytes], divisions: Iterable[PolicyDivision]) -> dict[str, str]:
    """Return the names of the region by code, in the file's order, or raise `PolicyFaults` with all that is wrong with it.

    `divisions` are those of the policy: their county must stand in the region under the same name.
    """
    if REGION not in files:
        raise PolicyFaults([Fault(REGION, 0, "missing_file")])
    faults: list[Fault] = []
    found = _read(_text(files[REGION]), faults)
    county = next(division for division in divisions if division.level == COUNTY)
    if not faults and found.get(county.code) != county.name:
        faults.append(fault_of(REGION, 1, "county_differs", key="name", value=f"{county.code} {county.name}"))
    if faults:
        raise PolicyFaults(faults)
    return found


def _text(content: str | bytes) -> str:
    try:
        text = content if isinstance(content, str) else content.decode()
    except UnicodeDecodeError as error:
        raise PolicyFaults([Fault(REGION, error.object.count(b"\n", 0, error.start) + 1, "not_utf8")]) from error
    return text.removeprefix("\ufeff")


def _read(text: str, faults: list[Fault]) -> dict[str, str]:
    found: dict[str, str] = {}
    first: dict[str, int] = {}
    for line, (code, name) in records(REGION, COLUMNS, text, faults):
        faults.extend(name_faults(REGION, line, name))
        faults.extend(_code_faults(line, code, found))
        if code in found:
            faults.append(fault_of(REGION, line, "repeated_code", value=code[:50], first=first[code]))
        found.setdefault(code, name)
        first.setdefault(code, line)
    return found


def _code_faults(line: int, code: str, above: Mapping[str, str]) -> Iterator[Fault]:
    """A city stands below its province and a county below its city, which its code continues."""
    if len(code) not in _DIGITS or not (code.isascii() and code.isdigit()):
        yield fault_of(REGION, line, "wrong_code", value=code[:50])
    elif len(code) > _DIGITS[0] and code[:-2] not in above:
        yield fault_of(REGION, line, "parent_not_above", value=code[:-2])

"""What is well formed in every row of a policy and yet does not hold together. The shapes of all rows handed in hold already."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from anju.rules.divisions import COUNTY, TOWN
from anju.rules.policy_divisions import PolicyDivision
from anju.rules.policy_faults import Fault
from anju.rules.policy_tables import Row

_BETWEEN_UNITS: Final = re.compile("[，、]")


def document_faults(document: Row, divisions: Mapping[str, PolicyDivision]) -> Iterator[Fault]:
    """The dates in their order, and the county the one of the divisions."""
    values = document.values
    if values["in_force_from"] < values["issued_on"]:
        yield document.fault("in_force_from", "dates_reversed", earliest=values["issued_on"])
    county = next(division for division in divisions.values() if division.level == COUNTY)
    if values["county"] != county.code:
        yield document.fault("county", "county_differs", value=county.code)
    if values["county_name"] != county.name:
        yield document.fault("county_name", "county_differs", value=county.name)


def file_faults(root: Row, document: Row) -> Iterator[Fault]:
    """The files of a policy are of one version, and none of its rows begins before the document was issued."""
    version, issued_on = document.values["version"], document.values["issued_on"]
    if root.values["version"] != version:
        yield root.fault("version", "version_differs", version=root.values["version"], expected=version)
    if root.values["valid_from"] < issued_on:
        yield root.fault("valid_from", "dates_reversed", earliest=issued_on)


def report_faults(report: Row, units: list[Row]) -> Iterator[Fault]:
    """The quarterly report goes to one of the units."""
    if report.values["to"] not in {row.values["code"] for row in units}:
        yield report.fault("to", "unknown_unit", value=report.values["to"])


def unit_faults(units: list[Row], document: Row, divisions: Mapping[str, PolicyDivision]) -> Iterator[Fault]:
    """Codes and names of one unit each, parents written above, places that exist, and one bureau to found the county on."""
    yield from _repeated_codes(units)
    bureaus = [row for row in units if row.values["kind"] == "bureau" and "parent" not in row.values]
    if len(bureaus) != 1:
        yield (bureaus[1:] or units)[0].fault("kind", "one_bureau", count=len(bureaus))
    owners: dict[str, int] = {}
    above: set[str] = set()
    for row in units:
        values = row.values
        if (parent := values.get("parent")) is not None and parent not in above:
            yield row.fault("parent", "parent_not_above", value=parent)
        above.add(values["code"])
        yield from _division_faults(row, values.get("division", document.values["county"]), divisions)
        for name in _names(values):
            if owners.setdefault(name, row.line()) != row.line():
                key = "name" if name == values["name"] else "aliases"
                yield row.fault(key, "name_of_two", value=name, first=owners[name])


def _division_faults(row: Row, code: str, divisions: Mapping[str, PolicyDivision]) -> Iterator[Fault]:
    """A unit of a town says which; a unit of the county need not."""
    level = row.values["level"]
    if code not in divisions:
        yield row.fault("division", "unknown_division", value=code)
    elif divisions[code].level != level:
        yield row.fault("division", "wrong_level", value=code, expected={COUNTY: "县", TOWN: "乡镇"}[level])


def item_faults(items: Row, units: list[Row]) -> Iterator[Fault]:
    """Codes once, headings from the text, and the units those that the text names."""
    rows = [*items.tables("item"), *items.tables("requirement")]
    yield from _repeated_codes(rows)
    by_name = {name: row.values["code"] for row in units for name in _names(row.values)}
    codes = set(by_name.values())
    for row in rows:
        if row.values["heading"] not in row.values["text"]:
            yield row.fault("heading", "not_in_text")
        if "units" in row.values:
            yield from _responsibility_faults(row, codes, by_name)


def _responsibility_faults(row: Row, codes: set[str], by_name: Mapping[str, str]) -> Iterator[Fault]:
    """The units of an item are exactly those its own words name, in their order."""
    units, units_text = row.values["units"], row.values["units_text"]
    if units_text not in row.values["text"]:
        yield row.fault("units_text", "not_in_text")
    for unit in dict.fromkeys(units):
        if unit not in codes:
            yield row.fault("units", "unknown_unit", value=unit)
        if units.count(unit) > 1:
            yield row.fault("units", "repeated_unit", value=unit)
    told = _BETWEEN_UNITS.split(units_text)
    strange = [name for name in told if name not in by_name]
    for name in strange:
        yield row.fault("units_text", "units_text_unknown", value=name)
    if not strange and [by_name[name] for name in told] != units:
        yield row.fault("units", "units_text_differs", expected="、".join(by_name[name] for name in told))


def _repeated_codes(rows: Iterable[Row]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for row in rows:
        code = row.values["code"]
        if code in first:
            yield row.fault("code", "repeated_code", value=code, first=first[code])
        first.setdefault(code, row.line("code"))


def _names(values: Mapping[str, Any]) -> Iterator[str]:
    yield values["name"]
    yield from values["aliases"]

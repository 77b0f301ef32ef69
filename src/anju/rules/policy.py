"""The county's policy document as data: read whole or refused whole, with file, line and reason of every fault.

A policy is four texts: `policy.toml` (the document), `units.toml` (who it names), `items.toml` (its items and requirements, each citing its
paragraph) and `divisions.csv`. This module only reads and checks; the loader writes.
"""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import StringIO

from anju.rules.policy_tables import Fault, Table, read_toml

POLICY, UNITS, ITEMS, DIVISIONS = "policy.toml", "units.toml", "items.toml", "divisions.csv"
_GOVERNMENT = ("bureau", "department", "government", "town", "community", "party", "mass", "court")
KINDS = frozenset((*_GOVERNMENT, "company", "committee", "developer", "supervising_unit", "other"))
LEVELS = ("county", "town", "community")
_CODE_LENGTH = {"county": 6, "town": 9, "community": 12}

_HEAD = {
    "code": str,
    "version": int,
    "title": str,
    "number": str,
    "issuer": str,
    "issued_on": date,
    "in_force_from": date,
    "county": str,
    "county_name": str,
    "report_day": int,
    "cite": str,
}
_SOURCE = {"file": str, "valid_from": date, "source": str}
_UNIT = {"code": str, "name": str, "kind": str, "level": str, "aliases": list, "cite": str}
_UNIT_MORE = {"parent": str, "division": str, "note": str}
_ITEM = {"code": str, "heading": str, "cite": str, "units_text": str, "units": list, "text": str}
_REQUIREMENT = {"code": str, "heading": str, "cite": str, "text": str}


class PolicyFaults(ValueError):
    """Everything that is wrong with a policy. Nothing of it may be used."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class PolicyUnit:
    """An organisation the document names. `division`: code of the place it belongs to, the county where empty."""

    code: str
    name: str
    kind: str
    level: str
    aliases: tuple[str, ...]
    cite: str
    parent: str = ""
    division: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PolicyItem:
    """A numbered item (工作任务) or, without units, a requirement (工作要求). `units` are codes in the document's order."""

    code: str
    heading: str
    cite: str
    text: str
    units_text: str = ""
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyDivision:
    code: str
    name: str
    level: str
    parent: str


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a policy. `digest` changes with any word of it; `report_day` is the day of the quarterly report (方案三(四))."""

    code: str
    version: int
    title: str
    number: str
    issuer: str
    issued_on: date
    in_force_from: date
    county: str
    county_name: str
    report_day: int
    cite: str
    units: tuple[PolicyUnit, ...]
    items: tuple[PolicyItem, ...]
    divisions: tuple[PolicyDivision, ...]
    divisions_from: date
    divisions_source: str
    digest: str = field(default="")


def parse_policy(files: Mapping[str, str]) -> Policy:
    """Return the policy that the named texts hold, or raise `PolicyFaults` with all of their faults."""
    faults = [Fault(name, 0, "missing_file") for name in (POLICY, UNITS, ITEMS, DIVISIONS) if name not in files]
    if faults:
        raise PolicyFaults(faults)
    tables = {name: read_toml(name, files[name], faults) for name in (POLICY, UNITS, ITEMS)}
    if faults:
        raise PolicyFaults(faults)
    policy = _assemble(tables, files, faults)
    if policy is None or faults:
        raise PolicyFaults(sorted(faults, key=lambda fault: (fault.file, fault.line)))
    return policy


def _assemble(tables: Mapping[str, list[Table]], files: Mapping[str, str], faults: list[Fault]) -> Policy | None:
    head = _single(POLICY, "policy", tables[POLICY], _HEAD, faults)
    source = _single(POLICY, "divisions", tables[POLICY], _SOURCE, faults)
    units = list(_rows(tables[UNITS], {"unit": (_UNIT, _UNIT_MORE)}, faults))
    items = list(_rows(tables[ITEMS], {"item": (_ITEM, {}), "requirement": (_REQUIREMENT, {})}, faults))
    divisions = list(_divisions(files[DIVISIONS], faults))
    if faults or head is None or source is None:
        return None
    faults.extend(_contradictions(head, units, items, divisions))
    return Policy(
        **head.values,
        units=tuple(PolicyUnit(**{**row.values, "aliases": tuple(row.values["aliases"])}) for row in units),
        items=tuple(PolicyItem(**{**row.values, "units": tuple(row.values.get("units", ()))}) for row in items),
        divisions=tuple(division for _, division in divisions),
        divisions_from=source.values["valid_from"],
        divisions_source=source.values["source"],
        digest=_digest(files),
    )


def _digest(files: Mapping[str, str]) -> str:
    whole = json.dumps([[name, files[name]] for name in (POLICY, UNITS, ITEMS, DIVISIONS)], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def _single(file: str, name: str, tables: list[Table], keys: Mapping[str, type], faults: list[Fault]) -> Table | None:
    found = [table for table in tables if table.name == name]
    if len(found) != 1:
        faults.append(Fault(file, 0, "missing_table" if not found else "repeated_table", {"table": name}))
        return None
    faults.extend(found[0].faults(keys, {}))
    return found[0]


def _rows(
    tables: list[Table], shapes: Mapping[str, tuple[Mapping[str, type], Mapping[str, type]]], faults: list[Fault]
) -> Iterator[Table]:
    for table in tables:
        if table.name not in shapes:
            faults.append(Fault(table.file, table.line, "unknown_table", {"table": table.name}))
            continue
        faults.extend(table.faults(*shapes[table.name]))
        yield table


def _divisions(text: str, faults: list[Fault]) -> Iterator[tuple[int, PolicyDivision]]:
    rows = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        for line, row in enumerate(rows, start=1):
            if line == 1 and row != ["code", "name", "level", "parent"]:
                faults.append(Fault(DIVISIONS, 1, "wrong_header", {"header": ",".join(row)}))
                return
            if line > 1 and (division := _division(line, row, faults)):
                yield line, division
    except csv.Error as error:
        faults.append(Fault(DIVISIONS, rows.line_num, "syntax", {"reason": str(error)}))


def _division(line: int, row: list[str], faults: list[Fault]) -> PolicyDivision | None:
    if len(row) != 4 or not all(row[:3]):
        faults.append(Fault(DIVISIONS, line, "wrong_row", {"row": ",".join(row)}))
        return None
    code, name, level, parent = row
    if level not in LEVELS or not (code.isascii() and code.isdigit()) or len(code) != _CODE_LENGTH[level]:
        faults.append(Fault(DIVISIONS, line, "wrong_code", {"code": code, "level": level}))
        return None
    return PolicyDivision(code, name, level, parent)


def _contradictions(
    head: Table, units: list[Table], items: list[Table], divisions: list[tuple[int, PolicyDivision]]
) -> Iterator[Fault]:
    """What is well formed in each row but does not hold together."""
    codes = {division.code: division for _, division in divisions}
    yield from _wrong_head(head, codes)
    yield from _wrong_units(units, codes)
    yield from _wrong_items(items, {row.values["code"] for row in units})
    yield from _wrong_divisions(divisions)


def _wrong_head(head: Table, divisions: Mapping[str, PolicyDivision]) -> Iterator[Fault]:
    values = head.values
    if values["in_force_from"] < values["issued_on"]:
        yield head.fault("in_force_from", "dates_reversed")
    if values["version"] < 1:
        yield head.fault("version", "not_positive")
    if not 1 <= values["report_day"] <= 28:
        yield head.fault("report_day", "no_such_day")
    county = divisions.get(values["county"])
    if county is None or county.level != "county":
        yield head.fault("county", "unknown_division", value=values["county"])


def _wrong_units(units: list[Table], divisions: Mapping[str, PolicyDivision]) -> Iterator[Fault]:
    codes = [row.values["code"] for row in units]
    said: dict[str, str] = {}
    for row in units:
        values = row.values
        yield from row.repeated(codes)
        if values["kind"] not in KINDS:
            yield row.fault("kind", "unknown_kind", value=values["kind"])
        if values["level"] not in LEVELS:
            yield row.fault("level", "unknown_level", value=values["level"])
        if values.get("parent") and values["parent"] not in codes:
            yield row.fault("parent", "unknown_unit", value=values["parent"])
        if values.get("division") and values["division"] not in divisions:
            yield row.fault("division", "unknown_division", value=values["division"])
        for name in (values["name"], *values["aliases"]):
            if said.setdefault(str(name), values["code"]) != values["code"]:
                yield row.fault("aliases", "name_of_two", value=str(name), other=said[str(name)])


def _wrong_items(items: list[Table], units: set[str]) -> Iterator[Fault]:
    codes = [row.values["code"] for row in items]
    for row in items:
        yield from row.repeated(codes)
        named = row.values.get("units", [])
        for code in named:
            if code not in units:
                yield row.fault("units", "unknown_unit", value=str(code))
        if len(set(map(str, named))) != len(named):
            yield row.fault("units", "repeated_unit")
        if row.name == "item" and row.values["units_text"] not in row.values["text"]:
            yield row.fault("units_text", "not_in_text")


def _wrong_divisions(divisions: list[tuple[int, PolicyDivision]]) -> Iterator[Fault]:
    seen: dict[str, PolicyDivision] = {}
    for line, division in divisions:
        if division.code in seen:
            yield Fault(DIVISIONS, line, "repeated_code", {"code": division.code})
        above = LEVELS.index(division.level) - 1
        parent = seen.get(division.parent)
        if (above < 0) != (not division.parent) or (above >= 0 and (parent is None or parent.level != LEVELS[above])):
            yield Fault(DIVISIONS, line, "wrong_parent", {"code": division.code, "parent": division.parent})
        seen[division.code] = division

"""The county's policy document as data: read whole or refused whole, with file, line and reason of every fault.

A policy is four files: `policy.toml` (the document), `units.toml` (whom it names), `items.toml` (its items and requirements, each citing
its paragraph) and `divisions.csv`. This module reads and checks; the loader writes. `docs/policy-map.md` says where each sentence lives.
The files named in `BESIDE` may lie beside them; `rules.lists.catalogue`, `rules.policy_region`, `rules.workdays.policy`,
`rules.cases.policy` and `rules.disclosure_policy` read those.
"""

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from anju.rules.chain import canonical
from anju.rules.policy_checks import document_faults, file_faults, item_faults, report_faults, unit_faults
from anju.rules.policy_divisions import DIVISIONS, PolicyDivision, read_divisions
from anju.rules.policy_faults import Fault, PolicyFaults
from anju.rules.policy_shapes import BESIDE, DIVISIONS_SOURCE, DOCUMENT, ITEM, REPORT, REQUIREMENT, ROOTS, UNIT
from anju.rules.policy_tables import Row, read_toml, shape_faults

POLICY, UNITS, ITEMS = "policy.toml", "units.toml", "items.toml"
FILES: Final = (POLICY, UNITS, ITEMS, DIVISIONS)


@dataclass(frozen=True, slots=True)
class PolicyUnit:
    """An organisation the document names. `division` is the code of its place; `aliases` are the document's other spellings.

    `town_of_compound`: where the document names this town's government, the government of the compound's own town is meant.
    """

    code: str
    name: str
    kind: str
    level: str
    aliases: tuple[str, ...]
    cite: str
    division: str
    valid_from: date
    parent: str = ""
    town_of_compound: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class PolicyItem:
    """A numbered item (工作任务) or, without units, a requirement (工作要求). `units` are codes in the document's order.

    `text` is the whole paragraph as printed, `units_text` what it says after 责任单位. The order says nothing of a lead.
    """

    code: str
    heading: str
    cite: str
    text: str
    valid_from: date
    units_text: str = ""
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyReport:
    """The quarterly report of 三(四): on this `day` of a quarter's last month, to the unit with code `to`."""

    day: int
    to: str
    phone: str
    email: str
    cite: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a policy. `items` holds the items and then the requirements; `digest` changes with anything in it."""

    code: str
    version: int
    title: str
    number: str
    issuer: str
    issued_on: date
    in_force_from: date
    county: str
    county_name: str
    cite: str
    report: PolicyReport
    units: tuple[PolicyUnit, ...]
    items: tuple[PolicyItem, ...]
    divisions: tuple[PolicyDivision, ...]
    divisions_source: str
    digest: str = ""


def parse_policy(files: Mapping[str, str | bytes]) -> Policy:
    """Return the policy that the named files hold, or raise `PolicyFaults` with all of their faults.

    The digest is of the content, not of the letters: comments, spacing and the order of keys do not change it.
    """
    faults: list[Fault] = []
    texts = _texts(files, faults)
    head, units, items = (_root(name, texts, faults) for name in (POLICY, UNITS, ITEMS))
    divisions = read_divisions(texts[DIVISIONS], faults) if DIVISIONS in texts else {}
    faults.extend(_contradictions(head, units, items, divisions, frozenset(fault.file for fault in faults)))
    if faults:
        raise PolicyFaults(faults)
    policy = _policy(head, units, items, divisions)
    return dataclasses.replace(policy, digest=_digest(policy))


def _texts(files: Mapping[str, str | bytes], faults: list[Fault]) -> dict[str, str]:
    """Return the texts of the wanted files; a mark of UTF-8 at the beginning, as spreadsheets write it, is dropped."""
    faults.extend(Fault(name, 0, "missing_file") for name in FILES if name not in files)
    faults.extend(Fault(name, 0, "unknown_file") for name in files if name not in (*FILES, *BESIDE))
    texts: dict[str, str] = {}
    for name in files.keys() & set(FILES):
        content = files[name]
        try:
            text = content if isinstance(content, str) else content.decode()
        except UnicodeDecodeError as error:
            faults.append(Fault(name, error.object.count(b"\n", 0, error.start) + 1, "not_utf8"))
            continue
        texts[name] = text.removeprefix("\ufeff")
    return texts


def _root(name: str, texts: Mapping[str, str], faults: list[Fault]) -> Row:
    """Return a file read and held against its shapes; an empty one, with its fault told, where there is nothing to read."""
    nothing = Row(name, (), {}, {})
    if name not in texts:
        return nothing
    root = read_toml(name, texts[name])
    if isinstance(root, Fault):
        faults.append(root)
        return nothing
    faults.extend(shape_faults(root, ROOTS[name]))
    for table, shape in (("policy", DOCUMENT), ("divisions", DIVISIONS_SOURCE), ("report", REPORT)):
        if isinstance(root.values.get(table), dict) and table in ROOTS[name]:
            faults.extend(shape_faults(root.table(table), shape))
    for table, shape in (("unit", UNIT), ("item", ITEM), ("requirement", REQUIREMENT)):
        for row in root.tables(table) if table in ROOTS[name] else ():
            faults.extend(shape_faults(row, shape))
    return root


def _contradictions(
    head: Row, units: Row, items: Row, divisions: Mapping[str, PolicyDivision], faulty: frozenset[str]
) -> Iterator[Fault]:
    """Hold the files against each other, as far as those compared are free of faults: one slip should not be told as ten."""
    document, named = head.table("policy"), units.tables("unit")
    if not faulty & {POLICY, DIVISIONS}:
        yield from document_faults(document, divisions)
    if not faulty & {POLICY, UNITS}:
        yield from file_faults(units, document)
        yield from report_faults(head.table("report"), named)
    if not faulty & {POLICY, UNITS, DIVISIONS}:
        yield from unit_faults(named, document, divisions)
    if not faulty & {POLICY, ITEMS}:
        yield from file_faults(items, document)
    if not faulty & {UNITS, ITEMS}:
        yield from item_faults(items, named)


def _policy(head: Row, units: Row, items: Row, divisions: Mapping[str, PolicyDivision]) -> Policy:
    county = head.table("policy").values["county"]
    return Policy(
        **head.table("policy").values,
        report=PolicyReport(**head.table("report").values),
        units=tuple(_unit(row.values, county, units.values["valid_from"]) for row in units.tables("unit")),
        items=tuple(
            _item(row.values, items.values["valid_from"])
            for row in (*items.tables("item"), *items.tables("requirement"))
        ),
        divisions=tuple(divisions.values()),
        divisions_source=head.table("divisions").values["source"],
    )


def _unit(values: Mapping[str, Any], county: str, valid_from: date) -> PolicyUnit:
    return PolicyUnit(**{"division": county, **values, "aliases": tuple(values["aliases"])}, valid_from=valid_from)


def _item(values: Mapping[str, Any], valid_from: date) -> PolicyItem:
    return PolicyItem(**{**values, "units": tuple(values.get("units", ()))}, valid_from=valid_from)


def _digest(policy: Policy) -> str:
    """Return the SHA-256 of the canonical content, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(_plain(dataclasses.asdict(policy))).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value

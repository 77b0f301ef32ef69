"""What a workflow names and what there is: every state, role, evidence, guard, mark, clock and type that a row names exists."""

from collections.abc import Iterable, Iterator
from typing import Final

from anju.rules.cases.guards import GUARDS
from anju.rules.cases.marks import MARKS
from anju.rules.cases.roles import CASE_ROLES
from anju.rules.cases.workflow import SAME, Urgency
from anju.rules.cases.workflow_shapes import LISTED
from anju.rules.policy_faults import Fault
from anju.rules.policy_tables import Row

_CODED: Final = (
    "state",
    "evidence",
    "transition",
    "clock",
    "milestone",
    "outcome",
    "notice",
    "measure",
    "type",
    "reason",
    "ground",
)
_MOVES: Final = ("start", "stop", "pause", "resume", "extend", "reset", "earliest")
CAUSES: Final = frozenset({"reworks", "redos", "not_on_scene"})


def reference_faults(root: Row, units: frozenset[str]) -> Iterator[Fault]:
    """Yield every code that is used twice and every name of something that is not there."""
    rows = {table: root.tables(table) for table in LISTED}
    for table in _CODED:
        yield from repeated(rows[table], "code")
    yield from repeated(rows["type"], "prefix")
    yield from repeated(rows["level"], "level")
    codes = {table: {row.values["code"] for row in rows[table]} for table in _CODED}
    for row in rows["transition"]:
        yield from _transition(row, codes)
    for row in rows["clock"]:
        yield from _clock(row, codes)
    for row in rows["limit"]:
        yield from named(row, "clock", [row.values["clock"]], codes["clock"])
        if not any(urgency in row.values for urgency in Urgency):
            yield row.fault("clock", "limit_empty", value=row.values["clock"])
    for table in ("limit", "milestone", "outcome"):
        for row in rows[table]:
            yield from named(row, "types", row.values["types"], codes["type"])
    for row in rows["milestone"]:
        yield from _needs(row, codes)
    for row in rows["outcome"]:
        yield from named(row, "by", row.values.get("by", ()), codes["transition"])
    for row in rows["proof"]:
        yield from named(row, "needs", row.values["needs"], codes["evidence"])
    for row in rows["ground"]:
        yield from named(row, "acts", row.values["acts"], codes["transition"])
    for row in rows["notice"]:
        yield from named(row, "on", row.values["on"], codes["transition"])
    for row in rows["level"]:
        yield from named(row, "to", row.values["to"], CASE_ROLES)
        yield from named(row, "also", row.values.get("also", ()), CAUSES)
    for row in rows["type"]:
        yield from named(row, "transitions", row.values["transitions"], codes["transition"])
        yield from named(row, "reported_as", [row.values.get("reported_as") or row.values["code"]], codes["type"])
    recusal = root.table("recusal")
    yield from named(recusal, "verifiers", recusal.values["verifiers"], CASE_ROLES)
    if recusal.values["bureau"] not in units:
        yield recusal.fault("bureau", "unknown_unit", value=recusal.values["bureau"])


def repeated(rows: Iterable[Row], key: str) -> Iterator[Fault]:
    """Yield a fault for every row whose `key` an earlier row has."""
    first: dict[object, int] = {}
    for row in rows:
        value = row.values[key]
        if value in first:
            yield row.fault(key, "repeated_code", value=value, first=first[value])
        first.setdefault(value, row.line(key))


def named(row: Row, key: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Fault]:
    """Yield a fault for every name that is not known."""
    there = set(known)
    for name in names:
        if name not in there:
            yield row.fault(key, "unknown_name", value=name)


def _transition(row: Row, codes: dict[str, set[str]]) -> Iterator[Fault]:
    values = row.values
    yield from named(row, "from", values["from"], codes["state"])
    yield from named(row, "to", [values["to"]], codes["state"] | {SAME})
    yield from named(row, "roles", values["roles"], CASE_ROLES)
    yield from named(row, "guards", values.get("guards", ()), GUARDS)
    yield from named(row, "marks", values.get("marks", ()), MARKS)
    yield from _needs(row, codes)


def _needs(row: Row, codes: dict[str, set[str]]) -> Iterator[Fault]:
    for need in row.values.get("needs", ()):
        yield from named(row, "needs", need.split("|"), codes["evidence"])


def _clock(row: Row, codes: dict[str, set[str]]) -> Iterator[Fault]:
    known = codes["transition"] | {f"milestone:{code}" for code in codes["milestone"]}
    for key in _MOVES:
        yield from named(row, key, row.values.get(key, ()), known)
    fires = row.values.get("fires")
    yield from named(row, "fires", [fires] if fires else (), codes["transition"])

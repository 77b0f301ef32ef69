"""workflow.toml: read whole or refused whole, with line and reason of every fault."""

from collections.abc import Mapping
from typing import Any, Final

from anju.rules.cases.workflow import (
    Amount,
    CaseType,
    Clock,
    Ground,
    Kind,
    Level,
    Limit,
    Limits,
    Measure,
    Milestone,
    Notice,
    Outcome,
    Proof,
    Reason,
    Recusal,
    State,
    Transition,
    Urgency,
    Workflow,
)
from anju.rules.cases.workflow_checks import graph_faults
from anju.rules.cases.workflow_references import reference_faults
from anju.rules.cases.workflow_shapes import LISTED, ROOT, SINGLE
from anju.rules.policy_faults import Fault, PolicyFaults
from anju.rules.policy_tables import Row, Shape, read_toml, shape_faults

WORKFLOW: Final = "workflow.toml"


def parse_workflow(content: str | bytes, *, units: frozenset[str]) -> Workflow:
    """Return the workflow of a file's content, or raise `PolicyFaults`. `units` are the codes of units.toml."""
    root = read_root(WORKFLOW, content, ROOT, LISTED, SINGLE)
    faults = list(reference_faults(root, units))
    if faults:
        raise PolicyFaults(faults)
    workflow = _workflow(root)
    faults = list(graph_faults(workflow, root))
    if faults:
        raise PolicyFaults(faults)
    return workflow


def read_root(
    name: str, content: str | bytes, shape: Shape, listed: Mapping[str, Shape], single: Mapping[str, Shape]
) -> Row:
    """Return the file held against its shapes, or raise `PolicyFaults`."""
    try:
        text = content if isinstance(content, str) else content.decode()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise PolicyFaults([Fault(name, line, "not_utf8")]) from error
    root = read_toml(name, text.removeprefix("\ufeff"))
    if isinstance(root, Fault):
        raise PolicyFaults([root])
    faults = list(shape_faults(root, shape))
    for table, wanted in listed.items():
        for row in root.tables(table):
            faults.extend(shape_faults(row, wanted))
    for table, wanted in single.items():
        if isinstance(root.values.get(table), dict):
            faults.extend(shape_faults(root.table(table), wanted))
    if faults:
        raise PolicyFaults(faults)
    return root


def _workflow(root: Row) -> Workflow:
    of = {table: [_values(row) for row in root.tables(table)] for table in LISTED}
    return Workflow(
        version=root.values["version"],
        valid_from=root.values["valid_from"],
        states={row["code"]: State(**{**row, "kind": Kind(row["kind"])}) for row in of["state"]},
        transitions={row["code"]: _transition(row) for row in of["transition"]},
        types={row["code"]: CaseType(**row) for row in of["type"]},
        clocks={row["code"]: _clock(row) for row in of["clock"]},
        limit_rows=tuple(_limit(row) for row in of["limit"]),
        milestones={row["code"]: _milestone(row) for row in of["milestone"]},
        outcomes={row["code"]: Outcome(**row) for row in of["outcome"]},
        notices=tuple(Notice(**row) for row in of["notice"]),
        levels=tuple(_level(row) for row in of["level"]),
        reasons=tuple(Reason(**row) for row in of["reason"]),
        grounds=tuple(Ground(**row) for row in of["ground"]),
        proofs=tuple(Proof(**row) for row in of["proof"]),
        measures=tuple(Measure(**row) for row in of["measure"]),
        evidence={row["code"]: row["name"] for row in of["evidence"]},
        limits=Limits(**_amounts(root.table("limits"))),
        recusal=Recusal(**_values(root.table("recusal"))),
    )


def _values(row: Row) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.values.items()}


def _transition(row: dict[str, Any]) -> Transition:
    return Transition(from_=row.pop("from"), **row)


def _milestone(row: dict[str, Any]) -> Milestone:
    return Milestone(urgencies=tuple(map(Urgency, row.pop("urgencies", ()))), **row)


def _clock(row: dict[str, Any]) -> Clock:
    most = row.pop("extend_most", None)
    return Clock(extend_most=Amount.of(most) if most else None, **row)


def _limit(row: dict[str, Any]) -> Limit:
    amounts = {urgency: Amount.of(row.pop(urgency)) for urgency in Urgency if urgency in row}
    return Limit(amounts=amounts, **row)


def _level(row: dict[str, Any]) -> Level:
    reply = row.pop("reply_within", None)
    return Level(reply_within=Amount.of(reply) if reply else None, **row)


def _amounts(row: Row) -> dict[str, Any]:
    return {key: Amount.of(value) if isinstance(value, str) else value for key, value in row.values.items()}

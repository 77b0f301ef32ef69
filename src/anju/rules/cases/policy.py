"""The two files of cases in a policy folder, read together and refused together."""

from collections.abc import Mapping
from dataclasses import dataclass

from anju.rules.cases.matters import MATTERS, Matters, parse_matters
from anju.rules.cases.workflow import Workflow
from anju.rules.cases.workflow_file import WORKFLOW, parse_workflow
from anju.rules.policy import Policy
from anju.rules.policy_faults import Fault, PolicyFaults
from anju.rules.policy_shapes import CASES


@dataclass(frozen=True, slots=True)
class Cases:
    """How cases run in a county, and what they may be about."""

    workflow: Workflow
    matters: Matters


def parse_cases(files: Mapping[str, str | bytes], policy: Policy) -> Cases:
    """Return workflow and matters of a policy folder, or raise `PolicyFaults`. `policy` is what the folder's other files say."""
    missing = [Fault(name, 0, "missing_file") for name in CASES if name not in files]
    if missing:
        raise PolicyFaults(missing)
    units = frozenset(unit.code for unit in policy.units)
    workflow = parse_workflow(files[WORKFLOW], units=units)
    items = {item.code: item.units for item in policy.items if item.units}
    matters = parse_matters(files[MATTERS], units=units, items=items, types=frozenset(workflow.types))
    return Cases(workflow, matters)

"""What a workflow must be besides well formed: no dead ends, nothing that never happens, nobody left waiting for a silent citizen.

Every row names only what there is (`workflow_references`).
"""

from collections.abc import Iterator
from typing import Final

from anju.rules.cases.workflow import SAME, START, CaseType, Kind, Transition, Workflow
from anju.rules.policy_faults import Fault
from anju.rules.policy_tables import Row

_CITIZEN: Final = "reporter"
_DONE: Final = (Kind.FINAL, Kind.END)


def graph_faults(workflow: Workflow, root: Row) -> Iterator[Fault]:
    """Yield what cannot happen and where a case would lie for ever."""
    types = dict(zip(workflow.types, root.tables("type"), strict=True))
    for case_type in workflow.types.values():
        yield from _type_faults(workflow, case_type, types[case_type.code])
    for transition, row in zip(workflow.transitions.values(), root.tables("transition"), strict=True):
        if not any(transition.code in case_type.transitions for case_type in workflow.types.values()):
            yield row.fault("code", "never_fires", value=transition.code)
    for code, row in zip(workflow.clocks, root.tables("clock"), strict=True):
        yield from _clock_faults(workflow, code, row)


def moves_of(workflow: Workflow, case_type: CaseType) -> list[Transition]:
    return [workflow.transitions[code] for code in case_type.transitions]


def reachable(workflow: Workflow, case_type: CaseType, start: str = START) -> set[str]:
    """Return the states that can follow from `start`, itself among them."""
    moves = moves_of(workflow, case_type)
    found, edge = {start}, [start]
    while edge:
        state = edge.pop()
        after = {move.target(state) for move in moves if state in (move.from_ or (START,))} - found
        found |= after
        edge += after
    return found


def _type_faults(workflow: Workflow, case_type: CaseType, row: Row) -> Iterator[Fault]:
    states = reachable(workflow, case_type)
    moves = moves_of(workflow, case_type)
    for move in moves:
        if not states & set(move.from_ or (START,)):
            yield row.fault("transitions", "never_fires", value=move.code)
    for state in sorted(states - {START}):
        ends = {code for code in reachable(workflow, case_type, state) if workflow.states[code].kind is Kind.END}
        if not ends:
            yield row.fault("transitions", "dead_end", value=state)
        elif workflow.states[state].kind not in _DONE and not _moved_by_office(moves, state):
            yield row.fault("transitions", "citizen_only", value=state)


def _moved_by_office(moves: list[Transition], state: str) -> bool:
    """Say whether somebody besides the citizen can lead a case out of the state."""
    ways = [move for move in moves if state in move.from_ and move.to not in (SAME, state)]
    return any(set(move.roles) - {_CITIZEN} for move in ways)


def _clock_faults(workflow: Workflow, code: str, row: Row) -> Iterator[Fault]:
    """A clock has a limit somewhere; in every type where it has one it starts and it stops, and what it fires is the system's.

    That of answering an order of oversight may have none: the order says by when.
    """
    clock = workflow.clocks[code]
    timed = {case_type for limit in workflow.limit_rows if limit.clock == code for case_type in limit.types}
    if not timed and not workflow.is_reply(clock):
        yield row.fault("code", "clock_without_limit", value=code)
    for case_type in sorted(timed):
        if not any(_happens(workflow, case_type, name) for name in clock.start):
            yield row.fault("start", "clock_never_starts", value=case_type)
        if not any(_happens(workflow, case_type, name) for name in clock.stop):
            yield row.fault("stop", "clock_never_stops", value=case_type)
    if clock.fires and "system" not in workflow.transitions[clock.fires].roles:
        yield row.fault("fires", "not_by_system", value=clock.fires)


def _happens(workflow: Workflow, case_type: str, name: str) -> bool:
    _, _, milestone = name.rpartition("milestone:")
    if milestone != name:
        return case_type in workflow.milestones[milestone].types
    return workflow.enabled(case_type, name)

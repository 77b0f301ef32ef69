"""Every type, state, transition and role through the engine, against the table written by hand."""

from itertools import product

import pytest

from anju.rules.cases.engine import NotAllowed, apply, may
from anju.rules.cases.roles import CASE_ROLES
from anju.rules.cases.workflow import START
from tests.rules.cases.expected import EXPECTED, ROLES, STATES, TYPES
from tests.rules.cases.ready import ready
from tests.rules.cases.sample import BOOK, DEMO, workflow_of

COMBINATIONS = 5 * 18 * 69 * 15  # types, states and none, acts, roles
ALLOWED = 1245


def test_table_names_what_the_workflow_has() -> None:
    assert set(EXPECTED) == set(DEMO.transitions)
    assert set(STATES.values()) == {START, *DEMO.states}
    assert set(ROLES.values()) == set(CASE_ROLES)
    assert set(TYPES.values()) == set(DEMO.types)
    assert workflow_of("zhongshan-2024") == DEMO


@pytest.mark.parametrize("case_type", TYPES.values())
def test_act_is_allowed_exactly_where_the_table_says(case_type: str) -> None:
    wrong = []
    for state, transition, role in product(STATES.values(), EXPECTED, ROLES.values()):
        row = EXPECTED[transition]
        expected = case_type in row.types and state in row.from_ and role in row.roles
        facts, act = ready(DEMO, case_type, state, transition, role)
        decision = may(BOOK, facts, act)
        if decision.allowed is not expected:
            wrong.append((state, transition, role, decision.codes))
        elif expected:
            after = apply(BOOK, facts, act).facts
            if after.state != (state if row.to == "=" else row.to) or after.seq != facts.seq + 1:
                wrong.append((state, transition, role, ("arrives", after.state)))
        elif not set(decision.codes) <= {"not_in_type", "wrong_state", "wrong_role"}:
            wrong.append((state, transition, role, decision.codes))
    assert not wrong


def test_table_is_as_large_as_it_says() -> None:
    assert len(TYPES) * len(STATES) * len(EXPECTED) * len(ROLES) == COMBINATIONS
    cells = [len(row.from_) * len(row.roles) * len(row.types) for row in EXPECTED.values()]
    assert sum(cells) == ALLOWED


def test_refused_act_changes_nothing() -> None:
    facts, act = ready(DEMO, "complaint", "closed", "sign", "handler")
    with pytest.raises(NotAllowed, match="wrong_state"):
        apply(BOOK, facts, act)

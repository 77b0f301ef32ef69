"""Whether every case is what its events say: the chain of each, and the columns that repeat the facts."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from anju.cases.models import Case, CaseEvent
from anju.cases.queries.catalogue import workflow_of
from anju.cases.queries.published import is_hidden
from anju.rules import chain
from anju.rules.cases.engine import fold
from anju.rules.cases.stored import read_event
from anju.rules.cases.workflow import Workflow


@dataclass(frozen=True, slots=True)
class BrokenCase:
    """`reason`: gap, forked or altered of its chain, or columns where they differ from the fold."""

    number: str
    reason: str


def broken_cases() -> Iterator[BrokenCase]:
    """Walk all cases and yield what does not hold; for `anju check`, without an actor."""
    workflows: dict[int, Workflow] = {}
    for case in Case.objects.select_related("matter", "derived_from").order_by("pk").iterator():
        workflow = workflows.setdefault(case.workflow_id, workflow_of(case.workflow_id))
        reason = _wrong(case, workflow)
        if reason:
            yield BrokenCase(case.number, reason)


def _wrong(case: Case, workflow: Workflow) -> str:
    rows = list(CaseEvent.objects.filter(case=case).order_by("seq").values_list("seq", "body", "previous", "digest"))
    broken = chain.first_break(chain.Sealed(*row) for row in rows)
    if broken:
        return broken.reason
    facts = fold(workflow, (read_event(json.loads(body)) for _, body, _, _ in rows))
    said = (case.state, case.version, case.urgency, case.mode, case.matter.code, case.score, case.level)
    told = (facts.state, facts.seq, facts.urgency, facts.mode, facts.matter, facts.score, facts.level)
    above = case.derived_from
    veiled = above is not None and is_hidden(above)
    kept = (case.private, case.released, case.undisclosed, case.veiled)
    shown = kept == (facts.private, facts.released, facts.undisclosed, veiled)
    lead = str(case.lead_id) if case.lead_id else ""
    return "" if said == told and shown and lead == facts.lead else "columns"

"""One thin path: a stranger files, the office handles, somebody else verifies, the stranger rates."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

from anju.base.actor import STRANGER
from anju.base.models import AuditEntry, Notice
from anju.cases.models import Case, CaseEvent
from anju.cases.queries.catalogue import workflow_of_case
from anju.cases.queries.reckoning import events_of, facts_of
from anju.cases.services.filing import Receipt, rate_case
from anju.rules.cases.engine import fold
from tests.cases.conftest import Do
from tests.people import NOW


def test_case_from_a_strangers_report_to_his_rating(
    place: SimpleNamespace,
    people: SimpleNamespace,
    file_case: Callable[..., Receipt],
    handled: Callable[[Case], Case],
    do: Do,
) -> None:
    receipt = file_case()
    assert (receipt.number[:8], len(receipt.code)) == ("TS-2026-", 6)
    case = handled(receipt.case)
    assert (case.state, case.lead_id, case.due_clock) == ("verifying", place.department.pk, "verify")
    do(people.community_worker, case, "verify_pass", at=NOW + timedelta(days=1), note={"call_note": "电话核实"})
    done = rate_case(actor=STRANGER, case=case, code=receipt.code, score=5, at=NOW + timedelta(days=2))
    assert (done.state, done.kind, done.closing, done.score) == ("closed", "final", "satisfied", 5)
    assert list(done.tasks.values_list("kind", "state")) == [("lead", "done"), ("verify", "done")]
    assert done.due_at is None
    workflow = workflow_of_case(done)
    assert facts_of(done, workflow) == fold(workflow, events_of(done))
    acts = list(CaseEvent.objects.filter(case=done).values_list("transition", flat=True))
    assert acts == ["submit", "accept", "dispatch", "sign", "report_result", "verify_pass", "rate_ok"]
    assert set(Notice.objects.exclude(channel="in_app").values_list("template", flat=True)) == {
        "case.accepted",
        "case.result",
    }
    assert AuditEntry.objects.filter(action="case.acted").count() == 6

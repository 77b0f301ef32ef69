"""The demo county's cases: one in nearly every state, made by the real services."""

from anju.accounts.services.setup import load_demo
from anju.base.actor import SYSTEM
from anju.cases.models import Case
from tests.people import NOW


def test_load_demo_makes_cases_in_many_states(db: None) -> None:
    load_demo(actor=SYSTEM, at=NOW)
    states = set(Case.objects.values_list("state", flat=True))
    assert states >= {
        "submitted", "accepted", "dispatched", "handling", "verifying", "feedback", "closed", "suspended", "info_needed",
        "mediating", "rejected",
    }  # fmt: skip
    assert Case.objects.get(joined=3).level > 1
    assert all("示例" in text for text in Case.objects.values_list("text", flat=True))

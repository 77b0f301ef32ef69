"""通知 for staff, and the call list where no short message can be sent."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from anju.base.actor import STRANGER
from anju.base.models import AuditEntry, Notice
from anju.base.outbox import deliver_due, queue_notice
from anju.cases.models import Case
from anju.cases.queries.calls import call_rows
from anju.cases.services.filing import Receipt
from anju.papers.calls import calls_pdf
from anju.papers.notices import said_notice
from tests.cases.conftest import do, file_case, handled, policy
from tests.papers.pdf_text import said
from tests.people import NOW, TODAY

__all__ = ["do", "file_case", "handled", "policy"]
PHONE = "13500000001"


@pytest.fixture
def called(file_case: Callable[..., Receipt], handled: Callable[..., Case]) -> Case:
    """An accepted case whose reporter is to be telephoned: there is no gateway."""
    case = handled(file_case().case, to="accept")
    deliver_due(None, said_notice, NOW)
    return case


@pytest.fixture(autouse=True)
def _at_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are opened at the town's hour."""
    monkeypatch.setattr("anju.web.notices.views.timezone.now", lambda: NOW)


def test_call_list_is_for_those_who_may_reveal_the_reporter(people: SimpleNamespace, called: Case) -> None:
    for who in ("bureau_officer", "town_officer", "community_worker"):
        [call] = call_rows(getattr(people, who).actor, at=NOW)
        assert (call.number, call.phone) == (called.number, PHONE)
    for who in ("other_town_officer", "department_officer", "manager", "chair", "audit_admin"):
        assert call_rows(getattr(people, who).actor, at=NOW) == []
    assert call_rows(STRANGER, at=NOW) == []


def test_call_list_is_closed_to_the_unit_the_case_is_about(
    place: SimpleNamespace, people: SimpleNamespace, called: Case
) -> None:
    called.parties.create(role="respondent", organisation=place.town_office, added_at=NOW)
    assert call_rows(people.town_officer.actor, at=NOW) == []
    assert len(call_rows(people.bureau_officer.actor, at=NOW)) == 1


def test_call_page_masks_and_its_paper_is_noted(people: SimpleNamespace, called: Case) -> None:
    page = people.town_officer.client.get(reverse("notices:calls")).content.decode()
    assert called.number in page
    assert "135****0001" in page
    assert PHONE not in page
    assert people.town_officer.client.get(reverse("notices:calls_pdf")).status_code == 405
    printed = people.town_officer.client.post(reverse("notices:calls_pdf"))
    assert printed["Cache-Control"] == "private, no-store"
    text = said(printed.content)
    assert PHONE in text
    assert "已受理" in text
    assert "何业主" not in text
    assert called.number in AuditEntry.objects.get(action="case.calls_printed").body


def test_settle_call_takes_it_off_the_list_once(people: SimpleNamespace, called: Case) -> None:
    [call] = call_rows(people.town_officer.actor, at=NOW)
    told = {"call": str(call.pk), "outcome": "reached"}
    assert people.other_town_officer.client.post(reverse("notices:settle"), told).status_code == 404
    assert people.town_officer.client.post(reverse("notices:settle"), told).status_code == 302
    row = Notice.objects.get(pk=call.pk)
    assert (row.state, row.settled_by) == ("sent", people.town_officer.user.pk)
    entry = AuditEntry.objects.get(action="notice.call_settled")
    assert '"reached":true' in entry.body
    assert PHONE not in entry.body
    assert people.town_officer.client.post(reverse("notices:settle"), told).status_code == 404
    assert call_rows(people.town_officer.actor, at=NOW) == []


@pytest.mark.parametrize("told", [{}, {"call": "x", "outcome": "reached"}, {"call": "1", "outcome": "maybe"}])
def test_settle_call_with_nonsense_changes_nothing(people: SimpleNamespace, called: Case, told: dict[str, Any]) -> None:
    assert people.town_officer.client.post(reverse("notices:settle"), told).status_code == 302
    assert len(call_rows(people.town_officer.actor, at=NOW)) == 1


def test_calls_paper_without_calls_says_so() -> None:
    assert "没有要打的电话" in said(calls_pdf([], county="示例县", on=TODAY, trial=False))


def test_notices_page_shows_ones_own_and_marks_them_read(people: SimpleNamespace) -> None:
    for user, count in ((people.town_officer.user, 3), (people.bureau_officer.user, 9)):
        queue_notice(
            template="work.waiting", channel=Notice.Channel.IN_APP, user_id=user.pk, values={"count": count}, at=NOW
        )
    address = reverse("notices:notices")
    page = people.town_officer.client.get(address).content.decode()
    assert "您有3件事项待办" in page
    assert "您有9件" not in page
    ids = [str(pk) for pk in Notice.objects.values_list("pk", flat=True)]
    people.town_officer.client.post(address, {"notice": [*ids, "x", "9" * 30]})
    assert "没有未读的通知" in people.town_officer.client.get(address).content.decode()
    assert "您有9件" in people.bureau_officer.client.get(address).content.decode()

"""The public ledger: nothing without a release, nothing of a person, nothing rare."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from anju.base.actor import STRANGER, Denied, Refused
from anju.base.models import AuditEntry, Notice
from anju.cases.models import Case, CaseClock, CaseEvent, LateNaming
from anju.cases.queries.catalogue import workflow_of_case
from anju.cases.queries.published import preview_of, public_ledger, released_cases
from anju.cases.queries.reckoning import facts_of
from anju.cases.services.beginning import code_of
from anju.cases.services.filing import Receipt, ask_privacy, rate_case
from anju.cases.services.naming import switch_late_naming
from anju.papers.notices import said_notice
from anju.web.citizen.passes import seal_pass
from tests.cases.conftest import Do
from tests.people import NOW

FileCase = Callable[..., Receipt]
Close = Callable[..., Case]


@pytest.fixture
def close(people: SimpleNamespace, file_case: FileCase, handled: Callable[..., Case], do: Do) -> Close:
    def one(*, release: bool, **told: object) -> Case:
        receipt = file_case(text="住3栋501，电话13800000000", spot="3栋501室", **told)
        case = handled(receipt.case)
        at = NOW + timedelta(days=2)
        do(people.community_worker, case, "verify_pass", at=at, note={"call_note": "电话核实"})
        case = rate_case(actor=STRANGER, case=case, code=receipt.code, score=5, at=NOW + timedelta(days=3))
        if release:
            case = do(people.bureau_reviewer, case, "release", at=NOW + timedelta(days=4), note={"preview": "已看"})
        return case

    return one


def test_public_ledger_shows_only_what_a_reviewer_released(client: Client, close: Close) -> None:
    for _ in range(5):
        close(release=True)
    close(release=False)
    found = public_ledger()
    assert len(found.rows) == 5
    assert {(row.matter, row.place, row.unit, row.days) for row in found.rows} == {
        ("乱收费", "示例·碧水花园", "县市场监管局", 3)
    }
    assert (found.counts, found.rest) == ((("示例·碧水花园", 5),), 0)
    page = client.get(reverse("ledger:public")).content.decode()
    for trace in ("13800000000", "3栋", "何业主", "TS-2026"):
        assert trace not in page
    assert "示例·</span>碧水花园" in page


def test_preview_is_the_row_that_becomes_public(people: SimpleNamespace, close: Close, do: Do, client: Client) -> None:
    """Whoever confirms having seen it has it before him: the fifth of its compound names the compound, the fourth only the town."""
    for _ in range(3):
        close(release=True)
    fourth, fifth = close(release=False), close(release=False)
    assert preview_of(fourth).place == "城关镇"
    do(people.bureau_reviewer, fourth, "release", at=NOW + timedelta(days=4), note={"preview": "已看"})
    told = preview_of(fifth)
    assert told.place == "示例·碧水花园"
    form = people.bureau_reviewer.client.get(reverse("cases:act", args=[fifth.pk, "release"])).content.decode()
    shown = form.partition('id="preview"')[2].partition("</section>")[0]
    for word in (told.matter, told.ended, told.unit.removeprefix("示例·"), f"用了 {told.days} 天", "没有公开的照片"):
        assert word in shown
    for trace in ("13800000000", "3栋", "何业主"):
        assert trace not in shown
    do(people.bureau_reviewer, fifth, "release", at=NOW + timedelta(days=4), note={"preview": "已看"})
    assert public_ledger().rows[0] == told == preview_of(Case.objects.get(pk=fifth.pk))


def test_case_whose_reporter_wants_it_hidden_is_not_released(people: SimpleNamespace, close: Close, do: Do) -> None:
    hidden = close(release=False, undisclosed=True)
    with pytest.raises(Refused) as refusal:
        do(people.bureau_reviewer, hidden, "release", at=NOW + timedelta(days=4), note={"preview": "已看"})
    assert "反映人申请了不公开" in str(refusal.value.values["why"])
    assert (
        "公开审查通过"
        not in people.bureau_reviewer.client.get(reverse("cases:case", args=[hidden.pk])).content.decode()
    )


def test_reporter_takes_his_case_out_of_the_ledger_and_lets_it_in_again(
    people: SimpleNamespace, close: Close, do: Do, client: Client
) -> None:
    """From his own page, with number and code; what was released is gone with the answer."""
    cases = [close(release=True) for _ in range(6)]
    case = cases[-1]
    code = code_of(CaseEvent.objects.get(case=case, seq=1).key or "")
    link = reverse("citizen:case", args=[seal_pass(case.number, code, timezone.now())])
    assert len(public_ledger().rows) == 6
    assert "不想让这件事公开" in client.get(link).content.decode()
    assert "只计数" in client.post(link, {"hide": "1"}, follow=True).content.decode()
    assert case.pk not in released_cases().values_list("pk", flat=True)
    assert len(public_ledger().rows) == 5
    assert "已按您说的不公开" in client.get(link).content.decode()
    assert client.post(link, {"hide": "1"}).status_code == 200  # said already: nothing is done twice
    client.post(link, {"show": "1"})
    assert len(public_ledger().rows) == 5, "only a reviewer lets it out again"
    again = NOW + timedelta(days=5)
    do(people.bureau_reviewer, case, "release", at=again, note={"preview": "已看"})
    assert len(public_ledger().rows) == 6


def test_what_comes_out_of_a_hidden_case_is_as_hidden(
    people: SimpleNamespace, file_case: FileCase, handled: Callable[..., Case], do: Do
) -> None:
    """The reporter's wish holds for what is derived from his case, begun before it or after, and so does his consent."""
    receipts = [file_case(undisclosed=hidden) for hidden in (True, False)]
    told = {"note": {"reason": "现场有违建"}, "child_type": "enforcement_lead", "matter": "WL03"}
    for receipt in receipts:
        handled(receipt.case, to="sign")
        do(people.department_officer, receipt.case, "derive", at=NOW + timedelta(hours=2), **told)
    assert [Case.objects.get(derived_from=receipt.case).undisclosed for receipt in receipts] == [True, False]

    second = receipts[1]
    ask_privacy(actor=STRANGER, case=second.case, code=second.code, wanted=True, at=NOW + timedelta(hours=3))
    child = Case.objects.get(derived_from=second.case)
    assert (child.undisclosed, facts_of(child, workflow_of_case(child)).undisclosed) == (True, True)
    ask_privacy(actor=STRANGER, case=second.case, code=second.code, wanted=False, at=NOW + timedelta(hours=4))
    assert not Case.objects.get(pk=child.pk).undisclosed


def test_reviewer_hears_that_what_is_public_was_taken_back(people: SimpleNamespace, close: Close) -> None:
    """Nothing was public of the other, so nobody has anything to hear of it."""
    released, closed = close(release=True), close(release=False)
    for case in (released, closed):
        code = code_of(CaseEvent.objects.get(case=case, seq=1).key or "")
        ask_privacy(actor=STRANGER, case=case, code=code, wanted=True, at=NOW + timedelta(days=5))
    rows = Notice.objects.filter(template="work.taken_back")
    assert [(row.user_id, row.about) for row in rows] == [(people.bureau_reviewer.user.pk, f"case:{released.pk}")]
    assert released.number in said_notice(rows[0].template, rows[0].values)


def test_database_shows_nothing_that_its_reporter_does_not_want_shown(close: Close) -> None:
    hidden = close(release=False, undisclosed=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=hidden.pk).update(released=True)


def test_survey_problem_that_comes_out_of_a_hidden_case_is_hidden_and_shown_with_it(
    people: SimpleNamespace, file_case: FileCase, handled: Callable[..., Case], do: Do
) -> None:
    receipt = file_case(undisclosed=True)
    handled(receipt.case, to="sign")
    told = {"note": {"reason": "整个小区都没有"}, "child_type": "survey_problem", "matter": "TC03"}
    do(people.department_officer, receipt.case, "derive", at=NOW + timedelta(hours=2), **told)
    child = Case.objects.get(derived_from=receipt.case)
    assert (child.type, child.undisclosed) == ("survey_problem", True)
    ask_privacy(actor=STRANGER, case=receipt.case, code=receipt.code, wanted=False, at=NOW + timedelta(hours=3))
    assert not Case.objects.get(pk=child.pk).undisclosed


def test_public_ledger_withholds_what_is_too_little(client: Client, close: Close) -> None:
    for _ in range(4):
        close(release=True)
    assert public_ledger().withheld
    page = client.get(reverse("ledger:public")).content.decode()
    assert "还不到 5 件" in page
    assert "碧水花园" not in page


def test_public_ledger_shows_a_compound_with_few_as_its_town(place: SimpleNamespace, close: Close) -> None:
    cases = [close(release=True) for _ in range(6)]
    Case.objects.filter(pk=cases[0].pk).update(compound=place.other_compound)
    found = public_ledger()
    assert {row.place for row in found.rows} == {"东江镇", "城关镇"}, "one alone drags the next smallest with it"
    assert (found.counts, found.rest) == ((), 6)


def test_public_ledger_forgets_what_was_withdrawn_or_is_private(people: SimpleNamespace, close: Close, do: Do) -> None:
    cases = [close(release=True) for _ in range(7)]
    do(people.bureau_reviewer, cases[0], "unpublish", at=NOW + timedelta(days=5), note={"reason": "当事人反映"})
    Case.objects.filter(pk=cases[1].pk).update(private=True)
    assert len(public_ledger().rows) == 5


def test_public_ledger_before_anything_is_released(client: Client, db: None) -> None:
    assert "还没有公开的" in client.get(reverse("ledger:public")).content.decode()


def late(case: Case, *, provisional: bool = False) -> None:
    """The case of `close` is ended within its days; here its day was the first one."""
    CaseClock.objects.filter(case=case, code="handle").update(due_at=NOW + timedelta(hours=2), provisional=provisional)


def test_public_ledger_names_what_ended_late_only_while_the_county_says_so(
    client: Client, people: SimpleNamespace, close: Close
) -> None:
    cases = [close(release=True) for _ in range(5)]
    late(cases[0])
    late(cases[1], provisional=True)
    address = reverse("ledger:public")
    assert "超期" not in client.get(address).content.decode()
    reviewer, page = people.bureau_reviewer, reverse("ledger:naming")
    shown = reviewer.client.get(page).content.decode()
    assert "现在不公开" in shown

    answer = reviewer.client.post(page, {"on": "1", "document": " "})
    assert "批准文件" in answer.content.decode()
    assert not LateNaming.objects.exists()
    reviewer.client.post(page, {"on": "1", "document": "示政办〔2026〕9号"})
    assert client.get(address).content.decode().count("超期办结") == 1

    again = reviewer.client.post(page, {"on": "1", "document": "示政办〔2026〕9号"})
    assert "已经是这样了" in again.content.decode()
    reviewer.client.post(page, {"on": "", "document": "示政办〔2026〕12号"})
    assert "超期" not in client.get(address).content.decode()
    assert [(row.number, row.on, row.document) for row in LateNaming.objects.all()] == [
        (2, False, "示政办〔2026〕12号"),
        (1, True, "示政办〔2026〕9号"),
    ]
    assert AuditEntry.objects.filter(action="naming.switched").count() == 2


def test_naming_is_begun_by_a_reviewer_alone(people: SimpleNamespace, db: None) -> None:
    told = {"on": "1", "document": "示政办〔2026〕9号"}
    answer = people.bureau_officer.client.post(reverse("ledger:naming"), told)
    assert answer.status_code == 404
    with pytest.raises(Denied):
        switch_late_naming(actor=people.bureau_officer.actor, on=True, document="示政办〔2026〕9号", at=NOW)
    assert not LateNaming.objects.exists()

"""The public ledger: nothing without a release, nothing of a person, nothing rare."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from anju.base.actor import STRANGER, Denied, Refused
from anju.base.models import AuditEntry, Notice
from anju.cases.models import Case, CaseClock, CaseEvent, LateNaming, WorkflowEdition
from anju.cases.queries.catalogue import workflow_of_case
from anju.cases.queries.citizen import similar_open
from anju.cases.queries.integrity import broken_cases
from anju.cases.queries.published import preview_of, public_ledger, released_cases
from anju.cases.queries.reckoning import book_of, facts_of
from anju.cases.queries.record import enterable_acts, offered_acts
from anju.cases.services.acting import around_of
from anju.cases.services.beginning import code_of
from anju.cases.services.filing import Receipt, ask_privacy, rate_case
from anju.cases.services.naming import switch_late_naming
from anju.papers.notices import said_notice
from anju.rules.cases.engine import may
from anju.rules.cases.facts import Act, Closing, Payload
from anju.rules.cases.workflow import Urgency
from anju.web.citizen.passes import seal_pass
from tests.cases.conftest import Do
from tests.people import NOW, TODAY

FileCase = Callable[..., Receipt]
Close = Callable[..., Case]
LATER = NOW + timedelta(days=4)


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


def derived(people: SimpleNamespace, do: Do, parent: Case, case_type: str, matter: str) -> Case:
    told = {"note": {"reason": "现场看到的"}, "child_type": case_type, "matter": matter}
    do(people.bureau_officer, parent, "derive", at=NOW + timedelta(hours=2), **told)
    return Case.objects.filter(derived_from=parent).latest("pk")


def accepted(people: SimpleNamespace, do: Do, case: Case) -> Case:
    note = {"duplicates": "查过"}
    told = {"matter": case.matter.code, "urgency": Urgency.B}
    return do(people.town_officer, case, "accept", at=NOW + timedelta(hours=3), note=note, **told)


@pytest.mark.parametrize("edition", [4, 5])
def test_what_comes_out_of_a_hidden_case_is_as_hidden_however_far_down(
    edition: int, people: SimpleNamespace, file_case: FileCase, handled: Callable[..., Case], do: Do
) -> None:
    """Through a dispute, which takes no such wish itself, in cases of an older edition too; consent lets all of it be shown again."""
    receipt = file_case()
    handled(receipt.case, to="sign")
    dispute = derived(people, do, receipt.case, "dispute", "WL09")
    accepted(people, do, dispute)
    lead = derived(people, do, dispute, "enforcement_lead", "WL03")
    content = (Path(__file__).parent / "editions" / "workflow-4.toml").read_text()
    old = WorkflowEdition.objects.create(
        policy="demo", version=4, valid_from=TODAY, digest="4", content=content, loaded_at=NOW
    )
    if edition == 4:
        Case.objects.filter(pk=lead.pk).update(workflow=old)
    Case.objects.filter(pk=dispute.pk).update(private=False)  # of the wish alone

    def veiled() -> list[bool]:
        return list(Case.objects.order_by("pk").values_list("veiled", flat=True))

    ask_privacy(actor=STRANGER, case=receipt.case, code=receipt.code, wanted=True, at=NOW + timedelta(hours=4))
    assert veiled() == [False, True, True]
    row = Case.objects.get(pk=lead.pk)
    book, _ = book_of(workflow_of_case(row), row)
    act = Act("release", "reviewer", LATER, evidence=frozenset({"preview"}), around=around_of(row, Payload()))
    closed = replace(facts_of(row, workflow_of_case(row)), state="closed", closing=Closing.SATISFIED)
    assert [reason.code for reason in may(book, closed, act).reasons] == ["veiled"]
    ask_privacy(actor=STRANGER, case=receipt.case, code=receipt.code, wanted=False, at=NOW + timedelta(hours=5))
    assert veiled() == [False] * 3


def test_what_is_public_and_came_out_of_a_case_goes_with_it(
    people: SimpleNamespace, file_case: FileCase, close: Close
) -> None:
    receipt, public = file_case(), close(release=True)
    Case.objects.filter(pk=public.pk).update(derived_from=receipt.case)
    assert public.pk in released_cases().values_list("pk", flat=True)
    ask_privacy(actor=STRANGER, case=receipt.case, code=receipt.code, wanted=True, at=NOW + timedelta(hours=4))
    assert public.pk not in released_cases().values_list("pk", flat=True)


def test_what_comes_out_of_a_private_case_is_not_shown(people: SimpleNamespace, file_case: FileCase, do: Do) -> None:
    parent = file_case(matter="WL09").case
    assert parent.private
    accepted(people, do, parent)
    assert derived(people, do, parent, "hazard", "SS01").veiled


def test_case_that_turns_out_to_be_private_is_so_from_then_on(
    people: SimpleNamespace, file_case: FileCase, do: Do
) -> None:
    """Filed under another matter than the one it is accepted under; what was seen of it, and what came out of it, is seen no more."""
    case = file_case(matter="WL03").case
    assert not case.private
    told = {"matter": "WL09", "urgency": Urgency.B}
    done = do(people.town_officer, case, "accept", at=NOW + timedelta(hours=1), note={"duplicates": "查过"}, **told)
    assert done.private
    assert list(broken_cases()) == []
    child = derived(people, do, done, "hazard", "SS01")
    assert (child.private, child.veiled) == (False, True)


def test_release_of_what_is_not_to_be_shown_is_not_offered(people: SimpleNamespace, close: Close) -> None:
    closed = close(release=False)
    reviewer = people.bureau_reviewer.actor
    assert "release" in {one.code for one in offered_acts(reviewer, closed, LATER)}
    Case.objects.filter(pk=closed.pk).update(veiled=True)
    closed.refresh_from_db()
    assert "release" not in {one.code for one in offered_acts(reviewer, closed, LATER)}


def test_nobody_asks_for_a_reporter_who_is_not_there(
    people: SimpleNamespace, file_case: FileCase, handled: Callable[..., Case], do: Do
) -> None:
    """Neither may staff bury what they found themselves, nor undo on a case that came out of another what its reporter asked for."""
    found = file_case(people.town_officer.actor, matter="WL03", source="patrol").case
    parent = file_case(undisclosed=True).case
    handled(parent, to="sign")
    child = derived(people, do, parent, "enforcement_lead", "WL03")
    for case, act in ((found, "ask_privacy"), (child, "ask_privacy"), (child, "drop_privacy")):
        offered = enterable_acts(people.town_officer.actor, Case.objects.get(pk=case.pk), NOW + timedelta(hours=3))
        assert act not in {one.code for one in offered}
        with pytest.raises(Refused) as refusal:
            do(
                people.town_officer,
                case,
                act,
                at=NOW + timedelta(hours=3),
                enter_for="reporter",
                note={"call_note": "来电"},
            )
        assert refusal.value.code == "case.not_allowed"
    offered = enterable_acts(people.town_officer.actor, Case.objects.get(pk=parent.pk), NOW + timedelta(hours=3))
    assert "drop_privacy" in {one.code for one in offered}


def test_what_is_not_to_be_shown_is_not_offered_to_neighbours(place: SimpleNamespace, file_case: FileCase) -> None:
    file_case(undisclosed=True)
    shown = file_case()
    assert [one.number for one in similar_open(place.compound, "SF01")] == [shown.number]


def test_columns_are_filled_for_cases_that_were_there_before(
    people: SimpleNamespace, file_case: FileCase, handled: Callable[..., Case], do: Do
) -> None:
    """What migration 0013 reads off the events is what the service writes."""
    receipts = [file_case(undisclosed=wish) for wish in (True, False, False, True)]
    for number, wanted in ((1, True), (3, False)):
        one = receipts[number]
        ask_privacy(actor=STRANGER, case=one.case, code=one.code, wanted=wanted, at=NOW + timedelta(minutes=5))
    handled(receipts[0].case, to="sign")
    derived(people, do, receipts[0].case, "enforcement_lead", "WL03")
    rows = Case.objects.order_by("pk").values_list("undisclosed", "veiled")
    written = list(rows)
    assert written == [(True, False), (True, False), (False, False), (False, False), (False, True)]
    assert list(broken_cases()) == []
    Case.objects.update(veiled=False)
    assert [one.number for one in broken_cases()] == [Case.objects.latest("pk").number]
    Case.objects.update(undisclosed=False)
    assert [one.number for one in broken_cases()] == [receipts[0].number, receipts[1].number]
    migration = import_module("anju.cases.migrations.0013_undisclosed")
    with connection.cursor() as cursor:
        cursor.execute(migration._FILL)
        cursor.execute(migration._VEIL)
    assert list(rows.all()) == written


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

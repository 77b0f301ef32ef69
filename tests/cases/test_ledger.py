"""问题清单 and the units' figures: scoped, free of personal traces, and equal to a recount by hand."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from anju.base.actor import STRANGER
from anju.base.models import AuditEntry
from anju.cases.models import Case, CaseParty
from anju.cases.queries.catalogue import workflow_of_case
from anju.cases.queries.figures import SHARES, Period, cases_behind, figures_of
from anju.cases.queries.ledger import Problem, ProblemsSought, every_problem, find_problems
from anju.cases.queries.reckoning import facts_of
from anju.cases.services.acting import Clearing
from anju.cases.services.filing import Receipt, rate_case
from anju.papers.problems import problems_pdf
from anju.rules.cases.facts import Running, TaskKind, TaskState
from anju.rules.cases.workflow import Urgency
from tests.cases.conftest import Do
from tests.papers.pdf_text import pages_of, said
from tests.people import NOW, TODAY, Person

FileCase = Callable[..., Receipt]
Handled = Callable[..., Case]
MUCH_LATER = NOW + timedelta(days=60)


@pytest.fixture
def cases(people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do) -> list[Case]:
    """One of each kind of end: satisfied, displeased, unverified, returned, late, fresh, checked and failed."""
    found = [file_case(text=f"第{number}件，电话13800000000，住3栋2单元501室") for number in range(7)]
    satisfied, displeased, waiting, returned, late, fresh, failed = found
    for receipt in (satisfied, displeased, waiting, failed):
        handled(receipt.case)
    for receipt, score in ((satisfied, 5), (displeased, 1)):
        note = {"call_note": "电话核实"}
        do(people.community_worker, receipt.case, "verify_pass", at=NOW + timedelta(days=2), note=note)
        at = NOW + timedelta(days=3)
        rate_case(actor=STRANGER, case=receipt.case, code=receipt.code, score=score, at=at)
    note = {"reason": "没有退款", "scene_photo": "见附件"}
    do(people.community_worker, failed.case, "verify_fail", at=NOW + timedelta(days=2), note=note)
    handled(returned.case, to="dispatch")
    do(people.department_officer, returned.case, "sign", at=NOW + timedelta(hours=1))
    do_return(people.department_officer, returned.case, do)
    handled(late.case, to="sign")
    assert fresh.case.state == "submitted"
    return [Case.objects.get(pk=receipt.case.pk) for receipt in found]


def do_return(person: Person, case: Case, do: Do) -> None:
    note = {
        "reason": "不属于本单位",
        "legal_basis": "职责分工",
        "proposed_unit": "县住建局",
        "dispatcher_consent": "同意",
    }
    do(person, case, "return_task", at=NOW + timedelta(hours=2), note=note)


def problems(person: Person, **sought: object) -> list[str]:
    found = find_problems(person.actor, ProblemsSought(**sought), MUCH_LATER)  # type: ignore[arg-type]
    return [one.number for one in every_problem(person.actor, found, MUCH_LATER)]


def test_problem_list_shows_each_its_own(people: SimpleNamespace, cases: list[Case]) -> None:
    every = [case.number for case in cases]
    assert problems(people.bureau_officer) == problems(people.town_officer) == every
    assert len(problems(people.department_officer)) == 6
    assert problems(people.other_town_officer) == problems(people.chair) == []


def test_problem_list_by_state_and_day(people: SimpleNamespace, cases: list[Case]) -> None:
    satisfied = cases[0].number
    assert problems(people.bureau_officer, state="struck") == [satisfied]
    assert satisfied not in problems(people.bureau_officer, state="open")
    assert set(problems(people.bureau_officer, state="late")) <= set(problems(people.bureau_officer, state="open"))
    assert cases[4].number in problems(people.bureau_officer, state="late")
    assert problems(people.bureau_officer, first=TODAY + timedelta(days=1)) == []
    assert len(problems(people.bureau_officer, first=TODAY, last=TODAY)) == 7


def test_problem_list_says_who_checked_it_and_when(people: SimpleNamespace, cases: list[Case]) -> None:
    found = find_problems(people.bureau_officer.actor, ProblemsSought(state="struck"), MUCH_LATER)
    [one] = every_problem(people.bureau_officer.actor, found, MUCH_LATER)
    assert one.struck_on == TODAY + timedelta(days=3)
    assert "吴城北" in one.verifier
    assert (one.progress, one.measures, one.unit) == ("已解决", "已责令退还", "县市场监管局")


def test_problem_list_blackens_what_tells_of_a_person(people: SimpleNamespace, cases: list[Case]) -> None:
    page = people.bureau_officer.client.get(reverse("ledger:problems")).content.decode()
    assert "第0件" in page
    for trace in ("13800000000", "501室"):
        assert trace not in page


def test_problem_list_never_names_the_reporter_whoever_wrote_the_name(
    people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do
) -> None:
    case = handled(file_case(name="何业主", text="我是何业主，多收了", spot="何业主门口").case)
    do(people.community_worker, case, "verify_pass", at=NOW + timedelta(days=2), note={"call_note": "电话核实"})
    [one] = rows_of(people.bureau_officer)
    assert "何业主" not in one.problem
    assert one.problem.count("███") == 2


def test_name_of_the_reporter_is_blackened_before_a_long_text_is_cut(
    people: SimpleNamespace, file_case: FileCase
) -> None:
    file_case(name="何业主", text=f"{'水' * 198}何业主")
    assert rows_of(people.bureau_officer)[0].problem.endswith("水██…")


def rows_of(person: Person) -> list[Problem]:
    return list(every_problem(person.actor, find_problems(person.actor, ProblemsSought(), MUCH_LATER), MUCH_LATER))


def test_problem_list_tells_a_company_no_more_than_the_page_of_the_case(
    place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase, do: Do
) -> None:
    """What nobody has cleared, the answer to the reporter and the name of who checked stay inside."""
    case = file_case(text="楼上的事，只有我看见", matter="SF01").case
    company, told = str(place.company.pk), {"matter": case.matter.code, "urgency": Urgency.B}
    cleared = {"note": {"duplicates": "是"}, "cleared": Clearing("")}
    do(people.town_officer, case, "accept", respondents=frozenset({company}), **told, **cleared)
    do(people.bureau_officer, case, "dispatch", lead=str(place.department.pk))
    do(people.department_officer, case, "sign", at=NOW + timedelta(hours=1))
    result = {"reply_text": "已答复反映人", "no_photo_reason": "与现场无关"}
    do(people.department_officer, case, "report_result", outcome="solved", note=result, at=NOW + timedelta(hours=2))
    later = NOW + timedelta(days=1)
    case = do(people.community_worker, case, "verify_pass", note={"call_note": "电话核实"}, at=later)
    do(people.community_worker, case, "rate_ok", enter_for="reporter", score=5, note={"call_note": "来电"}, at=later)
    [inside], [outside] = rows_of(people.bureau_officer), rows_of(people.company_admin)
    assert "只有我看见" in inside.problem
    assert (inside.measures, "吴城北" in inside.verifier) == ("已答复反映人", True)
    assert "只有我看见" not in outside.problem
    assert outside.measures == ""
    assert outside.verifier
    assert "吴城北" not in outside.verifier
    Case.objects.filter(pk=case.pk).update(redacted_text="楼上的事")
    assert "楼上的事" in rows_of(people.company_admin)[0].problem


def test_problem_list_of_an_outsider_says_what_was_cleared_and_nothing_else(
    place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do
) -> None:
    """The company's own list, workbook and paper are no way round the desk: no uncleared word, no reply to the reporter."""
    told: dict[str, Any] = {"respondents": frozenset({place.company.pk}), "text": "五栋楼顶在搭棚子，何业主看见的"}
    case = handled(file_case(**told).case)
    cleared = file_case(**told).case
    CaseParty.objects.filter(role="respondent").update(addressed_at=NOW)
    note = {"duplicates": "查过"}
    words = Clearing("楼顶在搭棚子，何业主看见的，13500000001")
    do(people.town_officer, cleared, "accept", note=note, matter="SF01", urgency=Urgency.B, cleared=words)
    assert Case.objects.get(pk=cleared.pk).redacted_text == "楼顶在搭棚子，███看见的，███████████"
    for person, shown in ((people.manager, False), (people.bureau_officer, True)):
        page = person.client.get(reverse("ledger:problems")).content.decode()
        assert case.number in page
        assert "楼顶在搭棚子" in page
        assert ("五栋楼顶" in page, "已责令退还" in page) == (shown, shown)
        assert "何业主" not in page
        paper = said(person.client.get(reverse("ledger:paper")).content)
        assert ("五栋楼顶" in paper, "何业主" in paper) == (shown, False)


def test_redaction_preview_covers_the_reporter_s_own_name_and_number(
    people: SimpleNamespace, file_case: FileCase
) -> None:
    case = file_case(text="何业主反映，楼顶在搭棚子").case
    page = people.town_officer.client.get(reverse("cases:act", args=[case.pk, "accept"])).content.decode()
    assert "███反映，楼顶在搭棚子</textarea>" in page


def test_problem_workbook_reads_back_as_the_countys_form(
    people: SimpleNamespace, file_case: FileCase, cases: list[Case]
) -> None:
    file_case(text='=HYPERLINK("http://x")&\'3')
    answer = people.bureau_officer.client.get(reverse("ledger:workbook"))
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    assert rows[0] == [
        "序号",
        "编号",
        "小区",
        "问题",
        "来源",
        "责任单位",
        "整改时限",
        "整改措施",
        "完成情况",
        "销号日期",
        "核查人",
    ]
    assert [row[1] for row in rows[1:]] == [case.number for case in Case.objects.order_by("pk")]
    assert [row[0] for row in rows[1:]] == list(range(1, 9))
    assert rows[1][9] == TODAY + timedelta(days=3)
    assert rows[8][3] == '乱收费：=HYPERLINK("http://x")&\'3'
    assert AuditEntry.objects.filter(action="case.list_exported").count() == 1


def test_problem_paper_says_the_same(people: SimpleNamespace, cases: list[Case]) -> None:
    found = find_problems(people.bureau_officer.actor, ProblemsSought(), MUCH_LATER)
    rows = list(every_problem(people.bureau_officer.actor, found, MUCH_LATER))
    text = said(problems_pdf(rows, about="全部", county="示例县", on=TODAY, trial=False))
    assert all(case.number in text for case in cases)
    assert "共7项" in text
    assert people.bureau_officer.client.get(reverse("ledger:paper")).content.startswith(b"%PDF")


def test_problem_paper_breaks_a_long_black_run_within_its_column(people: SimpleNamespace, file_case: FileCase) -> None:
    file_case(text="身份证452402199001011234" * 3)
    content = problems_pdf(rows_of(people.bureau_officer), about="全部", county="示例县", on=TODAY, trial=False)
    runs = re.findall("█+", "".join(pages_of(content)))
    assert sum(map(len, runs)) == 3 * 18
    assert max(map(len, runs)) < 18


def test_problem_list_costs_the_same_however_long_it_is(
    people: SimpleNamespace, file_case: FileCase, cases: list[Case]
) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert people.bureau_officer.client.get(reverse("ledger:problems")).status_code == 200
        return len(asked)

    count()
    few = count()
    for _ in range(5):
        file_case()
    assert count() == few


@pytest.mark.parametrize("who", ["bureau_officer", "town_officer", "department_officer"])
def test_figures_equal_a_recount_of_the_events(people: SimpleNamespace, cases: list[Case], who: str) -> None:
    """By the fold of the events, case by case, where the figures are read off rows."""
    [line] = figures_of(getattr(people, who).actor, Period(), MUCH_LATER)
    recount: dict[str, list[str]] = {name: [] for name in ("received", "done", *SHARES)}
    for case in cases:
        facts = facts_of(case, workflow_of_case(case))
        orders = [task for task in facts.tasks if task.kind is TaskKind.LEAD]
        clocks = [one for one in facts.clocks if one.code == "handle"]
        for place, task in enumerate(orders):
            recount["received"].append(case.number)
            if task.state is TaskState.RETURNED:
                recount["returned"].append(case.number)
                continue
            # A 不满意 sent it out again: each order has its own clock, and what was done again weighs on the first.
            clock = clocks[place] if len(orders) == len(clocks) else clocks[-1]
            if clock.stopped_at:
                recount["done"].append(case.number)
                if clock.stopped_at < clock.due:
                    recount["on_time"].append(case.number)
            elif clock.due <= MUCH_LATER and clock.state is Running.RUNNING:
                recount["overdue"].append(case.number)
            for name, holds in (
                ("reworked", facts.reworks),
                ("redone", facts.redos and place == 0),
                ("rated", facts.closing and facts.score),
                ("satisfied", facts.closing == "satisfied"),
                ("unrated", facts.closing == "unrated"),
                ("overseen", facts.level > 1),
            ):
                if holds:
                    recount[name].append(case.number)
    assert (line.figures.received, line.figures.done) == (len(recount["received"]), len(recount["done"]))
    assert {name: sorted(getattr(line.figures, name).cases) for name in SHARES} == {
        name: sorted(recount[name]) for name in SHARES
    }
    assert recount["satisfied"] == [cases[0].number]
    assert recount["returned"] == [cases[3].number]


def test_figure_opens_its_rows(place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]) -> None:
    actor = people.bureau_officer.actor
    assert cases_behind(actor, Period(), place.department.pk, "satisfied", MUCH_LATER) == [cases[0].number]
    assert cases_behind(actor, Period(), place.department.pk, "unit", MUCH_LATER) is None
    page = people.bureau_officer.client.get(reverse("ledger:figures")).content.decode()
    address = reverse("ledger:behind", args=[place.department.pk])
    assert f"{address}?figure=satisfied" in page
    opened = people.bureau_officer.client.get(address, {"figure": "satisfied"}).content.decode()
    assert cases[0].number in opened
    assert cases[1].number not in opened
    assert people.bureau_officer.client.get(address, {"figure": "nonsense"}).status_code == 404
    nothing = people.other_town_officer.client.get(address, {"figure": "received"}).content.decode()
    assert cases[0].number not in nothing


def test_figures_of_another_period_are_empty(people: SimpleNamespace, cases: list[Case]) -> None:
    assert figures_of(people.bureau_officer.actor, Period(first=TODAY + timedelta(days=30)), MUCH_LATER) == []

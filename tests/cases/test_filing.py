"""Filing: once, by anyone, for himself or for another; and opening the case again without an account."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from anju.base.actor import STRANGER, Denied, Refused
from anju.cases.models import Case, CaseCounter, CaseParty
from anju.cases.queries.citizen import similar_open, status_of
from anju.cases.services.filing import Receipt, join_case, nudge_case, rate_case, submit_case
from anju.cases.services.lookups import Visitor, look_up_case
from anju.rules.cases.facts import Mode
from tests.cases.conftest import filing
from tests.people import NOW

FileCase = Callable[..., Receipt]
ELSEWHERE = Visitor("203.0.113.7")


def test_submit_case_twice_is_one_case(place: SimpleNamespace, policy: None) -> None:
    told = filing(place)
    first = submit_case(actor=STRANGER, filing=told, at=NOW)
    again = submit_case(actor=STRANGER, filing=told, at=NOW + timedelta(minutes=1))
    assert (again.number, again.code) == (first.number, first.code)
    assert Case.objects.count() == 1


def test_submit_case_counts_on_within_its_year_and_stops_where_numbers_are_spent(
    place: SimpleNamespace, file_case: FileCase
) -> None:
    first, second = file_case(), file_case()
    assert [one.number[:14] for one in (first, second)] == ["TS-2026-000001", "TS-2026-000002"]
    CaseCounter.objects.update(last=999_999)
    with pytest.raises(Refused) as refusal:
        file_case()
    assert (refusal.value.code, refusal.value.values) == ("case.numbers_spent", {"year": 2026})
    assert (Case.objects.count(), CaseCounter.objects.get().last) == (2, 999_999)


def test_submit_case_keeps_neither_code_nor_name_with_the_case(place: SimpleNamespace, file_case: FileCase) -> None:
    receipt = file_case()
    row = Case.objects.values().get(pk=receipt.case.pk)
    assert receipt.code not in str(row)
    assert not {"何业主", "13500000001"} & {str(value) for value in row.values()}
    assert CaseParty.objects.get(case=receipt.case).phone == "13500000001"


def test_submit_case_anonymously_keeps_no_name(file_case: FileCase) -> None:
    party = CaseParty.objects.get(case=file_case(mode=Mode.ANONYMOUS).case)
    assert (party.name, party.user_id) == ("", None)


def test_submit_case_without_words_or_pictures(file_case: FileCase) -> None:
    with pytest.raises(Refused) as refusal:
        file_case(text="  ")
    assert refusal.value.code == "case.not_allowed"
    assert "还缺" in str(refusal.value.values["why"])


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"text": "长" * 5001}, "case.text_too_long"),
        ({"text": "零\0字节"}, "case.bad_text"),
        ({"phone": "12345"}, "person.bad_phone"),
        ({"matter": "XX99"}, "case.matter_unknown"),
        ({"key": "short"}, "case.bad_form"),
        ({"source": "nowhere"}, "case.bad_form"),
    ],
)
def test_submit_case_that_cannot_be_kept(file_case: FileCase, told: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        file_case(**told)
    assert refusal.value.code == code
    assert not Case.objects.exists()


def test_submit_case_of_an_ended_compound(place: SimpleNamespace, policy: None) -> None:
    place.compound.ended_on = place.compound.valid_from
    place.compound.save()
    with pytest.raises(Refused, match=r"place\.ended"):
        submit_case(actor=STRANGER, filing=filing(place), at=NOW)


def test_submit_case_for_a_citizen_at_the_counter(people: SimpleNamespace, file_case: FileCase) -> None:
    receipt = file_case(people.community_worker.actor, source="counter")
    assert len(receipt.code) == 6
    event = receipt.case.events.get()
    assert (event.role, event.user_id) == ("reporter", people.community_worker.user.pk)
    assert '"clerk"' in event.body


def test_submit_case_for_a_citizen_by_a_company(people: SimpleNamespace, file_case: FileCase) -> None:
    with pytest.raises(Refused, match=r"case\.may_not_enter"):
        file_case(people.manager.actor, source="counter")


def test_submit_case_by_the_company_itself(
    place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase
) -> None:
    receipt = file_case(people.manager.actor, source="company", matter="WL03")
    assert receipt.code == ""
    assert CaseParty.objects.get(case=receipt.case).organisation == place.company


def test_submit_case_by_one_without_a_post(people: SimpleNamespace, file_case: FileCase) -> None:
    for person in (people.nobody, people.audit_admin):
        with pytest.raises(Denied):
            file_case(person.actor)


def test_look_up_case_with_number_and_code(file_case: FileCase) -> None:
    receipt = file_case()
    typed = receipt.number.lower().replace("-", " ")
    case = look_up_case(actor=STRANGER, number=typed, code=receipt.code, visitor=ELSEWHERE, at=NOW)
    status = status_of(case, NOW)
    assert (status.word, status.matter, set(status.may)) == ("已收到", "乱收费", {"nudge", "withdraw", "ask_privacy"})
    assert [step.name for step in status.steps] == ["提交"]


@pytest.mark.parametrize("source", ["qr", "counter"])
def test_what_a_citizen_reports_of_a_survey_s_matters_is_a_complaint(
    source: str, people: SimpleNamespace, file_case: FileCase
) -> None:
    """So he may nudge, take it back and rate it, also where staff type his words; what staff find stays a problem of the survey."""
    receipt = file_case(people.town_officer.actor if source == "counter" else STRANGER, matter="TC03", source=source)
    assert (receipt.case.type, receipt.case.matter.code, receipt.number[:2]) == ("complaint", "TC03", "TS")
    assert set(status_of(receipt.case, NOW).may) == {"nudge", "withdraw", "ask_privacy"}
    found = file_case(people.town_officer.actor, matter="TC03", source="survey")
    assert (found.case.type, found.number[:2]) == ("survey_problem", "WT")


def test_look_up_case_by_guessing_locks_strangers_and_not_its_reporter(file_case: FileCase) -> None:
    receipt = file_case()
    wrong = "000001" if receipt.code != "000001" else "000002"
    for _ in range(5):
        with pytest.raises(Refused, match=r"case\.no_such_number"):
            look_up_case(actor=STRANGER, number=receipt.number, code=wrong, visitor=ELSEWHERE, at=NOW)
    for visitor in (ELSEWHERE, Visitor("198.51.100.9")):
        with pytest.raises(Refused, match=r"case\.lookup_locked"):
            look_up_case(actor=STRANGER, number=receipt.number, code=receipt.code, visitor=visitor, at=NOW)
    own = Visitor("203.0.113.7", "device", frozenset({receipt.number}))
    assert look_up_case(actor=STRANGER, number=receipt.number, code=receipt.code, visitor=own, at=NOW) == receipt.case
    other = file_case()
    found = look_up_case(actor=STRANGER, number=other.number, code=other.code, visitor=ELSEWHERE, at=NOW)
    assert found == other.case


def test_rate_case_with_anothers_code(file_case: FileCase) -> None:
    mine, other = file_case(), file_case()
    with pytest.raises(Refused, match=r"case\.no_such_number"):
        nudge_case(actor=STRANGER, case=other.case, code=mine.code, at=NOW)


def test_rate_case_before_there_is_a_result(file_case: FileCase) -> None:
    receipt = file_case()
    with pytest.raises(Refused, match=r"case\.not_allowed"):
        rate_case(actor=STRANGER, case=receipt.case, code=receipt.code, score=1, at=NOW)


def test_nudge_case_is_heard_once_in_two_days(file_case: FileCase) -> None:
    receipt = file_case()
    given: dict[str, Any] = {"actor": STRANGER, "case": receipt.case, "code": receipt.code}
    assert nudge_case(**given, at=NOW).nudges == 1
    with pytest.raises(Refused, match=r"case\.not_allowed"):
        nudge_case(**given, at=NOW + timedelta(hours=1))
    assert nudge_case(**given, at=NOW + timedelta(days=5)).nudges == 2


def test_join_case_once_a_household(place: SimpleNamespace, file_case: FileCase) -> None:
    case = file_case().case
    assert [row.number for row in similar_open(place.compound, "SF01")] == [case.number]
    join_case(actor=STRANGER, case=case, household="3-201", at=NOW)
    with pytest.raises(Refused, match=r"case\.joined_already"):
        join_case(actor=STRANGER, case=case, household="3-201", at=NOW)
    assert join_case(actor=STRANGER, case=case, household="3-202", at=NOW).joined == 2
    assert "3-201" not in str(list(CaseParty.objects.values()))


def test_similar_open_shows_nothing_private(place: SimpleNamespace, file_case: FileCase) -> None:
    case = file_case(matter="WL10").case
    assert case.private
    assert similar_open(place.compound, "WL10") == []
    with pytest.raises(Refused, match=r"case\.not_joinable"):
        join_case(actor=STRANGER, case=case, household="3-201", at=NOW)

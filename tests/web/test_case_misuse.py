"""What people try with a case that is not theirs: others' numbers, their own work, a post they left, far too many words."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from anju.accounts.models import Post
from anju.base.actor import STRANGER
from anju.cases.models import Case
from anju.cases.services.filing import Receipt, submit_case
from tests.cases.conftest import file_case, filing, policy
from tests.people import NOW

__all__ = ["file_case", "policy"]
FileCase = Callable[..., Receipt]


def act(person: Any, case: Case, code: str, **data: Any) -> Any:
    case.refresh_from_db()
    return person.client.post(reverse("cases:act", args=[case.pk, code]), {"version": case.version, **data})


def accept(people: SimpleNamespace, case: Case, **more: Any) -> Any:
    told = {"matter": case.matter_id, "urgency": "b", "duplicates": "on", "cleared": "涂黑后的文字", **more}
    return act(people.town_officer, case, "accept", **told)


def dissuading(place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase) -> Case:
    case = file_case(matter="WL03").case
    accept(people, case)
    act(people.bureau_officer, case, "order_dissuade", dissuasion_order="请劝阻", unit=place.company.pk)
    case.refresh_from_db()
    assert case.state == "dissuading"
    return case


def test_case_of_another_opened_or_acted_on_by_its_number_is_not_there(
    people: SimpleNamespace, file_case: FileCase
) -> None:
    case = file_case().case
    for who in (
        "other_town_officer",
        "other_manager",
        "manager",
        "chair",
        "department_officer",
        "audit_admin",
        "nobody",
    ):
        person = getattr(people, who)
        assert person.client.get(reverse("cases:case", args=[case.pk])).status_code == 404, who
        assert act(person, case, "accept").status_code == 404, who
    assert act(people.stranger, case, "accept").headers["Location"].startswith("/account/sign-in/")
    assert case.events.count() == 1


def test_manager_who_has_left_the_company_sees_and_moves_nothing(
    place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase
) -> None:
    case = dissuading(place, people, file_case)
    page = reverse("cases:case", args=[case.pk])
    assert people.manager.client.get(page).status_code == 200
    Post.objects.filter(user=people.manager.user).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert people.manager.client.get(page).status_code == 404
    assert act(people.manager, case, "dissuade", dissuasion_record="劝过").status_code == 404
    case.refresh_from_db()
    assert (case.state, case.events.count()) == ("dissuading", 3)


def test_handler_who_checks_the_work_of_his_own_unit_is_led_back(
    place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase
) -> None:
    case = file_case(matter="PC02").case
    accept(people, case)
    act(people.bureau_officer, case, "dispatch", lead=place.town_office.pk)
    act(people.town_officer, case, "sign")
    act(people.town_officer, case, "report_result", outcome="solved", reply_text="已督促", no_photo_reason="与现场无关")
    assert "核查通过" not in people.town_officer.client.get(reverse("cases:case", args=[case.pk])).content.decode()
    answer = act(people.town_officer, case, "verify_pass", call_note="电话")
    told = people.town_officer.client.get(answer.headers["Location"]).content.decode()
    assert "不由您的岗位办理" in told
    case.refresh_from_db()
    assert case.state == "verifying"


def test_ten_thousand_characters_are_refused_in_words_at_the_counter_and_in_an_act(
    place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase
) -> None:
    case = file_case().case
    told = {
        "key": "k" * 32,
        "source": "phone",
        "compound": place.compound.pk,
        "matter": case.matter_id,
        "mode": "hidden",
    }
    answer = people.community_worker.client.post(reverse("cases:new"), told | {"text": "长" * 10_000})
    assert "最多 5000 个字" in answer.content.decode()
    assert "最多 5000 个字" in accept(people, case, cleared="长" * 10_000).content.decode()
    assert (Case.objects.count(), case.events.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_same_submission_twenty_times_at_once_is_one_case(place: SimpleNamespace, policy: None) -> None:
    told = filing(place)

    def send(_: int) -> tuple[str, str]:
        try:
            receipt = submit_case(actor=STRANGER, filing=told, at=NOW)
            return receipt.number, receipt.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(send, range(20)))) == 1
    assert Case.objects.count() == 1

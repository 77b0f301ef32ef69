"""代录 at the counter and on the telephone."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from anju.cases.models import Case, CaseParty
from tests.citizen.test_report import text
from tests.people import Person

ENTER = reverse("intake:enter")
pytestmark = pytest.mark.django_db


def enter(by: Person, **more: str) -> Any:
    page = text(by.client.get(ENTER))
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    told = {
        "source": "phone",
        "compound": "示例·碧水花园",
        "matter": "SS08",
        "text": "路灯不亮",
        "mode": "hidden",
        "key": key[1],
    }
    return by.client.post(ENTER, told | more)


def test_enter_what_a_caller_tells_gives_number_and_code(people: SimpleNamespace, policy: None) -> None:
    page = text(enter(people.community_worker, phone="13500000001"))
    case = Case.objects.get()
    assert case.number in page
    assert re.search(r"<b>\d\d \d\d \d\d</b>", page)
    assert (case.source, case.mode) == ("phone", "hidden")
    assert CaseParty.objects.get().phone == "13500000001"
    assert f"http://testserver{reverse('citizen:look')}" in page
    assert "有了结果没法通知" not in page


def test_enter_what_one_without_a_number_tells_says_that_he_must_look_it_up(
    people: SimpleNamespace, policy: None
) -> None:
    for told in ({}, {"phone": "13500000001", "mode": "anonymous"}):
        page = text(enter(people.community_worker, text=f"路灯不亮{told}", seen="yes", **told))
        assert "有了结果没法通知，要自己来查" in page


def test_enter_what_neighbours_reported_is_shown_once_before_it_is_filed(people: SimpleNamespace, policy: None) -> None:
    enter(people.community_worker)
    page = text(enter(people.community_worker))
    assert "是同一件" in page
    assert 'name="seen" value="yes"' in page
    assert Case.objects.count() == 1
    same = str(Case.objects.get().pk)
    assert "他也遇到了" in text(enter(people.community_worker, seen="yes", same=same))
    assert Case.objects.get().joined == 1
    enter(people.community_worker, seen="yes")
    assert Case.objects.count() == 2


def test_enter_for_a_compound_of_others_is_refused(people: SimpleNamespace, policy: None) -> None:
    page = text(enter(people.community_worker, compound="示例·江畔名邸"))
    assert "没有找到" in page
    assert not Case.objects.exists()


@pytest.mark.parametrize("who", ["manager", "company_admin", "chair", "department_officer", "supervisor"])
def test_enter_for_a_citizen_is_not_for_whom_the_rules_let_not_enter(
    people: SimpleNamespace, policy: None, who: str
) -> None:
    """Least of all a company: it would learn who reports, and could count itself among the neighbours."""
    client = getattr(people, who).client
    assert client.get(reverse("intake:enter")).status_code == 404
    assert reverse("intake:enter") not in text(client.get(reverse("home:today")))


def test_enter_named_without_a_name_is_asked_for_it(people: SimpleNamespace, policy: None) -> None:
    assert "实名要写姓名" in text(enter(people.community_worker, mode="named"))

"""项目负责人核对: proposed from lists, company by company, confirmed by a person who did not bring them in."""

from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from anju.registry.models import Cell, Decision
from anju.registry.queries.managers import NamedManager, named_managers
from anju.registry.services.companies import Naming, settle_company_names
from tests.people import NOW, Person
from tests.registry.conftest import indicators as indicators
from tests.registry.lists import as_csv, brought, written

pytestmark = pytest.mark.usefixtures("indicators")
Here = SimpleNamespace
HEADINGS = ("小区名称", "所在乡镇", "物业公司", "项目负责人", "项目负责人电话")
ROWS = (
    ("示例·春江苑", "城关镇", "示例物业公司", "李春生", "13500001201"),
    ("示例·夏荷园", "城关镇", "示例物业公司", "李春生", "13500001201"),
    ("示例·秋月里", "东江镇", "示例物业公司", "李春生", "13500001202"),
    ("示例·冬梅坊", "东江镇", "示例嘉安物业公司", "李春生", ""),
)


@pytest.fixture
def listed(place: Here, people: Here, indicators: object) -> None:
    actor = people.bureau_officer.actor
    written(actor, brought(actor, place.county, as_csv(ROWS, HEADINGS)))
    namings = [Naming("示例物业公司", place.company), Naming("示例嘉安物业公司", place.other_company)]
    settle_company_names(actor=actor, namings=namings, at=NOW)


def shown(person: Person) -> str:
    return person.client.get(reverse("registry:managers")).content.decode()


def waiting(person: Person) -> list[NamedManager]:
    return named_managers(person.actor, on=timezone.localdate(NOW))


@pytest.mark.usefixtures("listed")
def test_managers_are_proposed_by_company_name_and_phone(place: Here, people: Here) -> None:
    found = [
        (one.company.name, one.phone, len(one.compounds), one.phones, one.elsewhere)
        for one in waiting(people.bureau_officer)
    ]
    assert sorted(found) == [
        ("示例嘉安物业公司", "", 1, 0, ("示例物业公司",)),
        ("示例物业公司", "13500001201", 2, 2, ("示例嘉安物业公司",)),
        ("示例物业公司", "13500001202", 1, 2, ("示例嘉安物业公司",)),
    ]
    assert [len(one.compounds) for one in waiting(people.town_officer)] == [2]
    page = shown(people.bureau_reviewer)
    for words in ("李**", "135****1201", "同名的有 2 个电话", "也有同名的", "示例·</span>春江苑"):
        assert words in page
    assert "李春生" not in page
    assert "13500001201" not in page


@pytest.mark.usefixtures("listed")
def test_managers_are_confirmed_by_another_person_with_a_reason(place: Here, people: Here) -> None:
    address = reverse("registry:managers")
    one = next(one for one in waiting(people.bureau_officer) if one.phone == "13500001201")
    typed = {"manager": [one.key], "reason": "电话核对"}
    own = people.bureau_officer.client.post(address, typed)
    assert "您自己登记或导入的，请由别人确认" in own.content.decode()
    assert "请先勾选" in people.bureau_reviewer.client.post(address, {"reason": "电话核对"}).content.decode()
    assert "请写明依据" in people.bureau_reviewer.client.post(address, {"manager": [one.key]}).content.decode()
    assert not Decision.objects.exists()
    assert people.bureau_reviewer.client.post(address, typed).status_code == 302
    confirmed = Cell.objects.filter(indicator__code="manager", confirmed_at__isnull=False)
    assert set(confirmed.values_list("compound__name", flat=True)) == {"示例·春江苑", "示例·夏荷园"}
    assert Decision.objects.count() == 4
    assert one.key not in {each.key for each in waiting(people.bureau_reviewer)}


def test_managers_page_is_for_those_who_confirm(people: Here) -> None:
    assert "没有要确认的项目负责人" in shown(people.bureau_reviewer)
    assert people.manager.client.get(reverse("registry:managers")).status_code == 404

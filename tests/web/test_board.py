"""执法进小区公示牌: who enforces what, under which number; and the numbers themselves."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from anju.base.actor import Denied, Refused
from anju.base.models import AuditEntry
from anju.cases.models import UnitCode
from anju.cases.queries.boards import board_of
from anju.papers.board import board_pdf
from anju.places.models import OrganisationPhone
from anju.places.queries.phones import phone_of
from anju.places.services.phones import set_organisation_phone
from tests.cases.conftest import policy
from tests.papers.pdf_text import pages_of
from tests.people import NOW, TODAY

__all__ = ["policy"]
pytestmark = pytest.mark.usefixtures("policy")


@pytest.fixture(autouse=True)
def _codes(place: SimpleNamespace, policy: None) -> None:
    """The demo's policy is not loaded here as places, only its catalogue; the small county's bodies stand for its units."""
    for code, unit in (("market", place.department), ("bureau", place.bureau), ("town", place.town_office)):
        UnitCode.objects.update_or_create(code=code, defaults={"organisation": unit})


def test_board_names_each_unit_with_what_to_bring_to_it(place: SimpleNamespace, people: SimpleNamespace) -> None:
    board = board_of(people.town_officer.actor, place.compound.pk)
    assert board is not None
    duties = {duty.unit: duty for duty in board.duties}
    assert {"县市场监管局", "县住建局", "城关镇人民政府"} <= set(duties)
    assert "电梯" in duties["县市场监管局"].sees
    assert "乱收费" in dict(duties["县市场监管局"].matters)
    assert set(board.emergency) == {"110", "119"}
    assert all(len(duty.sees) <= 41 for duty in board.duties)


def test_board_prints_known_numbers_and_leaves_the_others_open(place: SimpleNamespace, people: SimpleNamespace) -> None:
    set_organisation_phone(actor=people.bureau_officer.actor, organisation=place.department, phone="12315", at=NOW)
    board = board_of(people.manager.actor, place.compound.pk)
    assert board is not None
    pages = pages_of(board_pdf(board, address="https://anju.example/", on=TODAY, trial=False))
    assert len(pages) == 1
    for words in ("执法进小区公示牌", "示例·碧水花园", "12315", "〔待填〕", "扫码反映", "样张：分工由县里核定后再印"):
        assert words in pages[0]


def test_board_of_a_compound_elsewhere_is_not_there(place: SimpleNamespace, people: SimpleNamespace) -> None:
    for name in ("board:board", "board:board_pdf"):
        address = reverse(name, args=[place.other_compound.pk])
        assert people.manager.client.get(address).status_code == 404
        assert people.other_manager.client.get(address).status_code == 200


def test_set_organisation_phone_keeps_what_it_was(place: SimpleNamespace, people: SimpleNamespace) -> None:
    actor, office = people.bureau_officer.actor, place.department
    set_organisation_phone(actor=actor, organisation=office, phone="0774 528 0000", at=NOW)
    set_organisation_phone(actor=actor, organisation=office, phone="12315", at=NOW)
    set_organisation_phone(actor=actor, organisation=office, phone="12315", at=NOW)
    assert phone_of(office) == "12315"
    assert list(OrganisationPhone.objects.values_list("phone", flat=True)) == ["12315", "0774-5280000"]
    set_organisation_phone(actor=actor, organisation=office, phone="", at=NOW)
    assert phone_of(office) == ""
    assert AuditEntry.objects.filter(action="organisation.phone_set").count() == 3


@pytest.mark.parametrize("wrong", ["5280000", "电话", "1380000", "99999999999999999999"])
def test_set_organisation_phone_that_is_none(place: SimpleNamespace, people: SimpleNamespace, wrong: str) -> None:
    with pytest.raises(Refused, match=r"organisation\.bad_phone"):
        set_organisation_phone(actor=people.bureau_officer.actor, organisation=place.department, phone=wrong, at=NOW)
    assert not OrganisationPhone.objects.exists()


def test_set_organisation_phone_by_one_who_may_not(place: SimpleNamespace, people: SimpleNamespace) -> None:
    with pytest.raises(Denied):
        set_organisation_phone(
            actor=people.department_officer.actor, organisation=place.department, phone="12315", at=NOW
        )


def test_phones_page_says_what_is_missing_and_changes_it(place: SimpleNamespace, people: SimpleNamespace) -> None:
    address = reverse("board:phone", args=[place.department.pk])
    refused = people.bureau_officer.client.post(address, {"phone": "528"}).content.decode()
    assert "电话要填带区号的固定电话" in refused
    assert people.bureau_officer.client.post(address, {"phone": "12315"}).status_code == 302
    page = people.department_officer.client.get(reverse("board:phones")).content.decode()
    assert "12315" in page
    assert "〔待填〕" in page
    assert address not in page
    assert (
        "12315" in people.bureau_officer.client.get(reverse("board:board", args=[place.compound.pk])).content.decode()
    )

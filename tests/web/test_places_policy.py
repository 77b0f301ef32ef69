"""The responsibility list, on screen and on paper."""

import io
import re
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from anju.base.actor import SYSTEM
from anju.base.models import Installation
from anju.places.models import Organisation, PolicyEdition
from anju.places.services.organisation_merge import merge_organisations
from anju.places.services.policy import load_policy, read_policy
from tests.people import NOW, Person, make_person


@pytest.fixture
def edition(db: None) -> PolicyEdition:
    Installation.objects.create(mode="real", county_name="示例县", policy_code="demo", created_at=NOW)
    return load_policy(actor=SYSTEM, policy=read_policy("demo"), at=NOW)


@pytest.fixture
def officer(edition: PolicyEdition) -> Person:
    return make_person("chen", "陈经办", "bureau_officer", unit("bureau"))


def unit(kind: str) -> Organisation:
    return Organisation.objects.filter(kind=kind, parent=None).order_by("id")[0]


def rows_in(page: str) -> list[tuple[str, list[str]]]:
    found = re.findall(r'<tr id="item-([\d.]+)">(.*?)</tr>', page, re.S)
    return [
        (code, re.findall(r'<a class="aj-nb" href="/places/organisations/\d+/">([^<]+)</a>', row))
        for code, row in found
    ]


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_show_responsibilities_in_the_documents_order(edition: PolicyEdition, officer: Person) -> None:
    policy = read_policy("demo")
    names = {found.code: found.name for found in policy.units}
    page = officer.client.get("/places/policy/").content.decode()
    assert rows_in(page) == [(item.code, [names[code] for code in item.units]) for item in policy.items]
    for item in policy.items:
        assert item.text in page.replace("&quot;", '"')


def test_show_responsibilities_of_one_unit(edition: PolicyEdition, officer: Person) -> None:
    police = Organisation.objects.get(name__endswith="公安局")
    page = officer.client.get(f"/places/policy/?unit={police.pk}").content.decode()
    shown = {code for code, _ in rows_in(page)}
    named = set(police.responsibilities.values_list("item__code", flat=True))
    assert shown == named
    assert 0 < len(named) < 15


def test_show_responsibilities_names_a_merged_unit_once(edition: PolicyEdition, officer: Person) -> None:
    gone, into = (Organisation.objects.get(name__endswith=name) for name in ("发展改革局", "市场监管局"))
    merge_organisations(actor=SYSTEM, organisation=gone, into=into, reason="机构改革", at=NOW)
    rows = dict(rows_in(officer.client.get("/places/policy/").content.decode()))
    assert all(gone.name not in names for names in rows.values())
    assert rows["2.3"].count(into.name) == 1


@pytest.mark.parametrize("asked", ["unit=0", "unit=x", "edition=99999", "edition=%00", "unit=１"])
def test_show_responsibilities_of_nobody_is_told_in_words(edition: PolicyEdition, officer: Person, asked: str) -> None:
    page = officer.client.get(f"/places/policy/?{asked}").content.decode()
    assert "没有这个选项" in page
    assert rows_in(page) == []
    assert officer.client.get(f"/places/policy/pdf/?{asked}").status_code == 302


def test_show_responsibilities_links_no_unit_to_whom_units_are_closed(edition: PolicyEdition) -> None:
    auditor = make_person("shenji", "审计员", "audit_admin", unit("bureau"))
    page = auditor.client.get("/places/policy/").content.decode()
    assert "县住建局" in page
    assert "/places/organisations/" not in page


def test_print_responsibilities_says_what_the_screen_says(edition: PolicyEdition, officer: Person) -> None:
    answer = officer.client.get("/places/policy/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    text = re.sub(r"\s", "", text_of(answer.content))
    policy = read_policy("demo")
    names = {found.code: found.name for found in policy.units}
    for item in policy.items:
        assert item.heading in text
        if item.units:
            assert "、".join(names[code] for code in item.units) in text
    assert "试用" not in text


def test_print_responsibilities_of_one_unit_in_full(edition: PolicyEdition, officer: Person) -> None:
    police = Organisation.objects.get(name__endswith="公安局")
    text = re.sub(r"\s", "", text_of(officer.client.get(f"/places/policy/pdf/?unit={police.pk}").content))
    items = [row.item for row in police.responsibilities.select_related("item")]
    assert all(re.sub(r"\s", "", item.text) in text for item in items)
    assert police.name in text


def test_print_responsibilities_of_a_trial_is_stamped(edition: PolicyEdition, officer: Person) -> None:
    from anju.base.installation import forget

    Installation.objects.update(mode="trial")
    forget()
    pages = PdfReader(io.BytesIO(officer.client.get("/places/policy/pdf/").content)).pages
    assert all("试用" in page.extract_text() for page in pages)


def test_show_responsibilities_of_an_empty_county_says_how_to_load_one(people: SimpleNamespace) -> None:
    page = people.bureau_officer.client.get("/places/policy/").content.decode()
    assert "还没有载入方案" in page
    assert people.bureau_officer.client.get("/places/policy/pdf/")["Location"] == "/places/policy/"

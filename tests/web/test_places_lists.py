"""The lists of places: what is found, in which order, page by page, at a constant price."""

import re
from itertools import chain
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anju.places.models import Compound, Division, Organisation
from anju.places.services.compounds import CompoundFacts, create_compound
from tests.people import NOW, TODAY, Person, make_compound, make_division, make_organisation

LISTS = ["/places/compounds/", "/places/organisations/", "/places/divisions/", "/places/policy/"]


def shown(person: Person, address: str) -> str:
    answer = person.client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def names_in(page: str, kind: str) -> list[str]:
    """Return the names of the rows of a list, without the grey prefix of the demo."""
    found = re.findall(rf'<th scope="row"[^>]*><div><a href="/places/{kind}/\d+/">(.*?)</a>', page)
    return [re.sub("<[^>]+>", "", name) for name in found]


def fill(place: SimpleNamespace, numbers: range) -> None:
    for number in numbers:
        make_compound(f"小区{number:03}", place.community).aliases.create(name=f"别名{number}")
        make_organisation(f"公司{number:03}", "company", place.town).aliases.create(name=f"简称{number}")
        make_division(f"村{number:03}", f"990001100{number + 500}", place.town)


def queries(person: Person, address: str) -> int:
    shown(person, address)  # what a process remembers from its first page does not count
    with CaptureQueriesContext(connection) as asked:
        shown(person, address)
    return len(asked)


@pytest.mark.parametrize("address", LISTS)
def test_show_list_asks_the_same_number_of_queries_for_many_rows(
    place: SimpleNamespace, people: SimpleNamespace, address: str
) -> None:
    fill(place, range(3))
    few = queries(people.bureau_officer, address)
    fill(place, range(100, 160))
    assert queries(people.bureau_officer, address) == few
    assert few <= 12


def pages_of(person: Person, address: str, kind: str, rel: str) -> list[list[str]]:
    """Follow the links to the next (or previous) page to the end."""
    pages = []
    while address:
        page = shown(person, address)
        pages.append(names_in(page, kind))
        link = re.search(rf'href="([^"]+)" rel="{rel}"', page)
        address = f"/places/{kind}/{link[1].replace('&amp;', '&')}" if link else ""
    return pages


@pytest.mark.parametrize("kind", ["compounds", "organisations"])
def test_turn_pages_shows_every_row_once_there_and_back(
    place: SimpleNamespace, people: SimpleNamespace, kind: str
) -> None:
    rows = {"compounds": Compound.objects, "organisations": Organisation.objects}[kind]
    wanted = [f"甲{number:03}" for number in range(115)] + ["甲乙", "甲已", "甲以"]  # three of one spelling
    for name in wanted:
        make_compound(name, place.community)
        make_organisation(name, "company", place.town)
    there = pages_of(people.bureau_officer, f"/places/{kind}/?q=甲", kind, "next")
    assert [len(page) for page in there] == [50, 50, 18]
    names = list(chain.from_iterable(there))
    assert sorted(names) == sorted(wanted)
    last = rows.get(name=names[-1])
    back = pages_of(people.bureau_officer, f"/places/{kind}/?q=甲&before={last.pk}", kind, "prev")
    assert list(chain.from_iterable(reversed(back))) == names[:-1]
    first = rows.get(name=names[0])
    before_the_first = shown(people.bureau_officer, f"/places/{kind}/?q=甲&before={first.pk}")
    assert names_in(before_the_first, kind) == there[0]


@pytest.mark.parametrize("before", ["0", "-1", "9" * 30, "x", "９９９９９", "999999999", "%00"])
def test_turn_page_to_a_row_that_is_not_there_begins_at_the_top(
    place: SimpleNamespace, people: SimpleNamespace, before: str
) -> None:
    for asked in (f"before={before}", f"after={before}"):
        assert names_in(shown(people.bureau_officer, f"/places/compounds/?{asked}"), "compounds")


@pytest.mark.parametrize("text", ["碧水", "bishui", "BISHUI", "bshy", "滨水一期", "bishui hua"])
def test_search_compound_by_any_of_its_names(place: SimpleNamespace, people: SimpleNamespace, text: str) -> None:
    place.compound.aliases.create(name="滨水一期")
    page = shown(people.bureau_officer, f"/places/compounds/?q={text}")
    assert names_in(page, "compounds") == ["示例·碧水花园"]


@pytest.mark.parametrize("text", ["市场", "shichang", "市监", "91110000600037341l"])
def test_search_organisation_by_any_of_its_names(place: SimpleNamespace, people: SimpleNamespace, text: str) -> None:
    place.department.credit_code = "91110000600037341L"
    place.department.save()
    place.department.aliases.create(name="县市监局")
    page = shown(people.bureau_officer, f"/places/organisations/?q={text}")
    assert names_in(page, "organisations") == ["县市场监管局"]


@pytest.mark.parametrize("text", ["%25", "_", "'; drop table", "%3Cimg+onerror%3D1%3E", "\\"])
def test_search_compound_takes_no_sign_for_a_pattern(
    place: SimpleNamespace, people: SimpleNamespace, text: str
) -> None:
    page = shown(people.bureau_officer, f"/places/compounds/?q={text}")
    assert names_in(page, "compounds") == []
    assert "<img" not in page


@pytest.mark.parametrize("asked", ["q=%00", "q=" + "长" * 10_000, "q=a%E2%80%AEb", "kind=palace", "service_state=x"])
def test_search_compound_with_nonsense_is_told_in_words(
    place: SimpleNamespace, people: SimpleNamespace, asked: str
) -> None:
    page = shown(people.bureau_officer, f"/places/compounds/?{asked}")
    assert re.search(r'<ul class="aj-error"[^>]*><li>[^<]*(请|太长)', page)
    assert names_in(page, "compounds") == []


@pytest.mark.parametrize("town", ["0", "-3", "99999", "x", "%00", "１"])
def test_show_compounds_of_a_town_that_is_none_is_no_page(
    place: SimpleNamespace, people: SimpleNamespace, town: str
) -> None:
    assert people.bureau_officer.client.get(f"/places/compounds/?town={town}").status_code == 404


def test_count_compounds_by_town_opens_exactly_those_rows(place: SimpleNamespace, people: SimpleNamespace) -> None:
    make_compound("示例·无社区", place.town)
    make_compound("示例·无乡镇", place.awaiting)
    make_compound("示例·没了", place.town, ended_on=TODAY)
    page = shown(people.bureau_officer, "/places/compounds/")
    tabs = re.findall(r'<a href="(\?[^"]*|\?)"(?: aria-current="page")?>([^<]+)<small>(\d+)</small>', page)
    counts = {label: int(count) for _, label, count in tabs}
    assert counts == {"全部": 4, "城关镇": 2, "东江镇": 1, "待定乡镇": 1}
    for query, _label, count in tabs:
        assert len(names_in(shown(people.bureau_officer, f"/places/compounds/{query}"), "compounds")) == int(count)


def test_count_divisions_opens_exactly_those_rows(place: SimpleNamespace, people: SimpleNamespace) -> None:
    page = shown(people.bureau_officer, "/places/divisions/")
    links = re.findall(r'<a href="(/places/(compounds|organisations)/\?town=\d+)">(\d+)</a>', page)
    assert len(links) == 2 * Division.objects.count()
    for address, kind, count in links:
        assert len(names_in(shown(people.bureau_officer, address), kind)) == int(count)


def test_show_compounds_of_ones_town_only(place: SimpleNamespace, people: SimpleNamespace) -> None:
    seen = {
        who: names_in(shown(getattr(people, who), "/places/compounds/"), "compounds")
        for who in ("town_officer", "other_town_officer", "manager", "chair", "department_officer", "supervisor")
    }
    mine, other = "示例·碧水花园", "示例·江畔名邸"
    assert seen == {
        "town_officer": [mine],
        "other_town_officer": [other],
        "manager": [mine],
        "chair": [mine],
        "department_officer": [],
        "supervisor": [mine, other],
    }


def test_show_compounds_unsettled_as_the_desk_asks_for_them(place: SimpleNamespace, people: SimpleNamespace) -> None:
    make_compound("示例·无乡镇", place.awaiting, kind="old", service_state="owners")
    make_compound("示例·有兜底", place.town, kind="old", service_state="unmanaged", supervising_unit=place.town_office)
    found = {
        key: names_in(shown(people.bureau_officer, f"/places/compounds/?unsettled={key}"), "compounds")
        for key in ("awaiting", "unmanaged", "unknown")
    }
    assert found == {"awaiting": ["示例·无乡镇"], "unmanaged": ["示例·江畔名邸"], "unknown": ["示例·江畔名邸"]}


def test_show_divisions_counts_no_compounds_for_whom_they_are_none_of_their_business(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    assert "/places/compounds/?town=" in shown(people.bureau_officer, "/places/divisions/")
    assert "/places/compounds/?town=" not in shown(people.system_admin, "/places/divisions/")


def test_compounds_without_a_town_are_given_theirs_in_bulk(place: SimpleNamespace, people: SimpleNamespace) -> None:
    """One by one or many at once; a namesake there is never made one with them, and they stay."""
    officer = people.bureau_officer
    for name in ("示例·东苑", "示例·西苑", "示例·南苑"):
        create_compound(actor=officer.actor, name=name, facts=CompoundFacts(place.awaiting), at=NOW)
    create_compound(actor=officer.actor, name="示例·西苑", facts=CompoundFacts(place.town), at=NOW)
    waiting = {row.name: row for row in Compound.objects.filter(division=place.awaiting)}
    page, address = f"{reverse('places:compounds')}?unsettled=awaiting", reverse("places:compounds_place")
    assert officer.client.get(page).content.decode().count('name="compound"') == 3
    assert 'name="compound"' not in people.supervisor.client.get(page).content.decode()
    assert 'name="compound"' not in officer.client.get(reverse("places:compounds")).content.decode()

    def send(division: object, *names: str) -> str:
        typed = {"compound": [waiting[name].pk for name in names], "division": division}
        return str(officer.client.post(address, typed, follow=True).content, "utf-8")

    assert "没有选中小区" in send(place.town.pk)
    assert "请选择归到哪个乡镇" in send("", "示例·东苑")
    told = send(place.town.pk, "示例·东苑", "示例·西苑")
    assert "1 个小区已归到城关镇" in told
    assert "示例·西苑没有归过去，共 1 个：城关镇已有同名小区，系统不会合成一个" in told
    assert "1 个小区已归到东江镇" in send(place.other_town.pk, "示例·西苑")
    found = Compound.objects.filter(name__endswith="苑", ended_on=None).order_by("name", "division__code")
    assert list(found.values_list("name", "division__name")) == [
        ("示例·东苑", "城关镇"),
        ("示例·南苑", "待定乡镇"),
        ("示例·西苑", "城关镇"),
        ("示例·西苑", "东江镇"),
    ]


def test_compounds_that_have_a_town_are_not_moved_in_bulk(place: SimpleNamespace, people: SimpleNamespace) -> None:
    typed = {"compound": [place.compound.pk], "division": place.other_town.pk}
    answer = people.bureau_officer.client.post(reverse("places:compounds_place"), typed, follow=True)
    assert "没有选中小区" in answer.content.decode()
    place.compound.refresh_from_db()
    assert place.compound.division == place.community

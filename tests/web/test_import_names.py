"""A row of an import whose name is doubted or refused is given another in the preview."""

import html
import json
from collections.abc import Sequence
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.urls import reverse

from anju.base.models import AuditEntry
from anju.places.models import Compound
from anju.places.services.compounds import CompoundFacts, create_compound
from anju.registry.models import ImportRow, ListImport
from anju.registry.services.imports.undoing import undo_import
from tests.people import NOW, Person
from tests.registry.conftest import indicators as indicators
from tests.registry.lists import as_csv, brought, counts, written

pytestmark = pytest.mark.usefixtures("indicators")
Here = SimpleNamespace
TWO = [
    ("示例·阳光花园", "", "", "10", "", "", "", ""),
    ("示例·阳光花园", "", "", "900", "", "", "", ""),
]
NEW = "示例·阳光东园"


def preview_of(person: Person, place: Here, rows: Sequence[tuple[str, ...]] = TWO) -> ListImport:
    """A list whose rows all lie in one town, which they do not say."""
    return brought(person.actor, place.town, as_csv(rows))


def page(person: Person, row: ListImport, **asked: str) -> str:
    return html.unescape(person.client.get(reverse("imports:import", args=[row.pk]), asked).content.decode())


def named(person: Person, row: ListImport, line: object, name: str, **more: str) -> HttpResponse:
    typed = {"line": line, "name": name, "next": "?show=doubtful&reason=repeated_otherwise", **more}
    answer = person.client.post(reverse("imports:name", args=[row.pk]), typed)
    row.refresh_from_db()
    return answer  # type: ignore[return-value]


def made(row: ListImport) -> set[str]:
    found = Compound.objects.filter(import_rows__list_import=row, ended_on=None)
    return set(found.values_list("name", flat=True))


def test_second_of_two_namesakes_is_named_in_the_preview_written_and_undone(place: Here, people: Here) -> None:
    person = people.bureau_officer
    row = preview_of(person, place)
    assert (row.created, row.skipped) == (1, 1)
    assert "另起名称" in page(person, row)
    answer = named(person, row, 3, f" {NEW}  ")
    assert (
        answer["Location"]
        == f"{reverse('imports:import', args=[row.pk])}?show=doubtful&reason=repeated_otherwise#row-3"
    )
    assert (row.created, row.skipped, row.doubtful) == (2, 0, 1)
    shown = page(person, row)
    for words in (f"第 3 行改名为“{NEW}”，写入时登记为新小区", "改名为", "阳光东园", '<option value="write" selected>'):
        assert words in shown, words
    written(person.actor, row)
    assert made(row) == {"示例·阳光花园", NEW}
    kept = ImportRow.objects.get(list_import=row, line=3)
    assert (kept.name, kept.told["create_as"]) == ("示例·阳光花园", NEW)
    assert not Compound.objects.get(name=NEW).aliases.exists()  # the other of the two bears the name
    noted = json.loads(AuditEntry.objects.get(action="list.imported").body)["note"]
    assert noted["named"] == [f"3: 示例·阳光花园 → {NEW}"]
    assert "改名为" in page(person, row)
    again = preview_of(person, place)
    assert counts(again)[4] == 2
    undone = undo_import(actor=person.actor, row=row, reason="导错了", at=NOW)
    assert (undone.compounds, undone.left) == (2, ())
    assert preview_of(person, place).skipped == 1


def test_next_list_of_the_source_is_linked_by_the_name_that_was_given(place: Here, people: Here) -> None:
    person = people.bureau_officer
    row = preview_of(person, place)
    named(person, row, 3, NEW)
    written(person.actor, row)
    newer = preview_of(person, place, [*TWO, ("示例·月光花园", "", "", "1", "", "", "", "")])
    assert "与第 2 行对上的是库中同一个小区。请只留一行；不是同一个的，给本行另起名称" in page(person, newer)
    named(person, newer, 3, NEW)
    assert f"第 3 行改名为“{NEW}”，对上库里已有的小区，写入前请核对" in page(person, newer)
    assert (newer.linked, newer.created, newer.unchanged) == (2, 1, 2)


def test_name_of_another_row_or_compound_is_refused_beside_what_was_typed(place: Here, people: Here) -> None:
    person = people.bureau_officer
    rows = [*TWO, ("示例·月光花园", "", "", "1", "", "", "", "")]
    row = preview_of(person, place, rows)
    for typed, why in (
        ("示例·月光花园", "第 4 行已经是“示例·月光花园”，同在一个区划。请换一个名称"),
        ("", "名称不能为空"),
        ("示例\u202e苑", "也不能有看不见的字符"),
        ("长" * 101, "不能超过 100 个字"),
    ):
        answer = named(person, row, 3, typed)
        shown = html.unescape(answer.content.decode())
        assert answer.status_code == 422
        assert shown.count(why) == 1
        assert f'name="name" value="{typed}"' in shown
        assert 'aria-invalid="true"' in shown
        assert row.skipped == 1
    assert "name" not in ImportRow.objects.get(list_import=row, line=3).choice


def test_name_of_a_known_compound_recognises_it_and_never_makes_a_second(place: Here, people: Here) -> None:
    person = people.bureau_officer
    create_compound(actor=person.actor, name=NEW, facts=CompoundFacts(place.town), at=NOW)
    row = preview_of(person, place)
    named(person, row, 3, NEW)
    assert (row.linked, row.created) == (1, 1)
    assert "对上库里已有的小区，写入前请核对" in page(person, row)
    named(person, row, 3, "", back="1")
    assert (row.linked, row.created, row.skipped) == (0, 1, 1)
    assert "第 3 行用回文件里的名称" in page(person, row)


def test_row_said_to_be_new_is_asked_again_under_its_new_name(place: Here, people: Here) -> None:
    """What was chosen about the old name says nothing of the new one."""
    person = people.bureau_officer
    place.compound.aliases.create(name="示例·碧水老苑")
    row = preview_of(person, place, [("示例·碧水小区", "城关镇", "", "310", "8", "", "", "")])
    key = "t-2-likely_known:name"
    person.client.post(reverse("imports:treat", args=[row.pk]), {key: "new"})
    for known in (place.compound.name, "示例·碧水老苑"):
        named(person, row, 2, known)
        assert (row.linked, row.created) == (1, 0)
    named(person, row, 2, "示例·碧水苑")
    assert "这一行还有别的疑问，请在“处理”里选" in page(person, row)
    person.client.post(reverse("imports:treat", args=[row.pk]), {key: "new"})
    row.refresh_from_db()
    written(person.actor, row)
    assert made(row) == {"示例·碧水苑"}
    assert Compound.objects.get(name="示例·碧水苑").aliases.get().name == "示例·碧水小区"


def test_row_refused_for_its_name_is_given_one(place: Here, people: Here) -> None:
    person = people.bureau_officer
    rows = [("#REF!", "", "", "10", "", "", "", ""), ("", "", "", "20", "", "", "", ""), *TWO[:1]]
    row = preview_of(person, place, rows)
    assert counts(row)[:4] == (3, 1, 0, 2)
    assert page(person, row, show="rejected").count("补上名称") == 2
    named(person, row, 2, "示例·春江苑", next="?show=rejected")
    named(person, row, 3, "示例·秋月里", next="?show=rejected")
    assert counts(row)[:4] == (3, 1, 2, 0)
    written(person.actor, row)
    assert made(row) == {"示例·春江苑", "示例·秋月里", "示例·阳光花园"}
    assert not Compound.objects.get(name="示例·春江苑").aliases.exists()
    assert counts(preview_of(person, place, rows))[4] == 3


def test_row_refused_for_more_than_its_name_and_a_sound_one_are_not_named(place: Here, people: Here) -> None:
    person = people.bureau_officer
    headings = ("小区名称", "项目负责人电话")
    row = brought(person.actor, place.town, as_csv([("", "1.38E+10"), ("示例·春江苑", "")], headings))
    assert "补上名称" not in page(person, row, show="rejected")
    for line in (2, 3, 99):
        answer = named(person, row, line, "示例·秋月里")
        assert f"第 {line} 行的名称没有疑问，不能另起" in html.unescape(answer.content.decode())


def test_preview_of_another_is_not_there(place: Here, people: Here) -> None:
    row = preview_of(people.bureau_officer, place)
    assert named(people.other_town_officer, row, 3, NEW).status_code == 404
    assert named(people.bureau_officer, row, "x", NEW).status_code == 422

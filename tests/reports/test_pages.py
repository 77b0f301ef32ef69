"""The pages of the one table: what they show, to whom, with how many queries; editing and taking back."""

import re
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anju.places.models import Compound
from anju.registry.models import Fact, Indicator, Statement
from anju.reports.models import SavedView, TableEdit
from tests.people import TODAY, Person, make_compound
from tests.registry.conftest import cell

WORD = {"source": "示例摸底表", "source_kind": "survey", "observed_on": "2026-11-20", "reason": ""}


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_table_shows_rows_marks_and_totals(people: SimpleNamespace, compounds: list[Compound]) -> None:
    page = text(people.bureau_officer.client.get("/table/?totals=1"))
    for words in ("碧水花园", "城关镇", "东江镇", "待定乡镇", "aj-unk", "aj-stale", "2源", "合计", "缺"):
        assert words in page, words
    assert "13500001234" not in page


@pytest.mark.parametrize("who", ["community_worker", "manager", "town_officer"])
def test_table_heads_rows_with_their_town_for_everyone(
    who: str, people: SimpleNamespace, compounds: list[Compound]
) -> None:
    page = text(getattr(people, who).client.get("/table/"))
    assert page.count("<tbody id=") == page.count('scope="rowgroup"') == 1
    assert "城关镇" in page


def test_table_hides_other_towns(people: SimpleNamespace, compounds: list[Compound]) -> None:
    page = text(people.town_officer.client.get("/table/"))
    assert "碧水花园" in page
    assert "江畔名邸" not in page


@pytest.mark.parametrize(
    "address", ["/table/?f=secret:is:1", "/table/?sort=manager_phone", "/table/?cols=nothing", "/table/?kind=%00"]
)
def test_table_says_what_is_wrong_with_a_link(address: str, people: SimpleNamespace, compounds: list[Compound]) -> None:
    answer = people.bureau_officer.client.get(address)
    assert answer.status_code == 400
    assert 'role="alert"' in text(answer)
    assert "碧水花园" not in text(answer)


def test_table_of_another_scope_is_not_there(place: SimpleNamespace, people: SimpleNamespace) -> None:
    for address in ("/table/", "/table/totals/", "/table/export/"):
        assert people.town_officer.client.get(f"{address}?division={place.other_town.pk}").status_code == 404


def test_table_takes_twelve_queries_whatever_the_rows(
    place: SimpleNamespace, people: SimpleNamespace, compounds: list[Compound]
) -> None:
    client = people.town_officer.client
    address = "/table/?state=company&f=households:known&f=fee:unknown"
    client.get(address)
    counts = []
    for more in (0, 120):
        Compound.objects.bulk_create(
            Compound(
                name=f"示例·{n}",
                division=place.community,
                pinyin=f"P{n}",
                initials="p",
                valid_from=TODAY,
                service_state="company",
            )
            for n in range(more)
        )
        for asked in (address, "/table/", f"/table/?after={place.compound.pk}"):
            with CaptureQueriesContext(
                connection,
            ) as told:
                client.get(asked)
            counts.append(len(told))
    assert max(counts) <= 12
    assert counts[:3] == counts[3:]


def test_paper_says_what_narrows_the_table(
    place: SimpleNamespace, people: SimpleNamespace, compounds: list[Compound]
) -> None:
    address = f"/table/?division={place.town.pk}&state=company&f=committee_formed:is:no"
    page = text(people.bureau_officer.client.get(address))
    assert '<p class="aj-only-print">条件：城关镇；' in page
    assert all(words in page.split("条件：")[-1][:80] for words in ("业委会 等于 无", "物业服务"))
    assert "条件：" not in text(people.bureau_officer.client.get("/table/")).split("aj-only-print")[-1][:60]


def test_form_becomes_a_link_worth_keeping(people: SimpleNamespace, compounds: list[Compound]) -> None:
    answer = people.bureau_officer.client.get(
        "/table/?division=&kind=old&fc=committee_formed&fo=is&fv=无&c=households&c=fee"
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/table/?kind=old&f=committee_formed:is:no&cols=households,fee"


def test_names_with_markup_are_shown_as_text(place: SimpleNamespace, people: SimpleNamespace) -> None:
    make_compound('示例·<b>&"苑', place.community)
    page = text(people.town_officer.client.get("/table/"))
    assert "<b>&" not in page
    assert "&lt;b&gt;&amp;&quot;苑" in page


def test_table_follows_what_changed_since_it_was_last_drawn(
    place: SimpleNamespace, people: SimpleNamespace, indicators: dict[str, Indicator]
) -> None:
    """Rows, columns and questions are kept; what they say is not."""
    officer, row = people.town_officer, make_compound("示例·新苑", place.community)
    assert 'data-c="households"><span class="aj-unk">' in drawn(officer, row)
    officer.client.post(f"/table/cells/{row.pk}/?c=households", {**WORD, "value": "320"})
    assert 'data-c="households">320<' in drawn(officer, row)
    Compound.objects.filter(pk=row.pk).update(name="示例·旧苑", division=place.other_community)
    assert drawn(officer, row) == ""
    assert "旧苑" in drawn(people.bureau_officer, row)
    Compound.objects.filter(pk=row.pk).update(supervising_unit=place.town_office)
    assert "旧苑" in drawn(officer, row)
    Indicator.objects.filter(code="households").update(ended_on=TODAY)
    assert 'data-c="households"' not in drawn(officer, row)


def drawn(person: Person, row: Compound) -> str:
    found = re.search(rf'<tr data-row="{row.pk}" id="r{row.pk}">.*?</tr>', text(person.client.get("/table/")))
    return found[0] if found else ""


def test_edit_cell_records_a_fact_and_undo_takes_it_back(
    place: SimpleNamespace, people: SimpleNamespace, compounds: list[Compound]
) -> None:
    officer, row = people.town_officer, make_compound("示例·新苑", place.community)
    address = f"/table/cells/{row.pk}/?c=households&next=state=company"
    assert "未知" in text(officer.client.get(address))
    answer = officer.client.post(address, {**WORD, "value": "约 320 户"})
    assert (answer.status_code, answer["Location"]) == (302, f"/table/?state=company#r{row.pk}")
    fact = Fact.objects.get(statement__compound=row)
    assert (fact.low, fact.approximate, fact.statement.source.name, str(fact.statement.observed_on)) == (
        320,
        True,
        "示例摸底表",
        "2026-11-20",
    )
    edit = TableEdit.objects.get(by=officer.user)
    assert people.other_town_officer.client.post(f"/table/edits/{edit.pk}/undo/").status_code == 404
    assert "已撤回" in text(officer.client.post(f"/table/edits/{edit.pk}/undo/", follow=True))
    assert not row.cells.exists()
    assert "不用再办" in text(officer.client.post(f"/table/edits/{edit.pk}/undo/", follow=True))


@pytest.mark.parametrize("value", ["很多", "", "=1+1", "-5", "1\x002"])
def test_edit_cell_refuses_what_it_cannot_read(
    value: str, place: SimpleNamespace, people: SimpleNamespace, compounds: list[Compound]
) -> None:
    before = Statement.objects.count()
    answer = people.town_officer.client.post(
        f"/table/cells/{place.compound.pk}/?c=households", {**WORD, "value": value}
    )
    assert answer.status_code == 200
    assert "is-bad" in text(answer)
    assert Statement.objects.count() == before


def test_edit_cell_of_tomorrow_is_refused_beside_its_field(
    place: SimpleNamespace, people: SimpleNamespace, compounds: list[Compound]
) -> None:
    asked = {**WORD, "value": "5", "observed_on": "2100-01-01"}
    answer = people.town_officer.client.post(f"/table/cells/{place.compound.pk}/?c=households", asked)
    assert "核实日期不能晚于今天" in text(answer)


def test_choose_rows_shows_what_changes_then_writes(
    place: SimpleNamespace, people: SimpleNamespace, compounds: list[Compound]
) -> None:
    officer = people.town_officer
    rows = [make_compound(f"示例·同{n}苑", place.community) for n in range(20)]
    asked = {**WORD, "act": "indicator", "column": "committee_formed", "value": "无", "row": [row.pk for row in rows]}
    preview = text(officer.client.post("/table/choose/", asked))
    assert "写入 20 个小区" in preview
    assert not Fact.objects.filter(statement__compound=rows[0]).exists()
    assert officer.client.post("/table/choose/", {**asked, "write": "1"}).status_code == 302
    assert {cell(row, "committee_formed").form for row in rows} == {"no"}
    edit = TableEdit.objects.latest("id")
    assert len(edit.statements) == 20
    officer.client.post(f"/table/edits/{edit.pk}/undo/")
    assert not Fact.objects.filter(statement__compound__in=rows, statement__withdrawal=None).exists()


def test_choose_rows_gives_them_a_place_and_takes_it_back(place: SimpleNamespace, people: SimpleNamespace) -> None:
    officer = people.bureau_officer
    rows = [make_compound(f"示例·待{n}苑", place.awaiting) for n in range(3)]
    asked = {**WORD, "act": "division", "division": place.community.pk, "row": [row.pk for row in rows], "write": "1"}
    assert officer.client.post("/table/choose/", asked).status_code == 302
    assert {row.division_id for row in Compound.objects.filter(pk__in=[row.pk for row in rows])} == {place.community.pk}
    edit = TableEdit.objects.latest("id")
    Compound.objects.filter(pk=rows[0].pk).update(division=place.town)
    assert "又被改过" in text(officer.client.post(f"/table/edits/{edit.pk}/undo/", follow=True))
    Compound.objects.filter(pk=rows[0].pk).update(division=place.community)
    officer.client.post(f"/table/edits/{edit.pk}/undo/")
    assert {row.division_id for row in Compound.objects.filter(pk__in=[row.pk for row in rows])} == {place.awaiting.pk}


def test_choose_rows_outside_the_scope_does_nothing(
    place: SimpleNamespace, people: SimpleNamespace, compounds: list[Compound]
) -> None:
    asked = {**WORD, "act": "kind", "kind": "old", "row": [place.other_compound.pk], "write": "1"}
    assert "没有选中小区" in text(people.town_officer.client.post("/table/choose/", asked, follow=True))
    assert Compound.objects.get(pk=place.other_compound.pk).kind == place.other_compound.kind


def test_save_rename_and_drop_a_view(people: SimpleNamespace, compounds: list[Compound]) -> None:
    client = people.town_officer.client
    assert client.post("/table/views/?kind=old&f=fee:unknown", {"name": "没有收费的老旧小区"}).status_code == 302
    row = SavedView.objects.get()
    assert row.query == "kind=old&f=fee:unknown"
    page = text(client.get("/table/?kind=old&f=fee:unknown"))
    assert "没有收费的老旧小区" in page
    client.post(f"/table/views/{row.pk}/", {"name": "改了名"})
    assert "改了名" in text(client.get("/table/views/"))
    assert people.bureau_officer.client.post(f"/table/views/{row.pk}/", {"drop": "1"}).status_code == 404
    client.post(f"/table/views/{row.pk}/", {"drop": "1"})
    assert not SavedView.objects.exists()

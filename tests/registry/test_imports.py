"""Lists in: judged, previewed, written whole or not at all, taken back."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anju.base.actor import SYSTEM, Denied, Refused
from anju.base.models import AuditEntry
from anju.places.models import Compound, CompoundAlias
from anju.places.services.compounds import rename_compound
from anju.registry.models import Cell, Fact, ImportRow, ListImport, RowLink, Statement
from anju.registry.services.decisions import decide_fact
from anju.registry.services.imports import judging
from anju.registry.services.imports.opening import abandon_import, correct_columns, read_import
from anju.registry.services.imports.treating import assign_division, choose_for_reason, choose_treatments
from anju.registry.services.imports.undoing import undo_import
from anju.registry.services.imports.writing import write_import
from tests.people import NOW, TODAY
from tests.registry.conftest import Tell, cell
from tests.registry.lists import ROWS, as_csv, brought, counts, written

pytestmark = pytest.mark.usefixtures("indicators")
Here = SimpleNamespace


def reasons(row: ListImport) -> dict[int, list[str]]:
    rows = ImportRow.objects.filter(list_import=row).values_list("line", "doubts")
    return {line: [doubt[2] for doubt in doubts] for line, doubts in rows if doubts}


def everything() -> dict[str, Any]:
    """What an import could have changed."""
    return {
        "compounds": list(Compound.objects.filter(ended_on=None).order_by("pk").values("name", "service_state")),
        "cells": list(
            Cell.objects.order_by("pk").values("compound", "indicator", "low", "high", "text", "form", "fact")
        ),
        "aliases": list(CompoundAlias.objects.order_by("pk").values("compound", "name")),
        "links": RowLink.objects.count(),
    }


def test_read_import_judges_a_list_too_long_to_keep_as_a_short_one(
    place: Here, people: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = as_csv((*ROWS, ROWS[0], ("示例·冬青", "", "", "3O户", "9", "", "99", "2150年")))
    short = brought(people.bureau_officer.actor, place.county, content)
    monkeypatch.setattr(judging, "_KEPT", 1)
    long = brought(people.bureau_officer.actor, place.county, content)
    assert counts(long) == counts(short) == (5, 3, 2, 0, 0, 0)
    kept = ("line", "name", "verdict", "act", "cells", "doubts", "told")
    of_short, of_long = (list(one.import_rows.order_by("line").values(*kept)) for one in (short, long))
    assert of_short == of_long


def test_write_import_creates_compounds_with_their_facts(place: Here, people: Here) -> None:
    actor = people.bureau_officer.actor
    row = brought(actor, place.county, as_csv())
    assert counts(row) == (3, 3, 0, 0, 0, 0)
    assert not Compound.objects.filter(name="示例·春江苑").exists()
    row = written(actor, row)
    assert (row.state, row.created) == (ListImport.State.WRITTEN, 3)
    made = {one.name: one for one in Compound.objects.select_related("division").filter(import_rows__list_import=row)}
    assert {name: one.division.name for name, one in made.items()} == {
        "示例·春江苑": "城关镇",
        "示例·秋月里": "东江镇",
        "示例·夏荷园": "待定乡镇",
    }
    assert made["示例·秋月里"].service_state == "owners"
    assert made["示例·春江苑"].pinyin == "ShiLiChunJiangYuan"
    assert cell(made["示例·春江苑"], "fee").low == 120
    assert AuditEntry.objects.filter(action="list.imported").count() == 1


def test_write_import_of_the_same_file_again_changes_nothing(place: Here, people: Here) -> None:
    actor = people.bureau_officer.actor
    content = as_csv((*ROWS, ("示例·春江苑", "城关镇", "示例县城关镇环城路1号", "320", "8", "", "", "")))
    first = written(actor, brought(actor, place.county, content))
    assert (first.rows, first.doubtful, first.skipped) == (4, 1, 1)
    before = (everything(), Fact.objects.count(), AuditEntry.objects.count())
    row = brought(actor, place.county, content)
    assert counts(row) == (4, 3, 1, 0, 4, 0)
    row = written(actor, row)
    assert (row.created, row.state) == (0, ListImport.State.WRITTEN)
    assert before == (everything(), Fact.objects.count(), AuditEntry.objects.count())


def test_write_import_of_another_source_links_and_finds_conflicts(place: Here, people: Here) -> None:
    actor = people.bureau_officer.actor
    written(actor, brought(actor, place.county, as_csv()))
    other = [("示例·春江苑", "城关镇", "示例县城关镇环城路1号", "900", "8", "", "", "2008年")]
    row = brought(actor, place.county, as_csv(other), kind="website")
    assert counts(row) == (1, 1, 0, 0, 0, 1)
    row = written(actor, row)
    assert (row.created, row.linked) == (0, 1)
    found = Cell.objects.get(compound__name="示例·春江苑", indicator__code="households")
    assert (found.low, found.conflict, found.sources) == (320, True, 2)


def test_doubtful_value_is_kept_out_and_the_rest_of_its_row_is_written(place: Here, people: Here) -> None:
    actor = people.bureau_officer.actor
    rows = [("示例·春江苑", "城关镇", "", "3O", "8", "", "", "九几年")]
    row = brought(actor, place.county, as_csv(rows))
    assert counts(row) == (1, 0, 1, 0, 0, 0)
    assert reasons(row) == {2: ["letter_in_number", "unreadable"]}
    chosen = {(2, "letter_in_number:households"): "take", (2, "unreadable:completed"): "take"}
    row = choose_treatments(actor=actor, row=row, chosen=chosen, at=NOW)
    written(actor, row)
    told = Cell.objects.filter(compound__name="示例·春江苑").values_list("indicator__code", "low")
    assert dict(told) == {"households": 30, "buildings": 8}


def test_row_of_another_county_waits_for_a_person(place: Here, people: Here) -> None:
    actor = people.bureau_officer.actor
    rows = [("示例·春江苑", "", "湖南省示例市环城路1号", "30", "8", "", "", "")]
    row = brought(actor, place.county, as_csv(rows))
    assert reasons(row) == {2: ["foreign_division"]}
    assert (row.created, row.skipped) == (0, 1)
    row = choose_for_reason(actor=actor, row=row, reason="foreign_division", to="write", at=NOW)
    assert (row.created, row.skipped) == (1, 0)
    assert brought(actor, place.county, as_csv(rows), anywhere=True).accepted == 1


def test_town_officer_gets_no_rows_of_another_town(place: Here, people: Here) -> None:
    actor = people.town_officer.actor
    row = brought(actor, place.town, as_csv())
    assert counts(row) == (3, 2, 0, 1, 0, 0)
    assert reasons(row) == {3: ["outside_reach"]}
    written(actor, row)
    assert set(Compound.objects.filter(name__startswith="示例·春").values_list("division__name", flat=True)) == {
        "城关镇"
    }
    assert not Compound.objects.filter(name="示例·秋月里").exists()
    with pytest.raises(Denied):
        brought(actor, place.other_town, as_csv())
    with pytest.raises(Denied):
        brought(people.community_worker.actor, place.community, as_csv())


def test_rejected_and_totals_and_unnamed_rows_are_accounted_for(place: Here, people: Here) -> None:
    rows = [("", "城关镇", "", "30", "8", "", "", ""), ("合计", "", "", "30", "8", "", "", ""), *ROWS]
    row = brought(people.bureau_officer.actor, place.county, as_csv(rows))
    assert row.rows == row.accepted + row.doubtful + row.rejected == 5
    assert reasons(row) == {2: ["name_empty"], 3: ["total_row"]}


def test_known_compound_is_recognised_and_a_likely_one_is_asked_about(place: Here, people: Here) -> None:
    actor = people.bureau_officer.actor
    rows = [
        ("示例·碧水花园", "城关镇", "", "300", "8", "", "", ""),
        ("示例·碧水小区", "城关镇", "", "310", "8", "", "", ""),
    ]
    row = brought(actor, place.county, as_csv(rows))
    assert reasons(row) == {3: ["likely_known"]}
    key = (3, "likely_known:name")
    row = choose_treatments(actor=actor, row=row, chosen={key: f"link:{place.other_compound.pk}"}, at=NOW)
    assert row.skipped == 1  # not one of those offered
    row = choose_treatments(actor=actor, row=row, chosen={key: "new"}, at=NOW)
    row = written(actor, row)
    assert (row.created, row.linked) == (1, 1)
    assert counts(brought(actor, place.county, as_csv(rows)))[4] == 2  # who said it is a new one is not asked again


def test_answer_to_one_doubt_of_a_row_is_none_to_the_others(place: Here, people: Here) -> None:
    """Who says of all rows of another county that they are ours has not said that none of them is known, nor that repeats are none."""
    actor, far = people.bureau_officer.actor, "湖南省示例市环城路1号"
    rows = [
        ("示例·春江苑", "城关镇", far, "30", "8", "", "", ""),
        ("示例·碧水小区", "城关镇", far, "310", "8", "", "", ""),
        ("示例·春江苑", "城关镇", far, "99", "8", "", "", ""),
    ]
    row = brought(actor, place.county, as_csv(rows))
    row = choose_for_reason(actor=actor, row=row, reason="foreign_division", to="write", at=NOW)
    assert {line: found[-1] for line, found in reasons(row).items()} == {
        2: "foreign_division",
        3: "likely_known",
        4: "foreign_division",
    }
    assert (row.created, row.linked, row.skipped) == (1, 0, 2)
    row = choose_for_reason(actor=actor, row=row, reason="likely_known", to="new", at=NOW)
    row = choose_for_reason(actor=actor, row=row, reason="repeated_otherwise", to="skip", at=NOW)
    row = written(actor, row)
    assert (row.created, row.linked, row.skipped) == (2, 0, 1)
    assert cell(Compound.objects.get(name="示例·春江苑"), "households").low == 30
    assert counts(brought(actor, place.county, as_csv(rows)))[4] == 3


def test_two_rows_linked_to_one_compound_by_choice_are_not_both_written_unasked(place: Here, people: Here) -> None:
    """Else the second overwrites what the first said, and the same file again is not unchanged."""
    actor = people.bureau_officer.actor
    rows = [(f"示例·碧水{end}", "城关镇", "", count, "8", "", "", "") for end, count in (("小区", "310"), ("苑", "99"))]
    row = brought(actor, place.county, as_csv(rows))
    assert reasons(row) == {2: ["likely_known"], 3: ["likely_known"]}
    row = choose_for_reason(actor=actor, row=row, reason="likely_known", to="link", at=NOW)
    assert reasons(row)[3] == ["likely_known", "known_twice"]
    assert (row.linked, row.skipped) == (1, 1)
    written(actor, row)
    assert cell(place.compound, "households").low == 310
    again = brought(actor, place.county, as_csv(rows))
    assert (counts(again)[4], again.linked, again.skipped) == (2, 1, 1)
    again = choose_treatments(actor=actor, row=again, chosen={(3, "known_twice:name"): "write"}, at=NOW)
    assert (again.linked, again.unchanged) == (2, 1)
    written(actor, again)
    assert cell(place.compound, "households").low == 99
    assert counts(brought(actor, place.county, as_csv(rows)))[4] == 2  # each row's word stands, though the second holds


def test_row_left_out_because_of_the_database_stays_so_when_the_file_comes_again(place: Here, people: Here) -> None:
    """Also where something else about it was answered."""
    actor, far = people.bureau_officer.actor, "湖南省示例市环城路1号"
    place.compound.aliases.create(name="示例·碧水老苑")
    rows = [(name, "城关镇", far, "310", "8", "", "", "") for name in ("示例·碧水花园", "示例·碧水老苑")]
    row = brought(actor, place.county, as_csv(rows))
    row = choose_for_reason(actor=actor, row=row, reason="foreign_division", to="write", at=NOW)
    assert reasons(row)[3] == ["foreign_division", "known_twice"]
    row = written(actor, row)
    assert (row.linked, row.skipped) == (1, 1)
    again = brought(actor, place.county, as_csv(rows))
    assert (counts(again)[4], again.linked, again.skipped) == (2, 1, 1)
    assert reasons(again)[3] == ["foreign_division", "known_twice"]


def test_linking_a_likely_one_remembers_its_name(place: Here, people: Here) -> None:
    actor = people.bureau_officer.actor
    content = as_csv([("示例·碧水小区", "城关镇", "", "310", "8", "", "", "")])
    row = brought(actor, place.county, content)
    row = choose_for_reason(actor=actor, row=row, reason="likely_known", to="link", at=NOW)
    written(actor, row)
    assert place.compound.aliases.get().name == "示例·碧水小区"
    assert counts(brought(actor, place.county, content, on=TODAY - timedelta(days=1))) == (1, 1, 0, 0, 1, 0)


def test_changed_database_means_a_new_preview(place: Here, people: Here) -> None:
    actor = people.bureau_officer.actor
    first, second = (brought(actor, place.county, as_csv()) for _ in range(2))
    written(actor, first)
    with pytest.raises(Refused, match=r"import\.changed"):
        written(actor, second)
    second.refresh_from_db()
    assert (second.state, second.unchanged, second.created) == ("previewed", 3, 0)
    with pytest.raises(Refused, match=r"import\.changed"):
        write_import(actor=actor, row=second, plan="of another moment", at=NOW)


def test_assign_division_brings_rows_out_of_the_undecided(place: Here, people: Here) -> None:
    actor = people.bureau_officer.actor
    row = assign_division(
        actor=actor, row=brought(actor, place.county, as_csv()), lines=[], division=place.town, at=NOW
    )
    written(actor, row)
    assert Compound.objects.get(name="示例·夏荷园").division == place.town


def test_correct_columns_is_remembered(place: Here, people: Here) -> None:
    actor = people.bureau_officer.actor
    content = as_csv([("示例·春江苑", "60"), ("示例·秋月里", "70")], ["小区名称", "门洞数"])
    row = brought(actor, place.county, content)
    assert [column["code"] for column in row.header["columns"]] == ["name", ""]
    assert correct_columns(actor=actor, row=row, codes={1: "households"}, at=NOW)
    row = read_import(actor=actor, row=row, at=NOW)
    assert [one.cells[0][0] for one in row.import_rows.order_by("line")] == ["households", "households"]
    assert brought(actor, place.county, content).header["columns"][1]["reason"] == "remembered"


def test_undo_import_restores_the_state_before(place: Here, people: Here, tell: Tell) -> None:
    actor = people.bureau_officer.actor
    tell(actor, place.compound, "households", "500", "filing")
    before = everything()
    rows = [*ROWS, ("示例·碧水花园", "城关镇", "", "777", "3", "业主自管", "", "")]
    row = written(actor, brought(actor, place.county, as_csv(rows)))
    assert everything() != before
    done = undo_import(actor=actor, row=row, reason="导错了", at=NOW)
    assert (done.compounds, done.statements, done.left) == (3, 4, ())
    assert everything() == before
    assert AuditEntry.objects.filter(action="list.undone").count() == 1
    assert brought(actor, place.county, as_csv()).created == 3
    with pytest.raises(Refused, match=r"import\.not_written"):
        undo_import(actor=actor, row=row, reason="再来", at=NOW)


def test_undo_import_restores_a_state_of_service_that_no_word_left_settles(
    place: Here, people: Here, tell: Tell
) -> None:
    """无物业 alone does not say who manages, so the state cannot follow from it."""
    actor = people.bureau_officer.actor
    tell(actor, place.compound, "service", "无物业", "filing")
    before = everything()
    row = written(
        actor, brought(actor, place.county, as_csv([("示例·碧水花园", "城关镇", "", "", "", "业主自管", "", "")]))
    )
    place.compound.refresh_from_db()
    assert place.compound.service_state == "owners"
    undo_import(actor=actor, row=row, reason="导错了", at=NOW)
    assert everything() == before


def test_undo_import_lists_and_leaves_what_was_worked_on(place: Here, people: Here, tell: Tell) -> None:
    actor, later = people.bureau_officer.actor, NOW + timedelta(minutes=5)
    row = written(actor, brought(actor, place.county, as_csv()))
    renamed, confirmed, untouched = (Compound.objects.get(name=one[0]) for one in ROWS)
    rename_compound(actor=actor, compound=renamed, name="示例·春江新苑", at=later)
    fact = Fact.objects.get(statement__compound=confirmed, indicator__code="households")
    decide_fact(actor=people.bureau_reviewer.actor, fact=fact, reason="已核对", at=later)
    done = undo_import(actor=actor, row=row, reason="导错了", at=later)
    assert {(one.line, one.why) for one in done.left} == {(2, "edited"), (3, "decided")}
    assert set(Compound.objects.filter(ended_on=None, pk__in=[renamed.pk, confirmed.pk, untouched.pk])) == {
        renamed,
        confirmed,
    }
    assert Cell.objects.filter(compound=confirmed).exists()


def test_undo_import_of_somebody_else(place: Here, people: Here) -> None:
    row = written(people.bureau_officer.actor, brought(people.bureau_officer.actor, place.town, as_csv(ROWS[:1])))
    with pytest.raises(Denied):
        undo_import(actor=people.town_officer.actor, row=row, reason="不是我的", at=NOW)
    assert undo_import(actor=SYSTEM, row=row, reason="全县清理", at=NOW).compounds == 1


def test_abandon_import_leaves_nothing(place: Here, people: Here) -> None:
    actor = people.bureau_officer.actor
    row = brought(actor, place.county, as_csv())
    abandon_import(actor=actor, row=row, at=NOW)
    assert not ImportRow.objects.exists()
    with pytest.raises(Refused, match=r"import\.closed"):
        written(actor, row)
    assert not Statement.objects.exists()


def test_names_of_two_places_are_told_apart(place: Here, people: Here) -> None:
    """Two of one name that cannot be one compound, neither with a town: the second is registered under a longer name."""
    headings = ("所在市", "小区名称", "户数")
    rows = [("甲市", "示例·阳光花园", "10"), ("乙市", "示例·阳光花园", "900")]
    row = brought(SYSTEM, place.county, as_csv(rows, headings), anywhere=True)
    written(SYSTEM, row)
    names = Compound.objects.filter(name__startswith="示例·阳光").order_by("pk").values_list("name", flat=True)
    assert list(names) == ["示例·阳光花园", "示例·阳光花园（乙市）"]


def test_queries_are_constant_per_thousand_rows(place: Here) -> None:
    def asked(count: int) -> int:
        rows = [(f"示例·第{number}苑", "城关镇", "", "20", "2", "", "", "") for number in range(count)]
        with CaptureQueriesContext(connection) as queries:
            written(SYSTEM, brought(SYSTEM, place.county, as_csv(rows), kind="town"))
        return len(queries)

    few, thousand = asked(5), asked(1000)
    assert thousand - few <= 15

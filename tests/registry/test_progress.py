"""How far the facts are: counted in the actor's scope, by town and by whoever answers, in a fixed number of queries."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anju.registry.models import Indicator
from anju.registry.queries.answering import answering
from anju.registry.queries.progress import Gaps, cells_to_look_at, count_gaps, gap_page, progress
from anju.registry.services.decisions import decide_fact
from tests.people import NOW, TODAY, make_compound
from tests.registry.conftest import Tell


def test_answering_names_the_unit_and_the_compounds_own_town(
    place: SimpleNamespace, indicators: dict[str, Indicator]
) -> None:
    who = answering()
    assert who.of("bureau", place.town.pk).pk == place.bureau.pk  # type: ignore[union-attr]
    assert who.of("town", place.town.pk).pk == place.town_office.pk  # type: ignore[union-attr]
    assert who.of("town", place.other_town.pk).pk == place.other_town_office.pk  # type: ignore[union-attr]
    assert who.of("town", place.awaiting.pk) is None
    missing = who.of("development", None)
    assert missing is not None
    assert (missing.pk, missing.name) == (None, "县发展改革局")


def test_answering_finds_a_unit_under_its_former_name(place: SimpleNamespace, indicators: dict[str, Indicator]) -> None:
    place.bureau.name = "县住房保障中心"
    place.bureau.save()
    place.bureau.aliases.create(name="县住建局", kind="former", until=TODAY)
    assert answering().units["bureau"].pk == place.bureau.pk


def test_progress_counts_what_is_known_stale_in_conflict_and_confirmed(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    officer, reviewer = people.bureau_officer.actor, people.bureau_reviewer.actor
    fact = tell(officer, place.compound, "households", "1086")
    decide_fact(actor=reviewer, fact=fact, reason="核对", at=NOW)
    tell(officer, place.compound, "buildings", "12", "survey")
    tell(officer, place.compound, "buildings", "13", "company")
    tell(officer, place.compound, "party_covered", "有", on=TODAY - timedelta(days=181))
    tell(officer, place.compound, "committee_formed", "未知")
    found = progress(officer, on=TODAY)
    asked = Indicator.objects.exclude(answers=[]).count()
    assert (found.compounds, found.whole.asked, found.whole.known) == (2, 2 * asked, 3)
    assert (found.whole.confirmed, found.whole.conflict, found.whole.stale, found.whole.waiting) == (1, 1, 1, 1)
    assert found.whole.missing == 2 * asked - 3
    assert {line.name: line.tally.known for line in found.towns} == {"城关镇": 3, "东江镇": 0}
    units = {line.unit.name: line.tally for line in found.units}
    assert (units["县委组织部"].asked, units["县委组织部"].known) == (4, 1)
    towns_own = sum("town" in row.answers for row in Indicator.objects.all())
    assert (units["城关镇人民政府"].asked, units["城关镇人民政府"].known) == (towns_own, 3)


def test_progress_and_gaps_stay_within_the_scope(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    tell(people.bureau_officer.actor, place.other_compound, "households", "2")
    town = progress(people.town_officer.actor, on=TODAY)
    assert (town.compounds, town.whole.known, [line.name for line in town.towns]) == (1, 0, ["城关镇"])
    assert progress(people.department_officer.actor, on=TODAY).compounds == 0
    assert progress(people.system_admin.actor, on=TODAY).whole.asked == 0
    shown = [row["name"] for row in gap_page(people.town_officer.actor, Gaps()).rows]
    assert shown == ["示例·碧水花园"]
    rows = cells_to_look_at(people.town_officer.actor, "unconfirmed", on=TODAY, gaps=Gaps())
    assert not rows.exists()


def test_number_of_a_unit_opens_as_many_rows(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    actor = people.bureau_officer.actor
    tell(actor, place.compound, "households", "1086")
    tell(actor, place.compound, "fee", "1.2元/㎡·月", "filing")
    tell(actor, place.compound, "fee", "1.8元/㎡·月", "company")
    found = progress(actor, on=TODAY)
    for line in found.units:
        if line.unit.pk is None:
            continue
        gaps = Gaps(unit=line.unit.pk)
        assert count_gaps(actor, gaps) == (line.tally.missing, line.tally.asked)
        for show, count in (("conflict", line.tally.conflict), ("unconfirmed", line.tally.waiting)):
            assert cells_to_look_at(actor, show, on=TODAY, gaps=gaps).count() == count
    for town in found.towns:
        gaps = Gaps(town=place.town if town.pk == place.town.pk else place.other_town)
        assert count_gaps(actor, gaps)[0] == town.tally.missing


def test_gap_page_names_what_is_missing(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    actor = people.bureau_officer.actor
    tell(actor, place.compound, "households", "1086")
    row = next(row for row in gap_page(actor, Gaps(town=place.town)).rows if row["id"] == place.compound.pk)
    codes = {one.code for one in row["missing"]}
    assert "households" not in codes
    assert {"buildings", "manager"} <= codes
    only = Gaps(indicator=Indicator.objects.get(code="households"))
    assert [row["name"] for row in gap_page(actor, only).rows] == ["示例·江畔名邸"]


@pytest.mark.parametrize("more", [0, 12])
def test_progress_and_gap_page_ask_the_same_number_of_queries(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell, more: int
) -> None:
    actor = people.bureau_officer.actor
    for number in range(more):
        tell(actor, make_compound(f"示例·{number}号院", place.community), "households", "50")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        progress(actor, on=TODAY)
    assert len(asked) == 7
    with CaptureQueriesContext(connection) as asked:
        gap_page(actor, Gaps())
    assert len(asked) <= 5

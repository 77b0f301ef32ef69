"""Setting, changing and ending a compound's management area: versions that stay, facts that follow, reach that holds."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from anju.base.actor import SYSTEM, Actor, Denied, Refused
from anju.base.models import AuditEntry
from anju.places.models import Compound
from anju.registry.models import ManagementArea
from anju.registry.queries.areas import (
    area_of,
    areas_for,
    history_of_area,
    overlaps_for,
    shared_ground,
    surroundings_for,
    versions_for,
)
from anju.registry.services.areas import end_area, set_area
from anju.registry.services.statements import record_statement
from anju.rules.areas import COUNTRY, Area, overlap, read_area, square_metres
from anju.rules.lists.readings import Point
from tests.people import NOW, TODAY, make_compound
from tests.registry.conftest import cell, saying, source

pytestmark = pytest.mark.django_db


def square(west: float = 108.5, south: float = 20.6, side: float = 0.001) -> Area:
    east, north = round(west + side, 7), round(south + side, 7)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return read_area(json.dumps({"type": "Polygon", "coordinates": [ring]}))


def set_(actor: Actor, compound: Compound, area: Area, **more: Any) -> ManagementArea:
    told: dict[str, Any] = {"source": source("filing"), "observed_on": TODAY, "at": NOW} | more
    return set_area(actor=actor, compound=compound, area=area, **told)


def test_set_area_is_a_version_and_the_source_s_word(people: Any, place: Any, indicators: Any) -> None:
    officer = people.bureau_officer.actor
    made = set_(officer, place.compound, square(), filed_on=TODAY - timedelta(days=9), reason="示例")
    assert (made.version, made.west, made.north, made.size) == (1, 1_085_000_000, 206_010_000, 1154111)
    assert made.recorder_id == people.bureau_officer.user.pk
    said = cell(place.compound, "management_area_delineated")
    assert (said.form, said.source_id, said.observed_on) == ("yes", made.source_id, TODAY)
    assert cell(place.compound, "management_area_filed_on").low == 20261115
    assert AuditEntry.objects.filter(action="area.set", subject_id=place.compound.pk).count() == 1


def test_set_area_again_keeps_what_was(people: Any, place: Any, indicators: Any) -> None:
    officer, clerk = people.bureau_officer.actor, people.town_officer.actor
    set_(officer, place.compound, square())
    set_(clerk, place.compound, square(side=0.002))
    now = area_of(officer, place.compound)
    assert now is not None
    assert (now.version, now.size) == (2, square_metres(square(side=0.002)))
    assert [(row.version, by) for row, by in history_of_area(officer, place.compound)] == [
        (2, "韦城关，城关镇人民政府"),
        (1, "陈经办，县住建局"),
    ]


@pytest.mark.parametrize("change", ["update", "delete"])
def test_version_cannot_be_changed(people: Any, place: Any, change: str) -> None:
    made = set_(people.bureau_officer.actor, place.compound, square())
    rows = ManagementArea.objects.filter(pk=made.pk)
    with pytest.raises(DatabaseError, match=r"append-only|permission denied"), transaction.atomic():
        rows.update(reason="改") if change == "update" else rows.delete()


def test_version_without_a_boundary_is_only_an_end(place: Any, people: Any) -> None:
    blank = {"compound": place.compound, "version": 1, "source": source(), "observed_on": TODAY, "recorded_at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        ManagementArea.objects.create(**blank)


def test_set_area_refuses_what_is_no_boundary(people: Any, place: Any) -> None:
    officer = people.bureau_officer.actor
    bow = [[108.5, 20.6], [108.501, 20.601], [108.501, 20.6], [108.5, 20.601], [108.5, 20.6]]
    crossing = read_area(json.dumps({"type": "Polygon", "coordinates": [bow]}))
    for area in (crossing, square(side=0.00001), square(side=0.3)):
        with pytest.raises(Refused, match=r"area\.faulty"):
            set_(officer, place.compound, area)
    with pytest.raises(Refused, match=r"fact\.observed_later"):
        set_(officer, place.compound, square(), observed_on=TODAY + timedelta(days=1))
    with pytest.raises(Refused, match=r"area\.filed_later"):
        set_(officer, place.compound, square(), filed_on=TODAY + timedelta(days=1))
    set_(officer, place.compound, square())
    with pytest.raises(Refused, match=r"area\.unchanged"):
        set_(officer, place.compound, square())
    assert ManagementArea.objects.count() == 1


def test_set_area_needs_the_permission_and_the_reach(people: Any, place: Any) -> None:
    for who in ("other_town_officer", "manager", "chair", "department_officer", "nobody"):
        with pytest.raises(Denied):
            set_(getattr(people, who).actor, place.compound, square())
        with pytest.raises(Denied):
            end_area(actor=getattr(people, who).actor, compound=place.compound, reason="示例", at=NOW)
    assert not ManagementArea.objects.exists()


def test_end_area_leaves_the_history_and_lets_it_begin_anew(people: Any, place: Any, indicators: Any) -> None:
    officer = people.bureau_officer.actor
    with pytest.raises(Refused, match=r"area\.none"):
        end_area(actor=officer, compound=place.compound, reason="示例", at=NOW)
    set_(officer, place.compound, square())
    with pytest.raises(Refused, match="reason_missing"):
        end_area(actor=officer, compound=place.compound, reason=" ", at=NOW)
    end_area(actor=officer, compound=place.compound, reason="画错了", at=NOW)
    assert area_of(officer, place.compound) is None
    with pytest.raises(Refused, match=r"area\.none"):
        end_area(actor=officer, compound=place.compound, reason="再来", at=NOW)
    assert cell(place.compound, "management_area_delineated").form == "yes"
    assert set_(officer, place.compound, square()).version == 3
    assert versions_for(officer).count() == 3


def test_area_of_another_town_is_never_there(people: Any, place: Any) -> None:
    set_(SYSTEM, place.compound, square())
    set_(SYSTEM, place.other_compound, square(west=108.5005))
    seen = {
        who: set(areas_for(person.actor).values_list("compound", flat=True))
        for who, person in vars(people).items()
        if person.user is not None
    }
    both, mine, other = {place.compound.pk, place.other_compound.pk}, {place.compound.pk}, {place.other_compound.pk}
    assert seen["bureau_officer"] == seen["bureau_reviewer"] == seen["supervisor"] == both
    assert seen["town_officer"] == seen["community_worker"] == mine
    assert seen["other_town_officer"] == other
    assert seen["nobody"] == seen["system_admin"] == set()
    town = people.town_officer.actor
    assert shared_ground(town, square(), but=place.compound) == []


def test_shared_ground_is_told_from_both_sides(people: Any, place: Any) -> None:
    officer = people.bureau_officer.actor
    one, other = square(), square(west=108.5005)
    set_(officer, place.compound, one)
    set_(officer, place.other_compound, other)
    here, there = (
        shared_ground(officer, one, but=place.compound),
        shared_ground(officer, other, but=place.other_compound),
    )
    assert [shared.name for shared in here] == ["示例·江畔名邸"]
    assert [shared.name for shared in there] == ["示例·碧水花园"]
    assert here[0].size == there[0].size == 577055
    place.other_compound.ended_on = TODAY
    place.other_compound.save()
    assert shared_ground(officer, one, but=place.compound) == []


def test_shared_ground_of_less_than_a_square_metre_is_two_hands_on_one_line(people: Any, place: Any) -> None:
    officer = people.bureau_officer.actor
    neighbour = square(west=108.5009999, side=0.0005)
    set_(officer, place.other_compound, neighbour)
    assert 0 < overlap(square(), neighbour) < 100
    assert shared_ground(officer, square(), but=place.compound) == []


def test_overlaps_are_each_told_once_and_only_within_reach(people: Any, place: Any) -> None:
    third = make_compound("示例·丙", place.community)
    set_(SYSTEM, place.compound, square())
    set_(SYSTEM, place.other_compound, square(west=108.5005))
    set_(SYSTEM, third, square(west=108.5009))
    told = [(one.one, one.other, one.size) for one in overlaps_for(people.bureau_officer.actor)]
    assert [pair[:2] for pair in told] == [
        (place.other_compound.pk, third.pk),
        (place.compound.pk, place.other_compound.pk),
        (place.compound.pk, third.pk),
    ]
    assert told[0][2] == overlap(square(west=108.5005), square(west=108.5009))
    assert [(one.one, one.other) for one in overlaps_for(people.town_officer.actor)] == [(place.compound.pk, third.pk)]
    assert overlaps_for(people.other_town_officer.actor) == []


def test_surroundings_are_around_what_is_known(people: Any, place: SimpleNamespace, indicators: Any) -> None:
    officer = people.bureau_officer.actor
    assert surroundings_for(officer) == COUNTRY
    point = indicators["point"]
    said = saying("108.5000000,20.6000000", "point")
    record_statement(
        actor=officer, compound=place.compound, source=source(), observed_on=TODAY, sayings={point: said}, at=NOW
    )
    assert isinstance(said.value, Point)
    around = surroundings_for(officer)
    assert around.holds((1_085_000_000, 206_000_000))
    assert not around.holds((1_105_000_000, 206_000_000))

from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from anju.base.actor import Denied, Refused
from anju.base.models import AuditEntry
from anju.places.models import Compound
from anju.places.services.compound_merge import end_compound, merge_compounds
from anju.places.services.compounds import (
    CompoundFacts,
    add_compound_alias,
    create_compound,
    edit_compound,
    remove_compound_alias,
    rename_compound,
)
from anju.places.services.spelling import spell
from tests.people import FOUNDED, NOW, TODAY, make_compound, make_organisation


def test_create_compound_is_unknown_until_somebody_knows(place: SimpleNamespace, people: SimpleNamespace) -> None:
    facts = CompoundFacts(division=place.awaiting)
    row = create_compound(actor=people.bureau_officer.actor, name="示例·桂湖新城B2区", facts=facts, at=NOW)
    assert (row.kind, row.service_state) == ("unknown", "unknown")
    assert (row.pinyin, row.initials) == ("ShiLiGuiHuXinChengB2Qu", "slghxcb2q")


@pytest.mark.parametrize("name", ["𠮷祥䶮府", "<img onerror=alert(1)>", "长" * 100])
def test_create_compound_keeps_unusual_names_as_typed(
    place: SimpleNamespace, people: SimpleNamespace, name: str
) -> None:
    facts = CompoundFacts(division=place.community)
    row = create_compound(actor=people.town_officer.actor, name=name, facts=facts, aliases=["别" + name[:9]], at=NOW)
    assert Compound.objects.get(pk=row.pk).name == name


@pytest.mark.parametrize("name", ["碧水\u202e花园", "碧\x00水", "碧\u200b水", "水" * 10_000, "\n", "\ud840"])
def test_create_compound_with_a_deceiving_name_is_refused(
    place: SimpleNamespace, people: SimpleNamespace, name: str
) -> None:
    with pytest.raises(Refused) as refusal:
        create_compound(
            actor=people.town_officer.actor, name=name, facts=CompoundFacts(division=place.community), at=NOW
        )
    assert refusal.value.code == "place.bad_name"


def test_create_compound_right_below_the_county_is_refused(place: SimpleNamespace, people: SimpleNamespace) -> None:
    with pytest.raises(Refused) as refusal:
        create_compound(
            actor=people.bureau_officer.actor, name="某小区", facts=CompoundFacts(division=place.county), at=NOW
        )
    assert refusal.value.code == "compound.needs_town"


@pytest.mark.parametrize("where", ["other_town", "other_community", "awaiting", "county"])
def test_create_compound_outside_ones_town_is_denied(
    place: SimpleNamespace, people: SimpleNamespace, where: str
) -> None:
    with pytest.raises(Denied):
        create_compound(
            actor=people.town_officer.actor,
            name="某小区",
            facts=CompoundFacts(division=getattr(place, where)),
            at=NOW,
        )


def test_create_compound_whose_name_is_anothers_offers_the_other(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    actor, facts = people.town_officer.actor, CompoundFacts(division=place.community)
    add_compound_alias(actor=actor, compound=place.compound, name="碧水一期", at=NOW)
    with pytest.raises(Refused) as refusal:
        create_compound(actor=actor, name="碧水一期", facts=facts, at=NOW)
    assert (refusal.value.code, refusal.value.values["other"]) == ("place.name_is_alias", "示例·碧水花园")
    with pytest.raises(Refused) as refusal:
        create_compound(actor=actor, name=" 示例·碧水花园", facts=facts, at=NOW)
    assert refusal.value.code == "place.name_taken"
    elsewhere = replace(facts, division=place.town)
    assert create_compound(actor=actor, name="碧水一期", facts=elsewhere, at=NOW).pk


def test_create_compound_with_a_bad_alias_leaves_nothing(place: SimpleNamespace, people: SimpleNamespace) -> None:
    with pytest.raises(Refused):
        create_compound(
            actor=people.town_officer.actor,
            name="示例·新苑",
            facts=CompoundFacts(division=place.community),
            aliases=["新苑", "示例·碧水花园"],
            at=NOW,
        )
    assert not Compound.objects.filter(name="示例·新苑").exists()
    assert not AuditEntry.objects.exists()


def test_edit_compound_records_what_changed(place: SimpleNamespace, people: SimpleNamespace) -> None:
    unit = make_organisation("示例糖厂", "supervising_unit", place.county)
    facts = CompoundFacts(division=place.town, kind="unit_housing", service_state="unit", supervising_unit=unit)
    edit_compound(actor=people.bureau_officer.actor, compound=place.compound, facts=facts, at=NOW)
    place.compound.refresh_from_db()
    assert (place.compound.division, place.compound.supervising_unit) == (place.town, unit)
    assert '"service_state":["company","unit"]' in AuditEntry.objects.get().body


def test_edit_compound_to_another_town_is_for_the_bureau(place: SimpleNamespace, people: SimpleNamespace) -> None:
    facts = CompoundFacts(division=place.other_community)
    for row, who in ((place.compound, people.town_officer), (place.other_compound, people.town_officer)):
        with pytest.raises(Denied):
            edit_compound(actor=who.actor, compound=row, facts=facts, at=NOW)
    moved = edit_compound(actor=people.bureau_officer.actor, compound=place.compound, facts=facts, at=NOW)
    assert moved.division == place.other_community


def test_edit_compound_with_an_ended_supervisor_is_refused(place: SimpleNamespace, people: SimpleNamespace) -> None:
    ended = make_organisation("示例老厂", "supervising_unit", place.county, ended_on=TODAY)
    facts = CompoundFacts(division=place.community, supervising_unit=ended)
    with pytest.raises(Refused) as refusal:
        edit_compound(actor=people.bureau_officer.actor, compound=place.compound, facts=facts, at=NOW)
    assert refusal.value.code == "compound.supervisor_ended"


@pytest.mark.parametrize("unit", ["company", "committee"])
def test_edit_compound_with_a_supervisor_that_serves_it_is_refused(
    place: SimpleNamespace, people: SimpleNamespace, unit: str
) -> None:
    facts = CompoundFacts(division=place.community, supervising_unit=getattr(place, unit))
    with pytest.raises(Refused) as refusal:
        edit_compound(actor=people.bureau_officer.actor, compound=place.compound, facts=facts, at=NOW)
    assert refusal.value.code == "compound.supervisor_unfit"


@pytest.mark.parametrize(("kind", "state", "field"), [("palace", "owners", "kind"), ("old", "ruled", "service_state")])
def test_edit_compound_to_a_code_that_is_none_is_stopped_by_the_database(
    place: SimpleNamespace, people: SimpleNamespace, kind: str, state: str, field: str
) -> None:
    facts = CompoundFacts(division=place.community, kind=kind, service_state=state)
    with pytest.raises(IntegrityError, match=f"compound_{field}"), transaction.atomic():
        edit_compound(actor=people.bureau_officer.actor, compound=place.compound, facts=facts, at=NOW)


def test_edit_compound_keeps_a_supervisor_that_ended_since(place: SimpleNamespace, people: SimpleNamespace) -> None:
    ended = make_organisation("示例老厂", "supervising_unit", place.county, ended_on=TODAY)
    row = make_compound("示例·厂宿舍", place.community, supervising_unit=ended)
    facts = CompoundFacts(division=place.community, kind="old", supervising_unit=ended)
    assert edit_compound(actor=people.bureau_officer.actor, compound=row, facts=facts, at=NOW).kind == "old"


def test_rename_compound_keeps_the_former_name(place: SimpleNamespace, people: SimpleNamespace) -> None:
    row = rename_compound(actor=people.town_officer.actor, compound=place.compound, name="示例·碧水湾", at=NOW)
    assert (row.initials, list(row.aliases.values_list("name", "kind", "until"))) == (
        "slbsw",
        [("示例·碧水花园", "former", TODAY)],
    )


def test_remove_compound_alias_of_another_town_is_denied(place: SimpleNamespace, people: SimpleNamespace) -> None:
    alias = place.compound.aliases.create(name="碧水")
    with pytest.raises(Denied):
        remove_compound_alias(actor=people.other_town_officer.actor, alias=alias, at=NOW)
    remove_compound_alias(actor=people.town_officer.actor, alias=alias, at=NOW)
    assert not place.compound.aliases.exists()


def test_merge_compounds_keeps_the_row_and_finds_its_names(place: SimpleNamespace, people: SimpleNamespace) -> None:
    twin = make_compound("示例·碧水花苑", place.other_community)
    twin.aliases.create(name="碧水二期")
    kept = merge_compounds(
        actor=people.bureau_officer.actor, compound=twin, into=place.compound, reason="同一小区登记两次", at=NOW
    )
    twin.refresh_from_db()
    assert (twin.ended_on, twin.merged_into, twin.valid_from) == (TODAY, place.compound, FOUNDED)
    assert set(kept.aliases.values_list("name", "kind")) == {("碧水二期", "alias"), ("示例·碧水花苑", "former")}
    assert list(twin.aliases.values_list("name", flat=True)) == ["碧水二期"]
    assert '"reason":"同一小区登记两次"' in AuditEntry.objects.get().body


def test_merge_compounds_held_ended_or_the_same_is_refused(place: SimpleNamespace, people: SimpleNamespace) -> None:
    ended = make_compound("示例·旧", place.community, ended_on=TODAY)
    for row, into, code in (
        (place.other_compound, place.compound, "place.merge_held"),
        (place.compound, place.compound, "compound.merge_itself"),
        (ended, place.compound, "place.ended"),
        (place.other_compound, ended, "place.ended"),
    ):
        with pytest.raises(Refused) as refusal:
            merge_compounds(actor=people.bureau_officer.actor, compound=row, into=into, reason="并", at=NOW)
        assert refusal.value.code == code


def test_end_compound_with_posts_is_refused(place: SimpleNamespace, people: SimpleNamespace) -> None:
    with pytest.raises(Refused) as refusal:
        end_compound(actor=people.bureau_officer.actor, compound=place.compound, reason="拆除", at=NOW)
    assert (refusal.value.code, refusal.value.values["posts"]) == ("compound.posts_held", 2)


def test_end_compound_nobody_is_posted_to(place: SimpleNamespace, people: SimpleNamespace) -> None:
    row = make_compound("示例·拆了", place.community)
    assert end_compound(actor=people.bureau_reviewer.actor, compound=row, reason="拆除", at=NOW).ended_on == TODAY


@pytest.mark.parametrize("who", ["town_officer", "community_worker", "manager", "chair", "system_admin", "supervisor"])
def test_end_compound_without_the_permission_is_denied(
    place: SimpleNamespace, people: SimpleNamespace, who: str
) -> None:
    with pytest.raises(Denied):
        end_compound(actor=getattr(people, who).actor, compound=place.compound, reason="拆除", at=NOW)


def test_spell_names_so_that_they_sort_by_syllable() -> None:
    """李 is Li, 林 is Lin: whatever follows, Li stands first."""
    assert spell("李示例").pinyin < spell("林安").pinyin < spell("凌安").pinyin

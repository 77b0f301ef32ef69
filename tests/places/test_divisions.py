from datetime import timedelta
from types import SimpleNamespace

import pytest

from anju.base.actor import SYSTEM, Denied, Refused
from anju.base.models import AuditEntry
from anju.places.models import Division
from anju.places.services.division_merge import merge_divisions
from anju.places.services.divisions import create_county, create_division, end_division, rename_division
from tests.people import NOW, TODAY, make_compound, make_division, make_organisation, make_post


def test_create_county_makes_its_holder_of_the_undecided(db: None) -> None:
    county = create_county(actor=SYSTEM, name="示例县", code="990001", at=NOW)
    holder = Division.objects.get(awaiting=True)
    assert (holder.parent, holder.name, holder.code) == (county, "待定乡镇", "990001999")
    assert holder.path == f"{county.pk}/{holder.pk}/"
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["division.created"] * 2


def test_create_county_twice_is_refused(place: SimpleNamespace) -> None:
    with pytest.raises(Refused) as refusal:
        create_county(actor=SYSTEM, name="另一个县", code="990002", at=NOW)
    assert refusal.value.code == "division.county_exists"


def test_create_division_below_a_town(place: SimpleNamespace, people: SimpleNamespace) -> None:
    row = create_division(
        actor=people.system_admin.actor, name="  城南社区 ", code="990001100002", parent=place.town, at=NOW
    )
    assert (row.name, row.level, row.pinyin) == ("城南社区", "community", "ChengNanSheQu")
    assert row.path == f"{place.town.path}{row.pk}/"
    assert row.valid_from == TODAY


@pytest.mark.parametrize("code", ["990001100", "990002100002", "99000110000２", "99000110000x", "", "9" * 40])
def test_create_division_with_a_wrong_code_is_refused(
    place: SimpleNamespace, people: SimpleNamespace, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        create_division(actor=people.system_admin.actor, name="城南社区", code=code, parent=place.town, at=NOW)
    assert refusal.value.code == "division.bad_code"


@pytest.mark.parametrize(
    ("name", "code", "refused"),
    [
        ("城北社区", "990001100002", "place.name_taken"),
        ("城南社区", "990001100001", "division.code_taken"),
        ("城\u202e南社区", "990001100002", "place.bad_name"),
        ("城\x00南", "990001100002", "place.bad_name"),
        ("城" * 10_000, "990001100002", "place.bad_name"),
        (" ", "990001100002", "place.bad_name"),
    ],
)
def test_create_division_that_clashes_leaves_nothing(
    place: SimpleNamespace, people: SimpleNamespace, name: str, code: str, refused: str
) -> None:
    rows, entries = Division.objects.count(), AuditEntry.objects.count()
    with pytest.raises(Refused) as refusal:
        create_division(actor=people.system_admin.actor, name=name, code=code, parent=place.town, at=NOW)
    assert refusal.value.code == refused
    assert (Division.objects.count(), AuditEntry.objects.count()) == (rows, entries)


def test_create_division_below_a_community_is_refused(place: SimpleNamespace, people: SimpleNamespace) -> None:
    with pytest.raises(Refused) as refusal:
        create_division(
            actor=people.system_admin.actor, name="一组", code="990001100001001", parent=place.community, at=NOW
        )
    assert refusal.value.code == "division.too_deep"


def test_create_division_below_the_holder_is_refused(place: SimpleNamespace, people: SimpleNamespace) -> None:
    with pytest.raises(Refused) as refusal:
        create_division(
            actor=people.system_admin.actor, name="某社区", code="990001999001", parent=place.awaiting, at=NOW
        )
    assert refusal.value.code == "division.awaiting_stays"


@pytest.mark.parametrize("who", ["bureau_officer", "town_officer", "security_admin", "manager", "nobody"])
def test_create_division_without_the_permission_is_denied(
    place: SimpleNamespace, people: SimpleNamespace, who: str
) -> None:
    with pytest.raises(Denied):
        create_division(
            actor=getattr(people, who).actor, name="城南社区", code="990001100002", parent=place.town, at=NOW
        )


def test_rename_division_keeps_the_former_name(place: SimpleNamespace, people: SimpleNamespace) -> None:
    rename_division(actor=people.system_admin.actor, division=place.town, name="城关街道", at=NOW)
    place.town.refresh_from_db()
    assert (place.town.name, place.town.pinyin) == ("城关街道", "ChengGuanJieDao")
    assert list(place.town.former_names.values_list("name", "until")) == [("城关镇", TODAY)]


def test_rename_division_to_what_it_is_called_leaves_no_trace(place: SimpleNamespace, people: SimpleNamespace) -> None:
    before = AuditEntry.objects.count()
    rename_division(actor=people.system_admin.actor, division=place.town, name="城关镇", at=NOW)
    assert AuditEntry.objects.count() == before
    assert not place.town.former_names.exists()


@pytest.mark.parametrize(
    ("which", "code"), [("county", "division.county_stays"), ("awaiting", "division.awaiting_stays")]
)
def test_rename_division_that_must_stay_is_refused(
    place: SimpleNamespace, people: SimpleNamespace, which: str, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        rename_division(actor=people.system_admin.actor, division=getattr(place, which), name="新名", at=NOW)
    assert refusal.value.code == code


def test_end_division_in_use_says_what_hangs_on_it(place: SimpleNamespace, people: SimpleNamespace) -> None:
    with pytest.raises(Refused) as refusal:
        end_division(actor=people.system_admin.actor, division=place.town, reason="撤并", at=NOW)
    assert refusal.value.code == "division.in_use"
    counted = {key: refusal.value.values[key] for key in ("children", "compounds", "organisations", "posts")}
    assert counted == {"children": 1, "compounds": 0, "organisations": 2, "posts": 1}


def test_end_division_counts_posts_that_reach_by_their_organisation(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    make_post(people.nobody.user, "town_officer", place.town_office)
    make_post(people.nobody.user, "town_officer", place.town_office, division=place.town, ends_on=TODAY)
    with pytest.raises(Refused) as refusal:
        end_division(actor=people.system_admin.actor, division=place.town, reason="撤并", at=NOW)
    assert refusal.value.values["posts"] == 2


def test_end_division_on_which_nothing_depends(place: SimpleNamespace, people: SimpleNamespace) -> None:
    empty = make_division("空社区", "990001100009", place.town)
    end_division(actor=people.system_admin.actor, division=empty, reason="建制撤销", at=NOW)
    empty.refresh_from_db()
    assert empty.ended_on == TODAY
    with pytest.raises(Refused) as refusal:
        end_division(actor=people.system_admin.actor, division=empty, reason="再来", at=NOW)
    assert refusal.value.code == "place.ended"


def test_end_division_frees_its_code_and_name(place: SimpleNamespace, people: SimpleNamespace) -> None:
    admin = people.system_admin.actor
    empty = make_division("空社区", "990001100009", place.town)
    end_division(actor=admin, division=empty, reason="建制撤销", at=NOW)
    again = create_division(
        actor=admin, name="空社区", code="990001100009", parent=place.town, at=NOW + timedelta(days=1)
    )
    assert again.pk != empty.pk


def test_merge_divisions_moves_everything_and_keeps_history(place: SimpleNamespace, people: SimpleNamespace) -> None:
    town = make_division("北山镇", "990001102", place.county)
    village = make_division("北山村", "990001102001", town)
    office = make_organisation("北山镇人民政府", "town", town)
    loose = make_compound("示例·北山小区", town)
    gone = make_compound("示例·旧小区", town, ended_on=TODAY)
    merge_divisions(actor=people.system_admin.actor, division=town, into=place.town, reason="撤镇并镇", at=NOW)
    for row in (town, village, office, loose, gone):
        row.refresh_from_db()
    assert (town.ended_on, town.merged_into) == (TODAY, place.town)
    assert (village.parent, village.path) == (place.town, f"{place.town.path}{village.pk}/")
    assert office.division == loose.division == place.town
    assert gone.division == town
    assert '"children":1,"compounds":1,"organisations":1' in AuditEntry.objects.latest("id").body


def test_merge_divisions_lets_the_successors_officer_see_what_came(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    from anju.places.queries.scoped import compounds_for

    town = make_division("北山镇", "990001102", place.county)
    came = make_compound("示例·北山小区", make_division("北山村", "990001102001", town))
    assert came not in compounds_for(people.town_officer.actor)
    merge_divisions(actor=people.system_admin.actor, division=town, into=place.town, reason="撤镇并镇", at=NOW)
    assert came in compounds_for(people.town_officer.actor)
    assert came not in compounds_for(people.other_town_officer.actor)


def test_merge_divisions_with_same_names_moves_nothing(place: SimpleNamespace, people: SimpleNamespace) -> None:
    town = make_division("北山镇", "990001102", place.county)
    make_division("城北社区", "990001102001", town)
    with pytest.raises(Refused) as refusal:
        merge_divisions(actor=people.system_admin.actor, division=town, into=place.town, reason="并", at=NOW)
    assert (refusal.value.code, refusal.value.values["names"]) == ("division.merge_same_names", "城北社区")
    assert Division.objects.filter(parent=town).count() == 1


def test_merge_divisions_while_posts_reach_by_it_is_refused(place: SimpleNamespace, people: SimpleNamespace) -> None:
    with pytest.raises(Refused) as refusal:
        merge_divisions(
            actor=people.system_admin.actor, division=place.other_town, into=place.town, reason="并", at=NOW
        )
    assert (refusal.value.code, refusal.value.values["posts"]) == ("division.posts_held", 1)


@pytest.mark.parametrize("into", ["other_town", "community", "county", "awaiting"])
def test_merge_divisions_of_another_kind_is_refused(place: SimpleNamespace, people: SimpleNamespace, into: str) -> None:
    with pytest.raises(Refused) as refusal:
        merge_divisions(
            actor=people.system_admin.actor,
            division=place.other_town,
            into=getattr(place, into),
            reason="并",
            at=NOW,
        )
    assert refusal.value.code in {"division.merge_unlike", "division.county_stays", "division.awaiting_stays"}

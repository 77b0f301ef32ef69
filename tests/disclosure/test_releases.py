"""Releases: who may, for what, where, and that what is stopped is gone at once."""

from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from anju.accounts.models import Post
from anju.base.actor import STRANGER, SYSTEM, Denied, Refused
from anju.base.models import AuditEntry
from anju.disclosure.models import Card, Release, ReleaseProposal, ReleaseVerdict
from anju.disclosure.queries.cards import cards_of, open_compounds, preview_card, public_card, search_cards
from anju.disclosure.queries.releases import candidates, releases_in_force, waiting_proposals
from anju.disclosure.services.releases import Place, decide_release, propose_release, revoke_releases
from anju.places.services.compound_merge import merge_compounds
from anju.registry.models import Indicator
from anju.rules.disclosure import CODE_LENGTH, CODE_SIGNS, Bar
from tests.disclosure.conftest import BASIS, Release_, Tell, code_of
from tests.people import NOW, make_compound, make_post


def shown(code: str) -> dict[str, object]:
    card = public_card(STRANGER, code)
    return {line.indicator.code: line.value for line in card.lines} if card else {}


def test_compound_has_a_card_from_its_first_moment(place: SimpleNamespace) -> None:
    codes = list(Card.objects.values_list("code", flat=True))
    assert len(codes) == len(set(codes)) == 2
    assert all(len(code) == CODE_LENGTH and set(code) <= set(CODE_SIGNS) for code in codes)


def test_card_codes_use_every_sign_and_do_not_repeat(place: SimpleNamespace) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select disclosure_new_code() from generate_series(1, 2000)")
        codes = [row[0] for row in cursor.fetchall()]
    assert len(set(codes)) == 2000
    for position in range(CODE_LENGTH):
        assert {code[position] for code in codes} == set(CODE_SIGNS)


def test_nothing_is_public_before_a_release(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    tell(place.compound, "households", "612户")
    assert public_card(STRANGER, code_of(place.compound)) is None
    assert search_cards(STRANGER, "碧水") == ([], False)
    assert not open_compounds(STRANGER).exists()


def test_release_for_the_county_shows_in_every_compound(place: SimpleNamespace, tell: Tell, release: Release_) -> None:
    tell(place.compound, "households", "612户")
    release(Place(division=place.county), "households")
    assert list(shown(code_of(place.compound))) == ["households"]
    assert shown(code_of(place.other_compound)) == {"households": None}
    new = make_compound("示例·新苑", place.other_town)
    assert shown(code_of(new)) == {"households": None}


def test_release_for_a_town_or_a_compound_stays_there(place: SimpleNamespace, release: Release_) -> None:
    release(Place(division=place.town), "households")
    release(Place(compound=place.other_compound), "fee")
    assert list(shown(code_of(place.compound))) == ["households"]
    assert list(shown(code_of(place.other_compound))) == ["fee"]
    beside = make_compound("示例·邻苑", place.other_community)
    assert public_card(STRANGER, code_of(beside)) is None
    assert [row.name for row, _ in [(found, 0) for found in search_cards(STRANGER, "示例")[0]]] == [
        "示例·碧水花园",
        "示例·江畔名邸",
    ]


def test_only_what_is_released_confirmed_and_agreed_on_has_a_value(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell, release: Release_
) -> None:
    tell(place.compound, "households", "612户")
    tell(place.compound, "buildings", "8幢", sure=False)
    tell(place.compound, "lifts", "16台", sure=False)
    tell(place.compound, "lifts", "30台", sure=False, kind="company")
    tell(place.compound, "completed", "2014年")
    release(Place(division=place.county), "households", "buildings", "lifts", "bays")
    card = public_card(STRANGER, code_of(place.compound))
    assert card is not None
    assert {line.indicator.code: line.bars for line in card.lines} == {
        "households": (),
        "buildings": (Bar.UNCONFIRMED,),
        "lifts": (Bar.CONFLICT, Bar.UNCONFIRMED),
        "bays": (Bar.UNKNOWN,),
    }
    assert [line.indicator.code for line in card.lines if line.value is not None] == ["households"]


def test_value_that_falls_into_conflict_leaves_the_card_at_once(
    place: SimpleNamespace, tell: Tell, release: Release_
) -> None:
    tell(place.compound, "households", "612户")
    release(Place(division=place.county), "households")
    tell(place.compound, "households", "900户", kind="company", sure=False)
    assert shown(code_of(place.compound)) == {"households": None}


def test_personal_items_can_never_be_proposed(
    place: SimpleNamespace, people: SimpleNamespace, indicators: dict[str, Indicator]
) -> None:
    Indicator.objects.filter(code__in=("manager", "manager_phone")).update(public=True)
    for code in ("manager", "manager_phone", "management_area_filed_on"):
        with pytest.raises(Refused, match=r"release\.not_allowed"):
            propose_release(
                actor=people.bureau_officer.actor, place=Place(division=place.county), items=[code], basis=BASIS, at=NOW
            )
    barred = {one.indicator.code: one.bars for one in candidates(people.bureau_officer.actor) if one.bars}
    assert barred["manager_phone"] == (Bar.PERSONAL,)
    assert barred["management_area_filed_on"] == (Bar.NOT_ALLOWED,)


def test_item_that_the_policy_takes_back_is_gone_from_cards(
    place: SimpleNamespace, tell: Tell, release: Release_
) -> None:
    tell(place.compound, "households", "612户")
    release(Place(division=place.county), "households")
    Indicator.objects.filter(code="households").update(public=False)
    assert public_card(STRANGER, code_of(place.compound)) is None
    assert search_cards(STRANGER, "碧水")[0] == []


def test_proposal_needs_a_basis_and_something_to_release(
    place: SimpleNamespace, people: SimpleNamespace, indicators: dict[str, Indicator]
) -> None:
    actor, where = people.bureau_officer.actor, Place(division=place.county)
    with pytest.raises(Refused, match=r"release\.basis_missing"):
        propose_release(actor=actor, place=where, items=["fee"], basis=" ", at=NOW)
    for items in ([], ["no_such"], ["fee", "no_such"]):
        with pytest.raises(Refused, match=r"release\.nothing_chosen"):
            propose_release(actor=actor, place=where, items=items, basis=BASIS, at=NOW)
    assert not ReleaseProposal.objects.exists()


def test_proposal_of_what_is_public_there_already(
    place: SimpleNamespace, people: SimpleNamespace, release: Release_
) -> None:
    release(Place(division=place.county), "fee")
    with pytest.raises(Refused, match=r"release\.already"):
        release(Place(division=place.county), "households", "fee")
    release(Place(compound=place.compound), "fee")


@pytest.mark.parametrize("who", ["bureau_reviewer", "supervisor", "town_officer", "manager", "system_admin"])
def test_propose_by_anybody_else(
    place: SimpleNamespace, people: SimpleNamespace, indicators: dict[str, Indicator], who: str
) -> None:
    with pytest.raises(Denied):
        propose_release(
            actor=getattr(people, who).actor, place=Place(division=place.county), items=["fee"], basis=BASIS, at=NOW
        )


def test_proposal_is_decided_by_the_reviewer_only_and_once(
    place: SimpleNamespace, people: SimpleNamespace, indicators: dict[str, Indicator]
) -> None:
    row = propose_release(
        actor=people.bureau_officer.actor, place=Place(division=place.county), items=["fee"], basis=BASIS, at=NOW
    )
    for who in ("bureau_officer", "town_officer", "supervisor"):
        with pytest.raises(Denied):
            decide_release(actor=getattr(people, who).actor, proposal=row, agreed=True, at=NOW)
    with pytest.raises(Refused, match=r"release\.reason_missing"):
        decide_release(actor=people.bureau_reviewer.actor, proposal=row, agreed=False, at=NOW)
    decide_release(actor=people.bureau_reviewer.actor, proposal=row, agreed=False, reason="依据不清", at=NOW)
    with pytest.raises(Refused, match=r"release\.decided"):
        decide_release(actor=people.bureau_reviewer.actor, proposal=row, agreed=True, at=NOW)
    assert not Release.objects.exists()
    assert not waiting_proposals(people.bureau_reviewer.actor).exists()


def test_own_proposal_is_decided_by_another_where_there_is_one(
    place: SimpleNamespace, people: SimpleNamespace, indicators: dict[str, Indicator]
) -> None:
    """Somebody with both posts; then the other reviewer leaves."""
    both = people.bureau_officer.user
    reviewing = make_post(both, "bureau_reviewer", place.bureau)
    row = propose_release(
        actor=people.bureau_officer.actor, place=Place(division=place.county), items=["fee"], basis=BASIS, at=NOW
    )
    from anju.accounts.queries.acting import actor_of
    from tests.people import TODAY

    actor = actor_of(both, chosen_post=reviewing.pk, on=TODAY)
    with pytest.raises(Refused, match=r"release\.own"):
        decide_release(actor=actor, proposal=row, agreed=True, at=NOW)
    Post.objects.filter(user=people.bureau_reviewer.user).update(ends_on=TODAY)
    assert decide_release(actor=actor, proposal=row, agreed=True, at=NOW).alone
    assert ReleaseVerdict.objects.get().alone


def test_decision_is_never_the_system_s(place: SimpleNamespace, indicators: dict[str, Indicator]) -> None:
    with pytest.raises(Refused, match=r"release\.needs_a_person"):
        propose_release(actor=SYSTEM, place=Place(division=place.county), items=["fee"], basis=BASIS, at=NOW)


def test_revoked_release_is_gone_at_once_and_stays_in_the_history(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell, release: Release_
) -> None:
    tell(place.compound, "households", "612户")
    rows = release(Place(division=place.county), "households", "fee")
    fee = [row for row in rows if row.indicator.code == "fee"]
    with pytest.raises(Refused, match=r"release\.reason_missing"):
        revoke_releases(actor=people.bureau_officer.actor, releases=fee, reason=" ", at=NOW)
    with pytest.raises(Denied):
        revoke_releases(actor=people.town_officer.actor, releases=fee, reason="误公开", at=NOW)
    revoke_releases(actor=people.bureau_officer.actor, releases=fee, reason="误公开", at=NOW)
    assert list(shown(code_of(place.compound))) == ["households"]
    with pytest.raises(Refused, match=r"release\.gone"):
        revoke_releases(actor=people.bureau_officer.actor, releases=rows, reason="再停", at=NOW)
    assert list(shown(code_of(place.compound))) == ["households"]
    assert Release.objects.count() == 2
    assert [row.indicator.code for row in releases_in_force(people.supervisor.actor)] == ["households"]
    release(Place(division=place.county), "fee")
    assert list(shown(code_of(place.compound))) == ["households", "fee"]


def test_trail_tells_who_released_and_who_stopped(
    place: SimpleNamespace, people: SimpleNamespace, release: Release_
) -> None:
    revoke_releases(
        actor=people.bureau_officer.actor, releases=release(Place(division=place.county), "fee"), reason="误", at=NOW
    )
    told = AuditEntry.objects.filter(action__startswith="release.").order_by("id").values_list("action", "user_id")
    officer, reviewer = people.bureau_officer.user.pk, people.bureau_reviewer.user.pk
    assert list(told) == [("release.proposed", officer), ("release.granted", reviewer), ("release.revoked", officer)]


@pytest.mark.parametrize("table", ["card", "releaseproposal", "releaseverdict", "release", "revocation"])
def test_history_of_releases_cannot_be_changed(
    place: SimpleNamespace, people: SimpleNamespace, release: Release_, table: str
) -> None:
    revoke_releases(
        actor=people.bureau_officer.actor, releases=release(Place(division=place.county), "fee"), reason="误", at=NOW
    )
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"delete from disclosure_{table}")


def test_releases_are_seen_by_those_whose_places_they_concern(
    place: SimpleNamespace, people: SimpleNamespace, release: Release_
) -> None:
    release(Place(division=place.county), "fee")
    release(Place(division=place.other_town), "households")
    release(Place(compound=place.compound), "buildings")
    codes = {
        who: [row.indicator.code for row in releases_in_force(getattr(people, who).actor)]
        for who in ("bureau_officer", "town_officer", "other_town_officer", "manager")
    }
    assert codes == {
        "bureau_officer": ["buildings", "households", "fee"],
        "town_officer": ["buildings", "fee"],
        "other_town_officer": ["households", "fee"],
        "manager": [],
    }


def test_preview_shows_what_would_be_and_only_to_those_who_see_the_compound(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    tell(place.compound, "households", "612户")
    card = preview_card(people.town_officer.actor, place.compound.pk, also=["households", "manager_phone"])
    assert card is not None
    assert [line.indicator.code for line in card.lines] == ["households"]
    assert preview_card(people.other_town_officer.actor, place.compound.pk, also=["households"]) is None
    assert cards_of(people.other_town_officer.actor, [place.compound.pk]) == []


@pytest.mark.parametrize("typed", ["碧水", "碧水花苑", "bishui", "BSHY", "shi li"])
def test_search_finds_open_compounds_by_any_name(place: SimpleNamespace, release: Release_, typed: str) -> None:
    place.compound.aliases.create(name="碧水花苑")
    release(Place(compound=place.compound), "fee")
    assert [found.name for found in search_cards(STRANGER, typed)[0]] == ["示例·碧水花园"]


def test_card_of_a_merged_compound_leads_to_the_one_it_went_into(
    place: SimpleNamespace, people: SimpleNamespace, release: Release_
) -> None:
    release(Place(division=place.county), "fee")
    old = make_compound("示例·碧水花园二期", place.community)
    merge_compounds(actor=SYSTEM, compound=old, into=place.compound, reason="同一个", at=NOW)
    assert public_card(STRANGER, code_of(old)) is None
    from anju.disclosure.queries.cards import moved_to

    assert moved_to(STRANGER, code_of(old)) == code_of(place.compound)

"""Appointing, ending and delegating posts: the services, and what an actor may do afterwards."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from anju.accounts.models import Post, User
from anju.accounts.queries.acting import actor_of
from anju.accounts.queries.posts import (
    colleagues,
    holders_of_compound,
    holders_of_unit,
    posts_for,
    unit_rows,
    units_for,
)
from anju.accounts.services.posts import appoint_post, delegate_post, end_delegation, end_post
from anju.base.actor import SYSTEM, Actor, Denied, Refused
from anju.base.models import AuditEntry
from anju.rules.permissions import Permission
from anju.rules.posts import LONGEST_DELEGATION
from tests.people import NOW, TODAY, make_post, make_user

TOMORROW = TODAY + timedelta(days=1)
WEEK = TODAY + timedelta(days=7)


def appoint(actor: Actor, person: User, role: str, organisation: Any, **more: Any) -> Post:
    given = {"starts_on": TODAY, "at": NOW} | more
    return appoint_post(actor=actor, person=person, role=role, organisation=organisation, **given)


def last_note(action: str) -> dict[str, object]:
    note: dict[str, object] = json.loads(AuditEntry.objects.filter(action=action).latest("id").body)["note"]
    return note


def test_appoint_post_gives_rights_at_once(place: SimpleNamespace, people: SimpleNamespace) -> None:
    person = people.nobody.user
    assert not people.nobody.actor.may(Permission.COMPOUND_EDIT)
    post = appoint(people.security_admin.actor, person, "town_officer", place.town_office, reason="新任")
    assert people.nobody.actor.may(Permission.COMPOUND_EDIT)
    assert people.nobody.actor.scope.divisions == (place.town.path,)
    assert (post.division, post.appointed_by, post.appointed_at) == (place.town, people.security_admin.user, NOW)
    assert last_note("post.appointed") == {"reason": "新任"}


def test_appoint_post_that_begins_tomorrow_gives_nothing_today(place: SimpleNamespace, people: SimpleNamespace) -> None:
    appoint(people.security_admin.actor, people.nobody.user, "bureau_officer", place.bureau, starts_on=TOMORROW)
    assert people.nobody.actor.permissions == frozenset()
    assert actor_of(people.nobody.user, chosen_post=None, on=TOMORROW).may(Permission.COMPOUND_EDIT)


@pytest.mark.parametrize(
    ("role", "unit", "more", "code"),
    [
        ("bureau_officer", "company", {}, "post.unit_unfit"),
        ("project_manager", "company", {}, "post.compound_missing"),
        ("town_officer", "town_office", {"division": "other_town"}, "post.area_outside"),
        ("town_officer", "town_office", {"division": "county"}, "post.area_level"),
        ("bureau_officer", "bureau", {"division": "town"}, "post.place_needless"),
        ("company_admin", "company", {"compound": "compound"}, "post.place_needless"),
        ("bureau_officer", "bureau", {"ends_on": TODAY}, "post.dates"),
        ("bureau_officer", "bureau", {"starts_on": TODAY.replace(year=1900)}, "post.too_early"),
        ("bureau_officer", "bureau", {"starts_on": TODAY.replace(year=2099)}, "post.too_far_ahead"),
        ("system_admin", "bureau", {}, "post.needs_two"),
    ],
)
def test_appoint_post_refused(
    place: SimpleNamespace, people: SimpleNamespace, role: str, unit: str, more: dict[str, Any], code: str
) -> None:
    before = Post.objects.count()
    given = {key: getattr(place, value) if isinstance(value, str) else value for key, value in more.items()}
    with pytest.raises(Refused) as refused:
        appoint(people.security_admin.actor, people.nobody.user, role, getattr(place, unit), **given)
    assert refused.value.code == code
    assert Post.objects.count() == before


def test_appoint_post_at_an_ended_unit_or_compound(place: SimpleNamespace, people: SimpleNamespace) -> None:
    actor, person = people.security_admin.actor, people.nobody.user
    place.compound.ended_on = place.company.ended_on = TODAY
    place.compound.save()
    with pytest.raises(Refused, match="compound_ended"):
        appoint(actor, person, "committee_member", place.committee, compound=place.compound)
    with pytest.raises(Refused, match="unit_ended"):
        appoint(actor, person, "company_admin", place.company)


def test_appoint_post_for_oneself_or_a_disabled_person(place: SimpleNamespace, people: SimpleNamespace) -> None:
    actor = people.security_admin.actor
    with pytest.raises(Refused, match="appoint_own"):
        appoint(actor, people.security_admin.user, "bureau_officer", place.bureau)
    User.objects.filter(pk=people.nobody.user.pk).update(is_active=False)
    with pytest.raises(Refused, match="person_disabled"):
        appoint(actor, people.nobody.user, "bureau_officer", place.bureau)


def test_appoint_post_held_already(place: SimpleNamespace, people: SimpleNamespace) -> None:
    actor = people.security_admin.actor
    with pytest.raises(Refused, match="already_held"):
        appoint(actor, people.bureau_officer.user, "bureau_officer", place.bureau)
    with pytest.raises(Refused, match="already_held"):
        appoint(actor, people.bureau_officer.user, "bureau_officer", place.bureau, ends_on=WEEK)
    appoint(actor, people.bureau_officer.user, "bureau_reviewer", place.bureau)


def test_appoint_post_again_after_it_ended(place: SimpleNamespace, people: SimpleNamespace) -> None:
    actor, post = people.security_admin.actor, people.bureau_officer.user.posts.get()
    end_post(actor=actor, post=post, ends_on=WEEK, reason="", at=NOW)
    with pytest.raises(Refused, match="already_held"):
        appoint(actor, people.bureau_officer.user, "bureau_officer", place.bureau, starts_on=WEEK - timedelta(days=1))
    appoint(actor, people.bureau_officer.user, "bureau_officer", place.bureau, starts_on=WEEK)


@pytest.mark.parametrize("who", ["system_admin", "bureau_reviewer", "town_officer", "audit_admin", "nobody"])
def test_appoint_post_by_others_is_denied(place: SimpleNamespace, people: SimpleNamespace, who: str) -> None:
    with pytest.raises(Denied):
        appoint(getattr(people, who).actor, people.manager.user, "bureau_officer", place.bureau)


def test_appoint_post_in_place_of_a_missing_security_administrator(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    Post.objects.filter(role="security_admin").update(ends_on=TODAY)
    appoint(people.system_admin.actor, people.nobody.user, "bureau_officer", place.bureau)
    assert last_note("post.appointed") == {"reason": "", "stand_in": "security_admin"}


def test_appoint_administrator_who_is_one_already(place: SimpleNamespace, people: SimpleNamespace) -> None:
    person = people.audit_admin.user
    with pytest.raises(Refused, match="administrators_apart"):
        appoint(SYSTEM, person, "security_admin", place.bureau)
    with pytest.raises(Refused, match="administrators_apart"):
        appoint(SYSTEM, person, "system_admin", place.bureau, starts_on=TODAY - timedelta(days=9), ends_on=TOMORROW)
    appoint(SYSTEM, person, "bureau_officer", place.bureau)
    Post.objects.filter(user=person, role="audit_admin").update(ends_on=WEEK)
    appoint(SYSTEM, person, "security_admin", place.bureau, starts_on=WEEK)


def test_keep_administrators_apart_in_the_database_too(place: SimpleNamespace, people: SimpleNamespace) -> None:
    with pytest.raises(IntegrityError, match="post_administrators_apart"), transaction.atomic():
        make_post(people.audit_admin.user, "system_admin", place.bureau)


def test_end_post_takes_effect_at_once(people: SimpleNamespace) -> None:
    post = people.bureau_officer.user.posts.get()
    end_post(actor=people.security_admin.actor, post=post, ends_on=TODAY, reason="调离", at=NOW)
    assert people.bureau_officer.actor.permissions == frozenset()
    assert last_note("post.ended") == {"reason": "调离"}


@pytest.mark.parametrize(("days", "code"), [(-1, "post.end_in_the_past"), (3650, "post.end_too_late")])
def test_end_post_on_an_impossible_day(people: SimpleNamespace, days: int, code: str) -> None:
    post = people.bureau_officer.user.posts.get()
    with pytest.raises(Refused) as refused:
        end_post(actor=people.security_admin.actor, post=post, ends_on=TODAY + timedelta(days=days), reason="", at=NOW)
    assert refused.value.code == code


def test_end_post_twice_or_later_than_planned(people: SimpleNamespace) -> None:
    actor, post = people.security_admin.actor, people.bureau_officer.user.posts.get()
    end_post(actor=actor, post=post, ends_on=WEEK, reason="", at=NOW)
    with pytest.raises(Refused, match="end_too_late"):
        end_post(actor=actor, post=post, ends_on=WEEK + timedelta(days=1), reason="", at=NOW)
    end_post(actor=actor, post=post, ends_on=TODAY, reason="", at=NOW)
    with pytest.raises(Refused, match="already_ended"):
        end_post(actor=actor, post=post, ends_on=TODAY, reason="", at=NOW)


def test_end_post_that_has_not_begun_was_never_held(place: SimpleNamespace, people: SimpleNamespace) -> None:
    actor, person = people.security_admin.actor, people.nobody.user
    post = appoint(actor, person, "bureau_officer", place.bureau, starts_on=WEEK)
    post = end_post(actor=actor, post=post, ends_on=TODAY, reason="", at=NOW)
    assert post.ends_on == WEEK
    assert not actor_of(person, chosen_post=None, on=WEEK).permissions
    appoint(actor, person, "bureau_officer", place.bureau, starts_on=TODAY)


def test_end_post_of_the_last_administrator(place: SimpleNamespace, people: SimpleNamespace) -> None:
    security = people.security_admin
    system_post, own_post = people.system_admin.user.posts.get(), security.user.posts.get()
    given: dict[str, Any] = {"ends_on": TODAY, "reason": "", "at": NOW, "approved": True}
    with pytest.raises(Refused, match="last_system_admin"):
        end_post(actor=security.actor, post=system_post, **given)
    with pytest.raises(Refused, match="own_last_administrator"):
        end_post(actor=security.actor, post=own_post, **given)
    make_post(people.nobody.user, "security_admin", place.bureau)
    end_post(actor=security.actor, post=own_post, **given)


def test_end_post_of_an_administrator_needs_two(people: SimpleNamespace) -> None:
    post = people.audit_admin.user.posts.get()
    with pytest.raises(Refused, match="needs_two"):
        end_post(actor=people.security_admin.actor, post=post, ends_on=TODAY, reason="", at=NOW)


# Delegation (代理)


def delegate(people: SimpleNamespace, **more: Any) -> Post:
    given = {
        "actor": people.bureau_officer.actor,
        "post": people.bureau_officer.user.posts.get(role="bureau_officer"),
        "to": people.bureau_reviewer.user,
        "ends_on": WEEK,
        "reason": "出差",
        "at": NOW,
    } | more
    return delegate_post(**given)


def test_delegate_post_gives_the_rights_without_handing_on(people: SimpleNamespace) -> None:
    post = delegate(people)
    actor = actor_of(people.bureau_reviewer.user, chosen_post=post.pk, on=TODAY)
    assert actor.may(Permission.COMPOUND_EDIT)
    assert not actor.may(Permission.POST_DELEGATE)
    assert actor.post_name == "县住建局 · 房管所经办（代理）"
    assert actor_of(people.bureau_reviewer.user, chosen_post=post.pk, on=WEEK).post_id != post.pk


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"ends_on": TODAY}, "post.delegation_dates"),
        ({"ends_on": TODAY + LONGEST_DELEGATION + timedelta(days=1)}, "post.delegation_dates"),
        ({"starts_on": TODAY - timedelta(days=1)}, "post.delegation_starts"),
    ],
)
def test_delegate_post_on_wrong_days(people: SimpleNamespace, more: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        delegate(people, **more)
    assert refused.value.code == code


@pytest.mark.parametrize("who", ["manager", "nobody", "town_officer", "bureau_officer"])
def test_delegate_post_to_somebody_who_is_no_colleague(people: SimpleNamespace, who: str) -> None:
    with pytest.raises(Refused, match="delegate_colleague"):
        delegate(people, to=getattr(people, who).user)


def test_delegate_post_that_is_not_ones_own(people: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="delegate_own_only"):
        delegate(people, post=people.bureau_reviewer.user.posts.get(), to=people.security_admin.user)


def test_delegate_post_of_an_administrator_held_beside(place: SimpleNamespace, people: SimpleNamespace) -> None:
    post = make_post(people.bureau_officer.user, "audit_admin", place.bureau)
    with pytest.raises(Refused, match="not_delegable"):
        delegate(people, post=post, actor=actor_of(people.bureau_officer.user, chosen_post=None, on=TODAY))


def test_delegate_post_that_is_itself_delegated(people: SimpleNamespace) -> None:
    post = delegate(people)
    holder = people.bureau_reviewer
    in_it = actor_of(holder.user, chosen_post=post.pk, on=TODAY)
    with pytest.raises(Denied):
        delegate(people, actor=in_it, post=post, to=people.security_admin.user)
    with pytest.raises(Refused, match="not_delegable"):
        delegate(people, actor=holder.actor, post=post, to=people.security_admin.user)


def test_delegate_post_twice(people: SimpleNamespace) -> None:
    delegate(people)
    with pytest.raises(Refused, match="already_delegated"):
        delegate(people, to=people.security_admin.user)


def test_delegate_post_to_a_delegate_only(place: SimpleNamespace, people: SimpleNamespace) -> None:
    """Standing in for somebody does not make one a member of the unit."""
    given = people.bureau_reviewer.user.posts.get()
    make_post(people.nobody.user, "bureau_reviewer", place.bureau, delegated_from=given, ends_on=WEEK)
    with pytest.raises(Refused, match="delegate_colleague"):
        delegate(people, to=people.nobody.user)


def test_end_delegation_by_whoever_gave_it(people: SimpleNamespace) -> None:
    post = end_delegation(actor=people.bureau_officer.actor, post=delegate(people), at=NOW)
    assert post.ends_on == TODAY


@pytest.mark.parametrize(("who", "may"), [("bureau_reviewer", True), ("security_admin", True), ("town_officer", False)])
def test_end_delegation_by_others(people: SimpleNamespace, who: str, may: bool) -> None:
    post = delegate(people)
    if may:
        assert end_delegation(actor=getattr(people, who).actor, post=post, at=NOW).ends_on == TODAY
        return
    with pytest.raises(Denied):
        end_delegation(actor=getattr(people, who).actor, post=post, at=NOW)


def test_end_delegation_of_a_post_that_is_none(people: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="not_delegated"):
        end_delegation(actor=people.bureau_officer.actor, post=people.bureau_officer.user.posts.get(), at=NOW)


def test_end_post_ends_its_delegation(people: SimpleNamespace) -> None:
    post, delegation = people.bureau_officer.user.posts.get(), delegate(people)
    end_post(actor=people.security_admin.actor, post=post, ends_on=TOMORROW, reason="", at=NOW)
    delegation.refresh_from_db()
    assert delegation.ends_on == TOMORROW


# Lists


def test_see_posts_by_scope(people: SimpleNamespace) -> None:
    def seen(who: str) -> set[str]:
        return {post.user.username for post in posts_for(getattr(people, who).actor)}

    assert seen("supervisor") == seen("audit_admin") == set(Post.objects.values_list("user__username", flat=True))
    assert seen("town_officer") == {"wei", "wu", "huang", "li", "lu"}
    assert seen("community_worker") == {"wu"}
    assert seen("nobody") == set()


def test_list_units_with_vacancies(place: SimpleNamespace, people: SimpleNamespace) -> None:
    actor = people.bureau_officer.actor
    Post.objects.filter(user=people.bureau_reviewer.user).update(ends_on=TODAY)

    def names(show: str, text: str = "") -> set[str]:
        return {unit.name for unit in units_for(actor, text=text, show=show, on=TODAY)}

    assert names("vacant") == {"县住建局", "示例嘉安物业公司"}
    assert names("", "城关") == {"城关镇人民政府"}
    assert names("delegated") == set()
    row = unit_rows(actor, [place.bureau], on=TODAY)[0]
    assert row.vacant == ("房管所复核",)
    assert {spell.post.user.name for spell in row.spells} == {"陈经办", "系统员", "安全员", "审计员"}


def test_list_units_of_a_town_only_for_its_officer(people: SimpleNamespace) -> None:
    seen = {unit.name for unit in units_for(people.town_officer.actor, text="", show="", on=TODAY)}
    assert seen == {"城关镇人民政府", "城北社区居委会", "示例物业公司", "示例·碧水花园业委会"}
    assert not units_for(people.manager.actor, text="", show="", on=TODAY)


def test_list_units_where_a_post_ends_soon_or_is_delegated(people: SimpleNamespace) -> None:
    delegate(people)
    actor = people.bureau_officer.actor
    for show in ("ending", "delegated"):
        assert [unit.name for unit in units_for(actor, text="", show=show, on=TODAY)] == ["县住建局"]


def test_list_units_with_a_constant_number_of_queries(people: SimpleNamespace, django_assert_num_queries: Any) -> None:
    actor = people.bureau_officer.actor
    with django_assert_num_queries(3):
        rows = unit_rows(actor, list(units_for(actor, text="", show="", on=TODAY)), on=TODAY)
        assert [spell.post.user.name for row in rows for spell in row.spells]


def test_name_holders_of_a_unit_and_of_a_compound(place: SimpleNamespace, people: SimpleNamespace) -> None:
    assert {holder.name for holder in holders_of_compound(place.compound, on=TODAY)} == {"李经理", "陆主任"}
    assert {holder.name for holder in holders_of_unit(place.company, on=TODAY)} == {"黄企业", "李经理"}
    User.objects.filter(username="li").update(is_active=False)
    assert {holder.name for holder in holders_of_unit(place.company, on=TODAY)} == {"黄企业"}


def test_list_colleagues_for_a_delegation(place: SimpleNamespace, people: SimpleNamespace) -> None:
    post = people.manager.user.posts.get()
    make_post(make_user("gone", "已离职"), "company_admin", place.company, ends_on=TODAY)
    assert [row.name for row in colleagues(post, on=TODAY)] == ["黄企业"]

"""Hand-over: one act, one day, and what hangs on the post."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from anju.accounts.models import Post
from anju.accounts.queries.acting import actor_of
from anju.accounts.queries.posts import passing_of, successor_of
from anju.accounts.services.handover import HandOver, hand_over_post
from anju.accounts.services.posts import delegate_post
from anju.accounts.services.proposals import propose
from anju.base.actor import SYSTEM, Denied, Refused
from anju.base.models import AuditEntry
from anju.rules.permissions import Permission
from tests.people import NOW, TODAY, make_compound, make_person

WEEK = TODAY + timedelta(days=7)


def hand_over(people: SimpleNamespace, **more: Any) -> HandOver:
    given = {
        "actor": people.security_admin.actor,
        "post": people.bureau_officer.user.posts.get(role="bureau_officer"),
        "to": people.nobody.user,
        "on": TODAY,
        "reason": "轮岗",
        "at": NOW,
    } | more
    return hand_over_post(**given)


def test_hand_over_post_on_one_day(people: SimpleNamespace) -> None:
    done = hand_over(people)
    assert not people.bureau_officer.actor.permissions
    assert people.nobody.actor.may(Permission.COMPOUND_EDIT)
    assert (done.old.ends_on, done.new.starts_on) == (TODAY, TODAY)
    assert successor_of(done.old) == done.new


def test_hand_over_post_next_week_leaves_nobody_without_a_post(people: SimpleNamespace) -> None:
    hand_over(people, on=WEEK)
    before, after = WEEK - timedelta(days=1), WEEK
    officer, successor = people.bureau_officer.user, people.nobody.user
    assert actor_of(officer, chosen_post=None, on=before).may(Permission.COMPOUND_EDIT)
    assert not actor_of(successor, chosen_post=None, on=before).permissions
    assert not actor_of(officer, chosen_post=None, on=after).permissions
    assert actor_of(successor, chosen_post=None, on=after).may(Permission.COMPOUND_EDIT)


def test_hand_over_post_keeps_the_place(people: SimpleNamespace) -> None:
    done = hand_over(people, post=people.manager.user.posts.get())
    assert (done.new.compound, done.new.organisation) == (done.old.compound, done.old.organisation)


def test_hand_over_post_redirects_its_delegation(people: SimpleNamespace) -> None:
    given = delegate_post(
        actor=people.bureau_officer.actor,
        post=people.bureau_officer.user.posts.get(),
        to=people.bureau_reviewer.user,
        ends_on=WEEK,
        reason="",
        at=NOW,
    )
    done = hand_over(people)
    given.refresh_from_db()
    assert (given.delegated_from, given.ends_on) == (done.new, WEEK)
    assert done.redirected == (given,)
    assert AuditEntry.objects.filter(action="post.redirected", subject_id=given.pk).exists()


def test_hand_over_post_to_its_delegate_ends_the_delegation(people: SimpleNamespace) -> None:
    given = delegate_post(
        actor=people.bureau_officer.actor,
        post=people.bureau_officer.user.posts.get(),
        to=people.bureau_reviewer.user,
        ends_on=WEEK,
        reason="",
        at=NOW,
    )
    hand_over(people, to=people.bureau_reviewer.user)
    given.refresh_from_db()
    assert given.ends_on == TODAY


def test_hand_over_post_lists_what_waits(place: SimpleNamespace, people: SimpleNamespace) -> None:
    twin = make_compound("示例·碧水花苑", place.community)
    proposal = propose(
        actor=people.bureau_officer.actor, act="compound.end", payload={"compound": twin.pk}, reason="误登", at=NOW
    )
    post = people.bureau_officer.user.posts.get()
    assert passing_of(post, on=TODAY).waiting == (proposal,)
    assert hand_over(people).waiting == (proposal,)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"to": "bureau_officer"}, "post.hand_over_same"),
        ({"to": "security_admin"}, "post.appoint_own"),
        ({"on": TODAY - timedelta(days=1)}, "post.end_in_the_past"),
        ({"on": TODAY + timedelta(days=800)}, "post.end_too_late"),
        ({"post": "audit_admin"}, "post.needs_two"),
    ],
)
def test_hand_over_post_refused(people: SimpleNamespace, more: dict[str, Any], code: str) -> None:
    if "to" in more:
        more = {"to": getattr(people, more["to"]).user}
    if "post" in more:
        more = {"post": getattr(people, more["post"]).user.posts.get()}
    before = list(Post.objects.order_by("id").values())
    with pytest.raises(Refused) as refused:
        hand_over(people, **more)
    assert refused.value.code == code
    assert list(Post.objects.order_by("id").values()) == before


def test_hand_over_post_that_begins_or_ends_that_day(place: SimpleNamespace, people: SimpleNamespace) -> None:
    person = make_person("liang", "梁新人", "bureau_officer", place.bureau, starts_on=WEEK)
    with pytest.raises(Refused, match="hand_over_day"):
        hand_over(people, post=person.user.posts.get(), on=WEEK)  # type: ignore[union-attr]


def test_hand_over_delegation(place: SimpleNamespace, people: SimpleNamespace) -> None:
    given = delegate_post(
        actor=people.bureau_officer.actor,
        post=people.bureau_officer.user.posts.get(),
        to=people.bureau_reviewer.user,
        ends_on=WEEK,
        reason="",
        at=NOW,
    )
    with pytest.raises(Refused, match="hand_over_delegated"):
        hand_over(people, post=given)


@pytest.mark.parametrize("who", ["bureau_officer", "system_admin", "bureau_reviewer", "town_officer"])
def test_hand_over_post_by_others_is_denied(people: SimpleNamespace, who: str) -> None:
    with pytest.raises(Denied):
        hand_over(people, actor=getattr(people, who).actor)


def test_hand_over_the_last_system_administrators_post(people: SimpleNamespace) -> None:
    post = people.system_admin.user.posts.get()
    hand_over(people, actor=SYSTEM, post=post)
    assert people.nobody.actor.may(Permission.PERSON_EDIT)
    assert not people.system_admin.actor.permissions


def test_hand_over_to_somebody_who_is_another_administrator(people: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="administrators_apart"):
        hand_over(people, actor=SYSTEM, post=people.system_admin.user.posts.get(), to=people.audit_admin.user)
    assert people.system_admin.actor.may(Permission.PERSON_EDIT)

"""A session outlives what it was opened with: the very next request has only the rights of that moment."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from anju.accounts.models import Post, User
from anju.accounts.services.handover import hand_over_post
from anju.accounts.services.passwords import reset_password
from anju.accounts.services.people import disable_person
from anju.accounts.services.posts import delegate_post, end_delegation, end_post
from anju.base.models import AuditEntry
from anju.places.models import Compound
from anju.places.services.compounds import CompoundFacts, edit_compound
from tests.people import Person, make_post

NEW, LIST = "/places/compounds/new/", "/places/compounds/"


@pytest.fixture
def wei(people: SimpleNamespace) -> Person:
    """The officer of a town, with a page open."""
    person: Person = people.town_officer
    assert person.client.get(NEW).status_code == 200
    return person


def own_post(person: Person) -> Post:
    assert person.user is not None
    return person.user.posts.get()


def filled(place: SimpleNamespace) -> dict[str, Any]:
    return {"name": "示例·迟到苑", "division": place.community.pk, "kind": "commercial", "service_state": "unknown"}


def is_too_late(client: Client, place: SimpleNamespace) -> bool:
    """The form that stood open is refused and writes nothing; the page is not there any more."""
    sent, seen = client.post(NEW, filled(place)), client.get(NEW)
    written = Compound.objects.filter(name="示例·迟到苑").exists()
    return sent.status_code in {302, 404} and seen.status_code in {302, 404} and not written


def test_form_open_while_the_post_ends_is_refused(wei: Person, place: SimpleNamespace, people: SimpleNamespace) -> None:
    today, now = timezone.localdate(), timezone.now()
    end_post(actor=people.security_admin.actor, post=own_post(wei), ends_on=today, reason="调离", at=now)
    assert is_too_late(wei.client, place)
    assert wei.client.get("/account/").status_code == 200
    refused = AuditEntry.objects.filter(action="access.denied", user_id=wei.user.pk if wei.user else 0)
    assert {entry.post_id for entry in refused} == {None}


def test_form_open_while_the_post_is_handed_over_is_refused(
    wei: Person, place: SimpleNamespace, people: SimpleNamespace
) -> None:
    today, now = timezone.localdate(), timezone.now()
    heir = people.nobody
    assert heir.client.get(LIST).status_code == 404
    hand_over_post(actor=people.security_admin.actor, post=own_post(wei), to=heir.user, on=today, reason="轮岗", at=now)
    assert is_too_late(wei.client, place)
    assert heir.client.post(NEW, filled(place)).status_code == 302


def test_form_open_while_the_account_is_closed_is_a_strangers(
    wei: Person, place: SimpleNamespace, people: SimpleNamespace
) -> None:
    assert wei.user is not None
    disable_person(actor=people.system_admin.actor, person=wei.user, reason="离职", at=timezone.now())
    assert is_too_late(wei.client, place)
    assert wei.client.get("/desk/")["Location"].startswith("/account/sign-in/")


def test_session_open_while_the_password_is_reset_is_a_strangers(wei: Person, people: SimpleNamespace) -> None:
    assert wei.user is not None
    reset_password(actor=people.security_admin.actor, person=wei.user, at=timezone.now())
    assert wei.client.get("/desk/")["Location"].startswith("/account/sign-in/")


def test_post_that_ends_by_itself_is_over_at_midnight(wei: Person, place: SimpleNamespace) -> None:
    own_post_row = Post.objects.filter(pk=own_post(wei).pk)
    own_post_row.update(ends_on=timezone.localdate() + timedelta(days=1))
    assert wei.client.get(NEW).status_code == 200
    own_post_row.update(ends_on=timezone.localdate())
    assert is_too_late(wei.client, place)


def test_delegation_taken_back_is_over_at_once(wei: Person, place: SimpleNamespace, people: SimpleNamespace) -> None:
    today, now = timezone.localdate(), timezone.now()
    stand_in = people.nobody
    make_post(stand_in.user, "town_officer", place.town_office, division=place.town, ends_on=None)
    Post.objects.filter(user=stand_in.user).update(division=place.community)
    until = today + timedelta(days=9)
    given = delegate_post(actor=wei.actor, post=own_post(wei), to=stand_in.user, ends_on=until, reason="休假", at=now)
    choose(stand_in.client, given)
    assert stand_in.client.get(f"/places/compounds/{place.compound.pk}/").status_code == 200
    other = Compound.objects.create(name="别处", division=place.town, pinyin="biechu", initials="bc", valid_from=today)
    assert stand_in.client.get(f"/places/compounds/{other.pk}/").status_code == 200
    end_delegation(actor=wei.actor, post=given, at=now)
    assert stand_in.client.get(f"/places/compounds/{other.pk}/").status_code == 404
    assert stand_in.client.get(f"/places/compounds/{place.compound.pk}/").status_code == 200


def choose(client: Client, post: Post) -> None:
    assert client.post("/desk/post/", {"post": post.pk}).status_code == 302


def test_form_of_the_post_before_is_refused_after_changing_posts(
    wei: Person, place: SimpleNamespace, people: SimpleNamespace
) -> None:
    """Two windows, one session: the form was opened as town officer, the post was changed in the other window."""
    assert wei.user is not None
    reader = make_post(wei.user, "committee_member", place.committee, compound=place.compound)
    choose(wei.client, reader)
    assert is_too_late(wei.client, place)
    choose(wei.client, Post.objects.get(user=wei.user, role="town_officer"))
    assert wei.client.post(NEW, filled(place)).status_code == 302


def test_change_of_posts_at_one_browser_is_not_anothers(wei: Person, place: SimpleNamespace) -> None:
    assert wei.user is not None
    reader = make_post(wei.user, "committee_member", place.committee, compound=place.compound)
    telephone = Client()
    telephone.force_login(wei.user)
    choose(telephone, reader)
    assert telephone.get(NEW).status_code == 404
    assert wei.client.get(NEW).status_code == 200


def test_change_to_a_post_that_is_none_is_not_there(wei: Person) -> None:
    for post in ("0", "-1", "9" * 30, "１２", "\0", "x", "None", "", "1.0", "[]"):
        assert wei.client.post("/desk/post/", {"post": post}).status_code == 404, post
    assert wei.client.get(NEW).status_code == 200


def test_change_to_the_post_of_another_is_not_there(wei: Person, people: SimpleNamespace) -> None:
    theirs = own_post(people.audit_admin)
    assert wei.client.post("/desk/post/", {"post": theirs.pk}).status_code == 404
    session = wei.client.session
    session["acting_post"] = theirs.pk
    session.save()
    assert wei.client.get("/audit/").status_code == 404
    assert wei.client.get(NEW).status_code == 200


def test_chosen_post_that_ended_leaves_the_rights_of_the_other(
    wei: Person, place: SimpleNamespace, people: SimpleNamespace
) -> None:
    assert wei.user is not None
    ended = make_post(wei.user, "bureau_reviewer", place.bureau)
    choose(wei.client, ended)
    assert wei.client.get(f"/places/compounds/{place.other_compound.pk}/").status_code == 200
    Post.objects.filter(pk=ended.pk).update(ends_on=timezone.localdate())
    assert wei.client.get(f"/places/compounds/{place.other_compound.pk}/").status_code == 404
    assert wei.client.get(f"/places/compounds/{place.compound.pk}/").status_code == 200


def test_compound_moved_to_another_town_is_gone_at_once(
    wei: Person, place: SimpleNamespace, people: SimpleNamespace
) -> None:
    address = f"/places/compounds/{place.compound.pk}/"
    assert wei.client.get(address).status_code == 200
    facts = CompoundFacts(place.other_community, "commercial", "company", None)
    edit_compound(actor=people.bureau_officer.actor, compound=place.compound, facts=facts, at=timezone.now())
    assert wei.client.get(address).status_code == 404
    assert wei.client.post(f"{address}rename/", {"name": "示例·夺回苑"}).status_code == 404
    assert people.other_town_officer.client.get(address).status_code == 200


def test_person_who_is_enabled_again_has_no_post_back(
    wei: Person, place: SimpleNamespace, people: SimpleNamespace
) -> None:
    assert wei.user is not None
    disable_person(actor=people.system_admin.actor, person=wei.user, reason="误停", at=timezone.now())
    User.objects.filter(pk=wei.user.pk).update(is_active=True)
    wei.client.force_login(wei.user)
    assert is_too_late(wei.client, place)

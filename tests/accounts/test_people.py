"""Making, changing, disabling and enabling people: the service and its trail."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from anju.accounts.models import Post, User
from anju.accounts.queries.acting import posts_held
from anju.accounts.queries.people import COLUMNS, find_people, free_username, people_for, person_rows
from anju.accounts.services.people import create_person, disable_person, edit_person, enable_person, reveal_phone
from anju.base.actor import SYSTEM, Denied, Refused
from anju.base.models import AuditEntry
from tests.people import NOW, TODAY, make_post, make_user


def last_entry(action: str) -> dict[str, object]:
    body: dict[str, object] = json.loads(AuditEntry.objects.filter(action=action).latest("id").body)
    return body


def test_create_person_with_a_one_time_password(people: SimpleNamespace) -> None:
    enrolment = create_person(
        actor=people.system_admin.actor, name=" 梁 新人 ", username="liang", phone="135-0000-0000", at=NOW
    )
    person = User.objects.get(username="liang")
    assert person == enrolment.person
    assert (person.name, person.phone, person.pinyin) == ("梁 新人", "13500000000", "LiangXinRen")
    assert person.check_password(enrolment.password)
    assert person.must_change_password
    assert not person.posts.exists()


def test_create_person_leaves_no_personal_data_in_the_trail(people: SimpleNamespace) -> None:
    enrolment = create_person(
        actor=people.system_admin.actor, name="梁新人", username="liang", phone="13500000000", at=NOW
    )
    body = AuditEntry.objects.get(action="person.created").body
    assert not any(secret in body for secret in ("梁新人", "liang", "13500000000", enrolment.password))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": ""}, "person.bad_name"),
        ({"name": "张\u202e三"}, "person.bad_name"),
        ({"name": "张\x00三"}, "person.bad_name"),
        ({"name": "很" * 10_000}, "person.bad_name"),
        ({"username": "chen"}, "person.username_taken"),
        ({"username": "Chen"}, "person.bad_username"),
        ({"username": "<img>"}, "person.bad_username"),
        ({"phone": "1.38E+10"}, "person.bad_phone"),
        ({"phone": "12345"}, "person.bad_phone"),
    ],
)
def test_create_person_refused(people: SimpleNamespace, given: dict[str, Any], code: str) -> None:
    before = User.objects.count()
    with pytest.raises(Refused) as refused:
        create_person(
            actor=people.system_admin.actor, at=NOW, **{"name": "梁新人", "username": "liang", "phone": ""} | given
        )
    assert refused.value.code == code
    assert User.objects.count() == before
    assert not AuditEntry.objects.filter(action="person.created").exists()


@pytest.mark.parametrize("name", ["𠮷田䶮", "阿依古丽·买买提", '<img src=x onerror="alert(1)">'])
def test_create_person_with_an_unusual_name(people: SimpleNamespace, name: str) -> None:
    create_person(actor=people.system_admin.actor, name=name, username="liang", at=NOW)
    assert User.objects.get(username="liang").name == name


@pytest.mark.parametrize("who", ["bureau_officer", "security_admin", "audit_admin", "town_officer", "nobody"])
def test_create_person_by_others_is_denied(people: SimpleNamespace, who: str) -> None:
    with pytest.raises(Denied):
        create_person(actor=getattr(people, who).actor, name="梁新人", username="liang", at=NOW)


def test_edit_person_keeps_the_phone_unless_told(people: SimpleNamespace) -> None:
    actor = people.system_admin.actor
    person = make_user("liang", "梁新人", phone="13500000000")
    assert edit_person(actor=actor, person=person, name="梁新名", phone=None, at=NOW).phone == "13500000000"
    assert last_entry("person.edited")["change"] == {"name": ["●", "●"]}
    assert edit_person(actor=actor, person=person, name="梁新名", phone="", at=NOW).phone == ""
    assert User.objects.get(pk=person.pk).pinyin == "LiangXinMing"


def test_edit_person_without_a_change_leaves_no_entry(people: SimpleNamespace) -> None:
    person = make_user("liang", "梁新人")
    edit_person(actor=people.system_admin.actor, person=person, name="梁新人", phone=None, at=NOW)
    assert not AuditEntry.objects.filter(action="person.edited").exists()


def test_reveal_phone_is_written_down_with_its_reason(people: SimpleNamespace) -> None:
    person = make_user("liang", "梁新人", phone="13500000000")
    phone = reveal_phone(actor=people.bureau_officer.actor, person=person, reason="通知开会", at=NOW)
    entry = last_entry("person.phone_revealed")
    assert phone == "13500000000"
    assert (entry["user"], entry["note"]) == (people.bureau_officer.user.pk, {"reason": "通知开会"})
    assert "13500000000" not in json.dumps(entry)


def test_reveal_phone_without_a_reason(people: SimpleNamespace) -> None:
    person = make_user("liang", "梁新人", phone="13500000000")
    with pytest.raises(Refused, match="reveal_reason"):
        reveal_phone(actor=people.bureau_officer.actor, person=person, reason=" ", at=NOW)
    with pytest.raises(Denied):
        reveal_phone(actor=people.town_officer.actor, person=person, reason="看看", at=NOW)


def test_disable_person_ends_posts_and_sessions_at_once(people: SimpleNamespace) -> None:
    person = people.town_officer.user
    make_post(person, "bureau_officer", people.bureau_officer.user.posts.get().organisation, starts_on=TODAY)
    disable_person(actor=people.system_admin.actor, person=person, reason="退休", at=NOW)
    person.refresh_from_db()
    assert not person.is_active
    assert not posts_held(person.pk, TODAY).exists()
    assert not any(row.get_decoded().get("_auth_user_id") == str(person.pk) for row in Session.objects.all())
    assert people.town_officer.client.get("/people/").status_code == 302


def test_disable_person_refused(people: SimpleNamespace) -> None:
    actor = people.system_admin.actor
    with pytest.raises(Refused, match="disable_own"):
        disable_person(actor=actor, person=people.system_admin.user, reason="x", at=NOW)
    with pytest.raises(Refused, match="disable_needs_two"):
        disable_person(actor=actor, person=people.audit_admin.user, reason="x", at=NOW)
    disable_person(actor=actor, person=people.chair.user, reason="x", at=NOW)
    with pytest.raises(Refused, match="already_disabled"):
        disable_person(actor=actor, person=people.chair.user, reason="x", at=NOW)


def test_disable_person_who_is_the_last_system_administrator(people: SimpleNamespace) -> None:
    person = people.system_admin.user
    with pytest.raises(Refused, match="last_system_admin"):
        disable_person(actor=SYSTEM, person=person, reason="x", at=NOW)
    make_post(people.nobody.user, "system_admin", person.posts.get().organisation)
    disable_person(actor=SYSTEM, person=person, reason="x", at=NOW)
    with pytest.raises(Refused, match="last_system_admin"):
        disable_person(actor=SYSTEM, person=people.nobody.user, reason="x", at=NOW)


def test_enable_person_brings_no_posts_back(people: SimpleNamespace) -> None:
    actor, person = people.system_admin.actor, people.chair.user
    disable_person(actor=actor, person=person, reason="x", at=NOW)
    enable_person(actor=actor, person=person, at=NOW)
    person.refresh_from_db()
    assert (person.is_active, person.must_change_password) == (True, True)
    assert not posts_held(person.pk, TODAY).exists()
    with pytest.raises(Refused, match="already_enabled"):
        enable_person(actor=actor, person=person, at=NOW)


def test_see_people_by_scope(people: SimpleNamespace) -> None:
    def seen(who: str) -> set[str]:
        return {row.username for row in people_for(getattr(people, who).actor, on=TODAY)}

    everyone = {row.username for row in User.objects.all()}
    assert seen("bureau_officer") == seen("system_admin") == seen("security_admin") == everyone
    assert seen("town_officer") == {"wei", "wu", "huang", "li", "lu"}
    assert seen("other_town_officer") == {"liao", "qin"}
    for who in ("supervisor", "community_worker", "company_admin", "manager", "chair", "audit_admin", "nobody"):
        assert seen(who) == {getattr(people, who).user.username}


def test_see_people_of_the_past_no_longer(people: SimpleNamespace) -> None:
    Post.objects.filter(user=people.manager.user).update(ends_on=TODAY)
    assert people.manager.user not in people_for(people.town_officer.actor, on=TODAY)


def test_find_people_by_name_pinyin_and_state(people: SimpleNamespace) -> None:
    actor = people.system_admin.actor

    def found(text: str = "", state: str = "") -> list[str]:
        return [row.username for row in find_people(actor, text=text, state=state, on=TODAY)]

    assert found("经理") == ["li", "qin"]
    assert found("lij") == ["li"]
    assert found("%") == []
    assert found(state="without_post") == ["wugang"]
    disable_person(actor=actor, person=people.chair.user, reason="x", at=NOW)
    assert found(state="disabled") == ["lu"]
    assert "lu" not in found(state="active")


def test_list_people_with_masked_phones_in_two_queries(
    people: SimpleNamespace, django_assert_num_queries: object
) -> None:
    User.objects.update(phone="13500000000")
    actor = people.bureau_officer.actor
    with django_assert_num_queries(2):  # type: ignore[operator]
        rows = person_rows(people_for(actor, on=TODAY).values("id", *COLUMNS), on=TODAY)
    assert {row.phone for row in rows} == {"135****0000"}
    assert next(row.posts for row in rows if row.username == "chen") == ("县住建局 · 房管所经办",)


def test_suggest_username_that_nobody_has(people: SimpleNamespace) -> None:
    assert free_username("chen") == "chen2"
    assert free_username("liang") == "liang"

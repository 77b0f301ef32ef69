"""Changing and resetting passwords, taking back sign-ins and second factors: who may, what ends, what the trail keeps."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings

from anju.accounts.models import User
from anju.accounts.services.passwords import (
    change_password,
    one_time_password,
    remove_second_factor,
    reset_password,
)
from anju.accounts.services.sessions import end_other_sessions, end_sessions
from anju.accounts.services.signin import Visit, take_attempt
from anju.base.actor import STRANGER, SYSTEM, Denied, Refused
from anju.base.models import AuditEntry
from anju.rules.lockout import STRANGE_DEVICES
from anju.rules.passwords import READABLE
from tests.people import NOW

GOOD = "Guihua-2026"


def refusal(call: Any, **arguments: Any) -> str:
    with pytest.raises(Refused) as refused:
        call(at=NOW, **arguments)
    return refused.value.code


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_one_time_password_is_readable_and_never_the_same() -> None:
    drawn = [one_time_password() for _ in range(200)]
    assert len(set(drawn)) == 200
    assert all(len(word) == 19 and set(word) <= {*READABLE, "-"} for word in drawn)
    signs = {sign for word in drawn for sign in word if sign != "-"}
    assert signs == set(READABLE)  # 31 signs, 16 places: 79 bits


def test_reset_password_gives_one_that_must_be_changed(people: SimpleNamespace) -> None:
    person = people.bureau_officer.user
    password = reset_password(actor=people.security_admin.actor, person=person, at=NOW)
    row = User.objects.get(pk=person.pk)
    assert row.check_password(password)
    assert row.must_change_password
    assert row.password_changed_at == NOW
    assert row.password.startswith("argon2$argon2id$")


def test_reset_password_ends_every_sign_in_of_the_person(people: SimpleNamespace) -> None:
    person = people.bureau_officer
    reset_password(actor=people.security_admin.actor, person=person.user, at=NOW)
    assert person.client.get("/account/").status_code == 302
    assert people.bureau_reviewer.client.get("/account/password/").status_code == 302  # others stay: to their own page
    assert settings.SESSION_COOKIE_NAME in people.bureau_reviewer.client.cookies


def test_reset_password_leaves_no_password_in_the_trail(people: SimpleNamespace) -> None:
    password = reset_password(actor=people.security_admin.actor, person=people.bureau_officer.user, at=NOW)
    bodies = list(AuditEntry.objects.values_list("body", flat=True))
    assert "person.password_reset" in actions()
    assert not [body for body in bodies if password in body or "argon2" in body]


def test_reset_password_opens_the_door_that_strangers_closed(people: SimpleNamespace) -> None:
    visit = Visit(people.bureau_officer.user.username, "10.0.0.9")
    for _ in range(STRANGE_DEVICES.attempts):
        take_attempt(actor=STRANGER, visit=visit, at=NOW)
    assert refusal(take_attempt, actor=STRANGER, visit=visit) == "signin.locked"
    reset_password(actor=people.security_admin.actor, person=people.bureau_officer.user, at=NOW)
    assert take_attempt(actor=STRANGER, visit=visit, at=NOW) is False


def test_reset_password_is_denied_to_all_but_the_security_administrator(people: SimpleNamespace) -> None:
    for who, person in vars(people).items():
        if who in {"security_admin", "stranger"}:
            continue
        with pytest.raises(Denied):
            reset_password(actor=person.actor, person=people.manager.user, at=NOW)
    with pytest.raises(Denied):
        reset_password(actor=STRANGER, person=people.manager.user, at=NOW)
    assert people.manager.client.get("/account/").status_code == 200


def test_reset_password_of_oneself_is_refused(people: SimpleNamespace) -> None:
    admin = people.security_admin
    assert refusal(reset_password, actor=admin.actor, person=admin.user) == "password.reset_own"


def test_reset_password_of_a_disabled_person_is_refused(people: SimpleNamespace) -> None:
    person = people.manager.user
    User.objects.filter(pk=person.pk).update(is_active=False)
    person.refresh_from_db()
    assert refusal(reset_password, actor=people.security_admin.actor, person=person) == "password.reset_inactive"


@pytest.mark.parametrize("who", ["system_admin", "audit_admin"])
def test_reset_password_of_an_administrator_needs_a_second_person(people: SimpleNamespace, who: str) -> None:
    actor, person = people.security_admin.actor, getattr(people, who).user
    assert refusal(reset_password, actor=actor, person=person) == "password.reset_needs_two"
    assert person.check_password(reset_password(actor=actor, person=person, at=NOW, approved=True))


def test_reset_password_of_an_administrator_from_the_machine_itself_works(people: SimpleNamespace) -> None:
    assert reset_password(actor=SYSTEM, person=people.system_admin.user, at=NOW)


def test_change_password_clears_the_duty_to_change(people: SimpleNamespace) -> None:
    person = people.manager.signed_in().user
    User.objects.filter(pk=person.pk).update(must_change_password=True)
    change_password(actor=people.manager.actor, person=person, new=GOOD, keep=None, at=NOW)
    row = User.objects.get(pk=person.pk)
    assert row.check_password(GOOD)
    assert not row.must_change_password
    assert actions() == ["person.sessions_ended", "person.password_changed"]


def test_change_password_of_another_is_denied(people: SimpleNamespace) -> None:
    with pytest.raises(Denied):
        change_password(actor=people.security_admin.actor, person=people.manager.user, new=GOOD, keep=None, at=NOW)


def test_change_password_to_the_same_or_a_weak_one_is_refused(people: SimpleNamespace) -> None:
    own = {"actor": people.manager.actor, "person": people.manager.user, "keep": None}
    change_password(at=NOW, new=GOOD, **own)
    assert refusal(change_password, new=GOOD, **own) == "password.unchanged"
    assert refusal(change_password, new="Ｇｕｉｈｕａ-2026", **own) == "password.unchanged"
    assert refusal(change_password, new="guihua", **own) == "password.weak"
    assert refusal(change_password, new="Lijingli#1", **own) == "password.weak"
    assert User.objects.get(pk=people.manager.user.pk).check_password(GOOD)


def test_end_sessions_really_ends_the_other_client(people: SimpleNamespace) -> None:
    client = people.manager.client
    assert client.get("/account/").status_code == 200
    assert end_sessions(actor=people.security_admin.actor, person=people.manager.user, at=NOW) == 1
    assert client.get("/account/").status_code == 302
    entry = AuditEntry.objects.get(action="person.sessions_ended")
    assert (entry.subject_id, json.loads(entry.body)["note"]) == (people.manager.user.pk, {"ended": 1})


def test_end_sessions_is_denied_without_the_permission(people: SimpleNamespace) -> None:
    with pytest.raises(Denied):
        end_sessions(actor=people.system_admin.actor, person=people.manager.user, at=NOW)
    with pytest.raises(Denied):
        end_other_sessions(actor=people.security_admin.actor, person=people.manager.user, keep="", at=NOW)


def test_disabled_person_is_signed_out_at_once(people: SimpleNamespace) -> None:
    User.objects.filter(pk=people.manager.user.pk).update(is_active=False)
    assert people.manager.client.get("/account/").status_code == 302


def test_remove_second_factor_of_a_lost_phone(people: SimpleNamespace) -> None:
    person = people.manager.signed_in().user
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    remove_second_factor(actor=people.security_admin.actor, person=person, at=NOW)
    assert not Authenticator.objects.filter(user=person).exists()
    assert actions() == ["person.sessions_ended", "person.second_factor_removed"]
    assert refusal(remove_second_factor, actor=people.security_admin.actor, person=person) == "password.factor_missing"


def test_remove_second_factor_of_oneself_or_without_permission_is_refused(people: SimpleNamespace) -> None:
    admin = people.security_admin
    assert refusal(remove_second_factor, actor=admin.actor, person=admin.user) == "password.factor_own"
    TOTP.activate(people.manager.user, "JBSWY3DPEHPK3PXP")
    with pytest.raises(Denied):
        remove_second_factor(actor=people.system_admin.actor, person=people.manager.user, at=NOW)
    assert Authenticator.objects.filter(user=people.manager.user).exists()

"""Keeping out (回避): who records it for whom, who ends it, and what it means on a day."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from anju.accounts.models import Recusal
from anju.accounts.queries.recusals import recusals_for, recused_from
from anju.accounts.services.recusals import end_recusal, record_recusal
from anju.base.actor import Denied, Refused
from anju.base.models import AuditEntry
from tests.people import NOW, TODAY

WEEK = TODAY + timedelta(days=7)


def record(place: SimpleNamespace, people: SimpleNamespace, **more: Any) -> Recusal:
    given = {
        "actor": people.bureau_officer.actor,
        "person": people.bureau_officer.user,
        "compound": place.compound,
        "reason": "本人住在这里",
        "starts_on": TODAY,
        "at": NOW,
    } | more
    return record_recusal(**given)


def test_record_recusal_of_oneself(place: SimpleNamespace, people: SimpleNamespace) -> None:
    record(place, people, ends_on=WEEK)
    user = people.bureau_officer.user
    assert recused_from(user, compound=place.compound, on=TODAY)
    assert not recused_from(user, compound=place.other_compound, on=TODAY)
    assert not recused_from(user, organisation=place.company, on=TODAY)
    assert not recused_from(user, compound=place.compound, on=TODAY - timedelta(days=1))
    assert not recused_from(user, compound=place.compound, on=WEEK)
    assert "本人" not in AuditEntry.objects.get(action="recusal.recorded").body


def test_record_recusal_from_a_unit(place: SimpleNamespace, people: SimpleNamespace) -> None:
    record(place, people, compound=None, organisation=place.company)
    assert recused_from(people.bureau_officer.user, organisation=place.company, on=TODAY)


def test_record_recusal_of_another(place: SimpleNamespace, people: SimpleNamespace) -> None:
    record(place, people, actor=people.security_admin.actor)
    for who in ("bureau_reviewer", "town_officer", "system_admin"):
        with pytest.raises(Denied):
            record(place, people, actor=getattr(people, who).actor)


@pytest.mark.parametrize("who", ["manager", "chair", "audit_admin", "nobody"])
def test_record_recusal_in_a_post_without_it(place: SimpleNamespace, people: SimpleNamespace, who: str) -> None:
    person = getattr(people, who)
    with pytest.raises(Denied):
        record(place, people, actor=person.actor, person=person.user)


def test_record_recusal_refused(place: SimpleNamespace, people: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="one_subject"):
        record(place, people, compound=None)
    with pytest.raises(Refused, match="one_subject"):
        record(place, people, organisation=place.company)
    with pytest.raises(Refused, match=r"recusal\.dates"):
        record(place, people, ends_on=TODAY)
    assert not Recusal.objects.exists()


def test_end_recusal_never_ones_own(place: SimpleNamespace, people: SimpleNamespace) -> None:
    row = record(place, people)
    with pytest.raises(Denied):
        end_recusal(actor=people.bureau_officer.actor, recusal=row, at=NOW)
    end_recusal(actor=people.security_admin.actor, recusal=row, at=NOW)
    assert not recused_from(people.bureau_officer.user, compound=place.compound, on=TODAY)
    with pytest.raises(Refused, match="already_ended"):
        end_recusal(actor=people.security_admin.actor, recusal=row, at=NOW)


def test_end_recusal_of_the_security_administrator_by_himself(place: SimpleNamespace, people: SimpleNamespace) -> None:
    person = people.security_admin
    row = record(place, people, actor=people.security_admin.actor, person=people.bureau_officer.user)
    Recusal.objects.filter(pk=row.pk).update(user=person.user)
    with pytest.raises(Refused, match="end_own"):
        end_recusal(actor=person.actor, recusal=row, at=NOW)


def test_see_recusals_of_people_in_scope(place: SimpleNamespace, people: SimpleNamespace) -> None:
    row = record(place, people)
    for who in ("bureau_officer", "bureau_reviewer", "security_admin"):
        assert row in recusals_for(getattr(people, who).actor, on=TODAY)
    for who in ("town_officer", "supervisor", "nobody"):
        assert row not in recusals_for(getattr(people, who).actor, on=TODAY)

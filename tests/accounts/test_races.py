"""What happens when two people do the same thing at the same moment, on connections of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.db import connection

from anju.accounts.models import Post, Proposal
from anju.accounts.queries.proposals import digest_of
from anju.accounts.services.people import create_person, disable_person
from anju.accounts.services.posts import appoint_post
from anju.accounts.services.proposals import approve, propose
from anju.base.actor import SYSTEM, Refused
from anju.base.models import AuditEntry
from tests.people import NOW, TODAY, make_compound, make_post

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[str]:
    """Run the calls together and return how each ended: done, or the code of its refusal."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> str:
        try:
            start.wait(10)
            call()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(pool.map(run, calls))


def test_appoint_one_person_to_two_administrator_posts_at_once(place: SimpleNamespace, people: SimpleNamespace) -> None:
    def appoint(role: str) -> Callable[[], object]:
        return lambda: appoint_post(
            actor=SYSTEM,
            person=people.nobody.user,
            role=role,
            organisation=place.bureau,
            starts_on=TODAY,
            at=NOW,
            approved=True,
        )

    ended = at_once(appoint("system_admin"), appoint("security_admin"), appoint("audit_admin"))
    assert ended == ["done", "post.administrators_apart", "post.administrators_apart"]
    assert Post.objects.filter(user=people.nobody.user).count() == 1
    assert AuditEntry.objects.filter(action="post.appointed").count() == 1


def test_appoint_one_person_twice_at_once(place: SimpleNamespace, people: SimpleNamespace) -> None:
    def appoint() -> object:
        return appoint_post(
            actor=SYSTEM,
            person=people.nobody.user,
            role="bureau_officer",
            organisation=place.bureau,
            starts_on=TODAY,
            at=NOW,
        )

    assert at_once(appoint, appoint) == ["done", "post.already_held"]
    assert Post.objects.filter(user=people.nobody.user).count() == 1


def test_create_two_people_of_one_username_at_once(people: SimpleNamespace) -> None:
    def create() -> object:
        return create_person(actor=SYSTEM, name="梁新人", username="liang", at=NOW)

    assert at_once(create, create, create) == ["done", "person.username_taken", "person.username_taken"]


def test_approve_one_proposal_twice_at_once(place: SimpleNamespace, people: SimpleNamespace) -> None:
    twin = make_compound("示例·碧水花苑", place.community)
    make_post(people.nobody.user, "bureau_reviewer", place.bureau)
    proposal = propose(
        actor=people.bureau_officer.actor, act="compound.end", payload={"compound": twin.pk}, reason="误登", at=NOW
    )
    actors = people.bureau_reviewer.actor, people.nobody.actor

    def agree(number: int) -> Callable[[], object]:
        row = Proposal.objects.get(pk=proposal.pk)
        return lambda: approve(actor=actors[number], proposal=row, digest=digest_of(row), at=NOW)

    assert at_once(agree(0), agree(1)) == ["done", "proposal.decided"]
    assert AuditEntry.objects.filter(action="compound.ended").count() == 1


def test_disable_the_two_system_administrators_at_once(place: SimpleNamespace, people: SimpleNamespace) -> None:
    make_post(people.nobody.user, "system_admin", place.bureau)

    def disable(person: object) -> Callable[[], object]:
        return lambda: disable_person(actor=SYSTEM, person=person, reason="x", at=NOW)  # type: ignore[arg-type]

    ended = at_once(disable(people.nobody.user), disable(people.system_admin.user))
    assert ended == ["done", "person.last_system_admin"]
    assert Post.objects.filter(role="system_admin", ends_on__isnull=True).count() == 1

"""Two-person acts: who proposes, who decides, what is carried out, and what is done where the second person is missing."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from anju.accounts.acts import ACTS
from anju.accounts.models import Post, Proposal, Recusal, User
from anju.accounts.queries.acting import actor_of
from anju.accounts.queries.proposals import digest_of, proposals_for
from anju.accounts.services.proposals import approve, carry_out_alone, may_decide, propose, reject, withdraw
from anju.base.actor import Denied, Refused
from anju.base.models import AuditEntry
from anju.places.models import Compound
from anju.rules.permissions import Permission
from anju.rules.roles import ROLES
from tests.people import FOUNDED, NOW, TODAY, Person, make_compound, make_post

Propose = Callable[..., Proposal]


@pytest.fixture
def twin(place: SimpleNamespace) -> Compound:
    return make_compound("示例·碧水花苑", place.community)


@pytest.fixture
def merge(place: SimpleNamespace, people: SimpleNamespace, twin: Compound) -> Propose:
    """The officer proposes to merge a compound entered twice."""

    def make(by: Person = people.bureau_officer) -> Proposal:
        payload = {"compound": twin.pk, "into": place.compound.pk}
        return propose(actor=by.actor, act="compound.merge", payload=payload, reason="重复登记", at=NOW)

    return make


@pytest.fixture
def appointment(place: SimpleNamespace, people: SimpleNamespace) -> Propose:
    """The security administrator proposes a second system administrator."""

    def make(by: Person = people.security_admin, **more: Any) -> Proposal:
        payload = {
            "person": people.nobody.user.pk,
            "role": "system_admin",
            "organisation": place.bureau.pk,
            "starts_on": str(TODAY),
            "ends_on": "",
        } | more
        return propose(actor=by.actor, act="post.appoint_administrator", payload=payload, reason="增配", at=NOW)

    return make


def agree(person: Person, proposal: Proposal) -> object:
    proposal.refresh_from_db()
    return approve(actor=person.actor, proposal=proposal, digest=digest_of(proposal), at=NOW).result


def entry(action: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(AuditEntry.objects.filter(action=action).latest("id").body)
    return body


def test_every_act_can_be_proposed_by_a_role() -> None:
    assert all(any(act.permission in role.permissions for role in ROLES.values()) for act in ACTS.values())


def test_propose_changes_nothing_yet(people: SimpleNamespace, twin: Compound, merge: Propose) -> None:
    proposal = merge()
    twin.refresh_from_db()
    assert twin.ended_on is None
    assert proposal.state == Proposal.State.WAITING
    assert proposal.payload["facts"]["compound"] == f"示例·碧水花苑（城北社区，编号 {twin.pk}）"
    assert not AuditEntry.objects.filter(action="compound.merged").exists()
    assert entry("proposal.proposed")["note"] == {"act": "compound.merge", "reason": "重复登记"}


def test_approve_carries_it_out_in_the_name_of_both(people: SimpleNamespace, twin: Compound, merge: Propose) -> None:
    proposal = merge()
    agree(people.bureau_reviewer, proposal)
    twin.refresh_from_db()
    proposal.refresh_from_db()
    assert twin.merged_into_id == proposal.payload["args"]["into"]
    assert (proposal.state, proposal.decided_by, proposal.alone) == ("approved", people.bureau_reviewer.user, False)
    assert entry("compound.merged")["user"] == people.bureau_officer.user.pk
    assert entry("proposal.approved")["user"] == people.bureau_reviewer.user.pk


@pytest.mark.parametrize("who", ["bureau_officer", "system_admin", "security_admin", "town_officer", "nobody"])
def test_approve_business_by_others_than_the_reviewer(people: SimpleNamespace, merge: Propose, who: str) -> None:
    proposal = merge()
    with pytest.raises(Denied):
        agree(getattr(people, who), proposal)
    with pytest.raises(Denied):
        reject(actor=getattr(people, who).actor, proposal=proposal, reason="x", at=NOW)


def test_approve_ones_own_proposal_is_refused_in_any_post(
    place: SimpleNamespace, people: SimpleNamespace, merge: Propose
) -> None:
    proposal = merge()
    post = make_post(people.bureau_officer.user, "bureau_reviewer", place.bureau)
    as_reviewer = actor_of(people.bureau_officer.user, chosen_post=post.pk, on=TODAY)
    with pytest.raises(Refused, match="decide_own"):
        approve(actor=as_reviewer, proposal=proposal, digest=digest_of(proposal), at=NOW)
    assert not may_decide(as_reviewer, proposal, on=TODAY)


def test_propose_as_the_only_reviewer_is_refused(people: SimpleNamespace, merge: Propose) -> None:
    """He would be the one to decide; the officer can propose."""
    with pytest.raises(Refused, match="let_another_propose"):
        merge(people.bureau_reviewer)


def test_propose_what_cannot_be_done_is_refused_at_once(
    place: SimpleNamespace, people: SimpleNamespace, twin: Compound
) -> None:
    payload = {"compound": place.compound.pk, "into": twin.pk}
    with pytest.raises(Refused, match=r"place\.merge_held"):
        propose(actor=people.bureau_officer.actor, act="compound.merge", payload=payload, reason="x", at=NOW)
    assert not Proposal.objects.exists()


def test_propose_about_a_row_that_is_not_there(people: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="row_missing"):
        propose(actor=people.bureau_officer.actor, act="compound.end", payload={"compound": 10**17}, reason="x", at=NOW)


def test_propose_without_permission(place: SimpleNamespace, people: SimpleNamespace) -> None:
    for who in ("town_officer", "system_admin", "nobody", "company_admin"):
        with pytest.raises(Denied):
            propose(
                actor=getattr(people, who).actor,
                act="compound.end",
                payload={"compound": place.compound.pk},
                reason="x",
                at=NOW,
            )


def test_propose_twice_the_same(merge: Propose) -> None:
    merge()
    with pytest.raises(Refused, match="already_waiting"):
        merge()


def test_approve_something_else_than_was_shown(people: SimpleNamespace, merge: Propose) -> None:
    proposal = merge()
    for digest in ("", "0" * 64, "摘要"):
        with pytest.raises(Refused, match="not_what_was_shown"):
            approve(actor=people.bureau_reviewer.actor, proposal=proposal, digest=digest, at=NOW)


def test_approve_what_has_changed_since(people: SimpleNamespace, twin: Compound, merge: Propose) -> None:
    proposal = merge()
    Compound.objects.filter(pk=twin.pk).update(name="示例·另一个名")
    with pytest.raises(Refused, match=r"proposal\.changed"):
        agree(people.bureau_reviewer, proposal)


def test_approve_after_the_proposer_left_the_post(people: SimpleNamespace, merge: Propose) -> None:
    proposal = merge()
    Post.objects.filter(pk=proposal.proposed_post_id).update(ends_on=TODAY)
    with pytest.raises(Refused, match="proposer_left"):
        agree(people.bureau_reviewer, proposal)
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.WAITING


def test_approve_a_disabled_proposers_proposal(people: SimpleNamespace, merge: Propose) -> None:
    proposal = merge()
    User.objects.filter(pk=people.bureau_officer.user.pk).update(is_active=False)
    with pytest.raises(Refused, match="proposer_left"):
        agree(people.bureau_reviewer, proposal)


def test_approve_twice(people: SimpleNamespace, merge: Propose) -> None:
    proposal = merge()
    agree(people.bureau_reviewer, proposal)
    with pytest.raises(Refused, match=r"proposal\.decided"):
        agree(people.bureau_reviewer, proposal)


def test_approve_as_somebody_recused(place: SimpleNamespace, people: SimpleNamespace, merge: Propose) -> None:
    proposal = merge()
    Recusal.objects.create(
        user=people.bureau_reviewer.user, compound=place.compound, reason="亲属", starts_on=FOUNDED, recorded_at=NOW
    )
    assert not may_decide(people.bureau_reviewer.actor, proposal, on=TODAY)
    with pytest.raises(Refused, match="decide_about_oneself"):
        agree(people.bureau_reviewer, proposal)


def test_propose_as_somebody_recused(place: SimpleNamespace, people: SimpleNamespace, merge: Propose) -> None:
    Recusal.objects.create(
        user=people.bureau_officer.user, compound=place.compound, reason="亲属", starts_on=FOUNDED, recorded_at=NOW
    )
    with pytest.raises(Refused, match=r"proposal\.recused"):
        merge()


def test_reject_with_a_reason(people: SimpleNamespace, merge: Propose) -> None:
    proposal = merge()
    with pytest.raises(Refused, match="reject_reason"):
        reject(actor=people.bureau_reviewer.actor, proposal=proposal, reason=" ", at=NOW)
    row = reject(actor=people.bureau_reviewer.actor, proposal=proposal, reason="不是同一个小区", at=NOW)
    assert (row.state, row.decision_reason) == ("rejected", "不是同一个小区")
    merge()


def test_withdraw_only_ones_own(people: SimpleNamespace, merge: Propose) -> None:
    proposal = merge()
    with pytest.raises(Denied):
        withdraw(actor=people.bureau_reviewer.actor, proposal=proposal, at=NOW)
    assert withdraw(actor=people.bureau_officer.actor, proposal=proposal, at=NOW).state == "withdrawn"


# Administration


def test_approve_an_administrator_by_the_other_administrator(people: SimpleNamespace, appointment: Propose) -> None:
    proposal = appointment()
    assert not people.nobody.actor.may(Permission.PERSON_EDIT)
    for who in ("bureau_reviewer", "audit_admin"):
        with pytest.raises(Denied):
            agree(getattr(people, who), proposal)
    agree(people.system_admin, proposal)
    assert people.nobody.actor.may(Permission.PERSON_EDIT)
    assert entry("post.appointed")["user"] == people.security_admin.user.pk


def test_propose_oneself_as_administrator(people: SimpleNamespace, appointment: Propose) -> None:
    with pytest.raises(Refused, match="appoint_own"):
        appointment(person=people.security_admin.user.pk)


def test_propose_two_administrator_posts_for_one_person(people: SimpleNamespace, appointment: Propose) -> None:
    with pytest.raises(Refused, match="administrators_apart"):
        appointment(person=people.audit_admin.user.pk)
    assert not Proposal.objects.exists()


def test_carry_out_alone_while_there_is_a_second_person(people: SimpleNamespace, appointment: Propose) -> None:
    proposal = appointment()
    with pytest.raises(Refused, match="second_exists"):
        carry_out_alone(actor=people.security_admin.actor, proposal=proposal, digest=digest_of(proposal), at=NOW)


def test_carry_out_alone_where_the_county_has_one_administrator(people: SimpleNamespace, appointment: Propose) -> None:
    """The first administrator appoints the second: nobody else is there, and the trail says so."""
    Post.objects.filter(role="security_admin").update(ends_on=TODAY)
    proposal = appointment(people.system_admin, role="security_admin")
    carry_out_alone(actor=people.system_admin.actor, proposal=proposal, digest=digest_of(proposal), at=NOW)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.alone, proposal.decided_by) == ("approved", True, people.system_admin.user)
    assert entry("proposal.approved")["note"]["alone"] is True
    assert entry("post.appointed")["note"]["stand_in"] == "security_admin"
    assert people.nobody.actor.role == "security_admin"


def test_carry_out_alone_by_another_than_the_proposer(people: SimpleNamespace, appointment: Propose) -> None:
    proposal = appointment()
    Post.objects.filter(role="system_admin").update(ends_on=TODAY)
    for who in ("audit_admin", "bureau_reviewer"):
        with pytest.raises(Denied):
            carry_out_alone(actor=getattr(people, who).actor, proposal=proposal, digest=digest_of(proposal), at=NOW)


def test_carry_out_alone_where_the_only_other_person_is_the_one_concerned(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    """Nobody decides about their own post, so the security administrator ends a system administrator's alone."""
    second = make_post(people.nobody.user, "system_admin", place.bureau)
    payload = {"post": people.system_admin.user.posts.get().pk, "ends_on": str(TODAY)}
    proposal = propose(
        actor=people.security_admin.actor, act="post.end_administrator", payload=payload, reason="调离", at=NOW
    )
    with pytest.raises(Refused, match="decide_about_oneself"):
        agree(people.system_admin, proposal)
    with pytest.raises(Refused, match="second_exists"):
        carry_out_alone(actor=people.security_admin.actor, proposal=proposal, digest=digest_of(proposal), at=NOW)
    Post.objects.filter(pk=second.pk).update(role="bureau_officer")
    with pytest.raises(Refused, match="last_system_admin"):
        carry_out_alone(actor=people.security_admin.actor, proposal=proposal, digest=digest_of(proposal), at=NOW)


def test_reset_an_administrators_password_by_two(people: SimpleNamespace) -> None:
    proposal = propose(
        actor=people.security_admin.actor,
        act="person.reset_administrator",
        payload={"person": people.audit_admin.user.pk},
        reason="忘记",
        at=NOW,
    )
    password = agree(people.system_admin, proposal)
    assert User.objects.get(pk=people.audit_admin.user.pk).check_password(str(password))
    assert str(password) not in str(Proposal.objects.get().payload)


def test_disable_an_administrator_by_two(people: SimpleNamespace) -> None:
    person = people.audit_admin.user
    proposal = propose(
        actor=people.system_admin.actor,
        act="person.disable_administrator",
        payload={"person": person.pk},
        reason="调离",
        at=NOW,
    )
    person.refresh_from_db()
    assert person.is_active
    agree(people.security_admin, proposal)
    person.refresh_from_db()
    assert not person.is_active


def test_merge_organisations_by_two(place: SimpleNamespace, people: SimpleNamespace) -> None:
    Post.objects.filter(organisation=place.other_company).update(ends_on=TODAY)
    payload = {"organisation": place.other_company.pk, "into": place.company.pk}
    proposal = propose(
        actor=people.bureau_officer.actor, act="organisation.merge", payload=payload, reason="合并", at=NOW
    )
    agree(people.bureau_reviewer, proposal)
    place.other_company.refresh_from_db()
    assert place.other_company.merged_into == place.company


def test_end_a_compound_by_two(people: SimpleNamespace, twin: Compound) -> None:
    proposal = propose(
        actor=people.bureau_officer.actor, act="compound.end", payload={"compound": twin.pk}, reason="误登", at=NOW
    )
    agree(people.bureau_reviewer, proposal)
    twin.refresh_from_db()
    assert twin.ended_on == TODAY


def test_see_proposals(people: SimpleNamespace, merge: Propose) -> None:
    proposal = merge()
    for who in ("bureau_officer", "bureau_reviewer", "supervisor", "audit_admin", "system_admin"):
        assert proposal in proposals_for(getattr(people, who).actor)
    for who in ("town_officer", "manager", "nobody", "department_officer"):
        assert proposal not in proposals_for(getattr(people, who).actor)

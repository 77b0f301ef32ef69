"""Who of the county's people is told of an act: those whose task it makes, never somebody who must keep out (回避)."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet

from anju.accounts.models import Post
from anju.accounts.queries.acting import held_on
from anju.accounts.queries.recusals import recused_users
from anju.cases.models import Case
from anju.rules.cases.book import Book
from anju.rules.cases.facts import Facts, TaskKind, TaskState
from anju.rules.cases.roles import PLAYED_BY
from anju.rules.cases.separation import with_bureau, working_units

# Which roles of a case an audience of the workflow's notices is.
_ROLES: Final = {
    "lead": ("handler", "unit_lead"),
    "helpers": ("handler", "unit_lead"),
    "dispatcher": ("dispatcher",),
    "supervisor": ("supervisor",),
    "verifier": ("community", "town"),
    "respondent": ("company", "owners_org"),
}
_ELSE: Final = frozenset({"dispatcher", "verifier"})  # where all of them must keep out, the supervisors are told
_ORDERS: Final = {"lead": TaskKind.LEAD, "helpers": TaskKind.HELPER}


def people_told(
    case: Case, audiences: Collection[str], facts: Facts, book: Book, on: date
) -> dict[str, frozenset[int]]:
    """Return the users of each audience: in a post on that day, able to sign in, with the case in their sight, not recused from it."""
    parties = dict(case.parties.exclude(organisation=None).values_list("organisation_id", "addressed_at"))
    out = recused_users(organisations=list(parties), compounds=[case.compound_id], on=on)
    out |= {int(person) for person in facts.about}
    addressed = [pk for pk, since in parties.items() if since]

    def users(audience: str) -> frozenset[int]:
        posts = _posts(case, audience, facts, book, addressed, on)
        found = frozenset(posts.values_list("user_id", flat=True)) - out
        return users("supervisor") if not found and audience in _ELSE else found

    return {audience: users(audience) for audience in audiences if audience in _ROLES}


def _posts(case: Case, audience: str, facts: Facts, book: Book, addressed: list[int], on: date) -> "QuerySet[Post]":
    roles = {post for role in _ROLES[audience] for post in PLAYED_BY[role]}
    held = Post.objects.filter(held_on(on), role__in=roles, user__is_active=True)
    if audience == "respondent":
        return held.filter(Q(compound=None) | Q(compound=case.compound_id), organisation__in=addressed)
    held = held.exclude(_of(with_bureau(facts.respondents, book)))
    if audience in _ORDERS:
        open_ = (task for task in facts.tasks if task.state is TaskState.OPEN)
        return held.filter(_of(task.unit for task in open_ if task.kind is _ORDERS[audience]))
    if audience == "verifier":
        above = [int(pk) for pk in case.compound.division.path.split("/") if pk]
        there = Q(division__in=above) | Q(division=None, organisation__division__in=above)
        return held.filter(there).exclude(_of(working_units(facts)))
    return held


def _of(units: Iterable[str]) -> Q:
    """Posts of these bodies and of their offices: 房管所 acts for 县住建局 too."""
    own = [int(unit) for unit in units if unit]
    return Q(organisation__in=own) | Q(organisation__parent__in=own)

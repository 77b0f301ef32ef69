"""Finds the people whom `rules.cases.audiences` wants to be told of an act, in one query, and those who must keep out of it (回避)."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import IntegerField, Q, Value

from anju.accounts.models import Post
from anju.accounts.queries.acting import held_on
from anju.accounts.queries.recusals import recused_users
from anju.cases.models import Case
from anju.rules.cases.audiences import Wanted, Where
from anju.rules.cases.facts import Facts
from anju.rules.cases.roles import PLAYED_BY


def people_in(case: Case, wanted: Collection[Wanted], on: date) -> dict[Wanted, frozenset[int]]:
    """Return the users in each of the wanted posts: held on that day, by somebody who may sign in."""
    places = list(dict.fromkeys(wanted))
    if not places:
        return {}
    above = [int(pk) for pk in case.compound.division.path.split("/") if pk]
    first, *others = [
        Post.objects.filter(_held(case, one, above, on))
        .annotate(place=Value(number, IntegerField()))
        .values_list("place", "user_id")
        for number, one in enumerate(places)
    ]
    found: dict[Wanted, set[int]] = {one: set() for one in places}
    for number, user in first.union(*others, all=True) if others else first:
        found[places[number]].add(user)
    return {one: frozenset(users) for one, users in found.items()}


def _held(case: Case, one: Wanted, above: list[int], on: date) -> Q:
    held = held_on(on) & Q(user__is_active=True) & ~_of(one.but)
    if one.roles:
        held &= Q(role__in={post for role in one.roles for post in PLAYED_BY[role]})
    if one.person:
        held &= Q(user=int(one.person))
    match one.where:
        case Where.UNITS:
            return held & _of(one.units)
        case Where.COMPOUND:
            here = Q(compound=None) | Q(compound=case.compound_id)
            return held & here & Q(organisation__in=[int(unit) for unit in one.units])
        case Where.AREA:
            return held & (Q(division__in=above) | Q(division=None, organisation__division__in=above))
        case Where.COUNTY:
            return held


def _of(units: Iterable[str]) -> Q:
    """Posts of these bodies and of their offices: 房管所 acts for 县住建局 too."""
    own = [int(unit) for unit in units]
    return Q(organisation__in=own) | Q(organisation__parent__in=own)


def kept_out(case: Case, facts: Facts, on: date) -> frozenset[int]:
    """Return the users who must keep out of the case: by a recusal of theirs, or because it is about them."""
    parties = case.parties.exclude(organisation=None).values_list("organisation_id", flat=True)
    recused = recused_users(organisations=list(parties), compounds=[case.compound_id], on=on)
    return recused | {int(person) for person in facts.about}

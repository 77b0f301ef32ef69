"""How many posts and recusals hang on a place. They belong to the floor above, which points down to us: we only count them."""

from datetime import date
from typing import Final

from django.db.models import Q

from anju.places.models import Compound, Division, Organisation
from anju.rules.roles import ROLES, Reach

_BY_DIVISION: Final = frozenset(role.code for role in ROLES.values() if role.reach is Reach.DIVISION)


def posts_at(row: Organisation | Compound, on: date) -> int:
    return row.posts.filter(_unended(on)).count()


def recusals_about(row: Organisation | Compound, on: date) -> int:
    return row.recusals.filter(_unended(on)).count()


def posts_reaching_by(row: Organisation, on: date) -> int:
    """Count the posts whose scope is the division their organisation lies in: to move it is to move what they see."""
    return row.posts.filter(_unended(on), division=None, role__in=_BY_DIVISION).count()


def posts_over(division: Division, on: date) -> int:
    """Count the posts whose scope is this division, named in the post or taken from the organisation."""
    named = division.posts.filter(_unended(on)).count()
    return named + sum(posts_reaching_by(row, on) for row in division.organisations.filter(kind__in=_KINDS))


_KINDS: Final = frozenset(kind for code in _BY_DIVISION for kind in ROLES[code].kinds)


def _unended(on: date) -> Q:
    return Q(ends_on__isnull=True) | Q(ends_on__gt=on)

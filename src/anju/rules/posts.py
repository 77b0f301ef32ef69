"""Who may hold which post, where and from when; what a stand-in may do; which posts a body ought to have filled."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from anju.rules.permissions import Permission as P
from anju.rules.roles import ADMINISTRATORS, ROLES, Reach

LONGEST_DELEGATION = timedelta(days=183)
FURTHEST_AHEAD = timedelta(days=366)
EARLIEST_START = date(1980, 1, 1)

# What passes to no stand-in: handing the post on again, and the acts over other people's accounts and posts.
NOT_DELEGATED = frozenset({P.POST_DELEGATE, P.POST_APPOINT, P.PERSON_RESET})

# Which posts a body of a kind ought to have filled. Administrators are counted for the county, see `rules/separation.py`, and so are
# the bureau's: its people may belong to the bureau or to the office under it.
COUNTY_WIDE = frozenset({"bureau"})
EXPECTED: dict[str, tuple[str, ...]] = {
    "bureau": ("bureau_officer", "bureau_reviewer"),
    "department": ("department_officer",),
    "court": ("department_officer",),
    "town": ("town_officer",),
    "community": ("community_worker",),
    "company": ("company_admin",),
}

_LEVELS = {"town_officer": frozenset({"town", "community"}), "community_worker": frozenset({"community"})}


class Objection(StrEnum):
    """Why somebody cannot be appointed as wished."""

    SELF = "self"
    INACTIVE = "inactive"
    BODY_ENDED = "body_ended"
    KIND = "kind"
    COMPOUND_MISSING = "compound_missing"
    COMPOUND_ENDED = "compound_ended"
    PLACE_NEEDLESS = "place_needless"
    AREA_OUTSIDE = "area_outside"
    AREA_LEVEL = "area_level"
    AREA_ENDED = "area_ended"
    DATES = "dates"
    TOO_EARLY = "too_early"
    TOO_FAR_AHEAD = "too_far_ahead"


@dataclass(frozen=True, slots=True)
class Area:
    """A division: `path` holds the ids from the county down to it, each followed by "/"."""

    level: str
    path: str
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation, with the division it belongs to."""

    kind: str
    area: Area
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """An appointment as asked for. `area` is the division the post covers; `compound_ended` is None where no compound is named."""

    role: str
    body: Body
    starts_on: date
    ends_on: date | None = None
    area: Area | None = None
    compound_ended: bool | None = None
    of_oneself: bool = False
    active: bool = True


def objection_to(wish: Wish, *, on: date) -> Objection | None:
    """Return the first reason against an appointment made on `on`, or None where it may stand."""
    return _objection_to_person(wish) or _objection_to_place(wish) or _objection_to_dates(wish, on)


def _objection_to_person(wish: Wish) -> Objection | None:
    if wish.of_oneself:
        return Objection.SELF
    return None if wish.active else Objection.INACTIVE


def _objection_to_place(wish: Wish) -> Objection | None:
    role = ROLES[wish.role]
    if wish.body.ended:
        return Objection.BODY_ENDED
    if wish.body.kind not in role.kinds:
        return Objection.KIND
    match role.reach:
        case Reach.DIVISION:
            return Objection.PLACE_NEEDLESS if wish.compound_ended is not None else _objection_to_area(wish)
        case Reach.COMPOUND:
            return Objection.PLACE_NEEDLESS if wish.area else _objection_to_compound(wish)
    named = wish.area or wish.compound_ended is not None
    return Objection.PLACE_NEEDLESS if named else None


def _objection_to_area(wish: Wish) -> Objection | None:
    """A post covers its body's own division or one below it, never the whole county."""
    area = wish.area or wish.body.area
    if area.ended:
        return Objection.AREA_ENDED
    if area.level not in _LEVELS[wish.role]:
        return Objection.AREA_LEVEL
    return None if area.path.startswith(wish.body.area.path) else Objection.AREA_OUTSIDE


def _objection_to_compound(wish: Wish) -> Objection | None:
    if wish.compound_ended is None:
        return Objection.COMPOUND_MISSING
    return Objection.COMPOUND_ENDED if wish.compound_ended else None


def _objection_to_dates(wish: Wish, on: date) -> Objection | None:
    if wish.ends_on is not None and wish.ends_on <= wish.starts_on:
        return Objection.DATES
    if wish.starts_on < EARLIEST_START:
        return Objection.TOO_EARLY
    return Objection.TOO_FAR_AHEAD if wish.starts_on > on + FURTHEST_AHEAD else None


def may_delegate(role: str, *, delegated: bool) -> bool:
    """Say whether a post of the role can be handed to a stand-in (代理): no administrator's, and no delegation again."""
    return not delegated and role not in ADMINISTRATORS and P.POST_DELEGATE in ROLES[role].permissions


def delegation_fits(*, starts_on: date, ends_on: date, post_ends_on: date | None) -> bool:
    """A delegation has an end, at most `LONGEST_DELEGATION` away, and does not outlive the post it stands for."""
    if not starts_on < ends_on <= starts_on + LONGEST_DELEGATION:
        return False
    return post_ends_on is None or ends_on <= post_ends_on


def vacant_roles(kind: str, filled: frozenset[str]) -> tuple[str, ...]:
    """Return the posts a body of this kind ought to have and has not."""
    return tuple(role for role in EXPECTED.get(kind, ()) if role not in filled)

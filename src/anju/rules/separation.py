"""Separation of duties (三员分立, 双人办理), and what a county does that has too few people for it.

GB/T 22239-2019 (等级保护) 8.1.5 wants system, audit and security administrators apart. A bureau of three to five people can do that
only if its people hold business posts beside; nothing here forbids it, and `STAFFING` shows how.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from anju.rules.permissions import Permission
from anju.rules.roles import ADMINISTRATORS, ROLES, STAND_IN, permissions_of


class Area(StrEnum):
    """What a two-person act is about, and so who may be its second person."""

    BUSINESS = "business"
    ADMINISTRATION = "administration"


DECIDERS: dict[Area, frozenset[str]] = {
    Area.BUSINESS: frozenset({"bureau_reviewer"}),
    Area.ADMINISTRATION: frozenset({"system_admin", "security_admin"}),
}


@dataclass(frozen=True, slots=True, order=True)
class Holding:
    """One post held today: who, and the role."""

    user: int
    role: str


class Gap(StrEnum):
    """What is missing for duties to be apart."""

    NO_SYSTEM_ADMIN = "no_system_admin"
    NO_SECURITY_ADMIN = "no_security_admin"
    NO_AUDIT_ADMIN = "no_audit_admin"
    NO_BUSINESS_SECOND = "no_business_second"
    NO_ADMINISTRATION_SECOND = "no_administration_second"


_VACANT = {
    "system_admin": Gap.NO_SYSTEM_ADMIN,
    "security_admin": Gap.NO_SECURITY_ADMIN,
    "audit_admin": Gap.NO_AUDIT_ADMIN,
}
_NO_SECOND: tuple[tuple[Area, Permission, Gap], ...] = (
    (Area.BUSINESS, Permission.COMPOUND_MERGE, Gap.NO_BUSINESS_SECOND),
    (Area.ADMINISTRATION, Permission.POST_APPOINT, Gap.NO_ADMINISTRATION_SECOND),
)


def proposers(permission: Permission, holdings: Iterable[Holding]) -> frozenset[int]:
    """Return who could propose an act that needs `permission`, stand-ins for vacant posts among them."""
    held = tuple(holdings)
    vacant = frozenset(STAND_IN) - {holding.role for holding in held}
    able = {holding.user for holding in held if permission in permissions_of(holding.role, vacant=vacant)}
    return frozenset(able)


def deciders(
    area: Area, holdings: Iterable[Holding], *, proposer: int, apart: frozenset[int] = frozenset()
) -> frozenset[int]:
    """Return who can be the second person: holds a deciding post, is not the proposer, and need not keep out (`apart`)."""
    able = {holding.user for holding in holdings if holding.role in DECIDERS[area]}
    return frozenset(able - apart - {proposer})


def has_two_persons(
    permission: Permission, area: Area, holdings: Iterable[Holding], *, apart: frozenset[int] = frozenset()
) -> bool:
    """Say whether the county has somebody to propose and another to decide. Only where it has not may one act alone.

    A reviewer cannot make himself the only person by proposing: as long as somebody else can propose, there are two.
    """
    held = tuple(holdings)
    able = proposers(permission, held) - apart
    return any(deciders(area, held, proposer=proposer, apart=apart) for proposer in able)


def gaps(holdings: Iterable[Holding]) -> tuple[Gap, ...]:
    """Return what is missing, administrators first."""
    held = tuple(holdings)
    filled = {holding.role for holding in held}
    vacant = [gap for role, gap in _VACANT.items() if role not in filled]
    single = [gap for area, permission, gap in _NO_SECOND if not has_two_persons(permission, area, held)]
    return (*vacant, *single)


def stands_in(role: str, permission: Permission) -> bool:
    """Say whether somebody of this role who has the permission has it only in another's place (代行)."""
    return role in ADMINISTRATORS and permission not in ROLES[role].permissions


# How three, four or five people fill the posts so that nothing is missing: one tuple of roles for each person.
STAFFING: dict[int, tuple[tuple[str, ...], ...]] = {
    3: (
        ("bureau_officer", "system_admin"),
        ("bureau_reviewer", "security_admin"),
        ("bureau_officer", "audit_admin"),
    ),
    4: (
        ("bureau_officer", "system_admin"),
        ("bureau_reviewer", "security_admin"),
        ("bureau_officer",),
        ("bureau_reviewer", "audit_admin"),
    ),
    5: (
        ("system_admin",),
        ("security_admin", "bureau_reviewer"),
        ("audit_admin",),
        ("bureau_officer",),
        ("bureau_officer", "bureau_reviewer"),
    ),
}

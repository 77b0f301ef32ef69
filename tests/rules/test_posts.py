from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from anju.rules.posts import (
    EXPECTED,
    FURTHEST_AHEAD,
    LONGEST_DELEGATION,
    Area,
    Body,
    Objection,
    Wish,
    delegation_fits,
    may_delegate,
    objection_to,
    vacant_roles,
)
from anju.rules.roles import ADMINISTRATORS, ROLES

TODAY = date(2026, 11, 24)
COUNTY, TOWN, OTHER_TOWN = Area("county", "1/"), Area("town", "1/2/"), Area("town", "1/3/")
COMMUNITY = Area("community", "1/2/4/")
OFFICER = Wish("bureau_officer", Body("bureau", COUNTY), TODAY)
CLERK = Wish("town_officer", Body("town", TOWN), TODAY)
WORKER = Wish("community_worker", Body("community", COMMUNITY), TODAY)
MANAGER = Wish("project_manager", Body("company", TOWN), TODAY, compound_ended=False)


@pytest.mark.parametrize(
    "wish",
    [
        OFFICER,
        CLERK,
        WORKER,
        MANAGER,
        replace(CLERK, area=TOWN),
        replace(CLERK, area=COMMUNITY),
        replace(OFFICER, ends_on=TODAY + timedelta(days=1)),
        replace(OFFICER, starts_on=TODAY + FURTHEST_AHEAD),
        Wish("system_admin", Body("bureau", COUNTY), TODAY),
        Wish("department_officer", Body("court", COUNTY), TODAY),
    ],
)
def test_appoint_as_it_should_be(wish: Wish) -> None:
    assert objection_to(wish, on=TODAY) is None


@pytest.mark.parametrize(
    ("wish", "objection"),
    [
        (replace(OFFICER, of_oneself=True), Objection.SELF),
        (replace(OFFICER, active=False), Objection.INACTIVE),
        (replace(OFFICER, body=Body("bureau", COUNTY, ended=True)), Objection.BODY_ENDED),
        (replace(OFFICER, body=Body("company", COUNTY)), Objection.KIND),
        (replace(OFFICER, area=TOWN), Objection.PLACE_NEEDLESS),
        (replace(OFFICER, compound_ended=False), Objection.PLACE_NEEDLESS),
        (replace(CLERK, compound_ended=False), Objection.PLACE_NEEDLESS),
        (replace(MANAGER, area=TOWN), Objection.PLACE_NEEDLESS),
        (replace(MANAGER, compound_ended=None), Objection.COMPOUND_MISSING),
        (replace(MANAGER, compound_ended=True), Objection.COMPOUND_ENDED),
        (replace(CLERK, area=OTHER_TOWN), Objection.AREA_OUTSIDE),
        (replace(CLERK, area=COUNTY), Objection.AREA_LEVEL),
        (replace(CLERK, body=Body("town", COUNTY)), Objection.AREA_LEVEL),
        (replace(WORKER, body=Body("community", TOWN)), Objection.AREA_LEVEL),
        (replace(CLERK, area=replace(TOWN, ended=True)), Objection.AREA_ENDED),
        (replace(OFFICER, ends_on=TODAY), Objection.DATES),
        (replace(OFFICER, starts_on=date(1979, 12, 31)), Objection.TOO_EARLY),
        (replace(OFFICER, starts_on=TODAY + FURTHEST_AHEAD + timedelta(days=1)), Objection.TOO_FAR_AHEAD),
    ],
)
def test_appoint_otherwise(wish: Wish, objection: Objection) -> None:
    assert objection_to(wish, on=TODAY) is objection


def test_delegate_is_for_those_whose_role_allows_it() -> None:
    assert may_delegate("bureau_officer", delegated=False)
    assert not may_delegate("bureau_officer", delegated=True)
    assert not may_delegate("company_admin", delegated=False)
    assert not any(may_delegate(role, delegated=False) for role in ADMINISTRATORS)


@pytest.mark.parametrize(
    ("days", "post_ends_in", "fits"),
    [(1, None, True), (0, None, False), (-1, None, False), (10, 10, True), (11, 10, False)],
)
def test_delegate_within_dates(days: int, post_ends_in: int | None, fits: bool) -> None:
    end: Any = TODAY + timedelta(days=post_ends_in) if post_ends_in else None
    assert delegation_fits(starts_on=TODAY, ends_on=TODAY + timedelta(days=days), post_ends_on=end) is fits


def test_delegate_no_longer_than_half_a_year() -> None:
    assert delegation_fits(starts_on=TODAY, ends_on=TODAY + LONGEST_DELEGATION, post_ends_on=None)
    assert not delegation_fits(
        starts_on=TODAY, ends_on=TODAY + LONGEST_DELEGATION + timedelta(days=1), post_ends_on=None
    )


def test_expect_only_roles_that_fit_the_body() -> None:
    assert all(kind in ROLES[role].kinds for kind, roles in EXPECTED.items() for role in roles)


def test_find_vacant_roles() -> None:
    assert vacant_roles("bureau", frozenset({"bureau_officer"})) == ("bureau_reviewer",)
    assert vacant_roles("town", frozenset({"town_officer"})) == ()
    assert vacant_roles("other", frozenset()) == ()


def test_every_role_has_a_body_that_can_fill_it() -> None:
    assert all(role.kinds for role in ROLES.values())

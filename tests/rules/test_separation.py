import pytest

from anju.rules.permissions import Permission
from anju.rules.separation import STAFFING, Area, Gap, Holding, deciders, gaps, has_two_persons, proposers, stands_in


def staff(*people: tuple[str, ...]) -> tuple[Holding, ...]:
    return tuple(Holding(number, role) for number, roles in enumerate(people, start=1) for role in roles)


@pytest.mark.parametrize("size", [3, 4, 5])
def test_find_gaps_of_the_advised_staffing_there_are_none(size: int) -> None:
    assert len(STAFFING[size]) == size
    assert gaps(staff(*STAFFING[size])) == ()


def test_find_gaps_of_one_administrator() -> None:
    assert gaps(staff(("system_admin",))) == (
        Gap.NO_SECURITY_ADMIN,
        Gap.NO_AUDIT_ADMIN,
        Gap.NO_BUSINESS_SECOND,
        Gap.NO_ADMINISTRATION_SECOND,
    )


def test_find_gaps_of_nobody() -> None:
    assert gaps(()) == tuple(Gap)


def test_find_gaps_where_one_person_is_officer_and_reviewer() -> None:
    held = staff(("bureau_officer", "bureau_reviewer"), ("system_admin",), ("security_admin",), ("audit_admin",))
    assert gaps(held) == (Gap.NO_BUSINESS_SECOND,)


def test_decide_business_is_for_another_reviewer() -> None:
    held = staff(("bureau_officer",), ("bureau_reviewer",), ("security_admin",))
    assert deciders(Area.BUSINESS, held, proposer=1) == {2}
    assert deciders(Area.BUSINESS, held, proposer=2) == frozenset()
    assert deciders(Area.BUSINESS, held, proposer=1, apart=frozenset({2})) == frozenset()


def test_decide_administration_is_for_another_administrator() -> None:
    held = staff(("system_admin",), ("security_admin",), ("audit_admin",), ("bureau_reviewer",))
    assert deciders(Area.ADMINISTRATION, held, proposer=1) == {2}
    assert deciders(Area.ADMINISTRATION, held, proposer=2) == {1}


def test_act_alone_not_while_somebody_else_can_propose() -> None:
    held = staff(("bureau_officer",), ("bureau_reviewer",))
    assert has_two_persons(Permission.COMPOUND_MERGE, Area.BUSINESS, held)
    assert not deciders(Area.BUSINESS, held, proposer=2)


def test_act_alone_where_the_other_must_keep_out() -> None:
    held = staff(("system_admin",), ("security_admin",))
    assert not has_two_persons(Permission.POST_APPOINT, Area.ADMINISTRATION, held, apart=frozenset({1}))


def test_propose_in_place_of_a_missing_security_administrator() -> None:
    assert proposers(Permission.POST_APPOINT, staff(("system_admin",))) == {1}
    assert proposers(Permission.POST_APPOINT, staff(("system_admin",), ("security_admin",))) == {2}


def test_stand_in_is_told_from_ones_own_permission() -> None:
    assert stands_in("system_admin", Permission.POST_APPOINT)
    assert not stands_in("security_admin", Permission.POST_APPOINT)
    assert not stands_in("system_admin", Permission.PERSON_EDIT)
    assert not stands_in("bureau_officer", Permission.POST_APPOINT)

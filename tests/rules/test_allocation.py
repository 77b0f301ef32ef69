"""Money split to the fen (民法典 283; 维修资金办法 20, 21), with the worked numbers of the law file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.rules.allocation import ALGORITHM, Draw, UnitShare, Weight, allocate, allocate_repair, draw

WEIGHTS = st.dictionaries(
    st.text("0123456789-", min_size=1, max_size=5), st.integers(0, 500_00), min_size=1, max_size=12
)


@pytest.mark.parametrize(
    ("total", "areas", "shares"),
    [
        (10_000_00, [88_88, 99_99, 111_13], [2962_67, 3333_00, 3704_33]),
        (100_00, [90_00, 90_00, 90_00], [33_34, 33_33, 33_33]),
        (5, [90_00] * 7, [1, 1, 1, 1, 1, 0, 0]),
        (12_345_67, [89_42, 120_55, 76_30, 143_08, 65_65], [2230_20, 3006_61, 1902_98, 3568_52, 1637_36]),
        (0, [90_00, 80_00], [0, 0]),
        (1, [0, 80_00], [0, 1]),
    ],
)
def test_allocate_as_worked_by_hand(total: int, areas: list[int], shares: list[int]) -> None:
    found = allocate(total, {f"{number:03}": area for number, area in enumerate(areas)})
    assert list(found.values()) == shares


def test_allocate_gives_equal_remainders_to_the_lowest_code() -> None:
    assert allocate(1, {"1-201": 5, "1-102": 5, "1-101": 5}) == {"1-201": 0, "1-102": 0, "1-101": 1}


@given(st.integers(0, 10**12), WEIGHTS)
def test_allocate_loses_nothing_and_is_never_a_fen_off(total: int, weights: dict[str, int]) -> None:
    whole = sum(weights.values())
    if whole == 0:
        with pytest.raises(ValueError, match="needed"):
            allocate(total, weights)
        return
    shares = allocate(total, weights)
    assert sum(shares.values()) == total
    assert list(shares) == list(weights)
    for code, weight in weights.items():
        assert abs(shares[code] * whole - total * weight) < whole
    assert shares == {code: allocate(total, dict(reversed(weights.items())))[code] for code in weights}


@pytest.mark.parametrize(("total", "weights"), [(-1, {"1": 1}), (1, {}), (1, {"1": 0}), (1, {"1": 5, "2": -1})])
def test_allocate_refuses_what_cannot_be_split(total: int, weights: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="needed"):
        allocate(total, weights)


def test_repair_of_mixed_housing_goes_by_area_then_by_deposits() -> None:
    commercial = [Weight("A1", 700_00), Weight("A2", 500_00)]
    public = [Weight("B1", 300_00), Weight("B2", 500_00)]
    repair = allocate_repair(50_000_00, commercial, public, owners_deposits=3_000_00, seller_deposits=7_000_00)
    shares = {share.code: share.fen for share in repair.units}
    assert shares["A1"] + shares["A2"] == 30_000_00
    assert shares["B1"] + shares["B2"] == 6_000_00
    assert repair.seller_fen == 14_000_00
    assert shares == {"A1": 17_500_00, "A2": 12_500_00, "B1": 2_250_00, "B2": 3_750_00}
    assert repair.algorithm == ALGORITHM


def test_repair_of_commercial_housing_has_no_seller_and_the_developer_pays_unsold() -> None:
    repair = allocate_repair(100, [Weight("1", 60_00), Weight("2", 40_00, unsold=True)])
    assert repair.units == (UnitShare("1", 60, developer_pays=False), UnitShare("2", 40, developer_pays=True))
    assert repair.seller_fen == 0


def test_repair_of_public_housing_without_a_sellers_deposit_is_the_owners() -> None:
    repair = allocate_repair(100, [], [Weight("1", 50_00), Weight("2", 50_00)], owners_deposits=5)
    assert [share.fen for share in repair.units] == [50, 50]
    assert repair.seller_fen == 0


@given(st.integers(0, 10**9), WEIGHTS, WEIGHTS, st.integers(1, 10**6), st.integers(0, 10**6))
def test_repair_adds_up_exactly(
    total: int, commercial: dict[str, int], public: dict[str, int], owners: int, seller: int
) -> None:
    one = [Weight(f"A{code}", area + 1) for code, area in commercial.items()]
    other = [Weight(f"B{code}", area + 1) for code, area in public.items()]
    repair = allocate_repair(total, one, other, owners_deposits=owners, seller_deposits=seller)
    assert sum(share.fen for share in repair.units) + repair.seller_fen == total
    assert [share.code for share in repair.units] == [unit.code for unit in (*one, *other)]


def test_repair_refuses_a_unit_named_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        allocate_repair(100, [Weight("1", 1)], [Weight("1", 1)])


@pytest.mark.parametrize(
    ("share", "balance", "expected"),
    [
        (500_00, 300_00, Draw(300_00, 200_00)),
        (500_00, 500_00, Draw(500_00, 0)),
        (500_00, 900_00, Draw(500_00, 0)),
        (500_00, 0, Draw(0, 500_00)),
        (500_00, -5, Draw(0, 500_00)),
    ],
)
def test_draw_never_takes_an_account_below_zero(share: int, balance: int, expected: Draw) -> None:
    assert draw(share, balance) == expected

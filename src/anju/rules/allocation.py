"""Splitting money among units to the fen (民法典 283; 住宅专项维修资金管理办法 20, 21): nothing lost, nothing invented."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ALGORITHM = "largest-remainder/1"  # stored with every split: a later algorithm must not rewrite old shares


@dataclass(frozen=True, slots=True)
class Weight:
    """One unit's part in a cost: its code and its area in 0.01 m². `unsold` is the developer's own to pay (办法 21)."""

    code: str
    area: int
    unsold: bool = False


@dataclass(frozen=True, slots=True)
class UnitShare:
    """What falls on one unit, in fen, and whether the developer pays it beside the fund."""

    code: str
    fen: int
    developer_pays: bool


@dataclass(frozen=True, slots=True)
class Repair:
    """A cost split over everybody who bears it; the parts add up to the whole exactly."""

    units: tuple[UnitShare, ...]
    seller_fen: int
    algorithm: str = ALGORITHM


@dataclass(frozen=True, slots=True)
class Draw:
    """How a unit's share is paid: from its sub-account, and what the owner still owes."""

    from_account: int
    owed: int


def allocate(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Split `total` fen by weight: whole fen first, what is left to the largest remainders, ties to the lowest code.

    By area where nothing else is agreed (民法典 283). Codes compare character by character. Raises `ValueError` for a
    negative amount or weight, and where there is nothing to split by.
    """
    whole = sum(weights.values())
    if total < 0 or whole <= 0 or min(weights.values()) < 0:
        raise ValueError("an amount of at least 0, weights of at least 0 and one above 0 are needed")
    shares = {code: total * weight // whole for code, weight in weights.items()}
    left = total - sum(shares.values())
    by_remainder = sorted(weights, key=lambda code: (-(total * weights[code] % whole), code))
    for code in by_remainder[:left]:
        shares[code] += 1
    return shares


def allocate_repair(
    total: int,
    commercial: Sequence[Weight],
    public: Sequence[Weight] = (),
    *,
    owners_deposits: int = 0,
    seller_deposits: int = 0,
) -> Repair:
    """Split a repair among commercial and sold public housing (办法 20): by area between the two and among commercial units;

    the public part between its owners and the seller by what each deposited, then among its owners by area. Unsold units
    bear their area's share, paid by the developer and not from the fund (办法 21). Deposits in fen.
    """
    _refuse_doubles([*commercial, *public])
    areas = {"commercial": sum(unit.area for unit in commercial), "public": sum(unit.area for unit in public)}
    sides = allocate(total, areas)
    owners, seller = _owners_and_seller(sides["public"], owners_deposits, seller_deposits)
    shares = (*_by_area(sides["commercial"], commercial), *_by_area(owners, public))
    return Repair(shares, seller)


def _refuse_doubles(units: Sequence[Weight]) -> None:
    if len({unit.code for unit in units}) != len(units):
        raise ValueError("a unit is named twice")


def _owners_and_seller(fen: int, owners: int, seller: int) -> tuple[int, int]:
    """Split the public part by deposits; where the seller deposited nothing the owners bear it all."""
    if seller == 0:
        return fen, 0
    parts = allocate(fen, {"owners": owners, "seller": seller})
    return parts["owners"], parts["seller"]


def _by_area(fen: int, units: Sequence[Weight]) -> tuple[UnitShare, ...]:
    if not units:
        return ()
    shares = allocate(fen, {unit.code: unit.area for unit in units})
    return tuple(UnitShare(unit.code, shares[unit.code], unit.unsold) for unit in units)


def draw(share: int, balance: int) -> Draw:
    """Return how a share is paid: the sub-account as far as it reaches, never below zero; the rest is the owner's debt."""
    from_account = min(share, max(0, balance))
    return Draw(from_account, share - from_account)

"""From a roll and its ballots to the figures that the law compares. Whole numbers only; areas share one decimal scale."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

LEAST_DECIMALS = 2  # the register records 0.01 m², so what is needed or short is never said more coarsely


class Choice(StrEnum):
    """What became of one voter's ballot. 弃权 takes part and does not agree; 未表决 did not take part (民法典 278)."""

    AGREE = "agree"
    OPPOSE = "oppose"
    ABSTAIN = "abstain"
    INVALID = "invalid"
    SILENT = "silent"


CAST = (Choice.AGREE, Choice.OPPOSE, Choice.ABSTAIN)


@dataclass(frozen=True, slots=True)
class Figures:
    """One measure (area or heads) of an assembly; None is a figure that nobody knows.

    `participating` leaves out invalid ballots; `invalid` is counted beside it, since rules of procedure may differ on it.
    """

    total: int | None
    participating: int | None
    agree: int | None
    invalid: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be: whoever agreed took part, and whoever took part is an owner."""
        parts = [part for part in (0, self.agree, self.participating) if part is not None]
        if self.total is not None:
            parts.append(self.total - self.invalid)
        if self.invalid < 0 or parts != sorted(parts):
            raise ValueError(f"figures contradict each other: {self}")

    @property
    def silent(self) -> int | None:
        """Those who returned nothing, where that can be known."""
        if self.total is None or self.participating is None:
            return None
        return self.total - self.participating - self.invalid


@dataclass(frozen=True, slots=True)
class Tally:
    """Both measures. `area` is in units of 10^-decimals m², `heads` in persons as 解释 9 counts them."""

    area: Figures
    heads: Figures
    decimals: int = LEAST_DECIMALS


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the roll: whose vote a unit carries, and its exclusive area as digits and number of decimals."""

    voter: str
    area: int
    decimals: int


def count(roll: Iterable[Entry], choices: Mapping[str, Choice]) -> Tally:
    """Add up areas and heads by choice: one voter is one head with the area of all their units (解释 9).

    A voter without a choice is silent. `choices` must name voters of the roll only.
    """
    raw: dict[tuple[Choice, int], int] = {}
    voters: set[str] = set()
    for entry in roll:
        voters.add(entry.voter)
        place = choices.get(entry.voter, Choice.SILENT), entry.decimals
        raw[place] = raw.get(place, 0) + entry.area
    decimals = max([LEAST_DECIMALS, *(scale for _, scale in raw)])
    areas = dict.fromkeys(Choice, 0)
    for (choice, scale), area in raw.items():
        areas[choice] += area * 10 ** (decimals - scale)
    heads = dict.fromkeys(Choice, 0)
    for voter in voters:
        heads[choices.get(voter, Choice.SILENT)] += 1
    return Tally(_figures(areas), _figures(heads), decimals)


def _figures(sums: Mapping[Choice, int]) -> Figures:
    return Figures(
        total=sum(sums.values()),
        participating=sum(sums[choice] for choice in CAST),
        agree=sums[Choice.AGREE],
        invalid=sums[Choice.INVALID],
    )

"""From a roll and its ballots to the figures that the law compares. Whole numbers only; areas share one decimal scale."""

from collections import Counter
from collections.abc import Mapping
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

    __hash__ = str.__hash__  # an enum's own is Python code, which a million ballots would pay for


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


def count(areas: Mapping[str, int], choices: Mapping[str, Choice], decimals: int) -> Tally:
    """Add up areas and heads by choice: one voter is one head with the area of all their units (解释 9).

    `areas` is the roll: each voter's area in units of 10^-decimals m². A voter without a choice is silent. Raises
    `KeyError` for a choice of somebody who is not on the roll.
    """
    area_by_choice = dict.fromkeys(Choice, 0)
    for choice, area in zip(choices.values(), map(areas.__getitem__, choices), strict=True):
        area_by_choice[choice] += area
    return Tally(
        area=_figures(sum(areas.values()), area_by_choice),
        heads=_figures(len(areas), Counter(choices.values())),
        decimals=decimals,
    )


def _figures(total: int, by_choice: Mapping[Choice, int]) -> Figures:
    return Figures(
        total=total,
        participating=sum(by_choice[choice] for choice in CAST),
        agree=by_choice[Choice.AGREE],
        invalid=by_choice[Choice.INVALID],
    )

"""The columns the one table can have: what stands on the compound itself, and what the policy asks of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from anju.rules.lists.catalogue import QUANTITIES

PLACE, KIND, STATE, KNOWN, VERIFIED = "community", "kind", "service_state", "known", "verified"
OWN: Final = frozenset({PLACE, KIND, STATE})
GROUPS: Final = ("basic", "management_area", "service", "company", "party", "committee", "fee", "place", "account")
SUMMED: Final = frozenset({"area", "households", "buildings", "bays", "lifts", "persons"})
FIGURES: Final = frozenset({*QUANTITIES, "fee"})
DAYS: Final = frozenset({"year", "date"})
HIDDEN: Final = frozenset({"phone"})  # shown masked: what one cannot read one cannot sift or order by either
STANDARD: Final = (
    PLACE, "completed", "buildings", "households", "building_area", STATE, "service", "manager", "party_covered", "committee_formed",
    "committee_formed_on", "contract_until", "fee", KNOWN, VERIFIED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `pk`: of its indicator; None for what is not one. `type`: of `rules.lists.catalogue.TYPES`, else own, share, day."""

    code: str
    name: str
    type: str
    group: str
    unit: str = ""
    pk: int | None = None
    derived: bool = False

    @property
    def numeric(self) -> bool:
        return self.type in FIGURES or self.type in {"share", "year"}

    @property
    def sortable(self) -> bool:
        return self.type in FIGURES or self.type in DAYS

    @property
    def sifted(self) -> bool:
        return self.pk is not None and self.type not in HIDDEN and self.type != "point"


_FIXED: Final = (
    Column(PLACE, "所属社区", "own", "basic"),
    Column(KIND, "小区类型", "own", "basic"),
    Column(STATE, "管理状态", "own", "service"),
    Column(KNOWN, "完整率", "share", "account", "%"),
    Column(VERIFIED, "最近核实", "day", "account"),
)


@dataclass(frozen=True)
class Columns:
    """All columns of this county in the table's order."""

    every: tuple[Column, ...]

    def __hash__(self) -> int:
        return self._hash  # asked for with every question that is composed

    @cached_property
    def _hash(self) -> int:
        return hash(self.every)

    @cached_property
    def by_code(self) -> dict[str, Column]:
        return {column.code: column for column in self.every}

    @cached_property
    def by_pk(self) -> dict[int, Column]:
        return {column.pk: column for column in self.every if column.pk is not None}

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of every cell in a row's document."""
        return frozenset(f"i{pk}" for pk in self.by_pk)

    def chosen(self, codes: Iterable[str]) -> tuple[Column, ...]:
        """Return these columns in the table's order; the standard ones where none is named."""
        wanted = set(codes) or set(STANDARD)
        return tuple(column for column in self.every if column.code in wanted)


def columns_of(indicators: Iterable[Column]) -> Columns:
    order = {group: number for number, group in enumerate(GROUPS)}
    both = [*_FIXED, *indicators]
    return Columns(tuple(sorted(both, key=lambda column: order[column.group])))

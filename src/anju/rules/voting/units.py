"""What is known of a unit before the roll is made: its areas by source, its owners, who may be counted for it."""

from dataclasses import dataclass, field
from enum import StrEnum

DEVELOPER = "developer"


class Standing(StrEnum):
    """Whose a unit is, for counting heads (解释 1 and 9)."""

    REGISTERED = "registered"  # 依法登记取得: the registered owner, whether handed over or not (解释 1 第一款)
    DELIVERED = "delivered"  # bought and in lawful possession, not registered yet: the buyer (解释 1 第二款)
    UNDELIVERED = "undelivered"  # 已出售但尚未交付: the developer (解释 9)
    UNSOLD = "unsold"  # 尚未出售: the developer (解释 9)


DEVELOPERS = frozenset({Standing.UNSOLD, Standing.UNDELIVERED})


class Space(StrEnum):
    """What kind of exclusive part it is."""

    HOME = "home"
    BUSINESS = "business"
    PARKING = "parking"
    STALL = "stall"
    STOREROOM = "storeroom"


class AreaSource(StrEnum):
    """Where an area comes from, the best first (解释 8)."""

    REGISTER = "register"
    SURVEY = "survey"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class Areas:
    """Exclusive area in 0.01 m² by source; None is not known. A filed online sale (网签备案) is the contract's record."""

    register: int | None = None
    survey: int | None = None
    contract: int | None = None

    def best(self) -> tuple[int, AreaSource] | None:
        """Return the area that counts and its source: register, then survey, then contract (解释 8).

        A register that says nothing or zero does not win: it records no area.
        """
        for area, source in zip((self.register, self.survey, self.contract), AreaSource, strict=True):
            if area is not None and area > 0:
                return area, source
        return None


@dataclass(frozen=True, slots=True)
class Share:
    """An owner's share as a fraction (按份共有, 民法典 298, 309)."""

    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Owner:
    """One owner of a unit. `identity` is the normalised number of a document; never a name or a telephone number."""

    identity: str | None
    name: str
    share: Share | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """One exclusive part (专有部分). `clerk_voter` is a voter key that a clerk fixed with evidence; it wins over the rule."""

    key: str
    building: str
    entrance: str
    areas: Areas
    standing: Standing
    owners: tuple[Owner, ...] = ()
    space: Space = Space.HOME
    registrable: bool = True
    developer: str = DEVELOPER
    clerk_voter: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose matter it is: the compound, or some buildings, entrances (building, entrance) or units (165号令 22: 列支范围).

    All empty is the whole compound.
    """

    buildings: frozenset[str] = frozenset()
    entrances: frozenset[tuple[str, str]] = frozenset()
    units: frozenset[str] = frozenset()

    @property
    def is_compound(self) -> bool:
        return not (self.buildings or self.entrances or self.units)

    def holds(self, unit: Unit) -> bool:
        """Say whether a unit is within the scope."""
        return (
            self.is_compound
            or unit.building in self.buildings
            or (unit.building, unit.entrance) in self.entrances
            or unit.key in self.units
        )


COMPOUND = Scope()


@dataclass(frozen=True, slots=True)
class RollRules:
    """What the rules of procedure fix about the roll. Parking and the like are not counted unless they say so (指导规则 25)."""

    scope: Scope = field(default=COMPOUND)
    parking_counts: bool = False

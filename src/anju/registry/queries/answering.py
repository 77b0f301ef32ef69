"""Who answers for an indicator: the policy's codes of units, found again among the organisations of this county."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from anju.base.installation import installation
from anju.places.models import OPEN, Organisation
from anju.places.services.policy import read_policy
from anju.rules.policy import PolicyUnit

_NOT_OFFICES = ("company", "committee", "developer", "supervising_unit")


@dataclass(frozen=True, slots=True)
class Answerer:
    """A unit of the county. `pk` is None where the policy names one that this county has not (any more)."""

    pk: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Answering:
    """The units behind the codes. `of_town` are the codes that mean the government of whatever town the compound lies in."""

    units: Mapping[str, Answerer]
    of_town: frozenset[str]
    towns: Mapping[int, Answerer]

    def of(self, code: str, town: int | None) -> Answerer | None:
        """Return who answers under a code for a compound in a town (a division's id); None where nobody can be named."""
        if code in self.of_town:
            return self.towns.get(town) if town is not None else None
        return self.units.get(code)

    def all_of(self, codes: Iterable[str], town: int | None) -> list[Answerer]:
        return list(dict.fromkeys(found for code in codes if (found := self.of(code, town))))


def answering() -> Answering:
    """Return who answers in this county; two queries."""
    county = installation()
    units = _units_of(county.policy_code) if county else ()
    rows = Organisation.objects.filter(OPEN).exclude(kind__in=_NOT_OFFICES).order_by("pk")
    named: dict[tuple[str, str], Answerer] = {}
    towns: dict[int, Answerer] = {}
    also: dict[int, list[str]] = defaultdict(list)
    found = list(rows.values_list("id", "name", "kind", "division_id", "division__code"))
    for pk, alias in rows.exclude(aliases=None).values_list("id", "aliases__name"):
        also[pk].append(alias)
    for pk, name, kind, division, code in found:
        for known in (name, *also[pk]):
            named.setdefault((code, known), Answerer(pk, name))
        if kind == Organisation.Kind.TOWN:
            towns.setdefault(division, Answerer(pk, name))
    return Answering(
        {unit.code: _found(unit, named) for unit in units},
        frozenset(unit.code for unit in units if unit.town_of_compound),
        towns,
    )


def _found(unit: PolicyUnit, named: Mapping[tuple[str, str], Answerer]) -> Answerer:
    known = (named.get((unit.division, name)) for name in (unit.name, *unit.aliases))
    return next((one for one in known if one), Answerer(None, unit.name))


@lru_cache(maxsize=4)
def _units_of(policy: str) -> tuple[PolicyUnit, ...]:
    return tuple(read_policy(policy).units)

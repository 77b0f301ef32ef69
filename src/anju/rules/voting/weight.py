"""Who may vote, with which weight: the roll (表决名册) from units and owners (民法典 278, 解释 8 and 9)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from anju.rules.voting.units import DEVELOPERS, AreaSource, Owner, RollRules, Scope, Space, Unit

JOIN = "+"  # between the identities of owners who hold a unit together
_SPECIFIC_SPACES = frozenset({Space.PARKING, Space.STALL, Space.STOREROOM})


class Problem(StrEnum):
    """What must be settled before the roll can be frozen."""

    UNIT_REPEATED = "unit_repeated"
    NO_AREA = "no_area"
    NO_OWNER = "no_owner"
    IDENTITY_UNKNOWN = "identity_unknown"
    OWNER_REPEATED = "owner_repeated"
    SCOPE_UNKNOWN = "scope_unknown"


class Remark(StrEnum):
    """What a clerk should look at, although it stops nothing."""

    REGISTER_EMPTY = "register_empty"
    SHARES_NOT_WHOLE = "shares_not_whole"
    NAMES_DIFFER = "names_differ"
    OWNERS_OVERLAP = "owners_overlap"
    CLERK_DECIDED = "clerk_decided"


class LeftOut(StrEnum):
    """Why a unit within the scope is not counted."""

    NOT_REGISTRABLE = "not_registrable"
    SPECIFIC_SPACE = "specific_space"


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem or remark about a unit, an identity or a part of the scope."""

    code: Problem | Remark
    about: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """A unit on the roll with the area that counts and where it comes from."""

    unit: str
    area: int
    source: AreaSource
    voter: str


@dataclass(frozen=True, slots=True)
class Voter:
    """One legal voter: one head, the area of all their units, and the reason in words."""

    key: str
    units: tuple[str, ...]
    area: int
    reason: str


@dataclass(frozen=True, slots=True)
class Roll:
    """The outcome. While there are problems there is no roll: `units` and `voters` are empty, area and heads unknown."""

    units: tuple[Weighed, ...]
    voters: tuple[Voter, ...]
    area: int | None
    heads: int | None
    left_out: tuple[tuple[str, LeftOut], ...]
    problems: tuple[Finding, ...]
    remarks: tuple[Finding, ...]
    rules: RollRules


def weigh(units: Sequence[Unit], rules: RollRules) -> Roll:
    """Return the roll: area by the best source (解释 8), one head for one voter (解释 9), within the scope.

    Units whose area, owner or identity is not settled block it and are listed: nobody is merged by name, nobody guessed.
    """
    within = [unit for unit in units if rules.scope.holds(unit)]
    left_out = tuple((unit.key, why) for unit in within if (why := _left_out(unit, rules)))
    counted = [unit for unit in within if _left_out(unit, rules) is None]
    problems = (*_scope_problems(units, rules.scope), *_repeated(units), *_unit_problems(counted))
    remarks = tuple(_remarks(counted))
    weighed = tuple(_weighed(counted))
    if problems:
        return Roll((), (), None, None, left_out, problems, remarks, rules)
    voters = tuple(_voters(counted, weighed))
    area = sum(voter.area for voter in voters)
    return Roll(weighed, voters, area, len(voters), left_out, (), remarks, rules)


def _left_out(unit: Unit, rules: RollRules) -> LeftOut | None:
    """A space that cannot be registered is no exclusive part (解释 2); parking and the like count if the rules say so."""
    if not unit.registrable:
        return LeftOut.NOT_REGISTRABLE
    if unit.space in _SPECIFIC_SPACES and not rules.parking_counts:
        return LeftOut.SPECIFIC_SPACE
    return None


def voter_key(unit: Unit) -> str | None:
    """Return who is the legal voter of a unit, or None where an identity is not settled (解释 1, 9).

    Owners in common are one voter, who elect one of them to vote (指导规则 25): the key is the set of their identities,
    so that somebody who owns one flat alone and another with a spouse is two voters, and a remark says so.
    """
    if unit.clerk_voter:
        return unit.clerk_voter
    if unit.standing in DEVELOPERS:
        return unit.developer
    identities = {owner.identity or "" for owner in unit.owners}
    if not identities or not all(_is_settled(identity) for identity in identities):
        return None
    return JOIN.join(sorted(identities))


def _is_settled(identity: str) -> bool:
    """A number that holds the joining sign could pass for two owners."""
    return bool(identity) and JOIN not in identity


def _repeated(units: Iterable[Unit]) -> Iterator[Finding]:
    seen: set[str] = set()
    for unit in units:
        if unit.key in seen:
            yield Finding(Problem.UNIT_REPEATED, unit.key)
        seen.add(unit.key)


def _scope_problems(units: Iterable[Unit], scope: Scope) -> Iterator[Finding]:
    """A part of the scope that holds no unit was mistyped: a vote must not silently run without it."""
    known = list(units)
    buildings = {unit.building for unit in known}
    entrances = {(unit.building, unit.entrance) for unit in known}
    keys = {unit.key for unit in known}
    names = [
        *sorted(scope.buildings - buildings),
        *sorted("/".join(pair) for pair in scope.entrances - entrances),
        *sorted(scope.units - keys),
    ]
    for name in names:
        yield Finding(Problem.SCOPE_UNKNOWN, name)


def _unit_problems(units: Iterable[Unit]) -> Iterator[Finding]:
    for unit in units:
        if unit.areas.best() is None:
            yield Finding(Problem.NO_AREA, unit.key)
        if voter_key(unit) is None:
            yield Finding(Problem.IDENTITY_UNKNOWN if unit.owners else Problem.NO_OWNER, unit.key)
        identities = [owner.identity for owner in unit.owners if owner.identity]
        if len(identities) != len(set(identities)):
            yield Finding(Problem.OWNER_REPEATED, unit.key)


def _remarks(units: Sequence[Unit]) -> Iterator[Finding]:
    for unit in units:
        if unit.areas.register is not None and unit.areas.register <= 0:
            yield Finding(Remark.REGISTER_EMPTY, unit.key)
        if not _shares_are_whole(unit.owners):
            yield Finding(Remark.SHARES_NOT_WHOLE, unit.key)
        if unit.clerk_voter:
            yield Finding(Remark.CLERK_DECIDED, unit.key)
    yield from _identity_remarks(units)


def _shares_are_whole(owners: Sequence[Owner]) -> bool:
    """Say whether stated shares add up to one; unstated shares say nothing (民法典 308, 309). They never change the weight."""
    shares = [owner.share for owner in owners if owner.share is not None]
    if not shares:
        return True
    numerator, denominator = 0, 1
    for share in shares:
        numerator = numerator * share.denominator + share.numerator * denominator
        denominator *= share.denominator
    return len(shares) == len(owners) and numerator == denominator


def _identity_remarks(units: Iterable[Unit]) -> Iterator[Finding]:
    names: dict[str, set[str]] = {}
    voters: dict[str, set[str]] = {}
    for unit in units:
        key = voter_key(unit)
        for owner in unit.owners:
            if owner.identity and key and unit.standing not in DEVELOPERS:
                names.setdefault(owner.identity, set()).add(owner.name)
                voters.setdefault(owner.identity, set()).add(key)
    for identity in sorted(names):
        if len(names[identity]) > 1:
            yield Finding(Remark.NAMES_DIFFER, identity)
        if len(voters[identity]) > 1:
            yield Finding(Remark.OWNERS_OVERLAP, identity)


def _weighed(units: Iterable[Unit]) -> Iterator[Weighed]:
    for unit in units:
        best, key = unit.areas.best(), voter_key(unit)
        if best and key:  # anything else is among the problems, which leave no roll
            yield Weighed(unit.key, *best, key)


def _voters(units: Iterable[Unit], weighed: Sequence[Weighed]) -> Iterator[Voter]:
    by_key = {unit.key: unit for unit in units}
    held: dict[str, list[Weighed]] = {}
    for one in weighed:
        held.setdefault(one.voter, []).append(one)
    for key, parts in held.items():
        keys = tuple(part.unit for part in parts)
        yield Voter(key, keys, sum(part.area for part in parts), _reason(keys, by_key))


def _reason(keys: Sequence[str], units: Mapping[str, Unit]) -> str:
    """Return in words why these units are one head (解释 9, 指导规则 25)."""
    held = [units[key] for key in keys]
    if any(unit.clerk_voter for unit in held):
        return f"{len(held)} 个专有部分经工作人员凭证核定为同一表决人，按一人计算"
    developer = sum(unit.standing in DEVELOPERS for unit in held)
    if developer:
        kept = f"，连同登记在其名下的 {len(held) - developer} 个" if len(held) > developer else ""
        return f"建设单位尚未出售和已出售未交付的 {developer} 个专有部分{kept}，按一人计算（解释第九条）"
    together = f"{len(held[0].owners)} 人共有，推选一人行使表决权；" if len(held[0].owners) > 1 else ""
    if len(held) > 1:
        return f"{together}同一买受人有 {len(held)} 个专有部分，按一人计算（解释第九条）"
    return f"{together}一个专有部分按一人计算（解释第九条）"

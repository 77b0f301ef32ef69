"""Which of several sources holds for one value of one compound, and where two of them cannot both be right.

The county's plan asks for one table (方案二(一)1); it says nothing of what to do when two lists disagree. The rule here is the house's:
every source keeps its newest word; the better source is proposed and never imposed; a person decides, and what they set aside stays set
aside until its source says something new.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from anju.rules.lists.names import name_key
from anju.rules.lists.stored import Stored

UNKNOWN: Final = "unknown"
ROUGHLY: Final = 50  # thousandths: what 约 allows at least
NEAR: Final = 45_000  # ten-millionths of a degree, about 500 m: two points nearer than that are one place
_NEVER: Final = frozenset({"address", "person", "phone"})  # wordings differ without contradicting each other


@dataclass(frozen=True, slots=True)
class Told:
    """One fact: `pk` grows with time, `rank` is its source's (lower is believed first)."""

    pk: int
    source: int
    rank: int
    observed_on: date
    value: Stored


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody decided: the fact they stood up for, and the last fact they had before them."""

    fact: int
    seen_to: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What holds. `live`: what each source says now, the proposed first; `confirmed`: a decision stands behind `current`."""

    current: Told | None
    live: tuple[Told, ...]
    conflict: bool
    confirmed: bool


def settle(told: Iterable[Told], decided: Decided | None, *, type_: str, tolerance: int, period: int) -> Settled:
    """Return what holds among the facts of one cell.

    A newer value of the same source supersedes. `conflict`: two sources within `period` days of each other differ by more than
    `tolerance` thousandths. A decision sets the other facts it saw aside.
    """
    facts = list(told)
    if len(facts) == 1 and decided is None:
        return Settled(facts[0], (facts[0],), conflict=False, confirmed=False)
    chosen = next((fact for fact in facts if decided and fact.pk == decided.fact), None)
    if decided and chosen:
        facts = [fact for fact in facts if fact.pk > decided.seen_to or fact is chosen]
    live = sorted(_newest_of_each(facts), key=lambda fact: _order(fact, chosen))
    if not live:
        return Settled(None, (), conflict=False, confirmed=False)
    conflict = any(
        differ(one.value, other.value, type_=type_, tolerance=tolerance)
        for number, one in enumerate(live)
        for other in live[number + 1 :]
        if abs((one.observed_on - other.observed_on).days) <= period
    )
    return Settled(live[0], tuple(live), conflict, confirmed=live[0] is chosen and not conflict)


def _newest_of_each(facts: Sequence[Told]) -> Iterable[Told]:
    newest: dict[int, Told] = {}
    for fact in sorted(facts, key=lambda fact: (fact.observed_on, fact.pk)):
        newest[fact.source] = fact
    return newest.values()


def _order(fact: Told, chosen: Told | None) -> tuple[bool, bool, int, int, int]:
    """What was decided comes first, and its source's newer word after it; then what says anything, by rank, the newest first."""
    stands = chosen is not None and fact.source == chosen.source
    return not stands, fact.value.form == UNKNOWN, fact.rank, -fact.observed_on.toordinal(), -fact.pk


def differ(one: Stored, other: Stored, *, type_: str, tolerance: int) -> bool:
    """Tell whether two values contradict each other. Not knowing contradicts nothing."""
    if UNKNOWN in {one.form, other.form} and type_ in {"answer", "service"}:
        return False
    if type_ in _NEVER:
        return False
    if type_ == "point":
        return _apart(one.low, other.low, NEAR) or _apart(one.high, other.high, NEAR)
    if type_ == "answer":
        return one.form != other.form
    if type_ == "service":
        return one.form != other.form or _other_name(one.text, other.text)
    if type_ in {"year", "date"}:
        return (one.low or 0) > (other.high or 0) or (other.low or 0) > (one.high or 0)
    if one.low is None or other.low is None:
        return _other_name(one.text, other.text)
    allowed = max(tolerance, ROUGHLY) if one.approximate or other.approximate else tolerance
    return _beyond(one.low, other.low, allowed) or _beyond(one.high, other.high, allowed)


def _other_name(one: str, other: str) -> bool:
    return bool(one and other) and name_key(one) != name_key(other)


def _apart(one: int | None, other: int | None, allowed: int) -> bool:
    return one is not None and other is not None and abs(one - other) > allowed


def _beyond(one: int | None, other: int | None, tolerance: int) -> bool:
    if one is None or other is None:
        return False
    return abs(one - other) * 1000 > tolerance * max(abs(one), abs(other))

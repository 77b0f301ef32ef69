"""Opening a case with its number and code, with guessing counted before the code is looked at (`rules.cases.lookups`)."""

from dataclasses import dataclass
from datetime import datetime

from anju.accounts.services.signin import counter_key, take_count
from anju.base.actor import Actor, Refused
from anju.cases.models import Case
from anju.cases.services.filing import holds
from anju.rules import lockout
from anju.rules.cases.lookups import is_code, lookup_counts
from anju.rules.cases.numbers import BadNumber, read_number


@dataclass(frozen=True, slots=True)
class Visitor:
    """From where somebody looks. `device`: the name in its signed cookie; `opened`: the numbers it has opened or filed before."""

    address: str
    device: str = ""
    opened: frozenset[str] = frozenset()


def look_up_case(*, actor: Actor, number: str, code: str, visitor: Visitor, at: datetime) -> Case:
    """Return the case of a number as it was typed and its code.

    Raises `Refused`: `case.no_such_number` for anything that does not fit, `case.lookup_locked` after too many tries. A device that
    has opened this case before counts by itself, so nobody locks its reporter out, and no one locks a carrier's address for long.
    """
    try:
        wanted = str(read_number(number))
    except BadNumber as bad:
        raise Refused("case.no_such_number") from bad
    plain = code.strip()
    if not is_code(plain):
        raise Refused("case.no_such_number")
    _count(wanted, visitor, at)
    case = Case.objects.filter(number=wanted).select_related("compound", "matter").first()
    if case is None or not holds(case, plain):
        raise Refused("case.no_such_number")
    return case


def _count(number: str, visitor: Visitor, at: datetime) -> None:
    counts = lookup_counts(
        number,
        device=visitor.device,
        address=visitor.address,
        known_here=bool(visitor.device) and number in visitor.opened,
        known_anywhere=bool(visitor.device and visitor.opened),
    )
    for key, limit in counts.items():
        wait = take_count(key=counter_key("lookup", key), limit=limit, at=at)
        if wait is not None:
            raise Refused("case.lookup_locked", minutes=lockout.minutes(wait))

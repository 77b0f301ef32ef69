"""延期 and 挂账: asked by the unit, granted by another. Guards among them are listed in `guards`."""

from typing import Final

from anju.rules.cases.book import Book
from anju.rules.cases.facts import Asked, CaseClock, Facts
from anju.rules.cases.question import Question
from anju.rules.cases.workflow import Amount, Unit


def extended_clock(book: Book, facts: Facts, act: str = "extend") -> CaseClock | None:
    """Return the clock that an extension by this act would move."""
    codes = [clock.code for clock in book.workflow.clocks.values() if act in clock.extend]
    return next((found for code in codes if (found := facts.clock(code))), None)


def no_open_request(q: Question) -> str:
    return "request_pending" if q.facts.request else ""


def request_open(q: Question) -> str:
    return "" if q.facts.request else "no_request"


def extension_open(q: Question) -> str:
    return "" if q.facts.request and q.facts.request.kind is Asked.EXTENSION else "no_request"


def suspension_open(q: Question) -> str:
    return "" if q.facts.request and q.facts.request.kind is Asked.SUSPENSION else "no_request"


def other_grants(q: Question) -> str:
    """Neither the person who asked nor anybody of the unit."""
    asked = q.facts.request
    own = asked is not None and (q.act.person == asked.person or bool(q.act.units & asked.units))
    return "own_request" if own else ""


def extension_left(q: Question) -> str:
    return "extensions_spent" if q.facts.extensions >= q.book.workflow.limits.extensions else ""


def asked_in_time(q: Question) -> str:
    """At least one working day before the end."""
    clock = extended_clock(q.book, q.facts)
    early = clock is not None and q.book.end(q.act.at, q.book.workflow.limits.ask_before) <= clock.due
    return "" if early else "asked_late"


def extension_level(q: Question) -> str:
    """The first short one by the dispatcher, all others by a supervisor."""
    great = q.facts.extensions > 0 or q.act.payload.days > q.book.workflow.limits.extension_days
    return "supervisor_decides" if great and q.act.role != "supervisor" else ""


def extension_in_limit(q: Question) -> str:
    """In working days, and not longer than the whole limit was."""
    clock = extended_clock(q.book, q.facts, q.act.transition)
    if clock is None or q.act.payload.days < 1:
        return "end_missing"
    end = q.book.longer(clock.due, Amount(q.act.payload.days, Unit.WD))
    return "" if end <= q.book.longer(clock.due, clock.amount) else "end_out_of_limit"


GUARDS: Final = (
    no_open_request,
    request_open,
    extension_open,
    suspension_open,
    other_grants,
    extension_left,
    asked_in_time,
    extension_level,
    extension_in_limit,
)

"""The periods of a case. Ends are worked out once, with the calendar, and kept in the event; folding needs no calendar.

A clock that runs is not started again: a case that is returned or reassigned keeps its end. Work that is done again has half the
limit. What a pause took is given back in the same units (`Book.resumed`), also when urgency or matter change later: then every clock
whose limit that changes is counted anew from its beginning. A case merged into this one brings its ends; of two the sooner one holds.
An end of 办结 that came with a merged case before the clock began holds when it begins, if it is the sooner one. An order of
oversight with a time of its own to reply by (督办单) sets that time, whatever an earlier order had left.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from anju.rules.cases.book import Book
from anju.rules.cases.facts import CaseClock, Event, Facts, Running
from anju.rules.cases.workflow import LEAD, Amount, Clock, Kind, Unit, Workflow

Due = tuple[str, Amount, datetime]
_ONE_WORKING_DAY: Final = Amount(1, Unit.WD)
_ORDERS: Final = frozenset({"overseen", "urged"})  # marks of the acts that order a level


def names_of(workflow: Workflow, event: Event) -> frozenset[str]:
    """Return the names by which clocks know an act: the transition, and the milestone that it registers."""
    registers = "milestone" in workflow.transitions[event.transition].marks
    return frozenset({event.transition, f"milestone:{event.payload.milestone}"} if registers else {event.transition})


def dues(book: Book, before: Facts, after: Facts, event: Event) -> tuple[Due, ...]:
    """Return the ends that an event sets. `after`: the facts with the event's marks, whose type and urgency count."""
    named, told = names_of(book.workflow, event), {code for code, _ in event.payload.dues}
    about = (clock for clock in book.workflow.clocks.values() if clock.code in told or _hears(clock, named))
    found = (_due(book, before, after, event, clock) for clock in about)
    return tuple(due for due in found if due)


def _hears(clock: Clock, names: frozenset[str]) -> bool:
    """Say whether an act of these names may set an end of the clock: most acts are about few of them."""
    known = (clock.start, clock.extend, clock.reset, clock.resume)
    return not all(names.isdisjoint(some) for some in known)


def _due(book: Book, before: Facts, after: Facts, event: Event, clock: Clock) -> Due | None:
    current, names = before.clock(clock.code), names_of(book.workflow, event)
    starts = names & set(clock.start) or _concerns_now(book, before, clock, names)
    if current is None or current.state is Running.STOPPED or names & set(clock.stop):
        return _begun(book, after, event, clock) if starts else None
    if starts and book.workflow.reply_within(event.payload.level):
        return _begun(book, after, event, clock)
    told = dict(event.payload.dues).get(clock.code)
    if told:
        return clock.code, current.amount, min(told, current.due) if _sooner_wins(book.workflow, event) else told
    if names & set(clock.extend):
        spent = clock.extend_most is not None and before.extensions > 0
        return None if spent else (clock.code, current.amount, _extended(book, clock, current.due, event))
    if names & set(clock.reset):
        amount = _limit(book, after, clock)
        # A clock whose limit this act did not change keeps its end to the minute, with whatever was granted or told since.
        changed = amount is not None and amount != _limit(book, before, clock)
        return _reset(book, current, amount, event.at) if amount and changed else None
    if names & set(clock.resume) and current.paused_at:
        end = book.put_off(current.due, current.paused_at, event.at, current.amount.unit)
        return clock.code, current.amount, end
    return None


def _concerns_now(book: Book, before: Facts, clock: Clock, names: frozenset[str]) -> bool:
    """Say whether an act gives an urgency for which the clock runs to a case that is being handled and for which it never ran."""
    never = before.clock(clock.code) is None and _limit(book, before, clock) is None
    return never and bool(before.lead and names & set(clock.reset))


def _sooner_wins(workflow: Workflow, event: Event) -> bool:
    """Say whether the ends that an act tells only bring ends forward (时限取最早); those of a recount are the ends."""
    return any(event.transition in clock.earliest for clock in workflow.clocks.values())


def _begun(book: Book, after: Facts, event: Event, clock: Clock) -> Due | None:
    amount = _limit(book, after, clock, event.payload.level)
    if amount is None:
        return None
    given = event.payload.until if clock.given else None
    told = dict(after.absorbed).get(clock.code) if clock.earliest else None
    return clock.code, amount, given or _sooner(book, book.end(event.at, amount), told, event.at)


def _sooner(book: Book, end: datetime, told: datetime | None, at: datetime) -> datetime:
    """Return the end of a clock that begins: a sooner one that came with a merged case, but never less than one working day."""
    return min(end, max(told, book.end(at, _ONE_WORKING_DAY))) if told else end


def _extended(book: Book, clock: Clock, due: datetime, event: Event) -> datetime:
    """Return the end after an extension in working days, no longer than the clock's most."""
    most = clock.extend_most.number if clock.extend_most else event.payload.days
    return book.longer(due, Amount(min(event.payload.days, most), Unit.WD))


def _limit(book: Book, after: Facts, clock: Clock, level: int = 0) -> Amount | None:
    """Return how long the clock runs. `level`: of the order that begins it; else the highest that stands counts."""
    own = book.workflow.reply_within(level or after.level) if book.workflow.is_reply(clock) else None
    amount = own or book.limit(clock.code, after.type, after.matter, after.urgency)
    again = clock.halves and (after.reworks or after.redos)
    return amount.half() if amount and again else amount


def _reset(book: Book, current: CaseClock, amount: Amount, at: datetime) -> Due:
    """Another urgency or matter: from the old start, pauses kept, and never sooner than one working day from now."""
    end = _with_pauses(book, book.end(current.started, amount), amount, current.pauses)
    return current.code, amount, _not_at_once(book, end, current.due, at)


def _not_at_once(book: Book, end: datetime, was: datetime, at: datetime) -> datetime:
    """Leave one working day from now; but what was due sooner is not put off because its limit has become shorter."""
    left = max(end, book.end(at, _ONE_WORKING_DAY))
    return left if end > was else min(left, was)


def _with_pauses(book: Book, end: datetime, amount: Amount, pauses: Iterable[tuple[datetime, datetime]]) -> datetime:
    for paused, resumed in pauses:
        end = book.put_off(end, paused, resumed, amount.unit)
    return end


def recounted(book: Book, clock: CaseClock, events: Iterable[Event]) -> datetime:
    """Return the end of a clock counted again by another calendar: act by act, with its pauses and what was granted.

    `events`: those of its case. An end that an act has given stays.
    """
    rule = book.workflow.clocks[clock.code]
    end, told = clock.due, None
    for event in () if rule.given else events:
        amount = next((amount for code, amount, _ in event.dues if code == clock.code), None)
        if amount:
            end, told = _counted_again(book, clock, event, amount, end, told), None
        elif rule.earliest and "absorbed" in book.workflow.transitions[event.transition].marks:
            brought = dict(event.payload.dues).get(clock.code)
            told = min(filter(None, (brought, told)), default=None)
    return end


def _counted_again(
    book: Book, clock: CaseClock, event: Event, amount: Amount, end: datetime, waiting: datetime | None
) -> datetime:
    """Return the end after an act that set it, from the end before that act. `waiting`: one that came before the clock began."""
    rule, act = book.workflow.clocks[clock.code], event.transition
    told = dict(event.payload.dues).get(clock.code)
    if told:
        return min(told, end) if _sooner_wins(book.workflow, event) else end
    if act in rule.extend:
        return _extended(book, rule, end, event)
    if act in rule.reset:
        past = (one for one in clock.pauses if one[1] <= event.at)
        return _not_at_once(book, _with_pauses(book, book.end(clock.started, amount), amount, past), end, event.at)
    if act in rule.resume:
        return _with_pauses(book, end, amount, (one for one in clock.pauses if one[1] == event.at))
    return _sooner(book, book.end(event.at, amount), waiting, event.at)


def moved_clocks(workflow: Workflow, facts: Facts, event: Event, arrives: Kind) -> tuple[CaseClock, ...]:
    """Return the clocks after an event, from what it kept. At the end of a case every clock stops."""
    names = names_of(workflow, event)
    ends = {code: (amount, due) for code, amount, due in event.dues}
    kept = [_moved(clock, workflow.clocks[clock.code], names, ends, event.at) for clock in facts.clocks]
    kept = [_stopped(clock, event.at) if _ceases(workflow, facts, clock, event) else clock for clock in kept]
    if _ORDERS & set(workflow.transitions[event.transition].marks):
        kept = [_overseen(workflow, clock, event) for clock in kept]
    active = {clock.code for clock in kept if clock.state is not Running.STOPPED}
    started = [CaseClock(code, amount, event.at, due) for code, (amount, due) in ends.items() if code not in active]
    clocks = [*kept, *started]
    over = arrives in (Kind.FINAL, Kind.END)
    return tuple(_stopped(clock, event.at) if over else clock for clock in clocks)


def _moved(
    clock: CaseClock, rule: Clock, names: frozenset[str], ends: dict[str, tuple[Amount, datetime]], at: datetime
) -> CaseClock:
    if clock.state is Running.STOPPED:
        return clock
    if names & set(rule.stop):
        return _stopped(clock, at)
    if names & set(rule.pause) and clock.state is Running.RUNNING:
        return replace(clock, state=Running.PAUSED, paused_at=at)
    if names & set(rule.resume) and clock.paused_at:
        pauses = (*clock.pauses, (clock.paused_at, at))
        clock = replace(clock, state=Running.RUNNING, paused_at=None, pauses=pauses)
    amount, due = ends.get(clock.code, (clock.amount, clock.due))
    return clock if (amount, due) == (clock.amount, clock.due) else replace(clock, amount=amount, due=due)


def _ceases(workflow: Workflow, facts: Facts, clock: CaseClock, event: Event) -> bool:
    """Say whether an act gives an urgency for which the clock does not run."""
    urgency = event.payload.urgency if event.transition in workflow.clocks[clock.code].reset else None
    return urgency is not None and workflow.limit(clock.code, facts.type, urgency) is None


def _overseen(workflow: Workflow, clock: CaseClock, event: Event) -> CaseClock:
    """An order of oversight is about every clock of the unit that leads and runs, one that urges about the clock it names."""
    about = clock.code == event.payload.clock if event.payload.clock else workflow.clocks[clock.code].answers == LEAD
    running = clock.state is Running.RUNNING
    return replace(clock, level=max(clock.level, event.payload.level)) if about and running else clock


def _stopped(clock: CaseClock, at: datetime) -> CaseClock:
    if clock.state is Running.STOPPED:
        return clock
    return replace(clock, state=Running.STOPPED, stopped_at=at)


def next_due(facts: Facts) -> list[CaseClock]:
    """Return the clocks that run, the nearest end first: what a queue sorts by."""
    running = [clock for clock in facts.clocks if clock.state is Running.RUNNING]
    return sorted(running, key=lambda clock: clock.due)

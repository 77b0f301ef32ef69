"""What time does to cases: ends that have come, levels of oversight, ends counted again when a year is confirmed, the archive.

Every pass asks the engine, so running it twice, or after three days off, leaves the same state: what is not due does not happen.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from anju.base.actor import Actor, Refused
from anju.base.queries.calendar import calendar_in_force
from anju.cases.models import Case, CaseClock, CaseEvent, CaseParty
from anju.cases.queries.catalogue import workflow_of, workflow_of_case
from anju.cases.queries.citizen import HANDLE
from anju.cases.queries.reckoning import book_of, events_of, facts_of
from anju.cases.queries.routes import routed_lead
from anju.cases.services.acting import act_as_system, locked_case
from anju.cases.services.halves import tell_halves
from anju.cases.services.telling import tell_reporter
from anju.rules.cases.clocks import recounted
from anju.rules.cases.counting import days_left, is_warned, last_day
from anju.rules.cases.effects import NoticeEffect
from anju.rules.cases.facts import CaseClock as Clock
from anju.rules.cases.facts import Facts, Payload, Running
from anju.rules.cases.oversight import Order, causes, levels_due, orders_due, overseen_clocks, warns
from anju.rules.cases.workflow import Amount
from anju.rules.permissions import Permission
from anju.rules.workdays.years import decided_by

_NOT_OVER: Final = (Running.RUNNING, Running.PAUSED)  # what is left at a pause is counted back from the end
_AHEAD: Final = timedelta(days=30)  # the longest of their limits is 60 days: a fifth of it, and the holidays in between


def sweep_cases(*, actor: Actor, at: datetime) -> int:
    """Do what the clocks say is to be done now; return how many acts there were. Who is only told that time passes acts on nothing."""
    actor.require(Permission.CASE_ACT)
    done = _run_out(at) + _oversee(at)
    tell_halves(at)
    return done


def _run_out(at: datetime) -> int:
    """Auto-sign, refer, lapse, resume, fail the rectification, close as unrated."""
    ended = CaseClock.objects.filter(state=Running.RUNNING, due_at__lte=at).order_by("due_at", "pk")
    fires = {clock for edition in _editions() for clock, rule in workflow_of(edition).clocks.items() if rule.fires}
    rows = list(ended.filter(code__in=fires).values_list("case_id", "code"))
    return sum(_fire(case, code, at) for case, code in rows)


def _editions() -> set[int]:
    running = Case.objects.filter(kind__in=("open", "waiting"))
    return set(running.order_by().values_list("workflow_id", flat=True).distinct())


def _fire(pk: int, clock: str, at: datetime) -> bool:
    case = Case.objects.select_related("compound", "matter").get(pk=pk)
    transition = workflow_of_case(case).clocks[clock].fires
    payload = Payload(lead=routed_lead(case, on=timezone.localdate(at))) if transition == "transfer" else Payload()
    try:
        return act_as_system(case=case, transition=transition, payload=payload, at=at)
    except Refused:
        return False


def _oversee(at: datetime) -> int:
    return sum(_raise_levels(pk, at) for pk in sorted(_to_oversee(at)))


def _to_oversee(at: datetime) -> set[int]:
    """Return the cases that may be due for a level, by rows alone: late or nearly so, or with one of the other causes."""
    editions = {edition: workflow_of(edition) for edition in _editions()}
    codes = frozenset[str]().union(*map(overseen_clocks, editions.values()))
    near = CaseClock.objects.filter(state=Running.RUNNING, code__in=codes, due_at__lte=at + _AHEAD)
    calendar = calendar_in_force()
    found: set[int] = set()
    for pk, edition, code, started, due, amount, level, standing in near.values_list(
        "case_id", "case__workflow_id", "code", "started_at", "due_at", "amount", "level", "case__level"
    ).iterator():
        workflow = editions[edition]
        stands = level if workflow.clocks[code].answers else standing
        late = max(-days_left(calendar, due, at), 0)
        warned = not stands and warns(workflow, code) and is_warned(calendar, started, due, Amount.of(amount), at)
        levels = [one for one in workflow.levels if one.level <= workflow.clocks[code].level_most]
        if levels_due(levels, standing=stands, overdue_days=late, warned=warned):
            found.add(pk)
    absent = Q(urgency="a", clocks__code="arrive", clocks__state=Running.RUNNING, clocks__due_at__lte=at)
    ruling = Q(tasks__kind="ruling", tasks__state="open")
    open_cases = Case.objects.filter(kind__in=("open", "waiting"))
    found |= set(open_cases.filter(absent | ruling).values_list("pk", flat=True))
    again = open_cases.annotate(failed=Count("events", filter=Q(events__transition__in=("verify_fail", "rate_bad"))))
    return found | set(again.filter(failed__gte=2, level__lt=F("failed") + 2).values_list("pk", flat=True))


@transaction.atomic
def _raise_levels(pk: int, at: datetime) -> int:
    case = locked_case(pk)
    workflow = workflow_of_case(case)
    facts = facts_of(case, workflow)
    calendar = calendar_in_force()

    def late(clock: Clock) -> int:
        return max(-days_left(calendar, clock.due, at), 0)

    def warned(clock: Clock) -> bool:
        return is_warned(calendar, clock.started, clock.due, clock.amount, at)

    orders = orders_due(workflow, facts, late, warned, causes(facts, at))
    return sum(_order(case, one, at) for one in orders)


def _order(case: Case, order: Order, at: datetime) -> bool:
    act = "urge" if order.clock else "oversee"
    return act_as_system(case=case, transition=act, payload=Payload(level=order.level, clock=order.clock), at=at)


def recount_cases(*, actor: Actor, at: datetime) -> int:
    """Count provisional ends again once their year is confirmed; return how many cases got another end.

    What somebody has entered and nobody confirmed moves no end that was told.
    """
    actor.require(Permission.CASE_ACT)
    waiting = CaseClock.objects.filter(provisional=True, state__in=_NOT_OVER).values_list("case_id", "due_at")
    confirmed = calendar_in_force().confirmed
    settled = {pk for pk, due in waiting.iterator() if confirmed.issuperset(decided_by(last_day(due)))}
    return sum(_recount(pk, at) for pk in sorted(settled))


@transaction.atomic
def _recount(pk: int, at: datetime) -> bool:
    case = locked_case(pk)
    workflow = workflow_of_case(case)
    facts, events = facts_of(case, workflow), tuple(events_of(case))
    book, counting = book_of(workflow)
    rows = {row.position: row for row in case.clocks.filter(provisional=True, state__in=_NOT_OVER)}
    ends = {place: recounted(book, facts.clocks[place], events) for place in rows}
    certain = {place: end for place, end in ends.items() if end not in counting.provisional}
    moved = tuple((facts.clocks[place].code, end) for place, end in certain.items() if end != facts.clocks[place].due)
    if moved and act_as_system(case=case, transition="recompute", payload=Payload(dues=moved), at=at):
        _tell_of_another_end(case, facts, {code for code, _ in moved}, at)
    for place, end in ends.items():
        CaseClock.objects.filter(case=case, position=place).update(provisional=end in counting.provisional)
    open_doubts = CaseClock.objects.filter(case=case, provisional=True, state=Running.RUNNING)
    shown = Case.objects.filter(pk=pk)
    shown.update(provisional=open_doubts.filter(due_at__in=shown.values("due_at")).exists())
    return bool(moved)


def _tell_of_another_end(case: Case, facts: Facts, moved: set[str], at: datetime) -> None:
    """Who was told a provisional day is told that it is another; ends that only offices read are theirs to see."""
    if HANDLE in moved and facts.reachable:
        event = CaseEvent.objects.filter(case=case).latest("seq")
        tell_reporter(case, event, (NoticeEffect("delayed", "reporter"),), at)


def archive_cases(*, actor: Actor, at: datetime) -> int:
    """Archive what has been kept long enough, and forget the persons of it."""
    actor.require(Permission.CASE_ACT)
    return sum(_archive(case, at) for case in _kept_long(at))


def _kept_long(at: datetime) -> Iterator[Case]:
    """At least a year: the engine knows which are kept longer."""
    old = Case.objects.filter(kind="final", ended_at__lt=at - timedelta(days=365))
    yield from old.select_related("compound", "matter").order_by("pk").iterator()


@transaction.atomic
def _archive(case: Case, at: datetime) -> bool:
    done = act_as_system(case=case, transition="archive", at=at)
    if done:
        CaseParty.objects.filter(case=case, anonymised_at=None).update(name="", phone="", anonymised_at=at)
    return done

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
from anju.cases.services.telling import tell_reporter
from anju.rules.cases.clocks import recounted
from anju.rules.cases.counting import days_left, is_warned, last_day
from anju.rules.cases.effects import NoticeEffect
from anju.rules.cases.facts import Facts, Payload, Running
from anju.rules.cases.oversight import causes, levels_due
from anju.rules.cases.workflow import Amount
from anju.rules.permissions import Permission
from anju.rules.workdays.years import decided_by

_NOT_OVER: Final = (Running.RUNNING, Running.PAUSED)  # what is left at a pause is counted back from the end
_WORK_CLOCKS: Final = ("handle", "rectify", "mediate")
_AHEAD: Final = timedelta(days=30)  # the longest of their limits is 60 days: a fifth of it, and the holidays in between


def sweep_cases(*, actor: Actor, at: datetime) -> int:
    """Do what the clocks say is to be done now; return how many acts there were."""
    actor.require(Permission.CASE_ACT)
    return _run_out(at) + _oversee(at)


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
    near = CaseClock.objects.filter(
        state=Running.RUNNING, code__in=_WORK_CLOCKS, due_at__lte=at + _AHEAD, case__lead__isnull=False
    )
    calendar = calendar_in_force()
    found: set[int] = set()
    for pk, started, due, amount, level in near.values_list(
        "case_id", "started_at", "due_at", "amount", "case__level"
    ).iterator():
        late = -days_left(calendar, due, at)
        if (late > 0 and level < 5) or (level == 0 and is_warned(calendar, started, due, Amount.of(amount), at)):
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
    clock = next((one for one in map(facts.clock, _WORK_CLOCKS) if one and one.state is Running.RUNNING), None)
    calendar = calendar_in_force()
    late = max(-days_left(calendar, clock.due, at), 0) if clock else 0
    warned = bool(clock) and is_warned(calendar, clock.started, clock.due, clock.amount, at) if clock else False
    due = levels_due(workflow.levels, standing=facts.level, overdue_days=late, warned=warned, because=causes(facts, at))
    return sum(act_as_system(case=case, transition="oversee", payload=Payload(level=one.level), at=at) for one in due)


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

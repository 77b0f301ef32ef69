"""时限过半: whoever does the work is told once, in the app, when half of its time is used. Nothing in the case changes by it."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.timezone import localdate

from anju.base.outbox import tell_in_app
from anju.base.queries.calendar import calendar_in_force
from anju.cases.models import Case, CaseClock
from anju.cases.queries.catalogue import workflow_of, workflow_of_case
from anju.cases.queries.reckoning import book_of, events_of, facts_of
from anju.cases.queries.staff import kept_out, people_in
from anju.rules.cases.audiences import Occasion, audience, told
from anju.rules.cases.counting import is_half_used
from anju.rules.cases.facts import Running
from anju.rules.cases.oversight import warns
from anju.rules.cases.workflow import Amount

_AHEAD: Final = timedelta(days=60)  # the longest of their limits is 60 days: half of it, and the holidays in between
_HALF: Final = "half"


def tell_halves(at: datetime) -> int:
    """Tell of every clock of work that is half used and of which nobody was told or warned; return how many there were."""
    running = CaseClock.objects.filter(state=Running.RUNNING, half_told=False, level=0, due_at__lte=at + _AHEAD)
    columns = ("pk", "case__workflow_id", "code", "started_at", "due_at", "amount")
    calendar = calendar_in_force()
    found = [
        pk
        for pk, edition, code, started, due, amount in running.order_by("pk").values_list(*columns).iterator()
        if warns(workflow_of(edition), code) and is_half_used(calendar, started, due, Amount.of(amount), at)
    ]
    return sum(_tell(pk, at) for pk in found)


@transaction.atomic
def _tell(pk: int, at: datetime) -> int:
    """Once a clock, whoever asks at the same time."""
    if not CaseClock.objects.filter(pk=pk, half_told=False).update(half_told=True):
        return 0
    clock = CaseClock.objects.get(pk=pk)
    case = Case.objects.select_related("compound__division", "matter_version").get(pk=clock.case_id)
    workflow = workflow_of_case(case)
    facts = facts_of(case, workflow)
    *_, last = events_of(case)
    choices = audience("lead", Occasion(book_of(workflow, case)[0], facts, facts, last))
    on, about = localdate(at), f"case:{case.pk}"
    found = people_in(case, [one for choice in choices for one in choice], on)
    for code, users in told([(_HALF, choices)], found, kept_out(case, facts, on)):
        key, values = f"{about}:{code}:{clock.position}", {"number": case.number}
        tell_in_app(template=f"work.{code}", values=values, users=users, key=key, about=about, at=at)
    return 1

"""Joint sessions of cases (会商), read off their events."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from django.db.models import QuerySet

from anju.cases.models import Case, CaseEvent, CaseTask
from anju.cases.queries.reckoning import events_of
from anju.places.models import Organisation
from anju.rules.cases.sessions import CALLED, Session, sessions_of
from anju.rules.cases.stored import read_event


def last_session(case: Case) -> Session | None:
    """Return the session that was called last, held or not."""
    return next(reversed(sessions_of(events_of(case))), None)


def session_units(case: Case) -> list[tuple[int, str]]:
    """Return the units of the last session, id and name; where none was called, who handles the case now, then its helpers."""
    session = last_session(case)
    if session is not None:
        return named_units(session.units)
    rows = CaseTask.objects.filter(case=case, kind__in=("lead", "helpers"), state__in=("open", "done"))
    found = rows.order_by("-kind", "position").values_list("unit_id", "unit__name")
    return list(dict.fromkeys((pk, name) for pk, name in found if pk is not None))


def named_units(units: Iterable[str]) -> list[tuple[int, str]]:
    """Return ids and names of units, in their order."""
    wanted = [int(unit) for unit in units]
    names = dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return [(pk, names[pk]) for pk in wanted]


def sessions_in(
    cases: "QuerySet[Case]", first: datetime | None, last: datetime | None
) -> Iterator[tuple[str, Session]]:
    """Yield the sessions of these cases that were called within the period, each with the number of its case."""
    calls = CaseEvent.objects.filter(transition=CALLED, case__in=cases.order_by().values("pk"))
    if first:
        calls = calls.filter(at__gte=first)
    if last:
        calls = calls.filter(at__lte=last)
    rows = CaseEvent.objects.filter(case__in=calls.order_by().values("case_id")).order_by("case_id", "seq")
    for number, kept in groupby(rows.values_list("case__number", "body"), key=lambda row: row[0]):
        for session in sessions_of(read_event(json.loads(body)) for _, body in kept):
            if (first is None or session.called_at >= first) and (last is None or session.called_at <= last):
                yield number, session

"""Why somebody rated as he did: what he may still tap after the rating, and what was tapped. Never who."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from anju.cases.models import Case, CaseEvent, RatingReason
from anju.cases.queries.catalogue import workflow_in_force
from anju.rules.cases.workflow import Kind

RATINGS: Final = ("rate_ok", "rate_bad", "rate_unsettled")


@dataclass(frozen=True, slots=True)
class Asked:
    """One reason to tap. `given`: it was tapped."""

    code: str
    name: str
    given: bool


def last_rating(case: Case) -> tuple[CaseEvent, int] | None:
    """Return the newest rating of a case with its score of 1 to 5, None where nobody has rated."""
    event = CaseEvent.objects.filter(case=case, transition__in=RATINGS).order_by("-seq").first()
    return (event, int(json.loads(event.body)["payload"].get("score", 0))) if event else None


def reasons_asked(case: Case) -> tuple[Asked, ...]:
    """Return what is asked after the newest rating: nothing where it was good, before one, and once the case is in the archive."""
    if not case.score or case.kind == Kind.END or (rated := last_rating(case)) is None:
        return ()
    event, score = rated
    given = set(RatingReason.objects.filter(event=event).values_list("code", flat=True))
    return tuple(Asked(one.code, one.name, one.code in given) for one in workflow_in_force().reasons_after(score))


def reasons_by_event(case: Case) -> Mapping[int, list[str]]:
    """Return the names of what was tapped after each rating, by the number of the rating among the case's events."""
    found: dict[int, list[str]] = {}
    names = reason_names()
    rows = RatingReason.objects.filter(event__case=case).order_by("id")
    for seq, code in rows.values_list("event__seq", "code"):
        found.setdefault(seq, []).append(names.get(code, code))
    return found


def reason_names() -> dict[str, str]:
    return {one.code: one.name for one in workflow_in_force().reasons}


def reasons_of(cases: Iterable[int]) -> Mapping[int, list[tuple[datetime, str]]]:
    """Return for each case when it was rated and a reason that was tapped afterwards."""
    found: dict[int, list[tuple[datetime, str]]] = {}
    rows = RatingReason.objects.filter(event__case__in=cases).order_by("id")
    for case, at, code in rows.values_list("event__case_id", "event__at", "code"):
        found.setdefault(case, []).append((at, code))
    return found

"""The cases of one compound, beside its record."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from anju.base.actor import Actor
from anju.base.queries.calendar import calendar_in_force
from anju.cases.queries.catalogue import is_loaded, workflow_in_force
from anju.cases.queries.listing import CasesSought, case_page, find_cases
from anju.places.models import Compound
from anju.rules.permissions import Permission
from anju.web.cases.words import row_words
from anju.web.doors import ActorRequest
from anju.web.places.sections import Section

_SHOWN = 6


def cases_of(actor: Actor, compound: Compound, at: datetime) -> dict[str, Any]:
    """Return the first open ones for the compound's page; the list has the rest."""
    if not actor.may(Permission.CASE_VIEW) or not is_loaded():
        return {}
    workflow, calendar = workflow_in_force(), calendar_in_force()
    rows = case_page(find_cases(actor, CasesSought(compound=compound), at)).rows[:_SHOWN]
    return {
        "cases": [row_words(row, workflow, calendar, at) for row in rows],
        "may_see_cases": True,
        "cases_url": f"{reverse('cases:list')}?compound={compound.pk}",
        "may_file": actor.may(Permission.CASE_FILE),
    }


def sections(request: ActorRequest, row: Compound) -> Iterator[Section]:
    """Yield the card of the compound's page."""
    found = cases_of(request.actor, row, timezone.now())
    if found:
        yield Section(
            "cases", "cases/beside.html", {**found, "compound": row}, tab="在办的事", count=str(len(found["cases"]))
        )

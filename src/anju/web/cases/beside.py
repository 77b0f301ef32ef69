"""The cases of one compound, beside its record."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from anju.base.queries.calendar import calendar_in_force
from anju.cases.queries.catalogue import workflow_if_loaded
from anju.cases.queries.listing import CasesSought, case_page
from anju.places.models import Compound
from anju.rules.permissions import Permission
from anju.web.cases.words import row_words
from anju.web.doors import ActorRequest
from anju.web.places.sections import Section

_SHOWN = 6


def sections(request: ActorRequest, compound: Compound) -> Iterator[Section]:
    """The first open ones on the compound's page; the list has the rest."""
    actor, at = request.actor, timezone.now()
    workflow = workflow_if_loaded() if actor.may(Permission.CASE_VIEW) else None
    if workflow is None:
        return
    calendar = calendar_in_force()
    rows = case_page(actor, CasesSought(compound=compound), at).rows[:_SHOWN]
    values = {
        "cases": [row_words(row, workflow, calendar, at) for row in rows],
        "cases_url": f"{reverse('cases:list')}?compound={compound.pk}",
    }
    may_file = actor.may(Permission.CASE_FILE) and compound.ended_on is None
    acts = (("登记一件事", f"{reverse('cases:new')}?compound={compound.pk}", False),) if may_file else ()
    yield Section("cases", "cases/beside.html", values, tab="在办的事", acts=acts)

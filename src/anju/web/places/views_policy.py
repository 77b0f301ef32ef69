"""The responsibility list: on the screen and on paper."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from anju.base.installation import installation, is_trial
from anju.papers.responsibilities import responsibilities_pdf
from anju.places.models import PolicyEdition
from anju.places.queries.policy import item_rows
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.places.filters import PolicyFilter, address


@door(Permission.POLICY_VIEW)
def policy(request: ActorRequest) -> HttpResponse:
    form = PolicyFilter(request.actor, request.GET)
    unit = form.cleaned_data["unit"] if form.is_valid() else None
    rows = item_rows(form.edition, unit) if form.edition and form.is_valid() else []
    context: dict[str, Any] = {
        "form": form,
        "edition": form.edition,
        "unit": unit,
        "tasks": [row for row in rows if row.item.units_text],
        "demands": [row for row in rows if not row.item.units_text],
        "source": _source(form.edition) if form.edition else "",
        "opens_units": request.actor.may(Permission.ORGANISATION_VIEW),
        "asked": address(request),
        "breadcrumb": [{"label": "责任清单"}],
    }
    return render(request, "places/policy.html", context)


def _source(edition: PolicyEdition) -> str:
    return f"{edition.title}，{edition.number}，{edition.issued_on} 印发，第 {edition.version} 版。"


@door(Permission.POLICY_VIEW)
def policy_pdf(request: ActorRequest) -> HttpResponse:
    form = PolicyFilter(request.actor, request.GET)
    if not form.is_valid() or form.edition is None:
        return redirect("places:policy")
    county = installation()
    paper = responsibilities_pdf(
        edition=form.edition,
        rows=item_rows(form.edition, form.cleaned_data["unit"]),
        unit=form.cleaned_data["unit"],
        county=county.county_name if county else "",
        on=timezone.localdate(),
        trial=is_trial(),
    )
    headers = {"Content-Disposition": 'inline; filename="responsibilities.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)

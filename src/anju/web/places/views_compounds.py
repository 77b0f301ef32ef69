"""The pages of compounds: the list, one record, and registering one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.base.actor import Actor
from anju.places.models import Compound
from anju.places.queries.compounds import (
    CompoundsSought,
    TownCount,
    compound_page,
    compound_record,
    count_by_town,
    find_compounds,
)
from anju.places.services.compounds import create_compound
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.places.filters import CompoundFilter, PageForm, address
from anju.web.places.forms import BESIDE, CompoundForm, PlaceForm
from anju.web.places.pages import trail
from anju.web.places.rows import compound_row
from anju.web.places.sections import Section, record_context, sections_of
from anju.web.refusals import refusals


@door(Permission.COMPOUND_VIEW)
def compounds(request: ActorRequest) -> HttpResponse:
    form = CompoundFilter(request.actor, request.GET)
    sought = form.sought()
    context = _shell(request.actor, form)
    if sought is not None:
        found = find_compounds(request.actor, sought)
        page = compound_page(found, **PageForm(request.GET).place())
        towns = count_by_town(request.actor, sought)
        context |= {
            "rows": [compound_row(row) for row in page.rows],
            "tabs": _tabs(request, towns, sought.town.pk if sought.town else None),
            "town": sought.town,
            "count": found.count(),
            "newer_url": address(request, before=page.before) if page.before else "",
            "older_url": address(request, after=page.after) if page.after else "",
        }
        if _awaits(sought) and page.rows and request.actor.may(Permission.COMPOUND_EDIT):
            context["place_form"] = PlaceForm(request.actor)
    return render(request, "places/compounds.html", context)


def _awaits(sought: CompoundsSought) -> bool:
    """Whether only compounds are looked at of which no town is known."""
    return not sought.ended and (sought.unsettled == "awaiting" or (sought.town is not None and sought.town.awaiting))


@door(Permission.COMPOUND_VIEW)
def compound(request: ActorRequest, pk: int) -> HttpResponse:
    row = compound_record(request.actor, pk)
    if row is None:
        raise Http404
    found = sections_of(request, row)
    context = {
        "record": row,
        "sub": _lead(row, found),
        "ended_word": "注销",
        "here_url": "places:compound",
        "breadcrumb": trail(row),
    }
    return render(request, "places/record.html", context | record_context(found))


def _lead(row: Compound, sections: list[Section]) -> str:
    """Return where it lies, what it is, and what the sections add."""
    above = row.division.parent.name if row.division.level == "community" and row.division.parent else ""
    told = [f"{above}{row.division.name}", row.get_kind_display(), row.get_service_state_display()]
    return "，".join([*told, *(section.lead for section in sections if section.lead)])


@door(Permission.COMPOUND_EDIT)
def compound_new(request: ActorRequest) -> HttpResponse:
    form = CompoundForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        more = {name: form.cleaned_data[name] for name in ("name", "aliases")}
        with refusals(form, BESIDE) as done:
            row = create_compound(actor=request.actor, facts=form.facts(), at=timezone.now(), **more)
        if done.ok:
            messages.success(request, f"已登记{row.name}。")
            return redirect("places:compound", pk=row.pk)
    context = {
        "form": form,
        "title": "登记小区",
        "submit": "登记小区",
        "back_url": reverse("places:compounds"),
        "breadcrumb": [{"label": "小区", "url": reverse("places:compounds")}, {"label": "登记小区"}],
    }
    return render(request, "base/confirm.html", context)


def _shell(actor: Actor, form: CompoundFilter) -> dict[str, Any]:
    return {
        "form": form,
        "rows": [],
        "count": 0,
        "may_register": actor.may(Permission.COMPOUND_EDIT),
        "breadcrumb": [{"label": "小区"}],
    }


def _tabs(request: ActorRequest, towns: list[TownCount], chosen: int | None) -> list[dict[str, Any]]:
    """One tab a town that has any of the sought, and one for all; each number opens its rows."""
    if not request.actor.may(Permission.DIVISION_VIEW):
        return []
    whole = {"label": "全部", "count": sum(town.compounds for town in towns), "pk": None}
    each = [{"label": town.name, "count": town.compounds, "pk": town.pk} for town in towns]
    return [tab | {"url": address(request, town=tab["pk"]), "current": tab["pk"] == chosen} for tab in (whole, *each)]

"""The pages of compounds: the list, one record, and registering one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.accounts.queries.posts import holders_of_compound
from anju.base.actor import Actor
from anju.places.queries.compounds import TownCount, compound_page, compound_record, count_by_town, find_compounds
from anju.places.queries.history import history_of
from anju.places.queries.organisations import offices_of
from anju.places.services.compounds import create_compound
from anju.rules.permissions import Permission
from anju.web.cases.beside import cases_of
from anju.web.doors import ActorRequest, door
from anju.web.places.filters import CompoundFilter, PageForm, address
from anju.web.places.forms import BESIDE, CompoundForm
from anju.web.places.history import timeline
from anju.web.places.pages import trail
from anju.web.places.rows import compound_acts, compound_row
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
    return render(request, "places/compounds.html", context)


@door(Permission.COMPOUND_VIEW)
def compound(request: ActorRequest, pk: int) -> HttpResponse:
    row = compound_record(request.actor, pk)
    if row is None:
        raise Http404
    context = {
        "compound": row,
        "where": f"{row.get_kind_display()}，{row.get_service_state_display()}",
        "acts": compound_acts(request.actor, row),
        "holders": holders_of_compound(row, on=timezone.localdate()),
        "offices": offices_of(request.actor, row.division),
        "entries": timeline("places.compound", history_of(request.actor, row)),
        "breadcrumb": trail(row),
        **cases_of(request.actor, row, timezone.now()),
    }
    return render(request, "places/compound.html", context)


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

"""The pages of organisations: the list, one record, and making one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.places.queries.organisations import (
    count_by_kind,
    find_organisations,
    organisation_page,
    organisation_record,
)
from anju.places.services.organisations import create_organisation
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.places.filters import OrganisationFilter, PageForm, address
from anju.web.places.forms import BESIDE, OrganisationForm
from anju.web.places.pages import trail
from anju.web.places.rows import ORGANISATION_KINDS, organisation_row
from anju.web.places.sections import record_context, sections_of
from anju.web.refusals import refusals


@door(Permission.ORGANISATION_VIEW)
def organisations(request: ActorRequest) -> HttpResponse:
    form = OrganisationFilter(request.actor, request.GET)
    sought = form.sought()
    context: dict[str, Any] = {
        "form": form,
        "rows": [],
        "count": 0,
        "may_register": request.actor.may(Permission.ORGANISATION_EDIT),
        "breadcrumb": [{"label": "单位与企业"}],
    }
    if sought is not None:
        page = organisation_page(find_organisations(request.actor, sought), **PageForm(request.GET).place())
        kinds = count_by_kind(request.actor, sought)
        context |= {
            "rows": [organisation_row(row) for row in page.rows],
            "tabs": _tabs(request, kinds, sought.kind),
            "town": sought.town,
            "count": kinds.get(sought.kind, 0) if sought.kind else sum(kinds.values()),
            "newer_url": address(request, before=page.before) if page.before else "",
            "older_url": address(request, after=page.after) if page.after else "",
        }
    return render(request, "places/organisations.html", context)


@door(Permission.ORGANISATION_VIEW)
def organisation(request: ActorRequest, pk: int) -> HttpResponse:
    row = organisation_record(request.actor, pk)
    if row is None:
        raise Http404
    context = {
        "record": row,
        "sub": row.get_kind_display(),
        "ended_word": "停用",
        "here_url": "places:organisation",
        "breadcrumb": trail(row),
    }
    return render(request, "places/record.html", context | record_context(sections_of(request, row)))


@door(Permission.ORGANISATION_EDIT)
def organisation_new(request: ActorRequest) -> HttpResponse:
    form = OrganisationForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        more = {name: form.cleaned_data[name] for name in ("name", "aliases")}
        with refusals(form, BESIDE) as done:
            row = create_organisation(actor=request.actor, facts=form.facts(), at=timezone.now(), **more)
        if done.ok:
            messages.success(request, f"已新增{row.name}。")
            return redirect("places:organisation", pk=row.pk)
    context = {
        "form": form,
        "title": "新增单位",
        "submit": "新增单位",
        "back_url": reverse("places:organisations"),
        "breadcrumb": [{"label": "单位与企业", "url": reverse("places:organisations")}, {"label": "新增单位"}],
    }
    return render(request, "base/confirm.html", context)


def _tabs(request: ActorRequest, kinds: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    """One tab a kind that has any of the sought, and one for all; each number opens its rows."""
    whole = {"label": "全部", "count": sum(kinds.values()), "kind": ""}
    each = [
        {"label": name, "count": kinds[kind], "kind": kind}
        for kind, name in ORGANISATION_KINDS.items()
        if kind in kinds
    ]
    return [
        tab | {"url": address(request, kind=tab["kind"]), "current": tab["kind"] == chosen} for tab in (whole, *each)
    ]

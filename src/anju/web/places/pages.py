"""The page with one form that every change of a place uses, and the way back from it."""

from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from anju.places.models import Compound, CompoundAlias, Division, Organisation, OrganisationAlias
from anju.web.doors import ActorRequest

Place = Division | Organisation | Compound
Crumb = dict[str, str]
PROPOSED = "申请已提出，同意后才生效。进展请看“双人复核”。"
NEEDS_TWO = "先成为申请，由另一个人在“双人复核”同意后才生效。"

_LISTS: dict[type[Place], tuple[str, str, str]] = {
    Division: ("行政区划", "places:divisions", "places:division"),
    Organisation: ("单位与企业", "places:organisations", "places:organisation"),
    Compound: ("小区", "places:compounds", "places:compound"),
}


def home_of(row: Place) -> str:
    return reverse(_LISTS[type(row)][2], args=[row.pk])


def trail(row: Place, *last: Crumb) -> list[Crumb]:
    """Return the breadcrumb of a record: its list, itself, and what is done to it."""
    label, everything, _ = _LISTS[type(row)]
    return [{"label": label, "url": reverse(everything)}, {"label": row.name, "url": home_of(row)}, *last]


def form_page(
    request: ActorRequest,
    form: Form,
    row: Place,
    *,
    title: str,
    submit: str,
    consequences: tuple[str, ...] = (),
) -> HttpResponse:
    """Show one form about a place, with what follows from it."""
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "consequences": consequences,
        "back_url": home_of(row),
        "breadcrumb": trail(row, {"label": submit}),
    }
    return render(request, "base/confirm.html", context)


def aliases_page(request: ActorRequest, form: Form, row: Organisation | Compound, remove: str) -> HttpResponse:
    """Show the other names of a place and the form for one more. `remove` names the address that takes one away."""
    context = {
        "form": form,
        "named": row,
        "aliases": row.aliases.order_by("kind", "id"),
        "remove_url": reverse(remove, args=[row.pk]),
        "back_url": home_of(row),
        "breadcrumb": trail(row, {"label": "别名"}),
    }
    return render(request, "places/aliases.html", context)


def chosen_alias(request: ActorRequest, row: Organisation | Compound) -> Any:
    """Return the alias of this row that the form names; anything else is not there, and former names stay."""
    given = request.POST.get("alias", "")
    if not (given.isascii() and given.isdigit() and len(given) <= 18):
        raise Http404
    aliases: type[OrganisationAlias] | type[CompoundAlias]
    aliases = OrganisationAlias if isinstance(row, Organisation) else CompoundAlias
    return get_object_or_404(aliases, pk=int(given), kind="alias", **{row._meta.model_name or "": row})

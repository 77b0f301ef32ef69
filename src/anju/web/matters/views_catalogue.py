"""The catalogue of matters, one matter with its history, and the routing table to read."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from anju.base.actor import Actor
from anju.cases.models import Matter
from anju.cases.queries.catalogue import catalogue_in_force, is_loaded, matter_row, workflow_in_force
from anju.cases.queries.matters import (
    MatterLine,
    board_phones,
    confirmation_of,
    gaps_of,
    item_choices,
    matter_history,
    matter_lines,
    matters_for,
    may_confirm,
    pending_offer,
    running_by_version,
    town_units,
    units_of_matter,
)
from anju.rules.cases.matters import TOWN
from anju.rules.cases.matters import Matter as MatterRow
from anju.rules.permissions import Permission
from anju.web.cases.words import TYPES, URGENCIES, amount_words
from anju.web.doors import ActorRequest, door
from anju.web.matters.forms import CatalogueFilter, RouteFilter
from anju.web.matters.words import SOURCES, Named, before_it, facts_of, state_of, title_of

UNREADY = {"breadcrumb": [{"label": "事项目录"}]}


_FACTS: Final = ("type", "urgency", "handle", "dissuade", "first", "emergency", "private")


@door(Permission.POLICY_VIEW)
@require_safe
def matters(request: ActorRequest) -> HttpResponse:
    if not is_loaded():
        return render(request, "matters/unready.html", UNREADY)
    named = Named.now()
    form = CatalogueFilter(request.GET, named)
    lines = [line for line in matter_lines(request.actor) if form.is_valid() and _sought(line, form.cleaned_data)]
    context = {
        "form": form,
        **_by_item(lines, lambda line: [_row(line, named)]),
        "count": len(lines),
        "may_edit": request.actor.may(Permission.MATTER_EDIT),
        "may_look": request.actor.may(Permission.MATTER_VIEW),
        "breadcrumb": [{"label": "事项目录"}],
    }
    return render(request, "matters/matters.html", context)


def _sought(line: MatterLine, asked: dict[str, Any]) -> bool:
    matter, row, show = line.matter, line.row, asked["show"]
    standing = matter.ended_on is None
    shown = {
        "": standing,
        "open": standing and not matter.confirmed,
        "gaps": standing and line.open_in_the_plan,
        "auto": matter.auto,
        "ended": not standing,
    }[show]
    text = asked["q"].lower()
    return (
        shown
        and (not asked["type"] or row.type == asked["type"])
        and (not asked["unit"] or asked["unit"] in units_of_matter(row))
        and (text in row.name.lower() or text in row.code.lower())
    )


def _by_item(lines: list[MatterLine], rows: Callable[[MatterLine], Iterable[dict[str, Any]]]) -> dict[str, Any]:
    """Return the rows under the items of the plan, and the links that jump to each."""
    groups, tabs = [], []
    for item, name in item_choices({line.row.item for line in lines}):
        own = [line for line in lines if line.row.item == item]
        groups.append({"name": name, "id": f"item-{item}", "rows": [row for line in own for row in rows(line)]})
        tabs.append({"url": f"#item-{item}", "label": name, "count": len(own)})
    return {"groups": groups, "tabs": tabs}


def _row(line: MatterLine, named: Named) -> dict[str, Any]:
    row = line.row
    return {
        "pk": line.matter.pk,
        "code": row.code,
        "name": row.name,
        "type": TYPES.get(row.type, row.type),
        "urgency": URGENCIES[row.urgency],
        "lead": named.unit(row.lead),
        "joint": named.unit_list(row.joint),
        "limit": amount_words(str(row.handle)) if row.handle else "",
        "state": state_of(line),
        "gap": line.open_in_the_plan,
    }


@door(Permission.POLICY_VIEW)
@require_safe
def matter(request: ActorRequest, pk: int) -> HttpResponse:
    found = matter_or_404(request.actor, pk)
    row, named, actor = matter_row(found), Named.now(), request.actor
    offer = pending_offer(found)
    context = {
        "matter": found,
        "title": title_of(found),
        "row": row,
        "item": dict(item_choices([row.item]))[row.item],
        "units": _units(row, named),
        "facts": [*facts_of(row, named, _FACTS), *_reported(row)],
        "source": SOURCES[row.source],
        "whens": [named.when(one) for one in found.body["when"]],
        "gaps": [named.gap(gap) for gap in gaps_of(found)],
        "offer": offer if actor.may(Permission.MATTER_VIEW) else None,
        "confirmation": confirmation_of(found),
        "history": [(one, named.changes(one.changes)) for one in matter_history(actor, found)],
        "running": running_by_version(found) if actor.may(Permission.CASE_VIEW) else [],
        "may_edit": actor.may(Permission.MATTER_EDIT),
        "may_confirm": not found.confirmed and found.ended_on is None and may_confirm(actor, timezone.localdate()),
        "breadcrumb": trail(found.name),
    }
    return render(request, "matters/matter.html", context)


def _reported(row: MatterRow) -> Iterator[tuple[str, str]]:
    other = workflow_in_force().types[row.type].reported_as
    if other:
        yield "居民反映的", f"按{TYPES[other]}办，时限也按{TYPES[other]}的：联系他、可以催、办完请他评"


def _units(row: MatterRow, named: Named) -> list[dict[str, Any]]:
    """The lead and the helpers with the number that the boards print, and what the plan does not list."""
    phones = board_phones()
    return [
        {"kind": kind, "name": named.unit(code), "phone": phones.get(code, ""), "own_town": code == TOWN,
         "beyond": code in row.beyond}
        for kind, codes in (("主办", (row.lead,)), ("协办", row.joint))
        for code in codes
    ]  # fmt: skip


def trail(here: str, found: Matter | None = None) -> list[dict[str, str]]:
    """The way to a page of the catalogue, through the matter that it is about."""
    above = [{"label": found.name, "url": reverse("matters:matter", args=[found.pk])}] if found else []
    return [{"label": "事项目录", "url": reverse("matters:matters")}, *above, {"label": here}]


def matter_or_404(actor: Actor, pk: int) -> Matter:
    found = matters_for(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@door(Permission.POLICY_VIEW)
@require_safe
def routes(request: ActorRequest) -> HttpResponse:
    if not is_loaded():
        return render(request, "matters/unready.html", UNREADY)
    named = Named.now()
    form = RouteFilter(request.actor, request.GET, named)
    asked = form.cleaned_data if form.is_valid() else None
    lines = [line for line in matter_lines(request.actor) if asked and _on_the_way(line, asked)]
    towns = town_units(request.actor)
    chosen = next((unit for town, unit in towns if asked and town == asked["town"]), None)
    seen = named.seen_from(chosen.name) if chosen else named
    context = {
        "form": form,
        **_by_item(lines, lambda line: _route(line, seen)),
        "count": len(lines),
        "towns": towns,
        "circumstances": catalogue_in_force().circumstances,
        "may_edit": request.actor.may(Permission.MATTER_EDIT),
        "breadcrumb": trail("归口表"),
    }
    return render(request, "matters/routes.html", context)


def _on_the_way(line: MatterLine, asked: dict[str, Any]) -> bool:
    matter = line.matter
    states = {"": True, "open": not matter.confirmed, "confirmed": matter.confirmed, "auto": matter.auto}
    return (
        matter.ended_on is None
        and states[asked["state"]]
        and (not asked["unit"] or asked["unit"] in units_of_matter(line.row))
    )


def _route(line: MatterLine, named: Named) -> Iterator[dict[str, Any]]:
    """One line for the matter, one for each circumstance in which it goes elsewhere or is more urgent."""
    row = line.row
    told = {"pk": line.matter.pk, "code": row.code, "name": row.name, "matter": line.matter, "state": state_of(line)}
    ways = [("", row.lead, row.joint, row.urgency, row.first)]
    for when in row.when:
        joint = (row.lead, *(unit for unit in row.joint if unit != when.lead)) if when.lead else row.joint
        urgency, first = when.urgency or row.urgency, when.first or row.first
        ways.append((when.circumstance, when.lead or row.lead, joint, urgency, first))
    for circumstance, lead, joint, urgency, first in ways:
        yield told | {
            "when": named.circumstances.get(circumstance, circumstance),
            "lead": named.unit(lead),
            "joint": named.unit_list(joint),
            "level": "乡镇" if lead == TOWN else "县级",
            "urgency": URGENCIES[urgency],
            "before": before_it(row, urgency, first),
        }

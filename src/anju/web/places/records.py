"""What places themselves bring to the page of a compound or an organisation: who it is, its names, its changes, who is in post."""

from collections.abc import Iterator

from django.utils import timezone

from anju.accounts.queries.posts import Holder, holders_of_unit
from anju.base.actor import Actor
from anju.places.models import Compound, Organisation
from anju.places.queries.compounds import supervised_by
from anju.places.queries.history import Entry, history_of
from anju.places.queries.organisations import items_of
from anju.registry.models import Indicator
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest
from anju.web.places.history import timeline
from anju.web.places.rows import compound_acts, organisation_acts
from anju.web.places.sections import Section
from anju.web.trail.words import FIELDS


def compound_sections(request: ActorRequest, row: Compound) -> Iterator[Section]:
    acts = compound_acts(request.actor, row)
    yield Section("identity", "places/sections/compound.html", {"compound": row, "acts": acts}, tab="登记信息")
    yield Section("names", "places/sections/names.html", {"row": row, "merged_url": "places:compound"})
    yield _history(request.actor, row)


def organisation_sections(request: ActorRequest, row: Organisation) -> Iterator[Section]:
    actor = request.actor
    acts = organisation_acts(actor, row)
    yield Section("identity", "places/sections/organisation.html", {"organisation": row, "acts": acts})
    if items := list(items_of(actor, row)):
        yield Section("tasks", "places/sections/items.html", {"items": items, "own_items": f"?unit={row.pk}"})
    if supervised := list(supervised_by(actor, row)):
        yield Section("supervised", "places/sections/supervised.html", {"supervised": supervised})
    yield Section("names", "places/sections/names.html", {"row": row, "merged_url": "places:organisation"})
    yield _history(actor, row)
    if actor.may(Permission.POST_VIEW) or actor.organisation_id == row.pk:
        yield Section("holders", "places/sections/holders.html", {"holders": _holders(row)}, rail=True)
    if below := [child for child in row.children.all() if child.ended_on is None]:
        yield Section("below", "places/sections/below.html", {"below": below}, rail=True)


def _history(actor: Actor, row: Compound | Organisation) -> Section:
    told = [entry for entry in history_of(actor, row) if actor.may(Permission.FACT_VIEW) or not _of_facts(entry)]
    names = dict(Indicator.objects.values_list("code", "name")) if any(map(_of_facts, told)) else {}
    entries = timeline(row._meta.label_lower, told, FIELDS | names)
    return Section("history", "places/sections/history.html", {"entries": entries}, tab="变更记录")


def _of_facts(entry: Entry) -> bool:
    return entry.action.startswith("fact.")


def _holders(row: Organisation) -> list[Holder]:
    return holders_of_unit(row, on=timezone.localdate())

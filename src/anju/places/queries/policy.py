"""The county's policy document as its list shows it."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from anju.base.actor import Actor
from anju.places.models import Organisation, PolicyEdition, PolicyItem, Responsibility
from anju.rules.permissions import Permission


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item or requirement with the organisations it names, in the document's order; a requirement names none."""

    item: PolicyItem
    units: tuple[Organisation, ...]


def editions_for(actor: Actor) -> "QuerySet[PolicyEdition]":
    """Return all editions, the newest first."""
    if not actor.may(Permission.POLICY_VIEW):
        return PolicyEdition.objects.none()
    return PolicyEdition.objects.order_by("-in_force_from", "-version", "-id")


def current_edition(actor: Actor) -> PolicyEdition | None:
    return editions_for(actor).first()


def item_rows(edition: PolicyEdition, organisation: Organisation | None = None) -> list[ItemRow]:
    """Return the items in the document's order, all or those that name one organisation."""
    named = Responsibility.objects.order_by("position").select_related("organisation", "organisation__merged_into")
    items = edition.items.order_by("position").prefetch_related(Prefetch("responsibilities", queryset=named))
    if organisation is not None:
        items = items.filter(responsibilities__organisation=organisation)
    return [ItemRow(item, _units(item)) for item in items]


def units_of(edition: PolicyEdition) -> "QuerySet[Organisation]":
    """Return the organisations that an edition names anywhere, by pinyin."""
    return Organisation.objects.filter(responsibilities__item__edition=edition).distinct().order_by("pinyin", "id")


def _units(item: PolicyItem) -> tuple[Organisation, ...]:
    """One that went into another named beside it is not said twice."""
    found = [row.organisation for row in item.responsibilities.all()]
    present = {unit.pk for unit in found}
    return tuple(unit for unit in found if unit.merged_into_id not in present)

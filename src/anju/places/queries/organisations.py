"""Organisations as their list and their page show them, from what the actor may see."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from anju.base.actor import Actor
from anju.places.models import OPEN, Division, Organisation, OrganisationAlias, Responsibility
from anju.places.queries.paging import Page, page_of
from anju.places.queries.policy import current_edition
from anju.places.queries.scoped import organisations_for

_COLUMNS = ("name", "kind", "credit_code", "ended_on", "division__name", "division__parent__name", "division__level")


@dataclass(frozen=True, slots=True)
class OrganisationsSought:
    text: str = ""
    town: Division | None = None
    kind: str = ""
    ended: bool = False


def find_organisations(actor: Actor, sought: OrganisationsSought) -> "QuerySet[Organisation]":
    rows = organisations_for(actor).filter(~OPEN if sought.ended else OPEN)
    if sought.town is not None:
        rows = rows.filter(division__path__startswith=sought.town.path)
    if sought.kind:
        rows = rows.filter(kind=sought.kind)
    return rows.filter(_called(sought.text)) if sought.text else rows


def organisation_page(found: "QuerySet[Organisation]", *, before: int | None = None, after: int | None = None) -> Page:
    """Return one page; each row carries its `aliases` as a list of names."""
    page = page_of(found, _COLUMNS, before=before, after=after)
    known = _aliases(row["id"] for row in page.rows)
    return replace(page, rows=[{**row, "aliases": known.get(row["id"], [])} for row in page.rows])


def count_by_kind(actor: Actor, sought: OrganisationsSought) -> dict[str, int]:
    """Return how many of the sought there are of each kind, whatever kind was asked for."""
    found = find_organisations(actor, replace(sought, kind="")).order_by()
    return {row["kind"]: row["count"] for row in found.values("kind").annotate(count=Count("id"))}


def organisation_record(actor: Actor, pk: int) -> Organisation | None:
    """Return one organisation with everything its page names, or None where the actor may not see it."""
    rows = organisations_for(actor).select_related("division__parent", "parent", "merged_into")
    return rows.prefetch_related("aliases", "merged", "children").filter(pk=pk).first()


def items_of(actor: Actor, organisation: Organisation) -> "QuerySet[Responsibility]":
    """Return what the edition in force asks of an organisation, in the document's order."""
    edition = current_edition(actor)
    rows = Responsibility.objects.filter(organisation=organisation, item__edition=edition)
    return rows.select_related("item").order_by("item__position")


def offices_of(actor: Actor, division: Division) -> "QuerySet[Organisation]":
    """Return the offices that answer for a place: the community's and the town's."""
    places = [pk for pk in (division.pk, division.parent_id) if pk is not None]
    rows = organisations_for(actor).filter(OPEN, division__in=places, kind__in=("community", "town"))
    return rows.order_by("kind", "id")


def _called(text: str) -> Q:
    spelled = text.replace(" ", "").lower()
    named = OrganisationAlias.objects.filter(organisation=OuterRef("pk"), name__icontains=text)
    return Q(name__icontains=text) | Q(pinyin__icontains=spelled) | Q(credit_code=text.upper()) | Q(Exists(named))


def _aliases(pks: Iterable[int]) -> dict[int, list[str]]:
    known: dict[int, list[str]] = {}
    rows = OrganisationAlias.objects.filter(organisation__in=list(pks)).order_by("id")
    for pk, name in rows.values_list("organisation_id", "name"):
        known.setdefault(pk, []).append(name)
    return known

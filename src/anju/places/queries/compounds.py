"""Compounds as their list and their page show them, from what the actor may see."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from anju.base.actor import Actor
from anju.places.models import OPEN, Compound, CompoundAlias, Division, Organisation
from anju.places.queries.paging import Page, page_of
from anju.places.queries.scoped import compounds_for

_COLUMNS = (
    "name",
    "kind",
    "service_state",
    "ended_on",
    "division__name",
    "division__level",
    "division__parent__name",
    "supervising_unit__name",
)

# What has to be settled about a compound's identity, as the worklist of 今日 asks for it.
UNSETTLED: dict[str, Q] = {
    "awaiting": Q(division__awaiting=True),
    "unmanaged": Q(service_state="unmanaged", supervising_unit__isnull=True),
    "unknown": Q(service_state="unknown") | Q(kind="unknown"),
}


@dataclass(frozen=True, slots=True)
class CompoundsSought:
    """`town` is a division: everything in it and below. `unsettled` is a key of `UNSETTLED`."""

    text: str = ""
    town: Division | None = None
    kind: str = ""
    service_state: str = ""
    unsettled: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class TownCount:
    pk: int
    name: str
    compounds: int


def find_compounds(actor: Actor, sought: CompoundsSought) -> "QuerySet[Compound]":
    rows = compounds_for(actor).filter(~OPEN if sought.ended else OPEN)
    if sought.town is not None:
        rows = rows.filter(division__path__startswith=sought.town.path)
    if sought.kind:
        rows = rows.filter(kind=sought.kind)
    if sought.service_state:
        rows = rows.filter(service_state=sought.service_state)
    if sought.unsettled:
        rows = rows.filter(UNSETTLED[sought.unsettled])
    return rows.filter(_called(sought.text)) if sought.text else rows


def compound_page(found: "QuerySet[Compound]", *, before: int | None = None, after: int | None = None) -> Page:
    """Return one page; each row carries its `aliases` as a list of names."""
    page = page_of(found, _COLUMNS, before=before, after=after)
    known = _aliases(row["id"] for row in page.rows)
    return replace(page, rows=[{**row, "aliases": known.get(row["id"], [])} for row in page.rows])


def count_by_town(actor: Actor, sought: CompoundsSought) -> list[TownCount]:
    """Return how many of the sought there are in each town that has any, whatever town was asked for."""
    found = find_compounds(actor, replace(sought, town=None)).order_by()
    counts: dict[int, int] = {}
    for row in found.values("division_id", "division__level", "division__parent_id").annotate(count=Count("id")):
        town = row["division_id"] if row["division__level"] == "town" else row["division__parent_id"]
        counts[town or 0] = counts.get(town or 0, 0) + row["count"]
    towns = Division.objects.filter(pk__in=counts).order_by("code", "id").values_list("id", "name")
    return [TownCount(pk, name, counts[pk]) for pk, name in towns]


def compound_record(actor: Actor, pk: int) -> Compound | None:
    """Return one compound with everything its page names, or None where the actor may not see it."""
    rows = compounds_for(actor).select_related("division__parent", "supervising_unit", "merged_into")
    return rows.prefetch_related("aliases", "merged").filter(pk=pk).first()


def supervised_by(actor: Actor, organisation: Organisation) -> "QuerySet[Compound]":
    """Return the compounds in force that a unit supervises, as far as the actor sees them."""
    rows = compounds_for(actor).filter(OPEN, supervising_unit=organisation)
    return rows.select_related("division").order_by("pinyin", "id")


def _called(text: str) -> Q:
    spelled = text.replace(" ", "").lower()
    named = CompoundAlias.objects.filter(compound=OuterRef("pk"), name__icontains=text)
    return Q(name__icontains=text) | Q(pinyin__icontains=spelled) | Q(initials__contains=spelled) | Q(Exists(named))


def _aliases(pks: Iterable[int]) -> dict[int, list[Any]]:
    known: dict[int, list[Any]] = {}
    rows = CompoundAlias.objects.filter(compound__in=list(pks)).order_by("id").values_list("compound_id", "name")
    for pk, name in rows:
        known.setdefault(pk, []).append(name)
    return known

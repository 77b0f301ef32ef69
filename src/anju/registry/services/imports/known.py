"""What the database knows when a list is held against it: compounds, what sources say of them, what was settled before."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from anju.base.actor import Actor
from anju.base.copying import among
from anju.places.models import OPEN, Compound, CompoundAlias, Division
from anju.places.queries.scoped import compounds_for
from anju.registry.models import Cell, Fact, ImportRow, Indicator, ListImport, RowLink
from anju.rules.coordinates import to_wgs84
from anju.rules.lists.matching import Described, Index, KnownCompound
from anju.rules.lists.readings import Point
from anju.rules.lists.repeats import PLACES
from anju.rules.lists.stored import Stored

Compounds = QuerySet[Compound]
_STANDING = (ListImport.State.WRITTEN, ListImport.State.UNDOING)  # what a list said stands until it is undone

_STAMP = """
select md5(concat_ws('/',
  (select concat_ws(',', count(*), max(id), sum(hashtext(concat_ws('|', id, name, division_id, ended_on))::bigint))
   from places_compound),
  (select concat_ws(',', count(*), max(id)) from places_compoundalias),
  (select concat_ws(',', count(*), sum(hashtext(concat_ws('|', id, name, path, ended_on))::bigint)) from places_division),
  (select max(id) from registry_fact), (select max(id) from registry_withdrawal), (select max(id) from registry_decision),
  (select count(*) from registry_rowlink)))
"""


@dataclass(frozen=True, slots=True)
class Said:
    """A fact as it stands for a source: what `rules.facts.differ` compares. `beside`: what other rows of the same `file` said of it."""

    source: int
    observed_on: date
    value: Stored
    file: str | None
    beside: tuple[Stored, ...] = ()


def database_stamp() -> str:
    """Return a digest of everything that a preview depends on. Unequal: something changed, perhaps nothing that matters."""
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        return str(cursor.fetchone()[0])


def index_of(actor: Actor, divisions: Mapping[int, Division]) -> Index:
    """Return all compounds in force that the actor sees, to be asked row by row."""
    return Index(_known(actor, divisions))


def _known(actor: Actor, divisions: Mapping[int, Division]) -> Iterator[KnownCompound]:
    seen = compounds_for(actor).filter(OPEN)
    aliases: dict[int, list[str]] = defaultdict(list)
    named = CompoundAlias.objects.filter(compound__in=seen).order_by("pk")
    for pk, name in named.values_list("compound_id", "name"):
        aliases[pk].append(name)
    told, addresses, points = _places_told(seen), _addresses(seen), _points(seen)
    above = {pk: _places_of(division, divisions) for pk, division in divisions.items()}
    for pk, name, division in seen.order_by("pk").values_list("pk", "name", "division_id"):
        point = to_wgs84(points[pk]) if pk in points else None
        yield KnownCompound(
            pk,
            Described(
                name, tuple(aliases.get(pk, ())), {**told.get(pk, {}), **above.get(division, {})}, addresses.get(pk, ""),
                point[:2] if point else None, approximate=bool(point and point.approximate),
            ),
        )  # fmt: skip


def _places_of(division: Division | None, divisions: Mapping[int, Division]) -> dict[str, str]:
    if division is None or division.awaiting or division.level == "county":
        return {}
    parent = divisions.get(division.parent_id or 0)
    above = _places_of(parent, divisions) if parent else {}
    return {**above, division.level: division.name}


def _places_told(seen: Compounds) -> dict[int, dict[str, str]]:
    """What the lists that made or met a compound said of its city and town, for those that lie in 待定乡镇."""
    rows = ImportRow.objects.filter(compound__in=seen, list_import__state__in=_STANDING).exclude(act="skip")
    told = rows.order_by("pk").values_list("compound_id", "told__places")
    return {pk: {level: text for level, text in (places or {}).items() if level in PLACES} for pk, places in told}


def _addresses(seen: Compounds) -> dict[int, str]:
    return dict(Cell.objects.filter(indicator__code="address", compound__in=seen).values_list("compound_id", "text"))


def _points(seen: Compounds) -> dict[int, Point]:
    rows = Cell.objects.filter(indicator__code="point", compound__in=seen)
    return {
        pk: Point(low or 0, high or 0, form)
        for pk, low, high, form in rows.values_list("compound_id", "low", "high", "form")
    }


def said_of(compounds: Collection[int], indicators: Mapping[int, Indicator]) -> dict[tuple[int, str], list[Said]]:
    """Return, by compound and indicator's code, the newest word of each source. One query."""
    rows = (
        Fact.objects.filter(statement__compound__in=among(compounds), statement__withdrawal__isnull=True)
        .order_by("statement__observed_on", "id")
        .values_list(
            "statement__compound_id", "indicator_id", "statement__source_id", "statement__observed_on", "statement__list_import__digest",
            "low", "high", "text", "form", "approximate",
        )
    )  # fmt: skip
    newest: dict[tuple[int, str], dict[int, Said]] = defaultdict(dict)
    for compound, indicator, source, observed_on, file, low, high, text, form, approximate in rows:
        if indicator in indicators:
            value = Stored(low, high, text, form, approximate)
            of_each = newest[compound, indicators[indicator].code]
            last = of_each.get(source)
            beside = (*last.beside, last.value) if last and file and last.file == file else ()
            of_each[source] = Said(source, observed_on, value, file, beside)
    return {cell: list(each.values()) for cell, each in newest.items()}


def links_of(source: int) -> dict[str, int]:
    """Return which compound this source means by which row, as settled before."""
    rows = RowLink.objects.filter(source=source, compound__ended_on__isnull=True)
    return dict(rows.values_list("key", "compound_id"))


def row_key(name_key: str, places: Mapping[str, str], address: str) -> str:
    """Return the key of `RowLink`: the name, the places and the address as the source writes them."""
    whole = "|".join((name_key, *(places.get(level, "") for level in PLACES), address))
    return whole if len(whole) <= 240 else f"{whole[:200]}#{sha256(whole.encode()).hexdigest()[:32]}"


@dataclass(frozen=True, slots=True)
class Before:
    """What was done with a row when the very same file was imported before."""

    act: str
    compound: int | None
    choice: dict[str, Any]
    doubts: list[list[Any]]

    @property
    def written_to(self) -> int | None:
        """The compound that the row was written to; None where it was left out, or its compound has ended since."""
        return self.compound if self.act != ImportRow.Act.SKIP else None


def done_before(row: ListImport) -> dict[int, Before]:
    """Return, by line, what the last written import of this file from this source did; empty where there was none."""
    last = (
        ListImport.objects.filter(
            state__in=_STANDING, source=row.source_id, digest=row.digest, observed_on__gte=row.observed_on,
            default_division=row.default_division_id, anywhere=row.anywhere,
        )
        .exclude(pk=row.pk)
        .order_by("-pk")
        .first()
    )  # fmt: skip
    if last is None:
        return {}
    rows = ImportRow.objects.filter(list_import=last).values_list(
        "line", "act", "compound_id", "compound__ended_on", "choice", "doubts"
    )
    return {
        line: Before(act, None if ended else compound, choice, doubts)
        for line, act, compound, ended, choice, doubts in rows
        if not (act != ImportRow.Act.SKIP and (compound is None or ended))
    }


def names_taken(divisions: Iterable[int]) -> dict[tuple[int, str], int]:
    """Return the names borne in these divisions with whose they are: the database lets no second one be."""
    rows = compounds_in(divisions).values_list("division_id", "name", "pk")
    return {(division, name): pk for division, name, pk in rows}


def compounds_in(divisions: Iterable[int]) -> Any:
    from anju.places.models import Compound

    return Compound.objects.filter(OPEN, division__in=list(divisions))

"""What anyone may see: the compounds that have a card, and what stands on it. Asked for strangers; officers see the same as a preview.

Only what is released is ever fetched, so nothing else can slip into a page.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import StrIndex

from anju.base.actor import Actor
from anju.disclosure.models import Card, Release
from anju.disclosure.queries.policy import disclosure_here
from anju.disclosure.queries.releases import IN_FORCE, item_of
from anju.places.models import OPEN, Compound, CompoundAlias, Organisation
from anju.places.queries.scoped import compounds_for
from anju.registry.models import Cell, Indicator
from anju.registry.queries.sides import value_of_row
from anju.rules.disclosure import Bar, Shown, Standing, may_be_public
from anju.rules.facts import UNKNOWN
from anju.rules.lists.readings import Value

MOST = 20
LONGEST = 50


@dataclass(frozen=True, slots=True)
class CardLine:
    """One released item of a card. `value` is None where it is not public; `bars` say why. `source` is a kind of `Source`."""

    indicator: Indicator
    value: Value | None
    bars: tuple[Bar, ...]
    source: str = ""
    observed_on: date | None = None


@dataclass(frozen=True, slots=True)
class PublicCard:
    """A compound as the public sees it. `offices`: the community's and the town's."""

    code: str
    compound: Compound
    lines: tuple[CardLine, ...]
    offices: tuple[Organisation, ...]

    @property
    def place(self) -> str:
        division = self.compound.division
        above = division.parent.name if division.level == "community" and division.parent else ""
        return f"{above}{division.name}"

    @property
    def updated_on(self) -> date | None:
        return max((line.observed_on for line in self.lines if line.observed_on), default=None)


@dataclass(frozen=True, slots=True)
class Found:
    """One compound that a search found."""

    code: str
    name: str
    place: str


def open_compounds(actor: Actor) -> "QuerySet[Compound]":
    """Return the compounds of which anything is released: those that the public may find. `actor` may be a stranger."""
    live = Release.objects.filter(IN_FORCE, indicator__public=True, indicator__ended_on__isnull=True)
    whole = live.filter(division__isnull=False).annotate(at=StrIndex(OuterRef("division__path"), F("division__path")))
    own = live.filter(compound=OuterRef("pk"))
    return Compound.objects.filter(OPEN).filter(Exists(own) | Exists(whole.filter(at=1)))


def search_cards(actor: Actor, text: str) -> tuple[list[Found], bool]:
    """Return the first compounds called so (name, other name, pinyin, initials), and whether there are more."""
    wanted = " ".join(text.split())[:LONGEST]
    if not wanted or "\x00" in wanted:
        return [], False
    spelled = wanted.replace(" ", "").lower()
    named = Exists(CompoundAlias.objects.filter(compound=OuterRef("pk"), name__icontains=wanted))
    called = Q(name__icontains=wanted) | Q(pinyin__icontains=spelled) | Q(initials__contains=spelled) | named
    rows = open_compounds(actor).filter(called).order_by("pinyin", "id")
    told = rows.values_list("card__code", "name", "division__name", "division__level", "division__parent__name")
    found = [
        Found(code, name, f"{above}{division}" if level == "community" else division)
        for code, name, division, level, above in told[: MOST + 1]
    ]
    return found[:MOST], len(found) > MOST


def moved_to(actor: Actor, code: str) -> str:
    """Return the code of the card that took the place of this one's, where its compound was merged into another; else ""."""
    row = Card.objects.filter(code=code, compound__merged_into__isnull=False)
    return row.values_list("compound__merged_into__card__code", flat=True).first() or ""


def compound_behind(actor: Actor, code: str) -> Compound | None:
    """Return the compound of a public code, released or not: who stands before its poster may report. `actor` may be a stranger."""
    return Compound.objects.filter(OPEN, card__code=code).select_related("division__parent").first()


def public_card(actor: Actor, code: str) -> PublicCard | None:
    """Return the card of that code, None where there is none or nothing of it is released."""
    compound = open_compounds(actor).filter(card__code=code)
    return next(iter(_cards(compound)), None)


def cards_of(actor: Actor, compounds: Iterable[int]) -> list[PublicCard]:
    """Return the cards of compounds that the actor sees, as the public sees them, by name."""
    seen = compounds_for(actor).filter(pk__in=list(compounds)).values("id")
    return _cards(open_compounds(actor).filter(pk__in=seen).order_by("pinyin", "id"))


def preview_card(actor: Actor, pk: int, *, also: Iterable[str] = ()) -> PublicCard | None:
    """Return the card of a compound that the actor sees, as it is or as it would be with the indicators `also` (codes) released."""
    row = compounds_for(actor).filter(OPEN, pk=pk)
    more = Indicator.objects.filter(code__in=list(also), ended_on__isnull=True).values_list("id", flat=True)
    return next(iter(_cards(row, frozenset(more))), None)


def _cards(rows: "QuerySet[Compound]", also: frozenset[int] = frozenset()) -> list[PublicCard]:
    compounds = list(rows.select_related("card", "division__parent"))
    released = _released(compounds, also)
    cells = _cells(compounds, {indicator for pks in released.values() for indicator in pks})
    indicators = Indicator.objects.in_bulk({indicator for pks in released.values() for indicator in pks})
    offices = _offices(compounds)
    return [
        PublicCard(
            row.card.code,
            row,
            tuple(_lines(sorted((indicators[pk] for pk in released[row.pk]), key=_position), cells[row.pk])),
            tuple(offices[row.division_id] + offices[row.division.parent_id or 0]),
        )
        for row in compounds
    ]


def _position(indicator: Indicator) -> int:
    return indicator.position


def _released(compounds: Sequence[Compound], also: frozenset[int]) -> dict[int, list[int]]:
    """Return the released indicators of each compound, in the policy's order."""
    reach = {row.pk: {int(step) for step in row.division.path.split("/") if step} for row in compounds}
    above = set().union(*reach.values()) if reach else set()
    rows = Release.objects.filter(
        IN_FORCE,
        Q(compound__in=list(reach)) | Q(division__in=above),
        indicator__public=True,
        indicator__ended_on__isnull=True,
    )
    told = rows.order_by("indicator__position").values_list("indicator_id", "division_id", "compound_id")
    found: dict[int, dict[int, None]] = {pk: {} for pk in reach}
    for indicator, division, compound in told:
        for pk, path in reach.items():
            if compound == pk or division in path:
                found[pk][indicator] = None
    return {pk: [*indicators, *(also - indicators.keys())] for pk, indicators in found.items()}


def _cells(compounds: Sequence[Compound], indicators: Iterable[int]) -> dict[int, dict[int, Cell]]:
    rows = Cell.objects.filter(compound__in=[row.pk for row in compounds], indicator__in=list(indicators))
    found: dict[int, dict[int, Cell]] = defaultdict(dict)
    for cell in rows.select_related("source"):
        found[cell.compound_id][cell.indicator_id] = cell
    return found


def _offices(compounds: Sequence[Compound]) -> dict[int, list[Organisation]]:
    places = {pk for row in compounds for pk in (row.division_id, row.division.parent_id) if pk}
    found: dict[int, list[Organisation]] = defaultdict(list)
    for office in Organisation.objects.filter(OPEN, division__in=places, kind__in=("community", "town")).order_by("id"):
        found[office.division_id].append(office)
    return found


def _lines(indicators: Sequence[Indicator], cells: dict[int, Cell]) -> Iterable[CardLine]:
    complaint = disclosure_here().complaint_item
    for indicator in indicators:
        cell = cells.get(indicator.pk)
        shown = may_be_public(item_of(indicator), _standing(cell), released=True, complaint_item=complaint)
        if shown.listed:
            yield _line(indicator, cell, shown)


def _line(indicator: Indicator, cell: Cell | None, shown: Shown) -> CardLine:
    if cell is None or not shown.public:
        return CardLine(indicator, None, shown.bars)
    source = cell.source.kind if cell.source else ""
    return CardLine(indicator, value_of_row(cell, indicator.type), (), source, cell.observed_on)


def _standing(cell: Cell | None) -> Standing | None:
    if cell is None:
        return None
    return Standing(cell.form != UNKNOWN, cell.conflict, confirmed=cell.confirmed_at is not None)

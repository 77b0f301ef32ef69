"""How complete, fresh and sure the facts are: by town, by the unit that answers, by indicator. Asked in sets, never row by row."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from anju.base.actor import Actor
from anju.places.models import OPEN, Compound, Division
from anju.places.queries.paging import Page, page_of
from anju.places.queries.scoped import compounds_for
from anju.registry.models import Cell, Indicator
from anju.registry.queries.answering import Answerer, Answering, answering
from anju.registry.queries.facts import cells_for, indicators_for
from anju.rules.facts import UNKNOWN

KNOWN = ~Q(form=UNKNOWN)
WAITING = KNOWN & Q(conflict=False, confirmed_at__isnull=True, derived=False)  # nobody has stood up for it yet


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of cells. `asked`: compounds times indicators that somebody answers for; the rest are among the `known`."""

    asked: int = 0
    known: int = 0
    confirmed: int = 0
    stale: int = 0
    conflict: int = 0
    waiting: int = 0

    @property
    def missing(self) -> int:
        return self.asked - self.known

    @property
    def percent(self) -> int | None:
        """Known of asked in whole per cent, rounded down so that 100 means all; None where nothing is asked."""
        return self.known * 100 // self.asked if self.asked else None

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.asked + other.asked,
            self.known + other.known,
            self.confirmed + other.confirmed,
            self.stale + other.stale,
            self.conflict + other.conflict,
            self.waiting + other.waiting,
        )


@dataclass(frozen=True, slots=True)
class TownLine:
    pk: int
    name: str
    compounds: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class UnitLine:
    unit: Answerer
    tally: Tally


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    pk: int
    code: str
    name: str
    group: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Progress:
    compounds: int
    whole: Tally
    towns: list[TownLine] = field(default_factory=list)
    units: list[UnitLine] = field(default_factory=list)
    indicators: list[IndicatorLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Which cells are sought: of a town, of whoever answers for them (`unit`, an organisation's id), of one indicator."""

    town: Division | None = None
    unit: int | None = None
    indicator: Indicator | None = None


def asked_indicators(actor: Actor) -> "QuerySet[Indicator]":
    """Return the indicators that somebody answers for: what completeness counts."""
    return indicators_for(actor).exclude(answers=[]).order_by("position")


def progress(actor: Actor, *, on: date, town: Division | None = None) -> Progress:
    """Return how far the facts are on a day, in seven queries whatever the rows. A cell with several units counts for each of them."""
    asked = list(asked_indicators(actor))
    homes = _homes(actor, town)
    counts = _counts(actor, on, town)
    tallies = {
        (indicator.pk, division): Tally(asked=home.compounds) + counts.get((indicator.pk, division), Tally())
        for indicator in asked
        for division, home in homes.items()
    }
    return Progress(
        sum(home.compounds for home in homes.values()),
        _sum(tallies.values()),
        _by_town(homes, tallies),
        _by_unit(asked, homes, tallies, answering()),
        [
            IndicatorLine(row.pk, row.code, row.name, row.group, _sum(tallies[row.pk, division] for division in homes))
            for row in asked
        ],
    )


@dataclass(frozen=True, slots=True)
class _Home:
    """A division that has compounds, and the town it lies in."""

    compounds: int
    town: int
    town_name: str
    town_code: str


def _homes(actor: Actor, town: Division | None) -> dict[int, _Home]:
    rows = compounds_for(actor).filter(OPEN, *_within(town)).order_by()
    counted = dict(rows.values_list("division_id").annotate(count=Count("id")))
    places = Division.objects.filter(pk__in=counted).select_related("parent")
    towns = {place.pk: place.parent if place.level == "community" and place.parent else place for place in places}
    return {pk: _Home(counted[pk], home.pk, home.name, home.code) for pk, home in towns.items()}


def _counts(actor: Actor, on: date, town: Division | None) -> dict[tuple[int, int], Tally]:
    rows = cells_for(actor).filter(*_within(town, "compound__"), compound__ended_on__isnull=True).order_by()
    counted = rows.values_list("indicator_id", "compound__division_id").annotate(
        known=Count("id", filter=KNOWN),
        confirmed=Count("id", filter=KNOWN & Q(confirmed_at__isnull=False)),
        stale=Count("id", filter=KNOWN & Q(stale_on__lte=on)),
        in_conflict=Count("id", filter=Q(conflict=True)),
        waiting=Count("id", filter=WAITING),
    )
    return {(indicator, division): Tally(0, *rest) for indicator, division, *rest in counted}


def _within(town: Division | None, prefix: str = "") -> list[Q]:
    return [Q(**{f"{prefix}division__path__startswith": town.path})] if town else []


def _by_town(homes: dict[int, _Home], tallies: dict[tuple[int, int], Tally]) -> list[TownLine]:
    found: dict[int, list[int]] = defaultdict(list)
    for division, home in homes.items():
        found[home.town].append(division)
    lines = [
        TownLine(
            town,
            homes[divisions[0]].town_name,
            sum(homes[division].compounds for division in divisions),
            _sum(tally for (_, division), tally in tallies.items() if division in divisions),
        )
        for town, divisions in found.items()
    ]
    codes = {home.town: home.town_code for home in homes.values()}
    return sorted(lines, key=lambda line: codes[line.pk])


def _by_unit(
    asked: Iterable[Indicator], homes: dict[int, _Home], tallies: dict[tuple[int, int], Tally], who: Answering
) -> list[UnitLine]:
    found: dict[Answerer, Tally] = {}
    for indicator in asked:
        for division, home in homes.items():
            for unit in who.all_of(indicator.answers, home.town):
                found[unit] = found.get(unit, Tally()) + tallies[indicator.pk, division]
    return sorted((UnitLine(*line) for line in found.items()), key=lambda line: (-line.tally.missing, line.unit.name))


def _sum(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())


def gap_page(actor: Actor, gaps: Gaps, *, before: int | None = None, after: int | None = None) -> Page:
    """Return compounds with something missing; each row carries `missing`, the indicators nobody has told, and `asked`."""
    wanted = _sought(actor, gaps)
    pks = [row.pk for row in wanted]
    known = _filled(pks).filter(compound=OuterRef("pk")).order_by().values(all=Value(1)).annotate(count=Count("id"))
    rows = _gap_compounds(actor, gaps).annotate(
        filled=Coalesce(Subquery(known.values("count"), output_field=IntegerField()), 0)
    )
    columns = ("name", "filled", "division__name", "division__level", "division__parent__name")
    page = page_of(rows.filter(filled__lt=len(pks)), columns, before=before, after=after)
    told = set(
        _filled(pks).filter(compound__in=[row["id"] for row in page.rows]).values_list("compound_id", "indicator_id")
    )
    for row in page.rows:
        row["missing"] = [one for one in wanted if (row["id"], one.pk) not in told]
        row["asked"] = len(pks)
    return page


def count_gaps(actor: Actor, gaps: Gaps) -> tuple[int, int]:
    """Return how many cells are missing, and how many are asked."""
    pks = [row.pk for row in _sought(actor, gaps)]
    compounds = _gap_compounds(actor, gaps)
    asked = compounds.count() * len(pks)
    return asked - _filled(pks).filter(compound__in=compounds.order_by().values("id")).count(), asked


def _filled(indicators: Iterable[int]) -> "QuerySet[Cell]":
    return Cell.objects.filter(KNOWN, indicator__in=list(indicators))


def _sought(actor: Actor, gaps: Gaps) -> list[Indicator]:
    rows = asked_indicators(actor)
    if gaps.indicator is not None:
        rows = rows.filter(pk=gaps.indicator.pk)
    if gaps.unit is None:
        return list(rows)
    who = answering()
    codes = {code for code, unit in who.units.items() if unit.pk == gaps.unit and code not in who.of_town}
    codes |= who.of_town if gaps.unit in {unit.pk for unit in who.towns.values()} else set()
    return [row for row in rows if codes & set(row.answers)]


def _gap_compounds(actor: Actor, gaps: Gaps) -> "QuerySet[Compound]":
    return compounds_for(actor).filter(OPEN, *_within(gaps.town), *_of_unit(gaps))


def _of_unit(gaps: Gaps, prefix: str = "") -> list[Q]:
    """A town's government answers for its own compounds only; any other unit for all."""
    towns = [town for town, unit in answering().towns.items() if unit.pk == gaps.unit] if gaps.unit else []
    within = Q(**{f"{prefix}division__in": towns}) | Q(**{f"{prefix}division__parent__in": towns})
    return [within] if towns else []


def cells_to_look_at(actor: Actor, show: str, *, on: date, gaps: Gaps) -> Any:
    """Return the cells in conflict, not confirmed by anybody, or stale, each with `pinyin` for its page."""
    which = {"conflict": Q(conflict=True), "unconfirmed": WAITING, "stale": KNOWN & Q(stale_on__lte=on)}[show]
    rows = cells_for(actor).filter(
        which, *_within(gaps.town, "compound__"), compound__ended_on__isnull=True, derived=False
    )
    if gaps.unit is not None:
        rows = rows.filter(*_of_unit(gaps, "compound__"), indicator__in=[row.pk for row in _sought(actor, gaps)])
    elif gaps.indicator is not None:
        rows = rows.filter(indicator=gaps.indicator)
    else:
        rows = rows.filter(indicator__in=[row.pk for row in indicators_for(actor)])
    return rows.annotate(pinyin=F("compound__pinyin"))

"""What was said and decided about cells, and what holds by it: asked by those who have checked the reach, never by a page itself."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from anju.base.copying import among
from anju.registry.models import Decision, Fact, Indicator
from anju.rules.facts import Decided, Settled, Told, settle
from anju.rules.lists.stored import Stored

Pair = tuple[int, int]  # compound and indicator
VALUE = ("low", "high", "text", "form", "approximate")


def told_of(pairs: Collection[Pair]) -> dict[Pair, list[Told]]:
    """Return everything said about these cells that was not withdrawn."""
    rows = Fact.objects.filter(
        statement__compound__in=among({compound for compound, _ in pairs}),
        indicator__in={indicator for _, indicator in pairs},
        statement__withdrawal__isnull=True,
    ).values_list(
        "statement__compound_id", "indicator_id", "id", "statement__source_id", "statement__source__rank",
        "statement__observed_on", *VALUE,
    )  # fmt: skip
    told: dict[Pair, list[Told]] = defaultdict(list)
    for compound, indicator, pk, source, rank, observed_on, *value in rows:
        if (compound, indicator) in pairs:
            told[compound, indicator].append(Told(pk, source, rank, observed_on, Stored(*value)))
    return told


def decisions_of(pairs: Collection[Pair]) -> dict[Pair, Decision]:
    """Return the last decision about each of these cells."""
    compounds, indicators = {compound for compound, _ in pairs}, {indicator for _, indicator in pairs}
    rows = Decision.objects.filter(compound__in=among(compounds), indicator__in=indicators).order_by("id")
    return {(row.compound_id, row.indicator_id): row for row in rows}


def settled_cell(indicator: Indicator, told: Sequence[Told], decision: Decision | None) -> Settled:
    decided = Decided(decision.fact_id, decision.seen_to) if decision else None
    return settle(told, decided, type_=indicator.type, tolerance=indicator.tolerance, period=indicator.stale_days)


def settled_cells(pairs: Collection[Pair]) -> dict[Pair, Settled]:
    """Return what holds for each of these cells, with what every source says now."""
    indicators = Indicator.objects.in_bulk({indicator for _, indicator in pairs})
    told, decided = told_of(pairs), decisions_of(pairs)
    return {pair: settled_cell(indicators[pair[1]], told.get(pair, []), decided.get(pair)) for pair in pairs}

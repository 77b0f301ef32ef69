"""Working out what holds. Cells follow from statements, withdrawals and decisions, by `rules.facts.settle`, and from nothing else."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from anju.places.models import Compound
from anju.registry.models import Cell, Decision, Fact, Indicator
from anju.registry.queries.settling import VALUE, Pair, decisions_of, settled_cell, told_of
from anju.registry.services.terms import FOLLOWED, refresh_terms
from anju.rules.facts import Settled

_WRITTEN = (
    *VALUE,
    "fact_id",
    "source_id",
    "observed_on",
    "stale_on",
    "sources",
    "conflict",
    "confirmed_by_id",
    "confirmed_at",
)
_AT_ONCE = 1000
_LATEST = date(2200, 1, 1)


def refresh_cells(pairs: Iterable[Pair]) -> None:
    """Work out these cells anew from all that was said and decided. Call it in the transaction that changed something."""
    wanted = sorted(set(pairs))
    for start in range(0, len(wanted), _AT_ONCE):
        _refresh(wanted[start : start + _AT_ONCE])


def fresh_cell(indicator: Indicator, compound: int, fact: Fact, source: int, observed_on: date) -> Cell:
    """Return the unsaved cell of a compound about which nothing else was ever said: what `refresh_cells` would write."""
    values = {name: getattr(fact, name) for name in VALUE}
    return Cell(
        compound_id=compound,
        indicator=indicator,
        fact_id=fact.pk,
        source_id=source,
        observed_on=observed_on,
        stale_on=stale_on(indicator, observed_on),
        **values,
    )


def stale_on(indicator: Indicator, observed_on: date) -> date:
    return min(observed_on, _LATEST - timedelta(days=indicator.stale_days)) + timedelta(days=indicator.stale_days)


def _refresh(pairs: Sequence[Pair]) -> None:
    compounds, wanted = {compound for compound, _ in pairs}, set(pairs)
    indicators = Indicator.objects.in_bulk({indicator for _, indicator in pairs})
    told, decided = told_of(wanted), decisions_of(wanted)
    known = {(cell.compound_id, cell.indicator_id): cell for cell in _cells(compounds, indicators)}
    made: list[Cell] = []
    changed: list[Cell] = []
    emptied: list[int] = []
    for pair in pairs:
        cell = known.get(pair)
        if cell is not None and cell.derived:
            continue
        settled = settled_cell(indicators[pair[1]], told.get(pair, []), decided.get(pair))
        if settled.current is None:
            emptied += [cell.pk] if cell else []
            continue
        fresh = _written(pair, indicators[pair[1]], settled, decided.get(pair), cell)
        (changed if cell else made).append(fresh)
    Cell.objects.bulk_create(made)
    Cell.objects.bulk_update(changed, _WRITTEN, batch_size=_AT_ONCE)
    Cell.objects.filter(pk__in=emptied).delete()
    _keep_service_state(pairs, {row.pk for row in indicators.values() if row.type == "service"})
    refresh_terms(compound for compound, indicator in pairs if indicators[indicator].code in FOLLOWED)


def _cells(compounds: Collection[int], indicators: Collection[int]) -> Iterable[Cell]:
    return Cell.objects.select_for_update().filter(compound__in=compounds, indicator__in=indicators).order_by("pk")


def _written(pair: Pair, indicator: Indicator, settled: Settled, decision: Decision | None, cell: Cell | None) -> Cell:
    current = settled.current
    assert current is not None
    confirmed = decision if decision and settled.confirmed else None
    values: dict[str, Any] = {
        **{name: getattr(current.value, name) for name in VALUE},
        "fact_id": current.pk,
        "source_id": current.source,
        "observed_on": current.observed_on,
        "stale_on": stale_on(indicator, current.observed_on),
        "sources": len(settled.live),
        "conflict": settled.conflict,
        "confirmed_by_id": confirmed.by_id if confirmed else None,
        "confirmed_at": confirmed.at if confirmed else None,
    }
    cell = cell or Cell(compound_id=pair[0], indicator_id=pair[1])
    for name, value in values.items():
        setattr(cell, name, value)
    return cell


def _keep_service_state(pairs: Sequence[Pair], indicators: Collection[int]) -> None:
    """The compound's state of service follows the cell that tells it, where that is settled and says anything."""
    compounds = [compound for compound, indicator in pairs if indicator in indicators]
    told = Cell.objects.filter(compound__in=compounds, indicator__in=indicators, conflict=False).exclude(form="unknown")
    for state in set(told.values_list("form", flat=True)):
        of_state = told.filter(form=state).values("compound")
        Compound.objects.filter(pk__in=of_state).exclude(service_state=state).update(service_state=state)

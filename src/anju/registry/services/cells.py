"""Working out what holds. Cells follow from statements, withdrawals and decisions, by `rules.facts.settle`, and from nothing else."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

from anju.base.copying import among, copy_rows
from anju.places.models import Compound
from anju.registry.models import Cell, Decision, Indicator
from anju.registry.queries.settling import VALUE, Pair, decisions_of, settled_cell, told_of
from anju.registry.services.terms import FOLLOWED, refresh_terms
from anju.rules.facts import Told

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
_UPDATE = """
update registry_cell set low = new.low, high = new.high, text = new.text, form = new.form, approximate = new.approximate,
  fact_id = new.fact_id, source_id = new.source_id, observed_on = new.observed_on, stale_on = new.stale_on, sources = new.sources,
  conflict = new.conflict, confirmed_by_id = new.confirmed_by_id, confirmed_at = new.confirmed_at
from unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::bool[], %s::bigint[], %s::bigint[], %s::date[],
  %s::date[], %s::smallint[], %s::bool[], %s::bigint[], %s::timestamptz[])
  as new(id, low, high, text, form, approximate, fact_id, source_id, observed_on, stale_on, sources, conflict, confirmed_by_id,
         confirmed_at)
where registry_cell.id = new.id
"""
_NO_CELL: tuple[int, bool, None] = (0, False, None)
_AT_ONCE = 5000
_LATEST = date(2200, 1, 1)


def refresh_cells(pairs: Iterable[Pair]) -> None:
    """Work out these cells anew from all that was said and decided. Call it in the transaction that changed something."""
    wanted = sorted(set(pairs))
    for start in range(0, len(wanted), _AT_ONCE):
        _refresh(wanted[start : start + _AT_ONCE])


def stale_on(indicator: Indicator, observed_on: date) -> date:
    return min(observed_on, _LATEST - timedelta(days=indicator.stale_days)) + timedelta(days=indicator.stale_days)


def _refresh(pairs: Sequence[Pair]) -> None:
    compounds, wanted = {compound for compound, _ in pairs}, set(pairs)
    indicators = Indicator.objects.in_bulk({indicator for _, indicator in pairs})
    told, decided = told_of(wanted), decisions_of(wanted)
    known = _known(compounds, indicators)
    made: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    emptied: list[int] = []
    for pair in pairs:
        pk, derived, before = known.get(pair, _NO_CELL)
        if derived:
            continue
        fresh = _fresh(indicators[pair[1]], told.get(pair, []), decided.get(pair))
        if fresh is None:
            emptied += [pk] if pk else []
        elif not pk:
            made.append((*pair, False, *fresh))
        elif fresh != before:
            changed.append((pk, *fresh))
    _add(made)
    _change(changed)
    if emptied:
        Cell.objects.filter(pk__in=emptied).delete()
    _keep_service_state(pairs, {row.pk for row in indicators.values() if row.type == "service"})
    refresh_terms(compound for compound, indicator in pairs if indicators[indicator].code in FOLLOWED)


def _known(
    compounds: Collection[int], indicators: Collection[int]
) -> dict[Pair, tuple[int, bool, tuple[Any, ...] | None]]:
    """Return key, `derived` and `_WRITTEN` of the cells there are, locked, as plain values: an import asks for tens of thousands."""
    rows = (
        Cell.objects.select_for_update().filter(compound__in=among(compounds), indicator__in=indicators).order_by("pk")
    )
    return {
        (compound, indicator): (pk, derived, tuple(values))
        for pk, compound, indicator, derived, *values in rows.values_list(
            "pk", "compound_id", "indicator_id", "derived", *_WRITTEN
        )
    }


def _add(cells: Sequence[tuple[Any, ...]]) -> None:
    if cells:
        copy_rows(Cell, ("compound_id", "indicator_id", "derived", *_WRITTEN), cells)


def _change(cells: Sequence[tuple[Any, ...]]) -> None:
    """One statement for all: Django's own way of updating many rows is a hundred times slower."""
    if cells:
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, list(map(list, zip(*cells, strict=True))))


def _fresh(indicator: Indicator, told: Sequence[Told], decision: Decision | None) -> tuple[Any, ...] | None:
    """Return the cell as `_WRITTEN` columns, None where nothing holds."""
    settled = settled_cell(indicator, told, decision)
    if settled.current is None:
        return None
    current, value = settled.current, settled.current.value
    confirmed = decision if decision and settled.confirmed else None
    return (
        value.low, value.high, value.text, value.form, value.approximate, current.pk, current.source, current.observed_on,
        stale_on(indicator, current.observed_on), len(settled.live), settled.conflict,
        confirmed.by_id if confirmed else None, confirmed.at if confirmed else None,
    )  # fmt: skip


def _keep_service_state(pairs: Sequence[Pair], indicators: Collection[int]) -> None:
    """The compound's state of service follows the cell that tells it, where that is settled and says anything."""
    compounds = among({compound for compound, indicator in pairs if indicator in indicators})
    told = Cell.objects.filter(compound__in=compounds, indicator__in=indicators, conflict=False).exclude(form="unknown")
    for state in set(told.values_list("form", flat=True)):
        of_state = told.filter(form=state).values("compound")
        Compound.objects.filter(pk__in=of_state).exclude(service_state=state).update(service_state=state)

"""Loading the policy's indicators as rows, so that facts can point at them. Loading twice changes nothing."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db import transaction

from anju.base import audit
from anju.base.actor import Actor
from anju.registry.models import Indicator
from anju.registry.queries.catalogue import read_catalogue
from anju.rules.lists.catalogue import Catalogue
from anju.rules.permissions import Permission

PLACE = "place"
_TOLERATED, _STALE = 0, 3650  # an address and a point grow old slowly; `rules.facts` knows when two points are apart


@dataclass(frozen=True, slots=True)
class _Row:
    code: str
    name: str
    type: str
    group: str
    position: int
    tolerance: int
    stale_days: int
    answers: list[str]
    cite: str
    valid_from: date
    unit: str = ""
    public: bool = False


@transaction.atomic
def load_indicators(*, actor: Actor, policy: str, at: datetime) -> int:
    """Write what the policy asks of compounds; return how many rows were new or changed. What it no longer asks is ended."""
    actor.require(Permission.DIVISION_EDIT)
    wanted = {row.code: row for row in _rows(read_catalogue(policy))}
    known = {row.code: row for row in Indicator.objects.select_for_update()}
    changed = [code for code, row in wanted.items() if _write(row, known.get(code))]
    gone = [row for code, row in known.items() if code not in wanted and row.ended_on is None]
    for row in gone:
        row.ended_on = at.date()
        row.save(update_fields=["ended_on"])
    if changed or gone:
        note = {"policy": policy, "changed": changed, "ended": [row.code for row in gone]}
        audit.record(actor=actor, action="indicators.loaded", note=note, at=at)
    return len(changed) + len(gone)


def _rows(catalogue: Catalogue) -> list[_Row]:
    """The place of a compound first, then the indicators in the policy's order."""
    begun = catalogue.indicators[0].valid_from
    rows = [
        _Row(one.code, one.name, one.type, PLACE, position, _TOLERATED, _STALE, [], one.cite, begun)
        for position, one in enumerate(
            (column for column in catalogue.columns if column.type in {"address", "point"}), 1
        )
    ]
    for position, one in enumerate(catalogue.indicators, 100):
        row = _Row(
            one.code, one.name, one.type, one.group, position, one.tolerance, one.stale_days, list(one.answers),
            one.cite, one.valid_from, one.unit, one.public,
        )  # fmt: skip
        rows.append(row)
    return rows


def _write(wanted: _Row, known: Indicator | None) -> bool:
    values = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
    if known is None:
        Indicator.objects.create(**values)
        return True
    if known.ended_on is None and all(getattr(known, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(known, name, value)
    known.ended_on = None
    known.save()
    return True

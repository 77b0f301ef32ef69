"""Settling a returned table: what was chosen of it is written as facts, now or by the worker, or it is given up."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.base.beside import Progress, nobody
from anju.places.models import Compound
from anju.registry.models import Indicator
from anju.registry.services.statements import Saying
from anju.reports.models import ReturnedOrder, ReturnedTable, TableEdit
from anju.reports.queries.rows import rows_for
from anju.reports.services.edits import Telling, Word, tell_cells
from anju.rules.lists.cells import read_cell
from anju.rules.lists.readings import Known
from anju.rules.masking import PERSONAL
from anju.rules.permissions import Permission

GONE = "●"
KEPT = timedelta(days=30)  # an own rule: how long a table waits that nobody settles
State = ReturnedTable.State
OPEN = (State.WAITING, State.WRITING)


@transaction.atomic
def write_returned(
    *, actor: Actor, returned: ReturnedTable, chosen: Sequence[int], word: Word, at: datetime
) -> TableEdit:
    """Record the chosen changes of a returned table as facts, in one act that can be taken back."""
    row = _locked(actor, returned, State.WAITING)
    return _write(actor, row, _wanted(row, chosen), word, at, nobody)


@transaction.atomic
def order_writing(
    *, actor: Actor, returned: ReturnedTable, chosen: Sequence[int], word: Word, at: datetime
) -> ReturnedOrder:
    """Leave the same to a worker. Refused for what would be refused before anything is written."""
    row = _locked(actor, returned, State.WAITING)
    _wanted(row, chosen)
    if word.observed_on > timezone.localdate(at):
        raise Refused("fact.observed_later")
    row.state, row.failure = State.WRITING, ""
    row.save(update_fields=["state", "failure"])
    return ReturnedOrder.objects.create(
        returned=row,
        chosen=sorted(set(chosen)),
        source=word.source,
        observed_on=word.observed_on,
        reason=word.reason,
    )


@transaction.atomic
def write_ordered(
    *, actor: Actor, returned: ReturnedTable, at: datetime, progress: Progress | None = None
) -> TableEdit:
    """Write what was ordered: all of it or, cut off in the middle, nothing. `progress` is told how many changes are written."""
    row = _locked(actor, returned, State.WRITING)
    order = ReturnedOrder.objects.select_related("source").get(pk=row.pk)
    word = Word(order.source, order.observed_on, order.reason)
    edit = _write(actor, row, _wanted(row, order.chosen), word, at, progress or nobody)
    order.delete()
    return edit


@transaction.atomic
def give_back(*, actor: Actor, returned: ReturnedTable, failure: str, at: datetime) -> None:
    """Put a table back for review, with why the worker could not write it. One that was settled meanwhile stays so."""
    row = ReturnedTable.objects.select_for_update(no_key=True).filter(pk=returned.pk, by=actor.user_id).first()
    if row is None or row.state != State.WRITING:
        return
    row.state, row.failure = State.WAITING, failure
    row.save(update_fields=["state", "failure"])
    ReturnedOrder.objects.filter(pk=row.pk).delete()
    audit.record(actor=actor, action="table.return_given_back", subject=row, note={"failure": failure}, at=at)


def _locked(actor: Actor, returned: ReturnedTable, state: str) -> ReturnedTable:
    actor.require(Permission.FACT_EDIT)
    row = ReturnedTable.objects.select_for_update(no_key=True).filter(pk=returned.pk, by=actor.user_id).first()
    if row is None or row.state != state:
        raise Refused("table.returned_settled")
    return row


def _wanted(row: ReturnedTable, chosen: Sequence[int]) -> list[list[Any]]:
    wanted = [row.changes[number] for number in sorted(set(chosen)) if 0 <= number < len(row.changes)]
    if not wanted:
        raise Refused("fact.nothing_said")
    return wanted


def _write(
    actor: Actor, row: ReturnedTable, wanted: Sequence[Sequence[Any]], word: Word, at: datetime, progress: Progress
) -> TableEdit:
    tellings = _tellings(actor, wanted, at)
    about = f"带回修改 {row.file_name}"
    edit = tell_cells(actor=actor, tellings=tellings, word=word, about=about, at=at, progress=progress)
    row.state, row.edit = State.WRITTEN, edit
    _forget_people(row)
    row.save(update_fields=["state", "edit", "changes", "refusals"])
    return edit


def _tellings(actor: Actor, changes: Sequence[Sequence[Any]], at: datetime) -> list[Telling]:
    indicators = {one.code: one for one in Indicator.objects.filter(code__in={change[2] for change in changes})}
    compounds = Compound.objects.filter(table_row__in=rows_for(actor)).in_bulk([change[0] for change in changes])
    said: dict[int, list[tuple[Indicator, Saying]]] = {}
    for pk, _, code, _, text, _ in changes:
        indicator = indicators[code]
        reading = read_cell(text, indicator.type, latest=timezone.localdate(at).year, zero=True)
        if pk not in compounds or not isinstance(reading, Known):
            raise Refused("fact.gone")
        said.setdefault(pk, []).append((indicator, Saying(reading.value, text, reading.note)))
    return [Telling(compounds[pk], tuple(sayings)) for pk, sayings in said.items()]


@transaction.atomic
def abandon_returned(*, actor: Actor, returned: ReturnedTable, at: datetime) -> None:
    """Give up what was not written; what is just being written is waited for, and stays."""
    actor.require(Permission.FACT_EDIT)
    own = ReturnedTable.objects.select_for_update(no_key=True).filter(pk=returned.pk, by=actor.user_id)
    if (row := own.first()) and row.state in OPEN:
        _abandon(actor, row, at)


@transaction.atomic
def forget_returned(*, actor: Actor, at: datetime) -> None:
    """Give up, for those who brought them, the tables that nobody has settled for a month."""
    actor.require(Permission.FACT_EDIT)
    waiting = ReturnedTable.objects.select_for_update(no_key=True).filter(state__in=OPEN)
    for row in waiting.filter(at__lte=at - KEPT).order_by("pk"):
        _abandon(actor, row, at)


def _abandon(actor: Actor, row: ReturnedTable, at: datetime) -> None:
    row.state = State.ABANDONED
    _forget_people(row)
    row.save(update_fields=["state", "changes", "refusals"])
    ReturnedOrder.objects.filter(pk=row.pk).delete()
    audit.record(actor=actor, action="table.return_abandoned", subject=row, at=at)


def _forget_people(row: ReturnedTable) -> None:
    """Once settled, what the file said of people is kept nowhere but in the facts: 个人信息保护法 19, the shortest time that serves."""
    personal = dict(Indicator.objects.filter(type__in=PERSONAL).values_list("code", "name"))
    row.changes = [
        [pk, name, code, GONE, GONE, line] if code in personal else [pk, name, code, old, new, line]
        for pk, name, code, old, new, line in row.changes
    ]
    row.refusals = [
        [line, name, column, code, told | {"value": GONE} if column in personal.values() else told]
        for line, name, column, code, told in row.refusals
    ]

"""What a worker is asked to do with an import that is there already: the order, its end, and going back where it never came to it."""

from datetime import datetime
from typing import Final
from uuid import uuid4

from django.db import transaction

from anju.base.actor import Actor
from anju.places.services.reach import require_reach
from anju.registry.models import ListImport
from anju.registry.services.imports.opening import State, locked_import, refuse_at_work, refuse_closed
from anju.registry.services.imports.staging import plan_of
from anju.rules.permissions import Permission

# What is ordered, and the state in which the import is before it.
BEFORE: Final = {State.TREATING: State.PREVIEWED, State.UNDOING: State.WRITTEN}
_KEPT: Final = ["state", "done", "failure", "plan"]


def ordered(row: ListImport, work: State) -> str:
    """Leave the work to a worker, so that nobody does anything else with the import meanwhile; return the mark of the order."""
    row.state, row.done, row.failure, row.plan = work, 0, "", f"{work} {uuid4()}"
    row.save(update_fields=_KEPT)
    return row.plan


def held_for(row: ListImport, work: State, order: str) -> ListImport:
    """Return the import, locked, for whoever may do the work now: the worker with the order, else anybody before there is one."""
    if not order:
        refuse_at_work(row)
    row = locked_import(row)
    if row.state != (work if order else BEFORE[work]) or row.plan != (order or row.plan):
        refuse_closed(row)
    return row


@transaction.atomic
def stop_order(*, actor: Actor, row: ListImport, at: datetime) -> None:
    """Go back where the worker was killed or never came. One in the middle of it is not interrupted."""
    actor.require(Permission.LIST_IMPORT)
    refuse_at_work(row)
    row = locked_import(row)
    require_reach(actor, Permission.LIST_IMPORT, row.default_division)
    if row.state not in BEFORE:
        refuse_closed(row)
    _go_back(row, "")


@transaction.atomic
def give_back(*, actor: Actor, row: ListImport, order: str, failure: str, at: datetime) -> None:
    """Go back, with why the worker could not do what was ordered. An order that was stopped stays so."""
    row = locked_import(row)
    if row.state in BEFORE and row.plan == order:
        _go_back(row, failure)


def _go_back(row: ListImport, failure: str) -> None:
    row.state, row.done, row.failure, row.plan = BEFORE[State(row.state)], row.rows, failure, plan_of(row)
    row.save(update_fields=_KEPT)

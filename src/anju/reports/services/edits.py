"""Editing where one stands: cells and rows changed in one act, every one of them a fact with its source or a change with its history.

An act can be taken back whole by whoever did it, as long as nobody has moved its rows on since.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.base.beside import Progress, nobody
from anju.places.models import Compound, Division
from anju.places.services.compounds import CompoundFacts, edit_compound
from anju.places.services.reach import locked_compounds
from anju.registry.models import Indicator, Source, Statement, Withdrawal
from anju.registry.services.statements import Saying, record_each, withdraw_all
from anju.reports.models import TableEdit
from anju.rules.permissions import Permission

UNDO = "撤回一张表的修改"
MOVED = ("division", "kind")
_AT_ONCE = 500  # compounds between two words of progress


@dataclass(frozen=True, slots=True)
class Telling:
    """What one compound is said to have: one value an indicator."""

    compound: Compound
    sayings: tuple[tuple[Indicator, Saying], ...]


@dataclass(frozen=True, slots=True)
class Word:
    """Who says so, and of which day it is true."""

    source: Source
    observed_on: date
    reason: str = ""


@transaction.atomic
def tell_cells(
    *,
    actor: Actor,
    tellings: Sequence[Telling],
    word: Word,
    about: str,
    at: datetime,
    progress: Progress = nobody,
) -> TableEdit:
    """Record values of several compounds, each named once, as one act. `progress` is told how many values are written."""
    actor.require(Permission.FACT_EDIT)
    ordered = sorted(tellings, key=lambda one: one.compound.pk)  # rows are locked in this order by everybody
    statements: list[int] = []
    done = 0
    for start in range(0, max(len(ordered), 1), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        told = record_each(
            actor=actor, said={one.compound.pk: dict(one.sayings) for one in some}, source=word.source,
            observed_on=word.observed_on, reason=word.reason, at=at,
        )  # fmt: skip
        statements += [row.pk for row in told]
        done += sum(len(one.sayings) for one in some)
        progress(done)
    return _kept(actor, about, at, statements=statements)


@transaction.atomic
def move_rows(
    *,
    actor: Actor,
    compounds: Sequence[Compound],
    division: Division | None = None,
    kind: str = "",
    about: str,
    at: datetime,
) -> TableEdit:
    """Give several compounds a division or a kind, by the service that owns them."""
    actor.require(Permission.COMPOUND_EDIT)
    moved: list[list[object]] = []
    for row in locked_compounds(actor, Permission.COMPOUND_EDIT, *(compound.pk for compound in compounds)).values():
        facts = _facts(row)
        wanted = replace(facts, division=division or facts.division, kind=kind or facts.kind)
        if division and division.pk != row.division_id:
            moved.append([row.pk, "division", row.division_id, division.pk])
        if kind and kind != row.kind:
            moved.append([row.pk, "kind", row.kind, kind])
        edit_compound(actor=actor, compound=row, facts=wanted, at=at)
    return _kept(actor, about, at, moved=moved)


@transaction.atomic
def undo_edit(*, actor: Actor, edit: TableEdit, at: datetime) -> None:
    """Take back one's own act: its statements are withdrawn, its rows put back where they were."""
    row = TableEdit.objects.select_for_update(no_key=True).filter(pk=edit.pk, by=actor.user_id).first()
    if row is None or row.undone_at is not None:
        raise Refused("table.already_undone")
    if row.statements:
        _withdraw(actor, row, at)
    if row.moved:
        _move_back(actor, row, at)
    row.undone_at = at
    row.save(update_fields=["undone_at"])
    audit.record(actor=actor, action="table.undone", subject=row, at=at)


def _withdraw(actor: Actor, edit: TableEdit, at: datetime) -> None:
    actor.require(Permission.FACT_EDIT)
    rows = list(Statement.objects.filter(pk__in=edit.statements, recorder=actor.user_id).order_by("pk"))
    locked_compounds(actor, Permission.FACT_EDIT, *(row.compound_id for row in rows))
    gone = set(Withdrawal.objects.filter(statement__in=rows).values_list("statement_id", flat=True))
    withdraw_all(actor=actor, statements=[row for row in rows if row.pk not in gone], reason=UNDO, at=at)


def _move_back(actor: Actor, edit: TableEdit, at: datetime) -> None:
    actor.require(Permission.COMPOUND_EDIT)
    rows = locked_compounds(actor, Permission.COMPOUND_EDIT, *{pk for pk, *_ in edit.moved})
    for pk, field, before, after in edit.moved:
        row = rows[pk]
        if (row.division_id if field == "division" else row.kind) != after:
            raise Refused("table.moved_since", name=row.name)
        facts = _facts(row)
        back = (
            replace(facts, division=Division.objects.get(pk=before))
            if field == "division"
            else replace(facts, kind=before)
        )
        rows[pk] = edit_compound(actor=actor, compound=row, facts=back, at=at)


def _facts(row: Compound) -> CompoundFacts:
    return CompoundFacts(row.division, row.kind, row.service_state, row.supervising_unit)


def _kept(actor: Actor, about: str, at: datetime, **what: Sequence[object]) -> TableEdit:
    edit = TableEdit.objects.create(by_id=actor.user_id, at=at, about=about[:200], **what)
    note = {"about": about, "statements": what.get("statements", []), "moved": what.get("moved", [])}
    audit.record(actor=actor, action="table.edited", subject=edit, note=note, at=at)
    return edit

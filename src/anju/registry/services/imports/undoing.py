"""Taking a written list back as a whole. What people have worked on since stays, and is listed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from anju.accounts.models import Post
from anju.base import audit
from anju.base.actor import Actor, Denied, Refused
from anju.base.beside import Progress, nobody
from anju.base.models import AuditEntry, Installation
from anju.places.models import Compound, CompoundAlias
from anju.places.services.reach import require_reach
from anju.registry.models import Cell, Decision, Fact, ImportRow, ListImport, RowLink, Statement
from anju.registry.services.imports.opening import State
from anju.registry.services.imports.ordering import held_for, ordered
from anju.registry.services.imports.staging import AT_ONCE
from anju.registry.services.statements import withdraw_all
from anju.rules.permissions import Permission

Act = ImportRow.Act
# Why a row is left: the compound was edited, a value was confirmed, a newer word came, another told of it too, people hold posts there.
EDITED, DECIDED, OVERWRITTEN, TOLD_ELSEWHERE, HELD = "edited", "decided", "overwritten", "told_elsewhere", "held"


@dataclass(frozen=True, slots=True)
class Left:
    """A row that was not taken back, and why."""

    line: int
    name: str
    compound: int
    why: str


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking a list back did."""

    row: ListImport
    statements: int
    compounds: int
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    name: str
    act: str
    compound: int
    told: Mapping[str, object]


@transaction.atomic
def undo_import(
    *, actor: Actor, row: ListImport, reason: str, at: datetime, order: str = "", progress: Progress = nobody
) -> Undone:
    """Withdraw what the list said and end the compounds that it made, except where people have worked since."""
    actor.require(Permission.LIST_IMPORT)
    _require_written(row, order)
    Installation.objects.select_for_update().get()
    row = _undoable(actor, row, reason, order)
    rows = _written_rows(row)
    left = left_by(row, rows)
    taken = [one for one in rows if one.line not in left]
    statements = list(Statement.objects.filter(list_import=row, withdrawal__isnull=True).exclude(line__in=left))
    for start in range(0, len(statements), AT_ONCE):
        withdraw_all(actor=actor, statements=statements[start : start + AT_ONCE], reason=reason, at=at)
        progress(min(start + AT_ONCE, len(statements)))
    ended = _end_compounds(taken, at)
    _restore(row, taken)
    row.state, row.undone_at, row.failure = State.UNDONE, at, ""
    row.left = [[one.line, left[one.line]] for one in rows if one.line in left]
    row.save(update_fields=["state", "undone_at", "failure", "left"])
    note = {"reason": reason, "statements": len(statements), "compounds": ended, "left": sorted(left)}
    audit.record(actor=actor, action="list.undone", subject=row, note=note, at=at)
    kept = tuple(Left(one.line, one.name, one.compound, left[one.line]) for one in rows if one.line in left)
    return Undone(row, len(statements), ended, kept)


@transaction.atomic
def order_undoing(*, actor: Actor, row: ListImport, reason: str, at: datetime) -> str:
    """Leave the same to a worker; return the mark of the order. Refused for what would be refused at once."""
    return ordered(_undoable(actor, row, reason), State.UNDOING)


def _undoable(actor: Actor, row: ListImport, reason: str, order: str = "") -> ListImport:
    actor.require(Permission.LIST_IMPORT)
    if not reason.strip():
        raise Refused("fact.reason_missing")
    _require_written(row, order)
    row = held_for(row, State.UNDOING, order)
    require_reach(actor, Permission.LIST_IMPORT, row.default_division)
    if row.started_by_id != actor.user_id and not actor.scope.everything:
        raise Denied(Permission.LIST_IMPORT)
    return row


def _require_written(row: ListImport, order: str) -> None:
    """Refuse at once, before anything is waited for."""
    now = ListImport.objects.get(pk=row.pk)
    if not order and now.state != State.WRITTEN:
        raise Refused("import.not_written", state=now.get_state_display())


def _written_rows(row: ListImport) -> list[_Row]:
    rows = ImportRow.objects.filter(list_import=row, unchanged=False, compound__isnull=False).exclude(act=Act.SKIP)
    return [_Row(*values) for values in rows.order_by("line").values_list("line", "name", "act", "compound_id", "told")]


def left_by(row: ListImport, rows: Iterable[_Row]) -> dict[int, str]:
    """Return why each row that people have worked on since would be left, by line."""
    rows = list(rows)
    compounds = {one.compound for one in rows}
    made = {one.compound for one in rows if one.act == Act.CREATE}
    why: dict[int, str] = dict.fromkeys(_edited(row, compounds), EDITED)
    why |= dict.fromkeys(_holding(made), HELD)
    why |= dict.fromkeys(_told_elsewhere(row, made), TOLD_ELSEWHERE)
    why |= dict.fromkeys(_overwritten(row, compounds), OVERWRITTEN)
    why |= dict.fromkeys(_decided(row), DECIDED)
    return {one.line: why[one.compound] for one in rows if one.compound in why}


def _edited(row: ListImport, compounds: Collection[int]) -> set[int]:
    entries = AuditEntry.objects.filter(
        subject_type="places.compound", subject_id__in=compounds, at__gt=row.written_at, action__startswith="compound."
    )
    ended = Compound.objects.filter(pk__in=compounds, ended_on__isnull=False)
    return {*filter(None, entries.values_list("subject_id", flat=True)), *ended.values_list("pk", flat=True)}


def _holding(compounds: Collection[int]) -> set[int]:
    return {pk for pk in Post.objects.filter(compound__in=compounds).values_list("compound_id", flat=True) if pk}


def _told_elsewhere(row: ListImport, compounds: Collection[int]) -> set[int]:
    """A compound that something else tells of too, another list or a person, is more than this list's."""
    others = Statement.objects.filter(compound__in=compounds, withdrawal__isnull=True).exclude(list_import=row)
    return set(others.values_list("compound_id", flat=True))


def _overwritten(row: ListImport, compounds: Collection[int]) -> set[int]:
    """Where the same source has said something newer of the same indicators."""
    own = Fact.objects.filter(statement__list_import=row).values_list("statement__compound_id", "indicator_id", "id")
    latest: dict[tuple[int, int], int] = {(compound, indicator): pk for compound, indicator, pk in own}
    newer = Fact.objects.filter(
        statement__compound__in=compounds, statement__source=row.source_id, statement__withdrawal__isnull=True,
        statement__recorded_at__gte=row.written_at,
    ).exclude(statement__list_import=row)  # fmt: skip
    return {
        compound
        for compound, indicator, pk in newer.values_list("statement__compound_id", "indicator_id", "id")
        if pk > latest.get((compound, indicator), pk)
    }


def _decided(row: ListImport) -> set[int]:
    return set(Decision.objects.filter(fact__statement__list_import=row).values_list("compound_id", flat=True))


def _end_compounds(rows: Iterable[_Row], at: datetime) -> int:
    made = [one.compound for one in rows if one.act == Act.CREATE]
    return Compound.objects.filter(pk__in=made, ended_on__isnull=True).update(ended_on=timezone.localdate(at))


def _restore(row: ListImport, rows: Iterable[_Row]) -> None:
    """Forget which compounds the list's rows were, the aliases they added and the states of service that followed from them."""
    assert row.written_at is not None
    rows = list(rows)
    compounds = [one.compound for one in rows]
    RowLink.objects.filter(source=row.source_id, compound__in=compounds, linked_at=row.written_at).delete()
    for one in rows:
        added = one.told.get("aliases_added")
        if isinstance(added, list):
            CompoundAlias.objects.filter(compound=one.compound, name__in=added, kind="alias").delete()
    before: dict[str, list[int]] = defaultdict(list)
    for one in rows:
        if "state_before" in one.told:
            before[str(one.told["state_before"])].append(one.compound)
    telling = Cell.objects.filter(indicator__type="service", conflict=False).exclude(form="unknown").values("compound")
    for state, pks in before.items():
        Compound.objects.filter(pk__in=pks).exclude(pk__in=telling).update(service_state=state)

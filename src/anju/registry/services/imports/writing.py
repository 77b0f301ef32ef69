"""Writing what a preview shows: everything in one transaction, by one writer at a time, or nothing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.base.beside import Progress, nobody
from anju.base.collecting import uncollected
from anju.base.copying import among, copy_rows, reserve_ids
from anju.base.models import Installation
from anju.places.models import Compound, CompoundAlias
from anju.places.services.naming import broken_constraint, tidied
from anju.places.services.reach import locked_divisions
from anju.places.services.spelling import spell
from anju.registry.models import Cell, CompanyName, Fact, Indicator, ListImport, Statement
from anju.registry.queries.settling import Pair
from anju.registry.services.cells import refresh_cells, stale_on
from anju.registry.services.imports.choices import cells_chosen
from anju.registry.services.imports.holding import place_again
from anju.registry.services.imports.judging import Cells, Staged
from anju.registry.services.imports.known import database_stamp
from anju.registry.services.imports.opening import State, locked_import, refuse_at_work, refuse_closed
from anju.registry.services.imports.placing import Act, observed_on
from anju.registry.services.imports.staging import kept_rows, plan_of
from anju.registry.services.terms import FOLLOWED, refresh_terms
from anju.rules.permissions import Permission

_COMPOUND = (
    "id", "name", "division_id", "kind", "service_state", "pinyin", "initials", "valid_from",
)  # fmt: skip
_STATEMENT = (
    "id", "compound_id", "source_id", "observed_on", "recorder_id", "recorder_post", "recorded_at", "list_import_id", "line", "reason",
)  # fmt: skip
_FACT = ("id", "statement_id", "indicator_id", "raw", "low", "high", "text", "form", "approximate", "note")
_CELL = (
    "compound_id", "indicator_id", "low", "high", "text", "form", "approximate", "fact_id", "source_id", "observed_on", "stale_on",
    "sources", "conflict", "derived",
)  # fmt: skip
_REMEMBER = """
update registry_importrow set compound_id = new.compound, told = registry_importrow.told || new.told::jsonb
from unnest(%s::int[], %s::bigint[], %s::text[]) as new(line, compound, told)
where list_import_id = %s and registry_importrow.line = new.line
"""
_LINK = """
insert into registry_rowlink (source_id, key, compound_id, linked_at)
select %s, new.key, new.compound, %s from unnest(%s::text[], %s::bigint[]) as new(key, compound)
on conflict (source_id, key) do update set compound_id = excluded.compound_id, linked_at = excluded.linked_at
"""


@dataclass
class _Written:
    """What was written so far."""

    created: int = 0
    statements: int = 0
    facts: int = 0
    refresh: list[Pair] = field(default_factory=list)
    served: set[int] = field(default_factory=set)


def write_import(
    *, actor: Actor, row: ListImport, plan: str, at: datetime, progress: Progress | None = None
) -> ListImport:
    """Do what the preview with the digest `plan` shows; where the database has changed in a way that matters there is a new one instead.

    Refused with `import.changed` then. Another writer is waited for.
    """
    actor.require(Permission.LIST_IMPORT)
    actor.require(Permission.COMPOUND_EDIT)
    try:
        with transaction.atomic():
            row = _locked(row)
            fresh = plan == row.plan == plan_of(row) and _still_true(actor, row)
            if fresh:
                with uncollected():
                    _write(actor, row, at, progress or nobody)
    except IntegrityError as clash:
        if broken_constraint(clash) != "compound_name_in_force":
            raise
        with transaction.atomic():  # somebody has just registered a compound of that name by hand
            row = _locked(row)
            fresh = _still_true(actor, row, surely=False)
    if not fresh:
        raise Refused("import.changed")
    return row


@transaction.atomic
def announce_writing(*, actor: Actor, row: ListImport, plan: str, at: datetime) -> None:
    """Say that a worker is about to write, so that nobody changes what the preview says meanwhile."""
    actor.require(Permission.LIST_IMPORT)
    refuse_at_work(row)
    row = _require_writable(locked_import(row))
    if row.plan != plan:
        raise Refused("import.changed")
    row.state, row.done, row.failure = State.WRITING, 0, ""
    row.save(update_fields=["state", "done", "failure"])


def _locked(row: ListImport) -> ListImport:
    """Imports are written one after another: each must see the compounds that the last one made."""
    if row.state == State.TREATING:
        refuse_closed(row)  # at once, instead of waiting for the worker
    Installation.objects.select_for_update().get()
    row = locked_import(row)
    return _require_writable(row)


def _require_writable(row: ListImport) -> ListImport:
    if row.state not in {State.PREVIEWED, State.WRITING}:
        refuse_closed(row)
    return row


def _still_true(actor: Actor, row: ListImport, *, surely: bool = True) -> bool:
    """Whether the preview holds for the database of this moment; where it does not, the new one is kept."""
    if surely and database_stamp() == row.stamp:
        return True
    before = row.plan
    place_again(actor, row)
    row.state = State.PREVIEWED
    row.save()
    return before == row.plan


def _write(actor: Actor, row: ListImport, at: datetime, progress: Progress) -> None:
    written = _Written()
    _lock_divisions(actor, row)
    scribe = _Scribe(actor, row, at, written)
    done = 0
    for batch in kept_rows(row, only={"unchanged": False, "act__in": [Act.CREATE, Act.LINK]}):
        scribe.write(batch)
        done += len(batch)
        progress(done)
    refresh_cells(written.refresh)
    if written.served and CompanyName.objects.filter(organisation__isnull=False).exists():
        refresh_terms(written.served)
    row.created, row.state, row.written_at = written.created, State.WRITTEN, at
    row.done = row.rows
    row.save()
    if written.statements or written.created:
        note = {
            "source": row.source.name,
            "file": row.file_name,
            "file_digest": row.digest,
            "observed_on": str(row.observed_on),
            "division": row.default_division.name,
            "plan": row.plan,
            "rows": row.rows,
            "created": written.created,
            "statements": written.statements,
            "facts": written.facts,
        }
        if named := _named(row):
            note["named"] = named
        audit.record(actor=actor, action="list.imported", subject=row, note=note, at=at)


def _named(row: ListImport) -> list[str]:
    """Return the rows that a person gave another name, with the file's beside it."""
    rows = row.import_rows.filter(choice__has_key="name").exclude(act=Act.SKIP).order_by("line")
    return [f"{line}: {old} → {new}" for line, old, new in rows.values_list("line", "name", "choice__name")]


def _lock_divisions(actor: Actor, row: ListImport) -> None:
    pks = row.import_rows.filter(act=Act.CREATE).order_by().values_list("division_id", flat=True).distinct()
    locked_divisions(actor, Permission.COMPOUND_EDIT, [pk for pk in pks if pk])


class _Scribe:
    """Writes a thousand rows at a time with a fixed number of statements."""

    def __init__(self, actor: Actor, row: ListImport, at: datetime, written: _Written) -> None:
        self.actor, self.row, self.at, self.written = actor, row, at, written
        self.today = timezone.localdate(at)
        self.indicators: Mapping[str, Indicator] = {
            one.code: one for one in Indicator.objects.filter(ended_on__isnull=True)
        }

    def write(self, rows: Sequence[Staged]) -> None:
        chosen = {one.line: cells_chosen(one.cells, one.doubts, one.choice) for one in rows}
        remembered: dict[int, dict[str, Any]] = {one.line: {} for one in rows}
        self._create([one for one in rows if one.act == Act.CREATE], chosen)
        self._before([one for one in rows if one.act == Act.LINK], chosen, remembered)
        self._alias(rows, remembered)
        self._tell([one for one in rows if chosen[one.line]], chosen)
        self._link(rows)
        self._remember([one for one in rows if one.act == Act.CREATE or remembered[one.line]], remembered)

    def _remember(self, rows: Sequence[Staged], remembered: Mapping[int, dict[str, Any]]) -> None:
        """Keep beside the row which compound it became and what undoing needs; most linked rows have nothing new to keep."""
        lines, pks = [one.line for one in rows], [one.compound for one in rows]
        told = [json.dumps(remembered[line], ensure_ascii=False) for line in lines]
        with connection.cursor() as cursor:
            cursor.execute(_REMEMBER, [lines, pks, told, self.row.pk])

    def _create(self, rows: Sequence[Staged], chosen: Mapping[int, Cells]) -> None:
        ids = reserve_ids(Compound, len(rows))
        for one, pk in zip(rows, ids, strict=True):
            one.compound = pk
        copy_rows(Compound, _COMPOUND, (self._compound(one, chosen[one.line]) for one in rows))
        self.written.created += len(rows)

    def _compound(self, one: Staged, cells: Cells) -> tuple[Any, ...]:
        name = tidied(one.told.get("create_as", one.name))
        return one.compound, name, one.division, self.row.kind, _state(cells), *spell(name), self.today

    def _before(
        self, rows: Sequence[Staged], chosen: Mapping[int, Cells], remembered: dict[int, dict[str, Any]]
    ) -> None:
        """Remember the state of service that a linked compound had, for undoing: the row may change it."""
        telling = {one.target: one.line for one in rows if _state(chosen[one.line]) != Compound.ServiceState.UNKNOWN}
        for pk, state in Compound.objects.filter(pk__in=among(telling)).values_list("pk", "service_state"):
            remembered[telling[pk]]["state_before"] = state

    def _alias(self, rows: Sequence[Staged], remembered: dict[int, dict[str, Any]]) -> None:
        """Let a compound be found under the other names that the row gives it, where nobody else there bears them."""
        told = [(one, name) for one in rows for name in _other_names(one)]
        pks = among({one.target for one, _ in told})
        known = set(CompoundAlias.objects.filter(compound__in=pks).values_list("compound_id", "name"))
        known |= set(Compound.objects.filter(pk__in=pks).values_list("pk", "name"))
        wanted = [(one, name) for one, name in told if (one.target, name) not in known]
        names = {name for _, name in wanted}
        theirs = set(Compound.objects.filter(name__in=names).values_list("name", flat=True))
        theirs |= set(CompoundAlias.objects.filter(name__in=names).values_list("name", flat=True))
        made = []
        for one, name in wanted:
            if (one.target, name) in known or name in theirs:
                continue
            known.add((one.target, name))
            made.append(CompoundAlias(compound_id=one.target, name=name))
            remembered[one.line].setdefault("aliases_added", []).append(name)
        CompoundAlias.objects.bulk_create(made)

    def _tell(self, rows: Sequence[Staged], chosen: Mapping[int, Cells]) -> None:
        statements = dict(zip([one.line for one in rows], reserve_ids(Statement, len(rows)), strict=True))
        copy_rows(Statement, _STATEMENT, (self._statement(statements[one.line], one) for one in rows))
        facts = [(one, cell) for one in rows for cell in chosen[one.line]]
        numbered = list(zip(reserve_ids(Fact, len(facts)), facts, strict=True))
        copy_rows(
            Fact,
            _FACT,
            (
                (pk, statements[one.line], self.indicators[cell[0]].pk, cell[1], *cell[2:8])
                for pk, (one, cell) in numbered
            ),
        )
        new = [(pk, one, cell) for pk, (one, cell) in numbered if one.act == Act.CREATE]
        copy_rows(Cell, _CELL, (self._cell(*each) for each in new))
        self.written.served |= {one.target for _, one, cell in new if cell[0] in FOLLOWED}
        self.written.refresh += [
            (one.target, self.indicators[cell[0]].pk) for one, cell in facts if one.act == Act.LINK
        ]
        self.written.statements += len(rows)
        self.written.facts += len(facts)

    def _statement(self, pk: int, one: Staged) -> tuple[Any, ...]:
        return (
            pk, one.compound, self.row.source_id, observed_on(one.told, self.row.observed_on), self.actor.user_id, self.actor.post_id,
            self.at, self.row.pk, one.line, "",
        )  # fmt: skip

    def _cell(self, fact: int, one: Staged, cell: Sequence[Any]) -> tuple[Any, ...]:
        """The cell of a new compound, about which nobody else has said anything, as a row to copy."""
        indicator, day = self.indicators[cell[0]], observed_on(one.told, self.row.observed_on)
        return (
            one.compound, indicator.pk, *cell[2:7], fact, self.row.source_id, day, stale_on(indicator, day), 1, False, False,
        )  # fmt: skip

    def _link(self, rows: Iterable[Staged]) -> None:
        links = {one.told["key"]: one.target for one in rows if "key" in one.told}
        with connection.cursor() as cursor:
            cursor.execute(_LINK, [self.row.source_id, self.at, list(links), list(links.values())])


def _state(cells: Cells) -> str:
    return next((cell[5] for cell in cells if cell[0] == "service"), Compound.ServiceState.UNKNOWN)


def _other_names(one: Staged) -> list[str]:
    """The alias that the row tells, and its own name where it was linked to a compound of another."""
    names = [one.told.get("alias", "")]
    renamed = one.act == Act.LINK or one.told.get("create_as", one.name) != one.name
    if renamed and not one.told.get("unnamed"):
        names.append(one.name)
    return [name for name in names if name and len(name) <= 100 and "\ufffd" not in name]

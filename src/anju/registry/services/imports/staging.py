"""Keeping the rows of an import between its preview and its writing, and counting them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q

from anju.base.copying import copy_rows
from anju.registry.models import ImportRow, ListImport
from anju.registry.services.imports.judging import Staged

_COLUMNS = (
    "list_import_id", "line", "name", "verdict", "act", "compound_id", "division_id", "unchanged", "conflict",
    "cells", "doubts", "told", "choice",
)  # fmt: skip
_KEPT = (
    "line",
    "name",
    "cells",
    "doubts",
    "told",
    "choice",
    "verdict",
    "act",
    "compound_id",
    "division_id",
    "unchanged",
    "conflict",
)
_CHANGING = (
    "line", "verdict", "act", "compound", "division", "unchanged", "conflict", "doubts", "told", "choice",
)  # fmt: skip
AT_ONCE = 1000

_CHANGE = """
update registry_importrow as kept
set verdict = new.verdict, act = new.act, compound_id = new.compound, division_id = new.division, unchanged = new.unchanged,
    conflict = new.conflict, doubts = new.doubts, told = new.told, choice = new.choice
from jsonb_to_recordset(%s::jsonb) as new(
  line int, verdict text, act text, compound bigint, division bigint, unchanged bool, conflict bool, doubts jsonb, told jsonb, choice jsonb)
where kept.list_import_id = %s and kept.line = new.line
"""

_COUNT = """
select count(*), count(*) filter (where verdict = 'accepted'), count(*) filter (where verdict = 'doubtful'),
       count(*) filter (where verdict = 'rejected'), count(*) filter (where unchanged), count(*) filter (where conflict),
       count(*) filter (where act = 'create'), count(*) filter (where act = 'link'), count(*) filter (where act = 'skip')
from registry_importrow where list_import_id = %s
"""
_PLAN = """
select md5(coalesce(string_agg(concat_ws(':', line, verdict, act, compound_id, division_id, unchanged, conflict,
       told->>'create_as', hashtext(cells::text), hashtext(doubts::text), choice::text), ';' order by line), ''))
from registry_importrow where list_import_id = %s
"""
COUNTS = (
    "rows", "accepted", "doubtful", "rejected", "unchanged", "conflicts", "created", "linked", "skipped",
)  # fmt: skip


def keep_rows(row: ListImport, staged: Iterable[Staged]) -> None:
    """Add rows to the staging table, in one COPY."""
    copy_rows(ImportRow, _COLUMNS, (_values(row.pk, one) for one in staged))


def change_rows(row: ListImport, staged: Sequence[Staged]) -> None:
    """Keep what became of rows; what they say, their cells, is as it was read."""
    if staged:
        kept = [{name: getattr(one, name) for name in _CHANGING} for one in staged]
        with connection.cursor() as cursor:
            cursor.execute(_CHANGE, [_json(kept), row.pk])


def _values(import_id: int, one: Staged) -> tuple[Any, ...]:
    return (
        import_id, one.line, one.name, one.verdict, one.act, one.compound, one.division, one.unchanged, one.conflict,
        _json(one.cells), _json(one.doubts), _json(one.told), _json(one.choice),
    )  # fmt: skip


def _json(value: object) -> str:
    return (
        json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        if value
        else ("[]" if isinstance(value, list) else "{}")
    )


def kept_rows(
    row: ListImport, *, only: "dict[str, Any] | None" = None, within: Q | None = None
) -> Iterator[list[Staged]]:
    """Yield the rows of an import in their order, a thousand at a time."""
    last = 0
    while True:
        page = ImportRow.objects.filter(within or Q(), list_import=row, line__gt=last, **(only or {})).order_by("line")
        batch = [Staged(*values) for values in page.values_list(*_KEPT)[:AT_ONCE]]
        if batch:
            yield batch
            last = batch[-1].line
        if len(batch) < AT_ONCE:
            return


def count_rows(row: ListImport) -> None:
    """Set the counts and the digest of the preview from what is kept. The caller saves."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [row.pk])
        for name, value in zip(COUNTS, cursor.fetchone(), strict=True):
            setattr(row, name, value)
    row.plan = plan_of(row)


def plan_of(row: ListImport) -> str:
    """Return a digest of what the preview shows: what is done with each row, and what with its doubts."""
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, [row.pk])
        return str(cursor.fetchone()[0])

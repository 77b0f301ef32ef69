"""Imports as their pages and commands show them, from what the actor may see."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from anju.base.actor import Actor
from anju.places.models import Division
from anju.registry.models import Cell, ImportFile, ImportRow, ListImport, Withdrawal
from anju.rules.lists.canonical import canonical
from anju.rules.lists.stored import Stored, restore
from anju.rules.permissions import Permission

PAGE = 50
LEFT_SHOWN = 200
NAMESAKE = Q(doubts__contains=[["name_taken"]])  # another row, or a compound, bears the name in the same division
PLACEABLE = Q(act="create") | NAMESAKE  # rows whose division a person may choose
# What a number of the preview opens.
SHOWN: dict[str, Q] = {
    "accepted": Q(verdict="accepted"),
    "doubtful": Q(verdict="doubtful"),
    "rejected": Q(verdict="rejected"),
    "unchanged": Q(unchanged=True),
    "conflicts": Q(conflict=True),
    "awaiting": Q(PLACEABLE, division__awaiting=True),
    "serving": ~Q(verdict="rejected") & Q(cells__contains=[["service"]]),
}
_REASONS = """
select doubt->>2, count(distinct line) from registry_importrow, jsonb_array_elements(doubts) as doubt
where list_import_id = %s and verdict = 'doubtful' group by 1 order by 2 desc, 1
"""


@dataclass(frozen=True, slots=True)
class RowPage:
    """Rows of an import in the order of their lines; `after` is the line to go on from, `before` the one to go back to."""

    rows: list[ImportRow]
    before: int | None
    after: int | None


def imports_for(actor: Actor) -> "QuerySet[ListImport]":
    """Return the imports into what the actor reaches; a town sees those of its own."""
    if not actor.may(Permission.LIST_IMPORT):
        return ListImport.objects.none()
    if actor.scope.everything:
        return ListImport.objects.all()
    within = Q(pk__in=[])
    for path in actor.scope.divisions:
        within |= Q(default_division__path__startswith=path)
    return ListImport.objects.filter(within)


def import_page(actor: Actor, *, before: int | None = None) -> list[ListImport]:
    rows = imports_for(actor).exclude(state=ListImport.State.ABANDONED)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.select_related("source", "default_division", "started_by").order_by("-pk")[: PAGE + 1])


def import_record(actor: Actor, pk: int) -> ListImport | None:
    rows = imports_for(actor).select_related("source", "default_division", "started_by")
    return rows.filter(pk=pk).first()


def reasons_of(row: ListImport) -> list[tuple[str, int]]:
    """Return in how many doubtful rows each reason stands, the commonest first."""
    with connection.cursor() as cursor:
        cursor.execute(_REASONS, [row.pk])
        return [(str(reason), int(count)) for reason, count in cursor.fetchall()]


def rows_page(row: ListImport, *, shown: str, reason: str = "", after: int = 0, before: int | None = None) -> RowPage:
    """Return one page of the rows behind a number of the preview, a doubtful one narrowed to a reason."""
    found = _behind(row, shown)
    if reason:
        found = _of_reason(found, reason)
    found = found.select_related("division", "compound")
    if before is not None:
        rows = list(found.filter(line__lt=before).order_by("-line")[: PAGE + 1])
        page = rows[:PAGE][::-1]
        return RowPage(page, page[0].line if len(rows) > PAGE else None, page[-1].line if page else None)
    rows = list(found.filter(line__gt=after).order_by("line")[: PAGE + 1])
    page = rows[:PAGE]
    return RowPage(page, page[0].line if page and after else None, page[-1].line if len(rows) > PAGE else None)


def _behind(row: ListImport, shown: str) -> "QuerySet[ImportRow]":
    found = ImportRow.objects.filter(SHOWN[shown], list_import=row)
    if shown == "serving":  # 业主自管 and the like are told in the same column, without a name
        return found.extra(where=["""jsonb_path_exists(cells, 'strict $[*] ? (@[0] == "service" && @[4] != "")')"""])
    return found


def beside_numbers(row: ListImport) -> dict[str, int]:
    """Return how many rows wait for a town, and how many name the company that serves."""
    return {shown: _behind(row, shown).count() for shown in ("awaiting", "serving")}


def placed_in(row: ListImport, lines: Collection[int], division: Division) -> dict[str, int]:
    """Return how many of some lines now lie in a division, how many of them wait as namesakes and how many were found there."""
    found = ImportRow.objects.filter(list_import=row, division=division, line__in=lines)
    counted = found.aggregate(
        placed=Count("id"), namesakes=Count("id", filter=NAMESAKE), linked=Count("id", filter=Q(act="link"))
    )
    return {name: int(count) for name, count in counted.items()}


def awaiting_lines(row: ListImport) -> list[int]:
    """Return the lines that would go to 待定乡镇."""
    return list(_behind(row, "awaiting").values_list("line", flat=True))


def placeable_lines(row: ListImport, lines: Collection[int]) -> list[int]:
    """Return those of some lines whose division a person may choose."""
    return list(ImportRow.objects.filter(PLACEABLE, list_import=row, line__in=lines).values_list("line", flat=True))


def doubted_lines(row: ListImport, reason: str) -> list[int]:
    """Return the lines of the doubtful rows in which a reason stands."""
    return list(_of_reason(_behind(row, "doubtful"), reason).values_list("line", flat=True))


def _of_reason(found: "QuerySet[ImportRow]", reason: str) -> "QuerySet[ImportRow]":
    return found.extra(
        where=["jsonb_path_exists(doubts, '$[*][2] ? (@ == $r)', jsonb_build_object('r', %s::text))"], params=[reason]
    )


def undone_counts(row: ListImport) -> tuple[int, int]:
    """Return how many tellings of an undone list were withdrawn, and how many compounds that it made have ended."""
    made = ImportRow.objects.filter(list_import=row, act="create", compound__ended_on__isnull=False)
    return Withdrawal.objects.filter(statement__list_import=row).count(), made.count()


def left_rows(row: ListImport) -> list[tuple[ImportRow, str]]:
    """Return the first of the rows that undoing a list left, each with why."""
    why = dict(row.left[:LEFT_SHOWN])
    rows = ImportRow.objects.filter(list_import=row, line__in=list(why)).select_related("compound").order_by("line")
    return [(one, why[one.line]) for one in rows]


def present_values(rows: Collection[ImportRow]) -> Mapping[tuple[int, str], str]:
    """Return what holds today for the compounds of some rows, in words, by compound and indicator's code."""
    pks = {row.compound_id for row in rows if row.compound_id}
    codes = {cell[0] for row in rows for doubt in row.doubts for cell in doubt[5]}
    cells = Cell.objects.filter(compound__in=pks, indicator__code__in=codes).select_related("indicator")
    return {
        (cell.compound_id, cell.indicator.code): canonical(
            restore(Stored(cell.low, cell.high, cell.text, cell.form, cell.approximate), cell.indicator.type)
        )
        for cell in cells
    }


def amiss_rows(row: ListImport) -> Iterator[dict[str, Any]]:
    """Yield doubtful and rejected rows in the order of their lines, as plain values."""
    last = 0
    while True:
        found = ImportRow.objects.filter(list_import=row, line__gt=last, verdict__in=["doubtful", "rejected"])
        batch = list(found.order_by("line").values("line", "name", "doubts")[:1000])
        yield from map(dict, batch)
        if len(batch) < 1000:
            return
        last = batch[-1]["line"]


def file_content(row: ListImport) -> bytes:
    """Return the file as it came; nothing once the import was given up."""
    return bytes(ImportFile.objects.filter(pk=row.pk).values_list("content", flat=True).first() or b"")

"""Bringing a list in as far as its preview: nothing of it holds yet. Reading it again, or giving it up, costs nothing."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import PurePath
from typing import Any, NoReturn
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from anju.base.actor import Actor, Refused
from anju.base.beside import Progress, nobody
from anju.base.collecting import uncollected
from anju.base.sheet_faults import BadSheet
from anju.places.models import Compound, Division
from anju.places.services.reach import require_reach
from anju.registry.models import HeadingMemory, ImportFile, ImportRow, Indicator, ListImport, Source
from anju.registry.queries.catalogue import catalogue_here, region_here
from anju.registry.services.imports.divisions import home_around
from anju.registry.services.imports.judging import Judge
from anju.registry.services.imports.known import database_stamp
from anju.registry.services.imports.placing import placer_for
from anju.registry.services.imports.sheets import ListSheet, list_sheet
from anju.registry.services.imports.staging import AT_ONCE, COUNTS, count_rows, keep_rows
from anju.rules.lists.headers import REMEMBERED, Header, Match
from anju.rules.permissions import Permission

State = ListImport.State
OPEN_STATES = (State.READING, State.PREVIEWED, State.TREATING, State.WRITING, State.FAILED)


@dataclass(frozen=True, slots=True)
class ListFile:
    """A file as it came, and what whoever brings it says of it."""

    name: str
    content: bytes
    source: Source
    division: Division
    observed_on: date
    kind: str = Compound.Kind.UNKNOWN
    anywhere: bool = False


def locked_import(row: ListImport) -> ListImport:
    """Return the import as it stands, kept from others for this transaction.

    What is locked is its file: the import's own row stays free, so that a worker can say beside its transaction how far it is.
    """
    list(ImportFile.objects.select_for_update().filter(pk=row.pk).values_list("pk"))
    return ListImport.objects.select_related("source", "default_division").get(pk=row.pk)


def refuse_closed(row: ListImport) -> NoReturn:
    if row.state == State.TREATING:
        raise Refused("import.treating")
    raise Refused("import.closed", state=row.get_state_display())


def refuse_at_work(row: ListImport) -> None:
    """Refuse at once where a worker is in the middle of a long transaction, instead of waiting for its end. Within a transaction."""
    if row.state not in {State.TREATING, State.WRITING, State.UNDOING}:
        return
    if not list(ImportFile.objects.select_for_update(skip_locked=True).filter(pk=row.pk).values_list("pk")):
        refuse_closed(row)


@transaction.atomic
def open_import(*, actor: Actor, file: ListFile, at: datetime) -> ListImport:
    """Keep the file; `read_import` reads it. Refused for a place out of reach and for a day to come."""
    actor.require(Permission.LIST_IMPORT)
    require_reach(actor, Permission.LIST_IMPORT, file.division)
    if file.division.ended_on is not None or file.division.awaiting:
        raise Refused("import.bad_division", name=file.division.name)
    if file.observed_on > timezone.localdate(at):
        raise Refused("fact.observed_later")
    row = ListImport.objects.create(
        source=file.source,
        default_division=file.division,
        observed_on=file.observed_on,
        file_name=PurePath(file.name.replace("\x00", "")).name[-200:],
        digest=hashlib.sha256(file.content).hexdigest(),
        state=State.READING,
        kind=file.kind,
        anywhere=file.anywhere,
        started_by_id=actor.user_id,
        started_post=actor.post_id,
        started_at=at,
    )
    ImportFile.objects.create(list_import=row, content=file.content)
    return row


def read_import(*, actor: Actor, row: ListImport, at: datetime, progress: Progress | None = None) -> ListImport:
    """Read the file from its beginning, judge every row and hold it against the database: the preview.

    Killed in the middle it leaves rows of a preview that nobody is shown; reading again begins anew, and a reader that was overtaken
    stops. `BadSheet` becomes the state 未能读取 with its reason, and nothing is kept of the file.
    """
    actor.require(Permission.LIST_IMPORT)
    row = _begun(row)
    try:
        sheet = _sheet_of(row)
        with uncollected():
            _stage(actor, row, sheet, progress or nobody)
    except BadSheet as bad:
        _failed(row, bad)
    return row


@transaction.atomic
def _begun(row: ListImport) -> ListImport:
    """Take what is to be read, one reader at a time, and forget what an earlier reading left."""
    refuse_at_work(row)
    row = locked_import(row)
    if row.state not in OPEN_STATES or not ImportFile.objects.filter(pk=row.pk).exists():
        refuse_closed(row)
    ImportRow.objects.filter(list_import=row).delete()
    for name in (*COUNTS, "done"):
        setattr(row, name, 0)
    row.state, row.failure, row.failure_line, row.plan = State.READING, "", None, f"read {uuid4()}"
    row.save()
    return row


def _require_reading(row: ListImport) -> None:
    """Keep the import for this transaction, unless somebody has given it up or begun to read it anew since we began."""
    now = locked_import(row)
    if now.state != State.READING or now.plan != row.plan:
        raise Refused("import.overtaken", state=now.get_state_display())


@transaction.atomic
def _failed(row: ListImport, bad: BadSheet) -> None:
    """Say why a file is not read. What has been read of it goes, and so does the file: it would fail again."""
    _require_reading(row)
    ImportRow.objects.filter(list_import=row).delete()
    ImportFile.objects.filter(list_import=row).delete()
    row.state, row.failure, row.failure_line, row.plan = State.FAILED, bad.code, bad.line, ""
    row.save(update_fields=["state", "failure", "failure_line", "plan", "sheet", "header"])


def _sheet_of(row: ListImport) -> ListSheet:
    catalogue, kept = catalogue_here(), row.header
    memory = dict(HeadingMemory.objects.values_list("key", "code"))
    header = header_of(kept) if kept else None
    content = bytes(ImportFile.objects.values_list("content", flat=True).get(pk=row.pk))
    sheet = list_sheet(content, catalogue, memory, header)
    row.sheet, row.header = sheet.name[:100], header_kept(sheet)
    return sheet


def _stage(actor: Actor, row: ListImport, sheet: ListSheet, progress: Progress) -> None:
    stamp = database_stamp()
    placer = placer_for(actor, row)
    home = None if row.anywhere else home_around(placer.divisions, region_here())
    codes = frozenset(Indicator.objects.filter(ended_on__isnull=True).values_list("code", flat=True))
    judge = Judge(sheet, catalogue_here(), codes, home, row.observed_on.year)
    done = 0
    staged = judge.staged()
    while batch := list(islice(staged, AT_ONCE)):
        with transaction.atomic():
            _require_reading(row)
            placer.place(batch)
            keep_rows(row, batch)
        done += len(batch)
        progress(done)
    if not done:
        raise BadSheet("no_lines")
    with transaction.atomic():
        _require_reading(row)
        count_rows(row)
        row.state, row.stamp, row.done = State.PREVIEWED, stamp, done
        row.save()


def header_of(kept: dict[str, Any]) -> Header:
    """Return the heading as an import keeps it."""
    matches = tuple(
        Match(at, one["heading"], one["code"], one["confidence"], one["reason"], one["unit"])
        for at, one in enumerate(kept["columns"])
    )
    return Header(kept["first"], kept["height"], matches)


def header_kept(sheet: ListSheet) -> dict[str, Any]:
    """Return the heading as JSON, each column with the first value under it."""
    first = _first_values(sheet)
    columns = [
        {
            "heading": match.heading[:200].replace("\x00", "\ufffd"), "code": match.code, "confidence": match.confidence,
            "reason": match.reason, "unit": match.unit, "first": first.get(match.position, ""),
        }
        for match in sheet.header.matches
    ]  # fmt: skip
    return {
        "first": sheet.header.first,
        "height": sheet.header.height,
        "columns": columns,
        "others": list(sheet.others),
        "hidden": sheet.hidden,
        "hidden_lines": sheet.hidden_lines,
        "macros": sheet.macros,
    }


def _first_values(sheet: ListSheet) -> dict[int, str]:
    from anju.registry.services.imports.judging import storable
    from anju.rules.lists.text import cell_text

    first: dict[int, str] = {}
    for _, cells in islice(sheet.rows(), 200):
        for at, cell in enumerate(cells):
            if at not in first and (text := cell_text(cell).strip()):
                first[at] = storable(text, 80)
    return first


@transaction.atomic
def abandon_import(*, actor: Actor, row: ListImport, at: datetime) -> None:
    """Give up an import that was not written: its rows and its file go, the line in the list of imports stays."""
    actor.require(Permission.LIST_IMPORT)
    refuse_at_work(row)
    row = locked_import(row)
    require_reach(actor, Permission.LIST_IMPORT, row.default_division)
    if row.state not in OPEN_STATES:
        refuse_closed(row)
    ImportRow.objects.filter(list_import=row).delete()
    ImportFile.objects.filter(list_import=row).delete()
    row.state = State.ABANDONED
    row.save(update_fields=["state"])


@transaction.atomic
def correct_columns(*, actor: Actor, row: ListImport, codes: dict[int, str], at: datetime) -> bool:
    """Say what columns mean; remembered for every list to come. Return whether the file must be read again."""
    from anju.rules.lists.headers import heading_key

    actor.require(Permission.LIST_IMPORT)
    refuse_at_work(row)
    row = locked_import(row)
    if row.state != State.PREVIEWED:
        refuse_closed(row)
    known = {"", *catalogue_here().by_code}
    changed = [
        (column, codes[at])
        for at, column in enumerate(row.header["columns"])
        if at in codes and codes[at] in known and _differs(column, codes[at])
    ]
    for column, code in changed:
        column |= {"code": code, "confidence": 99, "reason": REMEMBERED}
        if key := heading_key(column["heading"])[:200]:
            HeadingMemory.objects.update_or_create(key=key, defaults={"code": code, "by_id": actor.user_id, "at": at})
    row.save(update_fields=["header"])
    return bool(changed)


def _differs(column: dict[str, Any], code: str) -> bool:
    """A column that was matched too weakly to be read is confirmed by choosing what it already proposes."""
    return column["code"] != code or (bool(code) and column["confidence"] < 60)

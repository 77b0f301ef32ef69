"""Saying what is done with doubtful rows and values, one by one or all of one reason, and where rows without a town belong."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from anju.base.actor import Actor, Refused
from anju.places.models import Division
from anju.places.services.reach import require_reach
from anju.registry.models import ImportRow, ListImport
from anju.registry.queries.imports import PLACEABLE
from anju.registry.services.imports.choices import KEEP, TAKE, doubt_key, is_of_the_row, options_of
from anju.registry.services.imports.judging import Staged
from anju.registry.services.imports.known import database_stamp
from anju.registry.services.imports.opening import State, locked_import
from anju.registry.services.imports.placing import placer_for
from anju.registry.services.imports.staging import AT_ONCE, count_rows, kept_rows, replace_rows
from anju.registry.services.imports.writing import place_again
from anju.rules.permissions import Permission


@transaction.atomic
def choose_treatments(
    *, actor: Actor, row: ListImport, chosen: Mapping[tuple[int, str], str], at: datetime
) -> ListImport:
    """Treat doubts by line and `doubt_key`: `skip`, `write`, `new` or `link:ID` for a row, `keep` or `take` for values.

    What is not among the options of a doubt is ignored: the page was of another moment.
    """
    row = _previewed(actor, row)
    lines = sorted({line for line, _ in chosen})
    placer = None
    for start in range(0, len(lines), AT_ONCE):
        wanted = lines[start : start + AT_ONCE]
        for batch in kept_rows(row, only={"line__in": wanted}):
            treated = [
                one for one in batch if _treat(one, {key: to for (at_, key), to in chosen.items() if at_ == one.line})
            ]
            placer = placer or placer_for(actor, row, beside=lines)
            placer.place(treated)
            replace_rows(row, treated)
    return _settled(row)


@transaction.atomic
def choose_for_reason(*, actor: Actor, row: ListImport, reason: str, to: str, at: datetime) -> ListImport:
    """Treat every doubt of one reason alike, where `to` is among its options. `link` links to the likeliest candidate."""
    row = _previewed(actor, row)
    for batch in kept_rows(row, only={"verdict": ImportRow.Verdict.DOUBTFUL}):
        touched = [
            one
            for one in batch
            if _treat(one, {doubt_key(each): _of(each, to) for each in one.doubts if each[2] == reason})
        ]
        replace_rows(row, touched)
    place_again(actor, row)
    return _settled(row)


@transaction.atomic
def assign_division(
    *, actor: Actor, row: ListImport, lines: Sequence[int], division: Division, at: datetime
) -> ListImport:
    """Say in which town or community rows belong. Empty `lines`: all that would go to 待定乡镇.

    Of namesakes that wait there each can be given its own town. Two given the same are not made one: the second waits for a person.
    """
    row = _previewed(actor, row)
    require_reach(actor, Permission.LIST_IMPORT, division)
    if division.level == "county" or division.ended_on is not None:
        raise Refused("compound.needs_town")
    only: dict[str, object] = {"line__in": list(lines)} if lines else {"division__awaiting": True}
    for batch in list(kept_rows(row, only=only, within=PLACEABLE)):
        for one in batch:
            one.choice = {**one.choice, "division": division.pk}
        replace_rows(row, batch)
    place_again(actor, row)
    return _settled(row)


def _previewed(actor: Actor, row: ListImport) -> ListImport:
    actor.require(Permission.LIST_IMPORT)
    row = locked_import(row)
    if row.state != State.PREVIEWED:
        raise Refused("import.closed", state=row.get_state_display())
    return row


def _settled(row: ListImport) -> ListImport:
    row.stamp = database_stamp()
    count_rows(row)
    row.save()
    return row


def _of(doubt: Sequence[object], to: str) -> str:
    options = options_of(doubt, None)
    return next((one for one in options if one == to or one.startswith(f"{to}:")), options[0])


def _treat(one: Staged, chosen: Mapping[str, str]) -> bool:
    """Put choices into a row; tell whether any was one of its options."""
    cells, rows, changed = dict(one.choice.get("cells", {})), dict(one.choice.get("rows", {})), False
    for doubt in one.doubts:
        to = chosen.get(doubt_key(doubt))
        if to is None or to not in options_of(doubt, one.compound):
            continue
        changed = True
        if is_of_the_row(doubt):
            rows[doubt_key(doubt)] = to
        elif to in {TAKE, KEEP}:
            cells[doubt_key(doubt)] = to
    told = {"cells": cells, "rows": rows}
    one.choice = {**one.choice, **{what: answers for what, answers in told.items() if answers}}
    return changed

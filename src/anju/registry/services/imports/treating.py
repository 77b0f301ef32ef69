"""Saying what is done with doubtful rows and values, one by one or all of one reason, and where rows without a town belong."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q, QuerySet

from anju.base.actor import Actor, Refused
from anju.base.beside import Progress, nobody
from anju.places.models import Division
from anju.places.services.naming import tidied
from anju.places.services.reach import require_reach
from anju.registry.models import ImportRow, ListImport
from anju.registry.queries.imports import awaiting_lines, doubted_lines, placeable_lines
from anju.registry.services.imports.choices import (
    KEEP,
    TAKE,
    about_name,
    doubt_key,
    is_of_the_row,
    may_be_named,
    options_of,
)
from anju.registry.services.imports.holding import Treat, place_again, place_some
from anju.registry.services.imports.judging import Staged
from anju.registry.services.imports.opening import State
from anju.registry.services.imports.ordering import held_for, ordered
from anju.registry.services.imports.staging import kept_rows
from anju.rules.permissions import Permission

_TAKEN = ("name_taken", "known_twice")
SOME = 1000  # rows that are treated beside the others of their list, in less than a second; for more every row is placed anew


@transaction.atomic
def choose_treatments(
    *, actor: Actor, row: ListImport, chosen: Mapping[tuple[int, str], str], at: datetime
) -> ListImport:
    """Treat doubts by line and `doubt_key`: `skip`, `write`, `new` or `link:ID` for a row, `keep` or `take` for values.

    What is not among the options of a doubt is ignored: the page was of another moment.
    """
    row = _held(actor, row)
    by_line: dict[int, dict[str, str]] = defaultdict(dict)
    for (line, key), to in chosen.items():
        by_line[line][key] = to
    return _treated(actor, row, by_line, lambda one: _treat(one, by_line[one.line]))


@transaction.atomic
def choose_for_reason(
    *, actor: Actor, row: ListImport, reason: str, to: str, at: datetime, order: str = "", progress: Progress = nobody
) -> ListImport:
    """Treat every doubt of one reason alike, where `to` is among its options. `link` links to the likeliest candidate."""
    row = _held(actor, row, order)

    def treat(one: Staged) -> None:
        _treat(one, {doubt_key(each): _of(each, to) for each in one.doubts if each[2] == reason})

    return _treated(actor, row, doubted_lines(row, reason), treat, progress)


@transaction.atomic
def assign_division(
    *,
    actor: Actor,
    row: ListImport,
    lines: Sequence[int],
    division: Division,
    at: datetime,
    order: str = "",
    progress: Progress = nobody,
) -> ListImport:
    """Say in which town or community rows belong. Empty `lines`: all that would go to 待定乡镇.

    Of namesakes that wait there each can be given its own town. Two given the same are not made one: the second waits for a person.
    """
    row = _held(actor, row, order)
    _require_town(actor, division)

    def treat(one: Staged) -> None:
        one.choice = {**one.choice, "division": division.pk}

    return _treated(actor, row, placeable_lines(row, lines) if lines else awaiting_lines(row), treat, progress)


@transaction.atomic
def name_row(*, actor: Actor, row: ListImport, line: int, name: str | None, at: datetime) -> Staged:
    """Give a row whose name is doubted or refused the name that a person knows its compound by; None: the file's again.

    The row keeps what the file said. Refused where another row bears the name already; a compound that is known by it is recognised.
    """
    row = _held(actor, row)
    given = tidied(name) if name is not None else ""
    before = _row_at(row, line)
    if before is None or not may_be_named(before):
        raise Refused("import.name_stands", line=line)
    bearers = row.import_rows.filter(act=ImportRow.Act.CREATE, division=before.division, told__create_as=given)
    _refuse_taken(given, bearers.exclude(line=line))
    _treated(actor, row, [line], lambda one: _name(one, given))
    one = _row_at(row, line)
    assert one is not None
    kept_out_by = {doubt[3].get("line") or 0 for doubt in one.doubts if doubt[2] in _TAKEN}
    _refuse_taken(given, row.import_rows.filter(_kept_out_by(line) | Q(line__in=kept_out_by)))
    return one


@transaction.atomic
def order_treatment(*, actor: Actor, row: ListImport, division: Division | None = None, at: datetime) -> str:
    """Say that a worker is to treat many rows; return the mark of the order."""
    row = _held(actor, row)
    if division is not None:
        _require_town(actor, division)
    return ordered(row, State.TREATING)


def _held(actor: Actor, row: ListImport, order: str = "") -> ListImport:
    actor.require(Permission.LIST_IMPORT)
    return held_for(row, State.TREATING, order)


def _treated(
    actor: Actor, row: ListImport, lines: Collection[int], treat: Treat, progress: Progress = nobody
) -> ListImport:
    """Treat some rows: a few beside the others of the list, many with the whole list placed anew."""
    if len(lines) <= SOME:
        place_some(actor, row, lines, treat)
    else:
        among = set(lines)
        place_again(actor, row, lambda one: one.line in among and treat(one), progress)
    row.state, row.done, row.failure = State.PREVIEWED, row.rows, ""
    row.save()
    return row


def _require_town(actor: Actor, division: Division) -> None:
    require_reach(actor, Permission.LIST_IMPORT, division)
    if division.level == "county" or division.ended_on is not None:
        raise Refused("compound.needs_town")


def _row_at(row: ListImport, line: int) -> Staged | None:
    return next((one for batch in kept_rows(row, only={"line": line}) for one in batch), None)


def _name(one: Staged, given: str) -> None:
    """Put a name into a row. What was chosen about its old one falls."""
    choice = {what: told for what, told in one.choice.items() if what not in {"name", "rows"}}
    rows = {key: to for key, to in one.choice.get("rows", {}).items() if not about_name(key)}
    named = {"name": given} if given not in {"", one.name} else {}
    one.choice = {**choice, **({"rows": rows} if rows else {}), **named}


def _refuse_taken(name: str, others: "QuerySet[ImportRow]") -> None:
    line = others.order_by("line").values_list("line", flat=True).first() if name else None
    if line is not None:
        raise Refused("import.name_in_list", name=name, line=line)


def _kept_out_by(line: int) -> Q:
    """The rows that must wait because the one at `line` bears their name or is their compound."""
    return reduce(or_, (Q(doubts__contains=[[reason, {"line": str(line)}]]) for reason in _TAKEN))


def _of(doubt: Sequence[object], to: str) -> str:
    options = options_of(doubt, None)
    return next((one for one in options if one == to or one.startswith(f"{to}:")), options[0])


def _treat(one: Staged, chosen: Mapping[str, str]) -> None:
    """Put choices into a row, those that are among its options."""
    cells, rows = dict(one.choice.get("cells", {})), dict(one.choice.get("rows", {}))
    for doubt in one.doubts:
        to = chosen.get(doubt_key(doubt))
        if to is None or to not in options_of(doubt, one.compound):
            continue
        if is_of_the_row(doubt):
            rows[doubt_key(doubt)] = to
        elif to in {TAKE, KEEP}:
            cells[doubt_key(doubt)] = to
    told = {"cells": cells, "rows": rows}
    one.choice = {**one.choice, **{what: answers for what, answers in told.items() if answers}}

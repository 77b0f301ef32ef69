"""Holding the kept rows of an import against the database anew, with what people have chosen since: all of them, or a few."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.db import connection

from anju.base.actor import Actor
from anju.base.beside import Progress, nobody
from anju.base.collecting import uncollected
from anju.registry.models import ListImport
from anju.registry.services.imports.choices import LINK, name_of
from anju.registry.services.imports.judging import Staged
from anju.registry.services.imports.known import database_stamp
from anju.registry.services.imports.placing import Placer, placer_for
from anju.registry.services.imports.staging import change_rows, count_rows, kept_rows

Treat = Callable[[Staged], object]
_BRACKET = "（"  # behind it `placing` writes where a second one of a name lies
_TIED = """
select line from registry_importrow
where list_import_id = %s and (line = any(%s::int[]) or compound_id = any(%s::bigint[])
      or split_part(coalesce(choice->>'name', name), %s, 1) = any(%s::text[]))
"""


def place_again(actor: Actor, row: ListImport, treat: Treat = id, progress: Progress = nobody) -> None:
    """Place every row anew, each treated first. The caller saves the counts, the plan and the stamp."""
    stamp = database_stamp()
    with uncollected():
        _place(placer_for(actor, row, stamp=stamp), row, treat, progress)
    count_rows(row)
    row.stamp = stamp


def place_some(actor: Actor, row: ListImport, lines: Collection[int], treat: Treat) -> None:
    """Treat some rows and place them anew, and with them those that bear the same name or are the same compound; the others stay.

    The stamp stays as well: nobody has asked whether the database still is what the others were held against.
    """
    stamp, placed = database_stamp(), set[int]()

    def treat_some(one: Staged) -> None:
        if one.line in lines:
            treat(one)

    with uncollected():
        while not placed.issuperset(tied := _tied(row, placed.union(lines), treat_some)):
            placed |= tied
            _place(placer_for(actor, row, stamp=stamp, beside=placed), row, treat_some, nobody, line__in=placed)
    count_rows(row)


def _place(placer: Placer, row: ListImport, treat: Treat, progress: Progress, **only: Any) -> None:
    done = 0
    for batch in kept_rows(row, only=only):
        before = [_state(one) for one in batch]
        for one in batch:
            treat(one)
        placer.place(batch)
        change_rows(row, [one for one, was in zip(batch, before, strict=True) if _state(one) != was])
        done += len(batch)
        progress(done)


def _state(one: Staged) -> tuple[Any, ...]:
    """What placing can change of a row."""
    return (
        one.verdict, one.act, one.compound, one.division, one.unchanged, one.conflict, one.doubts, dict(one.told), one.choice,
    )  # fmt: skip


def _tied(row: ListImport, lines: Collection[int], treat: Treat) -> set[int]:
    """Return the lines whose outcome may hang on what becomes of `lines`, these among them."""
    rows = [one for batch in kept_rows(row, only={"line__in": lines}) for one in batch]
    names, compounds = _names_and_compounds(rows)
    for one in rows:
        treat(one)
    after = _names_and_compounds(rows)
    with connection.cursor() as cursor:
        asked: list[Any] = [row.pk, list(lines), list(compounds | after[1]), _BRACKET, list(names | after[0])]
        cursor.execute(_TIED, asked)
        return {line for (line,) in cursor.fetchall()}


def _names_and_compounds(rows: Iterable[Staged]) -> tuple[set[str], set[int]]:
    names, compounds = set(), set()
    for one in rows:
        names.add(name_of(one.name, one.choice).split(_BRACKET)[0])
        linked = [to for to in one.choice.get("rows", {}).values() if to.startswith(f"{LINK}:")]
        compounds |= {int(to.removeprefix(f"{LINK}:")) for to in linked}
        if one.compound is not None:
            compounds.add(one.compound)
    return names - {""}, compounds

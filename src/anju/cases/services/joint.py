"""A joint session over several cases (一并会商): called for all of them or for none, recorded in every one that still takes it.

Each case is moved by the service that applies any act; what one of them refuses undoes the others, and says which it was.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import transaction

from anju.base.actor import Actor, Refused
from anju.cases.models import Case
from anju.cases.queries.joint import MOST_BESIDE, Part, may_sit_together, parts_to_record, peers_of, session_cases
from anju.cases.queries.parties import reporters_in, without
from anju.cases.services.acting import Wish, act_on_case, locked_case
from anju.rules.cases.sessions import called_for, recorded_for
from anju.rules.permissions import Permission

_ANYBODY: Final = frozenset({"业主", "居民", "群众", "住户", "物业", "匿名"})  # typed for a name, they are nobody's


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as it was on the page: which, and the version it had there."""

    case: Case
    version: int


@transaction.atomic
def call_session(*, actor: Actor, seen: Seen, others: Sequence[Seen], wish: Wish, at: datetime) -> Case:
    """Call a session from one case, for it and for others of its compound, and return that case.

    Raises what `act_on_case` raises; what is against one of the others is a `case.joint_refused` that names it.
    """
    actor.require(Permission.CASE_ACT)
    _lock([seen.case.pk, *(one.case.pk for one in others)])
    _require_one_place(seen.case, [one.case for one in others])
    said = _said_in([seen.case.pk, *(one.case.pk for one in others)], wish)
    done = act_on_case(actor=actor, case=seen.case, wish=said[seen.case.pk], version=seen.version, at=at)
    table = [done]
    for one in others:
        table.append(locked_case(one.case.pk))
        with _named(one.case):
            told = _call_beside(said[one.case.pk], table)
            act_on_case(actor=actor, case=one.case, wish=told, version=one.version, at=at)
    return done


def _call_beside(wish: Wish, table: Sequence[Case]) -> Wish:
    """Return the call for the last of these cases, if it may sit with those before it."""
    first, last = table[0], table[-1]
    told = called_for(wish.payload, str(last.lead_id), called_from=first.number, host=str(first.lead_id))
    if not may_sit_together(table):
        raise Refused("case.joint_about_lead")
    return replace(wish, payload=told, files=())


def _said_in(cases: Sequence[int], wish: Wish) -> dict[int, Wish]:
    """Return, by case, what is said there: without the names and telephones of who reported the others, whom its readers do not know."""
    known = {pk: [name for name in told if name not in _ANYBODY] for pk, told in reporters_in(cases).items()}

    def said(case: int) -> Wish:
        names = {name for told in known.values() for name in told} - set(known.get(case, ()))
        covered = sorted(names, key=len, reverse=True)
        return replace(wish, note={code: without(covered, text) for code, text in wish.texts.items()})

    return {case: said(case) for case in cases}


@transaction.atomic
def record_session(
    *, actor: Actor, seen: Seen, versions: Mapping[str, int], wish: Wish, at: datetime
) -> tuple[Case, list[Case]]:
    """Record the last session of a case in all its cases that the actor may see, and return this one, and those that have moved on since.

    `versions`: by number, what the page showed of the others. Each keeps of the attendance what its own units are. Raises as
    `call_session` does.
    """
    actor.require(Permission.CASE_ACT)
    _lock([seen.case.pk, *peers_of(actor, seen.case)])
    parts, left = parts_to_record(actor, seen.case, at)
    said = _said_in([seen.case.pk, *session_cases(seen.case)], wish)
    mine = said[seen.case.pk]
    mine = _record_of(mine, parts[0]) if parts else mine
    done = act_on_case(actor=actor, case=seen.case, wish=mine, version=seen.version, at=at)
    for part in parts[1:]:
        told = replace(_record_of(said[part.case.pk], part), files=())
        with _named(part.case):
            act_on_case(actor=actor, case=part.case, wish=told, version=versions.get(part.case.number, -1), at=at)
    return done, left


def _record_of(wish: Wish, part: Part) -> Wish:
    return replace(wish, payload=recorded_for(wish.payload, part.session))


def _lock(cases: Sequence[int]) -> None:
    """Lock them in one order, whoever calls from which of them: nobody waits for somebody who waits for him."""
    list(Case.objects.select_for_update(no_key=True).filter(pk__in=cases).order_by("pk").values_list("pk"))


def _require_one_place(case: Case, others: Sequence[Case]) -> None:
    numbers = {case.number, *(one.number for one in others)}
    elsewhere = any(one.compound_id != case.compound_id for one in others)
    if elsewhere or len(numbers) != 1 + len(others) or len(others) > MOST_BESIDE:
        raise Refused("case.bad_form")


@contextmanager
def _named(case: Case) -> Iterator[None]:
    """Say of a refusal which case it is about."""
    try:
        yield
    except Refused as refusal:
        raise Refused("case.joint_refused", number=case.number, why=refusal) from refusal

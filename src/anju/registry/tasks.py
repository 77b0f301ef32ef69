"""Lists too long to be read, treated, written or undone while somebody waits: the worker does it, and their row says how far it is."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django_tasks import task

from anju.accounts.queries.acting import actor_again
from anju.base.actor import SYSTEM, Actor, Denied, Refused
from anju.base.beside import beside
from anju.places.models import Division
from anju.registry.models import ListImport
from anju.registry.queries.imports import awaiting_lines, doubted_lines
from anju.registry.services.imports.opening import read_import
from anju.registry.services.imports.ordering import give_back
from anju.registry.services.imports.treating import (
    SOME,
    assign_division,
    choose_for_reason,
    order_treatment,
)
from anju.registry.services.imports.undoing import Undone, order_undoing, undo_import
from anju.registry.services.imports.writing import announce_writing, write_import

SMALL_ROWS = 2000
_SMALL_TEXT, _SMALL_BOOK = 1024 * 1024, 256 * 1024


def begin_reading(*, actor: Actor, row: ListImport, content: bytes, at: datetime) -> None:
    """Read a small file now and let the worker read a large one."""
    book = content.startswith((b"PK", b"\xd0\xcf"))
    if len(content) <= (_SMALL_BOOK if book else _SMALL_TEXT) and content.count(b"\n") <= SMALL_ROWS:
        read_import(actor=actor, row=row, at=at)
        return
    read_in_background.enqueue(row.pk, actor.user_id, actor.post_id, at.isoformat())


def begin_writing(*, actor: Actor, row: ListImport, plan: str, at: datetime) -> None:
    """Write a short list now and let the worker write a long one."""
    if row.rows <= SMALL_ROWS:
        write_import(actor=actor, row=row, plan=plan, at=at)
        return
    announce_writing(actor=actor, row=row, plan=plan, at=at)
    write_in_background.enqueue(row.pk, plan, actor.user_id, actor.post_id, at.isoformat())


def begin_treating(*, actor: Actor, row: ListImport, reason: str, to: str, at: datetime) -> bool:
    """Treat the doubts of a reason: now where they are few, else by the worker. Return whether it is done."""
    if len(doubted_lines(row, reason)) <= SOME:
        choose_for_reason(actor=actor, row=row, reason=reason, to=to, at=at)
        return True
    order = order_treatment(actor=actor, row=row, at=at)
    treat_in_background.enqueue(
        row.pk, order, {"reason": reason, "to": to}, actor.user_id, actor.post_id, at.isoformat()
    )
    return False


def begin_assigning(*, actor: Actor, row: ListImport, division: Division, at: datetime) -> bool:
    """Give all rows without a town theirs: now where they are few, else by the worker. Return whether it is done."""
    if len(awaiting_lines(row)) <= SOME:
        assign_division(actor=actor, row=row, lines=(), division=division, at=at)
        return True
    order = order_treatment(actor=actor, row=row, division=division, at=at)
    treat_in_background.enqueue(row.pk, order, {"division": division.pk}, actor.user_id, actor.post_id, at.isoformat())
    return False


def begin_undoing(*, actor: Actor, row: ListImport, reason: str, at: datetime) -> Undone | None:
    """Take a short list back now and return what that did; let the worker take a long one back."""
    if row.rows <= SMALL_ROWS:
        return undo_import(actor=actor, row=row, reason=reason, at=at)
    order = order_undoing(actor=actor, row=row, reason=reason, at=at)
    undo_in_background.enqueue(row.pk, order, reason, actor.user_id, actor.post_id, at.isoformat())
    return None


@task()
def read_in_background(pk: int, user: int | None, post: int | None, at: str) -> None:
    row, moment = ListImport.objects.get(pk=pk), datetime.fromisoformat(at)
    try:
        actor = actor_again(user, post, on=timezone.localdate(moment))
        read_import(actor=actor, row=row, at=moment, progress=lambda done: _say(pk, done))
    except (Refused, Denied) as refusal:
        if not (isinstance(refusal, Refused) and refusal.code == "import.overtaken"):
            _give_back(pk, ListImport.State.FAILED, refusal)


@task()
def write_in_background(pk: int, plan: str, user: int | None, post: int | None, at: str) -> None:
    row, moment = ListImport.objects.get(pk=pk), datetime.fromisoformat(at)
    try:
        actor = actor_again(user, post, on=timezone.localdate(moment))
        with beside(lambda done: _say(pk, done)) as progress:
            write_import(actor=actor, row=row, plan=plan, at=moment, progress=progress)
    except (Refused, Denied) as refusal:
        _give_back(pk, ListImport.State.PREVIEWED, refusal)


@task()
def treat_in_background(
    pk: int, order: str, asked: dict[str, Any], user: int | None, post: int | None, at: str
) -> None:
    """`asked`: the `reason` that is treated and `to` what, or the `division` that rows without a town are given."""
    row, moment = ListImport.objects.get(pk=pk), datetime.fromisoformat(at)
    try:
        actor = actor_again(user, post, on=timezone.localdate(moment))
        with beside(lambda done: _say(pk, done)) as progress:
            if "division" in asked:
                town = Division.objects.get(pk=asked["division"])
                assign_division(
                    actor=actor, row=row, lines=(), division=town, at=moment, order=order, progress=progress
                )
            else:
                choose_for_reason(actor=actor, row=row, **asked, at=moment, order=order, progress=progress)
    except (Refused, Denied) as refusal:
        give_back(actor=SYSTEM, row=row, order=order, failure=_code(refusal), at=moment)


@task()
def undo_in_background(pk: int, order: str, reason: str, user: int | None, post: int | None, at: str) -> None:
    row, moment = ListImport.objects.get(pk=pk), datetime.fromisoformat(at)
    try:
        actor = actor_again(user, post, on=timezone.localdate(moment))
        with beside(lambda done: _say(pk, done)) as progress:
            undo_import(actor=actor, row=row, reason=reason, at=moment, order=order, progress=progress)
    except (Refused, Denied) as refusal:
        give_back(actor=SYSTEM, row=row, order=order, failure=_code(refusal), at=moment)


def _give_back(pk: int, state: str, refusal: Refused | Denied) -> None:
    ListImport.objects.filter(pk=pk).update(state=state, failure=_code(refusal))


def _code(refusal: Refused | Denied) -> str:
    return refusal.code if isinstance(refusal, Refused) else "denied"


def _say(pk: int, done: int) -> None:
    ListImport.objects.filter(pk=pk).update(done=done)

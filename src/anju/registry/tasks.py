"""Lists too long to be read or written while somebody waits: the worker does it, and the import's own row says how far it is."""

from datetime import datetime

from django.utils import timezone
from django_tasks import task

from anju.accounts.queries.acting import actor_again
from anju.base.actor import Actor, Denied, Refused
from anju.base.beside import beside
from anju.registry.models import ListImport
from anju.registry.services.imports.opening import read_import
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


def _give_back(pk: int, state: str, refusal: Refused | Denied) -> None:
    code = refusal.code if isinstance(refusal, Refused) else "denied"
    ListImport.objects.filter(pk=pk).update(state=state, failure=code)


def _say(pk: int, done: int) -> None:
    ListImport.objects.filter(pk=pk).update(done=done)

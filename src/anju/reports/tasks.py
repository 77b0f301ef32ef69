"""Returned tables too long to be written while somebody waits: the worker does it, and their order says how far it is."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django_tasks import task

from anju.accounts.queries.acting import actor_again
from anju.base.actor import Actor, Denied, Refused
from anju.base.beside import beside
from anju.reports.models import ReturnedOrder, ReturnedTable
from anju.reports.services.edits import Word
from anju.reports.services.settling import give_back, order_writing, write_ordered, write_returned

SMALL = 300  # changes; some half a second


def begin_settling(*, actor: Actor, returned: ReturnedTable, chosen: Sequence[int], word: Word, at: datetime) -> bool:
    """Write a few changes now, and let the worker write many. Return whether they are written."""
    if len(chosen) <= SMALL:
        write_returned(actor=actor, returned=returned, chosen=chosen, word=word, at=at)
        return True
    order_writing(actor=actor, returned=returned, chosen=chosen, word=word, at=at)
    settle_again(actor=actor, returned=returned, at=at)
    return False


def settle_again(*, actor: Actor, returned: ReturnedTable, at: datetime) -> None:
    """Ask the worker for what was ordered, once more where it was cut off. Who comes second finds it written."""
    settle_in_background.enqueue(returned.pk, actor.user_id, actor.post_id, at.isoformat())


@task()
def settle_in_background(pk: int, user: int | None, post: int | None, at: str) -> None:
    row, moment = ReturnedTable.objects.get(pk=pk), datetime.fromisoformat(at)
    actor = actor_again(user, post, on=timezone.localdate(moment))
    try:
        with beside(lambda done: _say(pk, done)) as progress:
            write_ordered(actor=actor, returned=row, at=moment, progress=progress)
    except (Refused, Denied) as refusal:
        failure = refusal.code if isinstance(refusal, Refused) else "denied"
        give_back(actor=actor, returned=row, failure=failure, at=moment)


def _say(pk: int, done: int) -> None:
    ReturnedOrder.objects.filter(pk=pk).update(done=done)

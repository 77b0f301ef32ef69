"""The outbox: notices queued in the transaction of the act they tell of, delivered afterwards by the ticker.

In-app notices are there when the act is. Short messages go through a `Gateway`; where there is none, or it has failed for good, they
become lines of the call list that a person works off by telephone. A gateway may get a notice twice (a process died between sending
and noting it): it gets the notice's key with it.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from logging import getLogger
from typing import Protocol
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.timezone import localtime

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.base.models import Notice
from anju.rules.sending import next_attempt, sending_moment

log = getLogger(__name__)
LEASE = timedelta(minutes=5)
MOST_AT_ONCE = 200
PHONE_KEPT = timedelta(days=30)
_LONGEST_VALUE = 100
_PERSONAL = re.compile(r"(?<![0-9])(?:1[3-9][0-9]{9}|[0-9]{17}[0-9Xx])(?![0-9])")

Values = Mapping[str, str | int]
Render = Callable[[str, Values], str]


class Undeliverable(Exception):
    """The gateway will never deliver this: a wrong number, a refused text. `code` is its own, for the record."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Gateway(Protocol):
    """Sends short messages. Raises `Undeliverable` for good, any other exception for now."""

    def send(self, phone: str, text: str, key: str) -> None: ...


@transaction.atomic
def queue_notice(
    *,
    template: str,
    channel: Notice.Channel,
    at: datetime,
    values: Values | None = None,
    user_id: int | None = None,
    phone: str = "",
    key: str = "",
    about: str = "",
    most: int | None = None,
    not_before: datetime | None = None,
    urgent: bool = False,
) -> Notice | None:
    """Queue one notice in the caller's transaction; return None where it was queued before or would be one too many.

    `key`: the same key is queued once, ever. `most`: at most so many to this recipient about `about`. `values` fill the template
    and hold no personal data: a telephone or identity number in them is a `ValueError`. Short messages and calls wait for the morning
    unless `urgent`.
    """
    given = dict(values or {})
    _require_impersonal(given)
    recipient = _recipient(channel, user_id, phone)
    if key and Notice.objects.filter(key=key).exists():
        return None
    if most is not None and _too_many(about, recipient, most):
        return None
    wanted = localtime(max(not_before or at, at))
    row = Notice(
        key=key or uuid4().hex,
        channel=channel,
        template=template,
        values=given,
        about=about,
        recipient=recipient,
        user_id=user_id,
        phone=phone if channel != Notice.Channel.IN_APP else "",
        urgent=urgent,
        queued_at=at,
        not_before=wanted if channel == Notice.Channel.IN_APP else sending_moment(wanted, urgent=urgent),
    )
    if channel == Notice.Channel.IN_APP:
        row.state, row.settled_at = Notice.State.SENT, at
    return _saved(row)


def tell_in_app(*, template: str, values: Values, users: Collection[int], key: str, about: str, at: datetime) -> None:
    """Tell several people in the app, in the caller's transaction. `key` and a person are told once, ever.

    Who has not read yet that the same happened to the same thing is not told again.
    """
    given = dict(values)
    _require_impersonal(given)
    known = Notice.objects.filter(
        about=about, template=template, read_at=None, recipient__in=[f"user:{user}" for user in users]
    )
    unaware = set(users) - set(known.values_list("user_id", flat=True))
    rows = [
        Notice(
            key=f"{key}:{user}",
            channel=Notice.Channel.IN_APP,
            state=Notice.State.SENT,
            template=template,
            values=given,
            about=about,
            recipient=f"user:{user}",
            user_id=user,
            queued_at=at,
            not_before=at,
            settled_at=at,
        )
        for user in sorted(unaware)
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def unread_for(actor: Actor, *, at: datetime) -> QuerySet[Notice]:
    """Return the actor's unread in-app notices, the newest first."""
    return unread_ever(actor).filter(not_before__lte=at).order_by("-id")


def unread_ever(actor: Actor) -> QuerySet[Notice]:
    """Return the actor's unread in-app notices without asking the clock, for a question that is composed once."""
    own = Notice.objects.filter(channel=Notice.Channel.IN_APP, user_id=actor.user_id, user_id__isnull=False)
    return own.filter(read_at=None)


def mark_read(*, actor: Actor, ids: list[int], at: datetime) -> int:
    """Mark notices of the actor's own as read and return how many were unread."""
    return unread_for(actor, at=at).filter(id__in=ids).update(read_at=at)


def call_list(*, at: datetime) -> QuerySet[Notice]:
    """Return the calls that are to be made now, the urgent and the oldest first. Whose calls these are, the caller filters."""
    waiting = Notice.objects.filter(channel=Notice.Channel.CALL, state=Notice.State.WAITING, not_before__lte=at)
    return waiting.order_by("-urgent", "not_before", "id")


@transaction.atomic
def settle_call(*, actor: Actor, notice: Notice, reached: bool, at: datetime) -> Notice:
    """Somebody has telephoned: reached, or given up."""
    row = Notice.objects.select_for_update().get(pk=notice.pk)
    if row.channel != Notice.Channel.CALL or row.state != Notice.State.WAITING:
        raise Refused("notice.already_settled")
    row.state = Notice.State.SENT if reached else Notice.State.FAILED
    row.settled_at, row.settled_by = at, actor.user_id
    row.save(update_fields=["state", "settled_at", "settled_by"])
    audit.record(actor=actor, action="notice.call_settled", subject=row, note={"reached": reached}, at=at)
    return row


def deliver_due(gateway: Gateway | None, render: Render, at: datetime) -> int:
    """Send the short messages that are due and return how many went out. Without a gateway they go to the call list.

    At night none but the urgent go out, however late the ticker is or however often one was tried in vain.
    """
    due = Notice.objects.filter(channel=Notice.Channel.SMS, state=Notice.State.WAITING, not_before__lte=at)
    if gateway is None:
        due.update(channel=Notice.Channel.CALL)
        return 0
    if sending_moment(localtime(at), urgent=False) > at:
        due = due.filter(urgent=True)
    return sum(_deliver(row, gateway, render, at) for row in _leased(due, at))


def forget_phones(at: datetime) -> int:
    """Numbers of notices that are over are kept no longer than is needed to look into a complaint."""
    over = Notice.objects.exclude(state=Notice.State.WAITING).exclude(phone="")
    return over.filter(settled_at__lt=at - PHONE_KEPT).update(phone="")


def _leased(due: QuerySet[Notice], at: datetime) -> list[Notice]:
    """Take rows for a while, so that no other ticker sends them; whoever dies with them loses them to the next."""
    with transaction.atomic():
        free = due.filter(Q(leased_until=None) | Q(leased_until__lte=at)).order_by("-urgent", "not_before", "id")
        rows = list(free.select_for_update(skip_locked=True)[:MOST_AT_ONCE])
        Notice.objects.filter(id__in=[row.pk for row in rows]).update(leased_until=at + LEASE)
    return rows


def _deliver(row: Notice, gateway: Gateway, render: Render, at: datetime) -> bool:
    row.attempts += 1
    row.leased_until = None
    try:
        gateway.send(row.phone, render(row.template, row.values), row.key)
    except Undeliverable as refused:
        _to_call_list(row, refused.code, at)
        return False
    except Exception as failed:
        log.warning("notice %s was not sent: %s", row.pk, type(failed).__name__)
        again = next_attempt(row.attempts, at)
        if again is None:
            _to_call_list(row, type(failed).__name__, at)
        else:
            row.not_before, row.failure = again, type(failed).__name__[:60]
            row.save(update_fields=["attempts", "leased_until", "not_before", "failure"])
        return False
    row.state, row.settled_at, row.failure = Notice.State.SENT, at, ""
    row.save(update_fields=["attempts", "leased_until", "state", "settled_at", "failure"])
    return True


def _to_call_list(row: Notice, failure: str, at: datetime) -> None:
    row.channel, row.failure = Notice.Channel.CALL, failure[:60]
    row.not_before = sending_moment(localtime(at), urgent=row.urgent)
    row.save(update_fields=["attempts", "leased_until", "channel", "not_before", "failure"])


def _require_impersonal(values: dict[str, str | int]) -> None:
    for name, value in values.items():
        if len(str(value)) > _LONGEST_VALUE or _PERSONAL.search(str(value)):
            raise ValueError(f"{name} is no value for a notice")


def _recipient(channel: Notice.Channel, user_id: int | None, phone: str) -> str:
    """Return who is told, in a form that outlives the number itself."""
    if channel == Notice.Channel.IN_APP and user_id is None:
        raise ValueError("an in-app notice needs a user")
    if channel == Notice.Channel.SMS and not phone:
        raise ValueError("a short message needs a number")
    if user_id is not None:
        return f"user:{user_id}"
    return "phone:" + salted_hmac("anju.notice", phone).hexdigest() if phone else "nobody"


def _too_many(about: str, recipient: str, most: int) -> bool:
    return Notice.objects.filter(about=about, recipient=recipient).count() >= most


def _saved(row: Notice) -> Notice | None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if Notice.objects.filter(key=row.key).exists():
            return None
        raise
    return row

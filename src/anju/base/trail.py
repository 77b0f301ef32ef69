"""Reading the audit trail: newest first, by key, and only for those who may."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.base.models import AuditEntry
from anju.rules.permissions import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet

PAGE = 50
EXPORT_STEP = 2000
WALKABLE = 200_000  # entries that a page may check while somebody waits; beyond it `anju check` does it
READ, EXPORTED, VERIFIED = "trail.read", "trail.exported", "trail.verified"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for. `users` None: anyone; empty: nobody answers to the name that was typed."""

    users: frozenset[int] | None = None
    action: str = ""
    outcome: str = ""
    subject_type: str = ""
    subject_id: int | None = None
    since: datetime | None = None
    before: datetime | None = None


NOTHING = Sought(users=frozenset())


@dataclass(frozen=True, slots=True)
class Page:
    """One page, newest first; `older` and `newer` are the keys to go on from, None at an end."""

    rows: list[AuditEntry]
    older: int | None
    newer: int | None


def entries_for(actor: Actor, sought: Sought) -> "QuerySet[AuditEntry]":
    """Return the entries sought, newest first."""
    if not actor.may(Permission.AUDIT_READ):
        return AuditEntry.objects.none()
    wanted = {
        "user_id__in": sought.users,
        "action": sought.action or None,
        "outcome": sought.outcome or None,
        "subject_type": sought.subject_type or None,
        "subject_id": sought.subject_id,
        "at__gte": sought.since,
        "at__lt": sought.before,
    }
    given = {key: value for key, value in wanted.items() if value is not None}
    return AuditEntry.objects.filter(**given).order_by("-id")


def page_of(rows: "QuerySet[AuditEntry]", *, below: int | None = None, above: int | None = None) -> Page:
    """Cut one page out of `rows`: below one key, or above another, or from the newest."""
    if above is not None:
        found = list(rows.filter(id__gt=above).order_by("id")[: PAGE + 1])
        more, shown = len(found) > PAGE, found[:PAGE][::-1]
        return Page(shown, shown[-1].pk if shown else None, shown[0].pk if more else None)
    found = list((rows.filter(id__lt=below) if below else rows)[: PAGE + 1])
    more, shown = len(found) > PAGE, found[:PAGE]
    return Page(shown, shown[-1].pk if more else None, shown[0].pk if below and shown else None)


def all_of(rows: "QuerySet[AuditEntry]") -> Iterator[AuditEntry]:
    """Yield every entry of `rows`, newest first, in bounded memory."""
    last: int | None = None
    while batch := list((rows.filter(id__lt=last) if last else rows)[:EXPORT_STEP]):
        yield from batch
        last = batch[-1].pk


def note_reading(*, actor: Actor, at: datetime) -> None:
    """Write down that this person read the trail today: once a day, so that reading does not drown what is read."""
    actor.require(Permission.AUDIT_READ)
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    today = AuditEntry.objects.filter(user_id=actor.user_id, action=READ, at__gte=midnight.astimezone(UTC))
    if not today.exists():
        audit.record(actor=actor, action=READ, at=at)


def note_export(*, actor: Actor, rows: int, at: datetime) -> None:
    """Write down that entries left the house as a file."""
    actor.require(Permission.AUDIT_READ)
    audit.record(actor=actor, action=EXPORTED, note={"rows": rows}, at=at)


@dataclass(frozen=True, slots=True)
class Verification:
    """When the trail was last walked from a page, how long it was, and the first bad entry where there was one."""

    at: datetime
    length: int
    problem: str = ""
    seq: int | None = None
    entry_id: int | None = None


def verify_trail(*, actor: Actor, at: datetime) -> Verification:
    """Walk the whole trail, write down the result and return it. Refused where the trail is too long to wait for."""
    actor.require(Permission.AUDIT_READ)
    length, head = audit.chain_head()
    if length > WALKABLE:
        raise Refused("trail.too_long", length=length)
    first = next(iter(audit.verify_chain()), None)
    found = Verification(at, length, first.code, first.seq, first.entry_id) if first else Verification(at, length)
    note = {"length": length, "head": head, "problem": found.problem, "seq": found.seq, "entry": found.entry_id}
    with transaction.atomic():
        audit.record(actor=actor, action=VERIFIED, note=note, at=at)
    return found


def last_verification(actor: Actor) -> Verification | None:
    """Return the result of the last check made from a page."""
    entry = entries_for(actor, Sought(action=VERIFIED)).first()
    if entry is None:
        return None
    note = json.loads(entry.body)["note"]
    return Verification(entry.at, note["length"], note["problem"], note["seq"], note["entry"])

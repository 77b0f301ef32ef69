"""How often a stranger may write. Like the device cookies of sign-in (docs/decisions/0004): one phone cannot close a carrier's address.

A device that has been seen is counted by itself. Addresses are counted too, but a full one shuts nobody out: a sum is asked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from anju.base.actor import Actor, Refused
from anju.disclosure.models import KnockCounter
from anju.rules import lockout
from anju.rules.disclosure import (
    ADDRESS,
    COMPOUND,
    DEVICE,
    FILING,
    FILING_ADDRESS,
    FILING_HERE,
    UPLOADS,
    UPLOADS_ADDRESS,
)

LIFE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Knock:
    """Who writes, as far as we know: the name in the device's cookie ("" for none) and the address."""

    device: str
    address: str
    sum_solved: bool = False


def sum_needed(*, actor: Actor, knock: Knock, at: datetime, kind: str = "address") -> bool:
    """Tell whether so much came from this address lately that a sum is asked before anything is taken."""
    row = KnockCounter.objects.filter(key=_key(kind, knock.address)).first()
    return bool(row and row.locked_until and at < row.locked_until)


def take_knock(*, actor: Actor, knock: Knock, compound: int, at: datetime) -> None:
    """Count one correction before it is written, or refuse it. Each counter has its own transaction, so that refusals count too."""
    wait = _take("device", knock.device, DEVICE, at) if knock.device else None
    if wait is not None:
        raise Refused("correction.too_many", minutes=lockout.minutes(wait))
    if _take("address", knock.address, ADDRESS, at) is not None and not knock.sum_solved:
        raise Refused("correction.sum_needed")
    if _take("compound", str(compound), COMPOUND, at) is not None:
        raise Refused("correction.call_instead")


def take_filing(*, actor: Actor, knock: Knock, compound: int, key: str, urgent: bool, at: datetime) -> None:
    """Count one report before it is written, or refuse it. The same `key` again is the same report and counts no more.

    `urgent`: a danger is taken however many there were in this compound.
    """
    if not knock.device:
        raise Refused("filing.no_cookie")
    if KnockCounter.objects.filter(key=_key("sent", key)).exists():
        return
    if _take("filing_address", knock.address, FILING_ADDRESS, at) is not None and not knock.sum_solved:
        raise Refused("filing.sum_needed")  # before the device is counted: a slip in the sum is no report
    wait = _take("filing", knock.device, FILING, at)
    if wait is None and not urgent:
        wait = _take("filing_here", f"{knock.device}:{compound}", FILING_HERE, at)
    if wait is not None:
        raise Refused("filing.too_many", minutes=lockout.minutes(wait))
    KnockCounter.objects.get_or_create(key=_key("sent", key), defaults={"since": at})


def may_upload(*, actor: Actor, knock: Knock, at: datetime) -> bool:
    """Count one photo that a stranger hands in; False where there were too many: the report goes on without it."""
    if knock.device and _take("uploads", knock.device, UPLOADS, at) is not None:
        return False
    return _take("uploads_address", knock.address, UPLOADS_ADDRESS, at) is None


def forget_knocks(*, actor: Actor, at: datetime) -> int:
    """Remove counters that can no longer matter."""
    over = Q(locked_until__isnull=True) | Q(locked_until__lt=at)
    removed, _ = KnockCounter.objects.filter(over, since__lt=at - LIFE).delete()
    return removed


def _take(kind: str, name: str, limit: lockout.Limit, at: datetime) -> timedelta | None:
    with transaction.atomic():
        row, new = KnockCounter.objects.select_for_update().get_or_create(key=_key(kind, name), defaults={"since": at})
        known = None if new else lockout.Count(row.attempts, row.since, row.locked_until)
        count, wait = lockout.take(known, limit, at)
        if wait is None:
            row.attempts, row.since, row.locked_until = count.attempts, count.since, count.locked_until
            row.save(update_fields=["attempts", "since", "locked_until"])
    return wait


def _key(kind: str, name: str) -> str:
    return salted_hmac(f"anju.disclosure.{kind}", name, algorithm="sha256").hexdigest()

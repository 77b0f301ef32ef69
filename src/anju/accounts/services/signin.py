"""Signing in and out: counting attempts before they are made, and writing down how they ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from anju.accounts.models import SignInCounter, User
from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.rules import lockout

CODE_LIFE = timedelta(minutes=2)  # a code shown by an app is accepted for at most a minute and a half
COUNTER_LIFE = timedelta(days=1)
FactorChange = Literal["added", "dropped", "codes_renewed"]


@dataclass(frozen=True, slots=True)
class Visit:
    """Who somebody says they are, and from where. `device` names a device that signed in as this person before."""

    account: str
    address: str
    device: str | None = None


_Door = tuple[str, lockout.Limit]


def take_attempt(*, actor: Actor, visit: Visit, at: datetime) -> bool:
    """Count one attempt at a password before it is made. True: it was the last one, unless it succeeds.

    Raises `Refused` where no attempt may be made now.
    """
    return _take_first(_known(visit, "device", lockout.KNOWN_DEVICE), _strange(visit), at)


def take_code_attempt(*, actor: Actor, visit: Visit, at: datetime) -> bool:
    """The same for the code of the second factor, which only someone with the password is asked for."""
    strange = [(counter_key("code", visit.account), lockout.CODE)]
    return _take_first(_known(visit, "code-device", lockout.CODE), strange, at)


def clear_attempts(*, actor: Actor, visit: Visit, at: datetime) -> None:
    """The password was right: the counts of this person are cleared, the address gets one attempt back."""
    keys = [key for key, _ in _known(visit, "device", lockout.KNOWN_DEVICE)]
    counters = SignInCounter.objects.filter(key__in=keys)
    as_known = bool(keys) and not counters.filter(locked_until__gt=at).exists()
    counters.delete()
    if not as_known:
        SignInCounter.objects.filter(key=counter_key("account", visit.account)).delete()
        _give_back(counter_key("address", visit.address), lockout.ADDRESS)


def clear_code_attempts(*, actor: Actor, visit: Visit, at: datetime) -> None:
    keys = [key for key, _ in _known(visit, "code-device", lockout.CODE)]
    SignInCounter.objects.filter(key__in=keys or [counter_key("code", visit.account)]).delete()


def use_code(*, actor: Actor, person: User, code: str, at: datetime) -> bool:
    """Mark a code of the second factor as used; False where it was used before: whoever reads it over a shoulder is late."""
    key = counter_key("used-code", str(person.pk), code)
    _, new = SignInCounter.objects.get_or_create(key=key, defaults={"window_started_at": at})
    if new:
        return True
    again = SignInCounter.objects.filter(key=key, window_started_at__lte=at - CODE_LIFE)
    return again.update(window_started_at=at) == 1


def record_sign_in(*, actor: Actor, person: User, at: datetime) -> None:
    audit.record(actor=actor, action="person.signed_in", subject=person, at=at)


def record_failed_sign_in(*, actor: Actor, person: User | None, reason: str, closed: bool, at: datetime) -> None:
    """Write down a failure: the person it was tried for where there is one, never the name a stranger typed."""
    note: dict[str, object] = {"reason": reason, "closed": closed}
    audit.record(actor=actor, action="person.sign_in_failed", subject=person, note=note, outcome="refused", at=at)


def record_sign_out(*, actor: Actor, person: User, idle: bool = False, at: datetime) -> None:
    """`idle`: the house ended a sign-in with which nothing was done for long."""
    note: dict[str, object] = {"reason": "idle"} if idle else {}
    audit.record(actor=actor, action="person.signed_out", subject=person, note=note, at=at)


def record_second_factor(*, actor: Actor, person: User, change: FactorChange, at: datetime) -> None:
    """Write down what a person did to their own second factor."""
    audit.record(actor=actor, action=f"person.second_factor_{change}", subject=person, at=at)


def forget_attempts(*, actor: Actor, at: datetime) -> int:
    """Remove counters that can no longer matter."""
    over = Q(locked_until__isnull=True) | Q(locked_until__lt=at)
    removed, _ = SignInCounter.objects.filter(over, window_started_at__lt=at - COUNTER_LIFE).delete()
    return removed


def counter_key(kind: str, *parts: str) -> str:
    """Return the digest a counter is kept under: without the secret key nobody reads a name or an address from it."""
    return salted_hmac(f"anju.signin.{kind}", "\0".join(parts), algorithm="sha256").hexdigest()


def take_count(*, key: str, limit: lockout.Limit, at: datetime) -> timedelta | None:
    """Count one attempt at something else that is guessed at; return how long to wait where it may not be made."""
    return _take((key, limit), at)[0]


def _known(visit: Visit, kind: str, limit: lockout.Limit) -> list[_Door]:
    return [(counter_key(kind, visit.account, visit.device), limit)] if visit.device else []


def _strange(visit: Visit) -> list[_Door]:
    return [
        (counter_key("address", visit.address), lockout.ADDRESS),
        (counter_key("account", visit.account), lockout.STRANGE_DEVICES),
    ]


def _take_first(known: list[_Door], strange: list[_Door], at: datetime) -> bool:
    """A known device is counted by itself; once its own door is closed it is as strange as any other."""
    for door in known:
        wait, closed = _take(door, at)
        if wait is None:
            return closed
    results = []
    for door in strange:
        wait, closed = _take(door, at)
        if wait is not None:
            raise Refused("signin.locked", minutes=lockout.minutes(wait))
        results.append(closed)
    return any(results)


def _take(door: _Door, at: datetime) -> tuple[timedelta | None, bool]:
    """One transaction a counter: the row's lock puts attempts of the same moment in a line, and two rows are never held."""
    key, limit = door
    with transaction.atomic():
        row, new = SignInCounter.objects.select_for_update().get_or_create(key=key, defaults={"window_started_at": at})
        count, wait = lockout.take(None if new else _count(row), limit, at)
        if wait is None:
            _store(row, count)
    return wait, count.locked_until is not None


def _give_back(key: str, limit: lockout.Limit) -> None:
    with transaction.atomic():
        row = SignInCounter.objects.select_for_update().filter(key=key).first()
        if row:
            _store(row, lockout.give_back(_count(row), limit))


def _count(row: SignInCounter) -> lockout.Count:
    return lockout.Count(row.failures, row.window_started_at, row.locked_until)


def _store(row: SignInCounter, count: lockout.Count) -> None:
    row.failures, row.window_started_at, row.locked_until = count.attempts, count.since, count.locked_until
    row.save(update_fields=["failures", "window_started_at", "locked_until"])

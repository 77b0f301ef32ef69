"""The ticker: runs periodic duties when they are due, each under a lease, so that two tickers never run one duty twice.

A duty must be idempotent: three days without a ticker and then one run must leave the same end state.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from logging import getLogger
from time import sleep

from django.db import OperationalError, close_old_connections
from django.utils import timezone

from anju.base.models import TickerLease

log = getLogger(__name__)
LEASE = timedelta(minutes=10)  # a duty whose ticker died is taken up again after this
PAUSE = 0.5  # seconds between two looks at `stop`
LOOK_EVERY = 20  # pauses between two looks at the duties


@dataclass(frozen=True, slots=True)
class Duty:
    """A periodic duty: `run(at)` is called when `every` has passed since its last run."""

    name: str
    every: timedelta
    run: Callable[[datetime], None]


def run_due(duties: Iterable[Duty], at: datetime) -> list[str]:
    """Run the duties that are due at `at` and return their names. One that fails is logged and tried again next time."""
    return [duty.name for duty in duties if _take(duty, at) and _run(duty, at)]


def run_forever(duties: Iterable[Duty], stop: Callable[[], bool]) -> None:
    """Look every ten seconds until `stop()` says so. A database that is away is waited for."""
    listed, pauses = tuple(duties), 0
    while not stop():
        if pauses % LOOK_EVERY == 0:
            _look(listed)
        pauses += 1
        sleep(PAUSE)


def _look(duties: Iterable[Duty]) -> None:
    close_old_connections()
    try:
        run_due(duties, timezone.now())
    except OperationalError:
        log.warning("the ticker cannot reach the database")


def _take(duty: Duty, at: datetime) -> bool:
    TickerLease.objects.bulk_create([TickerLease(duty=duty.name, due_at=at)], ignore_conflicts=True)
    return TickerLease.objects.filter(duty=duty.name, due_at__lte=at).update(due_at=at + LEASE) == 1


def _run(duty: Duty, at: datetime) -> bool:
    try:
        duty.run(at)
    except Exception:
        log.exception("duty %s failed", duty.name)
        return False
    TickerLease.objects.filter(duty=duty.name).update(last_run_at=at, due_at=at + duty.every)
    return True

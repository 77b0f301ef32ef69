"""Periodic duties run when due, once, and again after a failure."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connections

from anju.base.ticker import LEASE, Duty, run_due
from tests.people import NOW

HOUR = timedelta(hours=1)


def duty(ran: list[datetime]) -> Duty:
    return Duty("count", HOUR, ran.append)


def test_run_due_duty_runs_at_once_and_then_each_hour(db: None) -> None:
    ran: list[datetime] = []
    for minutes in (0, 10, 59, 60, 61, 300):
        run_due([duty(ran)], NOW + timedelta(minutes=minutes))
    assert ran == [NOW, NOW + HOUR, NOW + 5 * HOUR]


def test_run_due_duty_that_fails_is_tried_again_after_its_lease(db: None) -> None:
    calls: list[datetime] = []

    def fail(at: datetime) -> None:
        calls.append(at)
        raise RuntimeError

    failing = Duty("failing", HOUR, fail)
    assert run_due([failing], NOW) == []
    assert run_due([failing], NOW + LEASE - timedelta(seconds=1)) == []
    assert run_due([failing], NOW + LEASE) == []
    assert calls == [NOW, NOW + LEASE]


@pytest.mark.django_db(transaction=True)
def test_run_due_by_two_tickers_at_once_runs_a_duty_once() -> None:
    ran: list[datetime] = []

    def tick() -> None:
        run_due([duty(ran)], NOW)
        connections.close_all()

    threads = [threading.Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ran == [NOW]

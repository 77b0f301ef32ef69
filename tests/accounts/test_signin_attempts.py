"""Counting attempts: exact when many arrive at once, and never usable against the person they are aimed at."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from anju.accounts.models import SignInCounter
from anju.accounts.services.signin import (
    Visit,
    clear_attempts,
    clear_code_attempts,
    counter_key,
    forget_attempts,
    take_attempt,
    take_code_attempt,
    use_code,
)
from anju.base.actor import STRANGER, SYSTEM, Refused
from anju.rules.lockout import ADDRESS, CODE, KNOWN_DEVICE, STRANGE_DEVICES
from tests.people import NOW, make_user

STRANGE = Visit("chen", "10.0.0.9")
KNOWN = Visit("chen", "10.0.0.1", "nonce-of-the-office-computer")
Take = Callable[..., bool]


def attempts(visit: Visit, times: int, take: Take = take_attempt) -> int:
    """Try so often and return how many attempts were let through."""
    made = 0
    for _ in range(times):
        try:
            take(actor=STRANGER, visit=visit, at=NOW)
            made += 1
        except Refused:
            continue
    return made


def at_once(work: Callable[[int], bool], threads: int = 16) -> list[bool]:
    """Run the work in so many threads that start together, each on its own connection."""
    start = Barrier(threads)

    def one(number: int) -> bool:
        start.wait(10)
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))


@pytest.mark.django_db
def test_take_attempt_from_strange_devices_closes_after_five() -> None:
    assert attempts(STRANGE, 8) == STRANGE_DEVICES.attempts


@pytest.mark.django_db
def test_take_attempt_closes_strangers_only_while_the_known_device_stays_open() -> None:
    attempts(STRANGE, 8)
    assert attempts(KNOWN, 1) == 1


@pytest.mark.django_db
def test_take_attempt_says_how_many_minutes_to_wait() -> None:
    attempts(STRANGE, 5)
    with pytest.raises(Refused) as refused:
        take_attempt(actor=STRANGER, visit=STRANGE, at=NOW + timedelta(minutes=10, seconds=1))
    assert refused.value.values == {"minutes": 5}


@pytest.mark.django_db
def test_take_attempt_opens_again_after_the_pause() -> None:
    attempts(STRANGE, 8)
    assert not take_attempt(actor=STRANGER, visit=STRANGE, at=NOW + STRANGE_DEVICES.pause)


@pytest.mark.django_db
def test_take_attempt_says_which_one_closes_the_door() -> None:
    assert [take_attempt(actor=STRANGER, visit=STRANGE, at=NOW) for _ in range(5)] == [False] * 4 + [True]


@pytest.mark.django_db
def test_take_attempt_from_a_known_device_that_is_used_up_counts_as_strange() -> None:
    assert attempts(KNOWN, 40) == KNOWN_DEVICE.attempts + STRANGE_DEVICES.attempts


@pytest.mark.django_db
def test_take_attempt_from_one_address_closes_for_any_name() -> None:
    made = sum(attempts(Visit(f"name{number}", "10.0.0.9"), 1) for number in range(ADDRESS.attempts + 20))
    assert made == ADDRESS.attempts
    assert attempts(Visit("someone", "10.0.0.10"), 1) == 1


@pytest.mark.django_db
def test_take_attempt_from_a_closed_address_leaves_known_devices_alone() -> None:
    attempts(Visit("other", KNOWN.address), 3)
    SignInCounter.objects.filter(key=counter_key("address", KNOWN.address)).update(
        failures=ADDRESS.attempts, locked_until=NOW + ADDRESS.pause
    )
    assert attempts(Visit("other", KNOWN.address), 1) == 0
    assert attempts(KNOWN, 1) == 1


@pytest.mark.django_db
def test_take_attempt_keeps_neither_name_nor_address() -> None:
    attempts(STRANGE, 1)
    attempts(KNOWN, 1)
    keys = set(SignInCounter.objects.values_list("key", flat=True))
    assert len(keys) == 3
    assert all(len(key) == 64 for key in keys)


@pytest.mark.django_db
def test_clear_attempts_after_success_forgets_the_account_and_gives_the_address_one_back() -> None:
    attempts(STRANGE, 4)
    clear_attempts(actor=STRANGER, visit=STRANGE, at=NOW)
    assert list(SignInCounter.objects.values_list("key", "failures")) == [(counter_key("address", STRANGE.address), 3)]


@pytest.mark.django_db
def test_clear_attempts_on_a_known_device_gives_strangers_nothing_back() -> None:
    attempts(STRANGE, 8)
    attempts(KNOWN, 1)
    clear_attempts(actor=STRANGER, visit=KNOWN, at=NOW)
    assert attempts(STRANGE, 1) == 0


@pytest.mark.django_db
def test_take_code_attempt_closes_strangers_only() -> None:
    assert attempts(STRANGE, 9, take_code_attempt) == CODE.attempts
    assert attempts(KNOWN, 1, take_code_attempt) == 1
    clear_code_attempts(actor=STRANGER, visit=KNOWN, at=NOW)
    assert attempts(STRANGE, 1, take_code_attempt) == 0


@pytest.mark.django_db
def test_forget_attempts_removes_what_no_longer_matters() -> None:
    attempts(STRANGE, 8)
    assert forget_attempts(actor=SYSTEM, at=NOW + timedelta(hours=23)) == 0
    assert forget_attempts(actor=SYSTEM, at=NOW + timedelta(hours=25)) == 2
    assert not SignInCounter.objects.exists()


@pytest.mark.django_db
def test_use_code_twice_is_refused_until_the_code_has_passed() -> None:
    person = make_user("chen", "陈经办")
    moments = (timedelta(0), timedelta(seconds=1), timedelta(seconds=119), timedelta(minutes=2))
    assert [use_code(actor=STRANGER, person=person, code="123456", at=NOW + after) for after in moments] == [
        True,
        False,
        False,
        True,
    ]


@pytest.mark.django_db(transaction=True)
def test_take_attempt_by_many_at_once_admits_exactly_the_limit() -> None:
    assert sum(at_once(lambda _: attempts(STRANGE, 1) == 1)) == STRANGE_DEVICES.attempts
    assert SignInCounter.objects.get(key=counter_key("address", STRANGE.address)).failures == 16


@pytest.mark.django_db(transaction=True)
def test_take_attempt_by_many_at_once_on_other_names_loses_no_count() -> None:
    at_once(lambda number: attempts(Visit(f"name{number}", "10.0.0.9"), 3) == 3)
    assert SignInCounter.objects.get(key=counter_key("address", "10.0.0.9")).failures == 48


@pytest.mark.django_db(transaction=True)
def test_use_code_by_many_at_once_works_once() -> None:
    person = make_user("chen", "陈经办")
    used = at_once(lambda _: use_code(actor=STRANGER, person=person, code="123456", at=NOW))
    assert sum(used) == 1

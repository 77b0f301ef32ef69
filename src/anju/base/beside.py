"""Saying how far a long transaction is: it is not to be seen before its end, so the word goes over a connection of its own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connections

Progress = Callable[[int], None]


def nobody(done: int) -> None:
    """Progress of what is over before anybody could look."""


@contextmanager
def beside(say: Progress) -> Iterator[Progress]:
    """Give a function that calls `say(done)` outside the transaction at hand. `say` may not write rows that the transaction holds."""
    with ThreadPoolExecutor(1) as pool:
        yield lambda done: pool.submit(say, done).result()
        pool.submit(connections.close_all).result()

"""Two things timed in turn, A B A B, so that a drifting machine moves both."""

import statistics
import time
from collections.abc import Callable

Act = Callable[[], object]


def seconds(act: Act) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def in_turn(a: Act, b: Act, *, rounds: int, each: int) -> list[tuple[list[float], list[float]]]:
    """Return, for each round, the times of `each` calls of a and of b, taken alternately."""
    return [_round(a, b, each) for _ in range(rounds)]


def _round(a: Act, b: Act, each: int) -> tuple[list[float], list[float]]:
    pairs = [(seconds(a), seconds(b)) for _ in range(each)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def spread(values: list[float]) -> dict[str, float]:
    """Return median, smallest and largest, rounded for reading."""
    named = {"median": statistics.median(values), "min": min(values), "max": max(values)}
    return {name: round(value, 3) for name, value in named.items()}

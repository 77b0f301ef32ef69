"""A deadline of each unit in the demo county's calendar, in microseconds of one thread; and the calendar built from its tables."""

import gc
import random
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from anju.rules.workdays.calendar import CHINA, Calendar
from anju.rules.workdays.deadlines import deadline
from anju.rules.workdays.limits import Limit, days, hours, working_days, working_hours
from anju.rules.workdays.policy import parse_calendar
from anju.rules.workdays.years import YearTable
from tools.benches.measure import spread

CALLS, ROUNDS = 100_000, 5
MICROSECONDS, BUILD_SECONDS = 5.0, 0.05
FILE = Path(__file__).resolve().parents[2] / "policy" / "demo" / "calendar.toml"
LIMITS = {"ch": hours(24), "wh": working_hours(4), "wd": working_days(13), "cd": days(60)}


def run() -> list[dict[str, Any]]:
    policy = parse_calendar({FILE.name: FILE.read_bytes()})
    tables = [YearTable(one.year, one.days, confirmed=True) for one in policy.years]
    calendar = Calendar.of(tables, hours=policy.hours)
    chance, begin = random.Random(20261124), datetime(2024, 1, 2, tzinfo=CHINA)
    starts = [begin + timedelta(minutes=chance.randrange(1440 * 1000)) for _ in range(CALLS)]
    built = spread([_built(tables, calendar) for _ in range(ROUNDS)])
    each = [_deadlines(calendar, starts, unit, limit) for unit, limit in LIMITS.items()]
    return [*each, _result("the calendar built of three years' tables", "seconds", built, BUILD_SECONDS)]


def _deadlines(calendar: Calendar, starts: list[datetime], unit: str, limit: Limit) -> dict[str, Any]:
    taken = [_timed(calendar, starts, limit) for _ in range(ROUNDS)]
    return _result(f"one deadline in {unit}", "microseconds", spread(taken), MICROSECONDS)


def _timed(calendar: Calendar, starts: list[datetime], limit: Limit) -> float:
    """Microseconds of processor time for each call: a busy machine must not decide."""
    gc.collect()
    began = time.process_time()
    for start in starts:
        deadline(calendar, start, limit)
    return (time.process_time() - began) / len(starts) * 1e6


def _built(tables: list[YearTable], calendar: Calendar) -> float:
    began = time.process_time()
    Calendar.of(tables, hours=calendar.hours)
    return time.process_time() - began


def _result(name: str, unit: str, measured: dict[str, float], limit: float) -> dict[str, Any]:
    return {"name": name, unit: measured, "limit": limit, "within": measured["median"] <= limit}

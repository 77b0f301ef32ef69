"""What stands in the cells of a row, and how it is written: the same text on the page, on paper and in a file."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from anju.places.models import Compound
from anju.reports.columns import DAYS, FIGURES, Column
from anju.reports.view import SCALES
from anju.rules.phones import mask_phone

STATES = dict(Compound.ServiceState.choices)
ANSWERS = {"yes": "有", "no": "无", "unknown": "未知", "not_applicable": "不适用"}


class Told(NamedTuple):
    """A cell as it is stored. `stale`, `conflict`: its marks; `sources`: how many still speak for something."""

    low: int | None
    high: int | None
    text: str
    form: str
    approximate: bool
    sources: int
    conflict: bool
    stale: bool


Document = dict[str, dict[str, Any]]


def told_of(document: Document, column: Column, today: int) -> Told | None:
    """Return what a row's document says in a column. `today` as 20260131."""
    cell = document.get(f"i{column.pk}")
    if cell is None:
        return None
    get = cell.get
    stale = get("d", today + 1) <= today
    return Told(get("l"), get("h"), get("t", ""), get("f", ""), "a" in cell, get("s", 1), "c" in cell, stale)


def account_of(document: Document, asked: Collection[str]) -> tuple[int, date | None]:
    """Return how many of the asked keys say something, and the last day that any of it was seen."""
    known = last = 0
    for key, cell in document.items():
        if key in asked and cell.get("f") != "unknown":
            known += 1
            seen = cell.get("o", 0)
            if seen > last:
                last = seen
    return known, date(last // 10_000, last // 100 % 100, last % 100) if last else None


def written(column: Column, told: Told) -> str:
    """Return the text of a cell, its unit left to the heading. A telephone is masked."""
    type_ = column.type
    if type_ in FIGURES:
        return _figures(told, SCALES.get(type_, 1)) if told.low is not None else told.text
    if type_ in DAYS:
        return _day(told)
    if type_ == "answer":
        return ANSWERS.get(told.form, told.form)
    if type_ == "service":
        return told.text or STATES.get(told.form, told.form)
    if type_ == "phone":
        return mask_phone(told.text)
    if type_ == "point":
        return f"{(told.low or 0) / 1e7:.6f},{(told.high or 0) / 1e7:.6f}"
    return told.text


def _figures(told: Told, scale: int) -> str:
    low, high = told.low or 0, told.high if told.high is not None else told.low or 0
    about = "约" if told.approximate else ""
    return about + (figure(low, scale) if low == high else f"{figure(low, scale)}-{figure(high, scale)}")


def figure(steps: int, scale: int) -> str:
    """1,086 or 1.20: grouped by three; what is counted in parts has two places, or as many as it needs."""
    if scale == 1:
        return f"{steps:,}"
    whole, part = divmod(abs(steps), scale)
    places = len(str(scale)) - 1
    digits = f"{part:0{places}}"
    sign = "-" if steps < 0 else ""
    return (
        f"{sign}{whole:,}.{digits}"
        if scale == 100 and part
        else f"{sign}{whole:,}" + (f".{digits.rstrip('0')}" if part else "")
    )


def _day(told: Told) -> str:
    low, high = told.low or 0, told.high or 0
    if told.form == "day":
        return f"{low // 10_000}-{low // 100 % 100:02}-{low % 100:02}"
    if told.form == "month":
        return f"{low // 10_000}-{low // 100 % 100:02}"
    return f"{low // 10_000}" if low // 10_000 == high // 10_000 else f"{low // 10_000}-{high // 10_000}"


def is_unknown(column: Column, told: Told | None) -> bool:
    return told is None or (told.form == "unknown" and column.type in {"answer", "service"})


def share(known: int, asked: int) -> int:
    """Whole per cent, rounded down: 100 only where nothing is missing."""
    return known * 100 // asked if asked else 0

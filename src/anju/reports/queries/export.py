"""The table on its way out: typed values, and for each row what proves it ours when it comes back.

The check of a row says which compound it is and what each of its cells held when it left, so that only what was changed outside is taken
for a change, whatever happened here meanwhile. It is sealed with the installation's key: an id altered by hand or from elsewhere shows.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django.utils.crypto import constant_time_compare, salted_hmac

from anju.base.sheet_export import Value
from anju.base.sheet_text import unguarded
from anju.places.models import Compound, Division
from anju.reports.columns import DAYS, FIGURES, KIND, KNOWN, PLACE, STATE, VERIFIED, Column, Columns
from anju.reports.queries.cells import STATES, Told, account_of, is_unknown, share, told_of, written
from anju.reports.queries.pages import ROW, beyond, order
from anju.reports.queries.rows import Found, digits
from anju.reports.view import SCALES, TableView

NAME, TOWN, ID, CHECK = "小区", "乡镇", "编号", "校验"
KINDS = dict(Compound.Kind.choices)
_STEP = 1000
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SEAL = re.compile(r"[0-9a-f]{12}-(?:[0-9a-z]{4}[0-9a-f]{4})*")


def heading(column: Column) -> str:
    return f"{column.name}（{column.unit}）" if column.unit else column.name


def headings(columns: Sequence[Column]) -> list[str]:
    return [NAME, TOWN, *(heading(column) for column in columns), ID, CHECK]


def export_rows(found: Found, view: TableView, columns: Columns, *, on: date) -> Iterator[list[Value]]:
    """Yield the rows of a view in its order, read a thousand at a time by key: memory does not grow with the table."""
    chosen, today = columns.chosen(view.columns), digits(on)
    towns = dict(Division.objects.filter(level="town").values_list("id", "name"))
    counted = any(column.code in {KNOWN, VERIFIED} for column in chosen)
    for row in _batches(found, view, columns):
        account = account_of(row[10], columns.keys) if counted else (0, None)
        values = [
            typed(column, told_of(row[10], column, today))
            if column.pk is not None
            else _own(row, column, account, len(columns.keys))
            for column in chosen
        ]
        yield [row[4], towns.get(row[1], ""), *values, row[0], seal(row[0], chosen, values)]


def _batches(found: Found, view: TableView, columns: Columns) -> Iterator[tuple[Any, ...]]:
    ordered, keys = order(found, view, columns)
    names, places = [("-" if falls else "") + name for name, falls in keys], len(ROW)
    wanted = ordered.order_by(*names).values_list(*ROW, *(name for name, _ in keys if name not in ROW))
    last: tuple[Any, ...] | None = None
    while True:
        batch = list((wanted.filter(beyond(keys, last, backwards=False)) if last else wanted)[:_STEP])
        yield from (row[:places] for row in batch)
        if len(batch) < _STEP:
            return
        by_name = dict(zip((*ROW, *(name for name, _ in keys if name not in ROW)), batch[-1], strict=True))
        last = tuple(by_name[name] for name, _ in keys)


def typed(column: Column, told: Told | None) -> Value:
    """Return a cell as a spreadsheet should hold it: a number where it is one figure, a day where it is one day, else its text."""
    if told is None:
        return None
    if is_unknown(column, told):
        return "未知"
    if column.type in FIGURES and told.low is not None and told.low == told.high and not told.approximate:
        scale = SCALES.get(column.type, 1)
        return told.low if scale == 1 else Decimal(told.low) / scale
    if column.type in DAYS and told.low and told.high:
        return _day(told) or written(column, told)
    text = written(column, told)
    return text.replace(",", "") if column.type in FIGURES else text


def _day(told: Told) -> Value:
    low, high = told.low or 0, told.high or 0
    if told.form == "day":
        return date(low // 10_000, low // 100 % 100, low % 100)
    return low // 10_000 if told.form == "year" and low // 10_000 == high // 10_000 else None


def _own(row: tuple[Any, ...], column: Column, account: tuple[int, date | None], asked: int) -> Value:
    if column.code == PLACE:
        return str(row[8]) if row[9] == "community" else None
    if column.code in {KIND, STATE}:
        code = row[5] if column.code == KIND else row[6]
        return (KINDS if column.code == KIND else STATES)[code]
    known, verified = account
    return share(known, asked) if column.code == KNOWN else verified


def plain(value: object) -> str:
    """Return the text by which a value is compared, however a spreadsheet has rewritten it: 1086.0 is 1086, 2026-05-31 00:00 is a day."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = unguarded(str(value)).strip()
    try:
        figure = Decimal(text) if re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,10})?", text) else None
    except InvalidOperation:
        return text
    return text if figure is None else f"{figure.normalize():f}"


def seal(pk: int, columns: Sequence[Column], values: Sequence[Value]) -> str:
    marks = "".join(
        f"{_base36(column.pk)}{_usual_mark(value)}"
        for column, value in zip(columns, values, strict=True)
        if column.pk is not None
    )
    return f"{_mac(pk, marks)}-{marks}"


def opened(pk: int, check: str) -> dict[int, str] | None:
    """Return the marks of a row's cells by indicator, None where the check is not what we gave this row."""
    if not _SEAL.fullmatch(check):
        return None
    mac, _, marks = check.partition("-")
    if not constant_time_compare(mac, _mac(pk, marks)):
        return None
    return {int(marks[at : at + 4], 36): marks[at + 4 : at + 8] for at in range(0, len(marks), 8)}


def mark(value: object) -> str:
    return hashlib.sha256(plain(value).encode()).hexdigest()[:4]


@lru_cache(maxsize=8192, typed=True)  # a column says the same few things over and over
def _usual_mark(value: Value) -> str:
    return mark(value)


def _mac(pk: int, marks: str) -> str:
    return salted_hmac("anju.reports.table", f"{pk}|{marks}", algorithm="sha256").hexdigest()[:12]


@lru_cache(maxsize=1024)
def _base36(number: int) -> str:
    """Return four digits: room for far more indicators than a county will ever have had."""
    digits = ""
    for _ in range(4):
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits

"""A value is read back from its row as it was."""

from datetime import date

import pytest

from anju.rules.lists.readings import Answer, Moment, Number, Point, Service, Unit, Value, Words
from anju.rules.lists.stored import Stored, restore, store


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        (Number(5, 7, Unit.AREA, True), "area"),
        (Number(3, 3, Unit.COUNT, False), "count"),
        (Number(3, 3, Unit.YEARS, False), "term"),
        (Moment(date(2020, 1, 1), date(2020, 12, 31), "year"), "year"),
        (Moment(date(2026, 1, 31), date(2026, 1, 31), "day"), "date"),
        (Words("碧水路 1 号"), "address"),
        (Service("company", "示例物业公司"), "service"),
        (Answer("yes"), "answer"),
        (Point(110_000_000, 24_000_000, "gcj02"), "point"),
    ],
)
def test_value_is_read_back_as_it_was(value: Value, type_: str) -> None:
    assert restore(store(value), type_) == value


def test_day_is_kept_as_digits() -> None:
    assert store(Moment(date(2026, 1, 31), date(2026, 1, 31), "day")) == Stored(20260131, 20260131, form="day")

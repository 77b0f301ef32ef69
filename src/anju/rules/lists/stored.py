"""A value as a row keeps it: two whole numbers, a text and a short word for its form. Nothing is lost on the way there and back."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from anju.rules.lists.readings import Answer, Moment, Number, Point, Service, Unit, Value, Words

_UNITS: Final = {
    "area": Unit.AREA,
    "fee": Unit.FEE,
    "ratio": Unit.RATIO,
    "percent": Unit.PERCENT,
    "term": Unit.YEARS,
}


@dataclass(frozen=True, slots=True)
class Stored:
    """`low` and `high`: the ends of a figure, days as 20260131, or longitude and latitude. `form`: precision, answer, state, system."""

    low: int | None = None
    high: int | None = None
    text: str = ""
    form: str = ""
    approximate: bool = False


def store(value: Value) -> Stored:
    match value:
        case Number(low, high, _, approximate):
            return Stored(low, high, approximate=approximate)
        case Moment(first, last, precision):
            return Stored(_digits(first), _digits(last), form=precision)
        case Words(text):
            return Stored(text=text)
        case Service(state, company):
            return Stored(text=company, form=state)
        case Answer(code):
            return Stored(form=code)
    return Stored(value.longitude, value.latitude, form=value.system)


def restore(stored: Stored, type_: str) -> Value:
    """Return the value that `stored` keeps for an indicator of `type_` (`catalogue.TYPES`, or address and point)."""
    low, high = stored.low or 0, stored.high or 0
    if type_ == "point":
        return Point(low, high, stored.form)
    if type_ in {"year", "date"}:
        return Moment(_day(low), _day(high), stored.form)
    if type_ == "service":
        return Service(stored.form, stored.text)
    if type_ == "answer":
        return Answer(stored.form)
    if stored.low is None:
        return Words(stored.text)
    return Number(low, high, _UNITS.get(type_, Unit.COUNT), stored.approximate)


def _digits(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def _day(digits: int) -> date:
    return date(digits // 10_000, digits // 100 % 100, digits % 100)

"""How long something may take: a number of one unit. Which limits there are is data; this says what their units mean."""

from enum import StrEnum
from typing import Final, NamedTuple


class Unit(StrEnum):
    """What a limit is counted in. The amounts of the two kinds of hours are seconds, those of the two kinds of days are days."""

    HOURS = "ch"
    WORKING_HOURS = "wh"
    WORKING_DAYS = "wd"
    DAYS = "cd"


class Closing(StrEnum):
    """When a last day ends: at 24:00, or at the end of office hours where the business is done in them (民法典 203 第二款)."""

    MIDNIGHT = "midnight"
    OFFICE = "office"


WORDS: Final[dict[Unit, str]] = {
    Unit.HOURS: "小时",
    Unit.WORKING_HOURS: "工作时",
    Unit.WORKING_DAYS: "工作日",
    Unit.DAYS: "日",
}
_HOUR, _MINUTE = 3600, 60


class Limit(NamedTuple):
    """So many of a unit. Zero is only what a paused limit may have left: the day on which it is taken up again is the last."""

    unit: Unit
    amount: int


def hours(count: int, minutes: int = 0) -> Limit:
    return Limit(Unit.HOURS, count * _HOUR + minutes * _MINUTE)


def working_hours(count: int, minutes: int = 0) -> Limit:
    return Limit(Unit.WORKING_HOURS, count * _HOUR + minutes * _MINUTE)


def working_days(count: int) -> Limit:
    return Limit(Unit.WORKING_DAYS, count)


def days(count: int) -> Limit:
    return Limit(Unit.DAYS, count)

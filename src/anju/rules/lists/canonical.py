"""A value written so that its parser reads the same value back: what a list for correction holds."""

from typing import Final

from anju.rules.lists.answers import NO, NOT_APPLICABLE, UNKNOWN, YES
from anju.rules.lists.figures import written
from anju.rules.lists.points import STEPS
from anju.rules.lists.readings import Answer, Moment, Number, Service, Unit, Value, Words

_SCALE: Final = {Unit.AREA: 100, Unit.FEE: 100, Unit.RATIO: 1000, Unit.PERCENT: 100, Unit.COUNT: 1, Unit.YEARS: 1}
_BEHIND: Final = {Unit.AREA: "平方米", Unit.FEE: "元/平方米·月", Unit.PERCENT: "%", Unit.YEARS: "年"}
_ANSWERS: Final = {YES: "有", NO: "无", UNKNOWN: "未知", NOT_APPLICABLE: "不适用"}
_STATES: Final = {
    "owners": "业主自管",
    "community": "社区托管",
    "unit": "单位自管",
    "unmanaged": "失管",
    "unknown": "无物业",
}


def canonical(value: Value) -> str:
    """Return the text of a value. The system of a point is not part of it: that belongs to the column."""
    if isinstance(value, Words):
        return value.text
    if isinstance(value, Number):
        return _number(value)
    if isinstance(value, Moment):
        return _moment(value)
    if isinstance(value, Answer):
        return _ANSWERS[value.code]
    if isinstance(value, Service):
        return value.company or _STATES[value.state]
    return f"{written(value.longitude, STEPS)},{written(value.latitude, STEPS)}"


def _number(value: Number) -> str:
    scale = _SCALE[value.unit]
    ends = [written(end, scale) for end in dict.fromkeys((value.low, value.high))]
    return f"{'约' if value.approximate else ''}{'-'.join(ends)}{_BEHIND.get(value.unit, '')}"


def _moment(value: Moment) -> str:
    if value.precision == "day":
        return value.first.isoformat()
    if value.precision == "month":
        return f"{value.first.year}-{value.first.month:02}"
    years = dict.fromkeys((value.first.year, value.last.year))
    return "-".join(str(year) for year in years) + "年"

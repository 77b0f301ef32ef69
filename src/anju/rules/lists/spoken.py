"""A value as a page says it: 1,086户, 13.2万㎡, 1.20至1.50元/㎡·月. Nothing is rounded away; `canonical` writes what is read back."""

from typing import Final

from anju.rules.lists.canonical import canonical
from anju.rules.lists.figures import written
from anju.rules.lists.readings import Answer, Moment, Number, Point, Service, Unit, Value, Words

_SCALE: Final = {Unit.RATIO: 1000, Unit.PERCENT: 100, Unit.YEARS: 1}
_STATES: Final = {"company": "物业服务", "unknown": "无物业，由谁管理待核实"}
_SYSTEMS: Final = {"cgcs2000": "CGCS2000", "wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}
_WAN: Final = 10_000


def spoken(value: Value, unit: str = "") -> str:
    """Return the words for a value; `unit` is the indicator's own, for figures that are counted."""
    if isinstance(value, Words | Answer):
        return canonical(value)
    if isinstance(value, Number):
        return _number(value, unit)
    if isinstance(value, Moment):
        return _moment(value)
    if isinstance(value, Service):
        return value.company or _STATES.get(value.state) or canonical(value)
    return _point(value)


def _number(value: Number, unit: str) -> str:
    ends = list(dict.fromkeys((value.low, value.high)))
    about = "约" if value.approximate else ""
    if value.unit == Unit.AREA:
        whole_wan = all(end >= _WAN * 100 and end % 100 == 0 for end in ends)
        said = [written(end // 100, _WAN) if whole_wan else _square_metres(end) for end in ends]
        return f"{about}{'至'.join(said)}{'万㎡' if whole_wan else '㎡'}"
    if value.unit == Unit.FEE:
        return f"{about}{'至'.join(f'{end // 100}.{end % 100:02}' for end in ends)}元/㎡·月"
    if value.unit == Unit.COUNT:
        return f"{about}{'至'.join(f'{end:,}' for end in ends)}{unit}"
    behind = {Unit.PERCENT: "%", Unit.YEARS: "年"}.get(value.unit, "")
    return f"{about}{'至'.join(written(end, _SCALE[value.unit]) for end in ends)}{behind}"


def _square_metres(hundredths: int) -> str:
    whole, rest = divmod(hundredths, 100)
    return f"{whole:,}" + (f".{rest:02}".rstrip("0") if rest else "")


def _moment(value: Moment) -> str:
    first, last = value.first, value.last
    if value.precision == "day":
        return first.isoformat()
    if value.precision == "month":
        return f"{first.year}年{first.month}月"
    return f"{'至'.join(str(year) for year in dict.fromkeys((first.year, last.year)))}年"


def _point(value: Point) -> str:
    east, north = (written(end, 10_000_000) for end in (value.longitude, value.latitude))
    return f"东经{east}°，北纬{north}°（{_SYSTEMS.get(value.system, '坐标系未知')}）"

"""Coordinates as given, with their system: 111.5581,24.4011; 北纬24°24′04″ 东经111°33′29″; two columns of their own."""

import re
from typing import Final

from anju.rules.lists.figures import figure
from anju.rules.lists.readings import Doubtful, Known, Missing, Placeholder, Point, Reading
from anju.rules.lists.text import said_nothing, says_none

SYSTEMS: Final = ("cgcs2000", "wgs84", "gcj02", "bd09", "unknown")
STEPS: Final = 10**7
# The country with its waters, in whole degrees.
WEST, EAST, SOUTH, NORTH = 73 * STEPS, 136 * STEPS, 3 * STEPS, 54 * STEPS

_NAMED: Final = (
    ("bd09", re.compile(r"bd-?09|百度|baidu", re.IGNORECASE)),
    ("gcj02", re.compile(r"gcj-?02|火星|高德|腾讯|amap", re.IGNORECASE)),
    ("wgs84", re.compile(r"wgs-?84|gps|谷歌地球|天地图", re.IGNORECASE)),
    ("cgcs2000", re.compile(r"cgcs|国家2000|2000国家|大地2000|2000坐标", re.IGNORECASE)),
)
_USUAL: Final = re.compile(r"(\d{1,3}\.\d+),(\d{1,3}\.\d+)")
_ANGLE: Final = re.compile(
    r"(?P<before>[东西南北][经纬]|[EWNS])?\s*(?P<degrees>-?\d{1,3}(?:\.\d+)?)\s*[°度]?\s*"
    r"(?:(?P<minutes>\d{1,2}(?:\.\d+)?)\s*['′分]\s*(?:(?P<seconds>\d{1,2}(?:\.\d+)?)\s*(?:\"|″|''|′′|秒))?)?\s*(?P<after>[EWNS])?",
    re.IGNORECASE,
)


def system_of(heading: str) -> str:
    """Return the system that a heading or a sentence names, "unknown" where it names none."""
    return next((system for system, words in _NAMED if words.search(heading)), "unknown")


def read_point(text: str, *, system: str = "unknown") -> Reading:
    """Read a plain text as a longitude and a latitude; which is which their size tells."""
    if usual := _USUAL.fullmatch(text):
        return point_of(figure(usual[1]).scaled(STEPS), figure(usual[2]).scaled(STEPS), text, system)
    halves = [half.strip() for half in re.split(r"[,、;/\s]+", text) if half.strip()]
    if says_none(text) or said_nothing(text) or all(said_nothing(half) for half in halves):
        return Missing(text)
    found = list(_ANGLE.finditer(re.sub(r"^[(\[]|[)\]]$", "", text)))
    if len(found) != 2 or re.sub(_ANGLE, "", text).strip(" ,、;/()[]:"):
        return Doubtful("unreadable")
    return point_of(_steps(found[0]), _steps(found[1]), text, system)


def read_angle(text: str) -> int | Reading:
    """Read one half of a point standing in a column of its own, in ten-millionths of a degree."""
    if (nothing := said_nothing(text)) or says_none(text):
        return nothing or Missing(text)
    found = _ANGLE.fullmatch(text)
    return _steps(found) if found else Doubtful("unreadable")


def point_of(first: int, second: int, text: str, system: str) -> Reading:
    """Return the point of two angles in either order."""
    if not first and not second:
        return Placeholder(text)
    longitude, latitude = (first, second) if abs(first) > abs(second) else (second, first)
    if WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH:
        return Known(Point(longitude, latitude, system))
    return Doubtful("outside_country")


def _steps(found: re.Match[str]) -> int:
    sign = -1 if found["degrees"].startswith("-") else 1
    parts = ((found["degrees"].lstrip("-"), 1), (found["minutes"], 60), (found["seconds"], 3600))
    return sign * sum(figure(part).scaled(STEPS, per) for part, per in parts if part)

"""Years and dates in all usual notations, kept as precise as they were written and no more."""

import calendar
import re
from datetime import date, timedelta
from typing import Final

from anju.rules.lists.quantities import amounts_of
from anju.rules.lists.readings import Doubtful, Known, Missing, Moment, Placeholder, Reading
from anju.rules.lists.text import idle_words, said_nothing, says_none

_AROUND: Final = r"(?:左右|前后|上下|底|初|末|中|代|竣工|建成|建造|交付|交房|入住|开工|完工|成立|建)*"
_ABOUT: Final = r"(?:约|大约|大概|始建于|建于|建成于)?\s*"
_DAY: Final = re.compile(
    r"(\d{4})\s*[-/.年、]\s*(\d{1,2})\s*[-/.月、]\s*(\d{1,2})\s*日?(?:[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_TIGHT_DAY: Final = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:\.0)?")
_MONTH: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_TIGHT_MONTH: Final = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])(?:\.0)?")
_YEAR: Final = re.compile(rf"{_ABOUT}(\d{{4}})(?:\.0)?\s*年?\s*(?P<around>{_AROUND})")
_SHORT_YEAR: Final = re.compile(rf"{_ABOUT}['’]?(\d{{2}})\s*年(?P<around>{_AROUND})")
_SPAN: Final = re.compile(r"(\d{4})\s*年?\s*(?:-|–|—|~|至|到|、)+\s*(\d{4})\s*年?\s*(?:间|之间|止|建成|竣工|建造)*")
_DECADE: Final = re.compile(r"(?:(\d{2})世纪|上世纪)?(\d)0年代(?P<part>初|末|中期|后期|初期)?")
_SERIAL: Final = re.compile(r"(\d{5})(?:\.0)?")
_YEARS_ONLY: Final = re.compile(r"[年月日建成竣工\s]+")
_NO_DAY: Final = re.compile(r"0+(?:\.0+)?年?|0000-00-00|1900[-/]0?1[-/]0?[01]|0001-01-01")
_DAY_ZERO: Final = date(1899, 12, 30)
_EARLIEST: Final = 1800
_LATEST: Final = 2199
_TITLE_TERMS: Final = {
    40,
    50,
    70,
}  # years of land title (城镇国有土地使用权出让和转让暂行条例 12): 70年 is more often that than 1970
_FAMILIES: Final = {"households", "buildings", "storeys", "area", "percent", "bays", "money", "persons"}


def read_moment(text: str, *, latest: int, serial: bool = False) -> Reading:
    """Read a plain text as a day, a month, a year or a span of years.

    `latest` is the year a two-digit year cannot lie behind; `serial`: five digits are a spreadsheet's number of a day, which under
    a year of completion is only likely.
    """
    if (nothing := said_nothing(text, _YEARS_ONLY)) or says_none(text):
        return nothing or Missing(text)
    if _NO_DAY.fullmatch(text):
        return Placeholder(text)
    if doubt := idle_words(text):
        return doubt
    return (
        _day(text)
        or _serial(text, sure=serial)
        or _month(text)
        or _year(text, latest)
        or _span(text, latest)
        or _other(text)
    )


def _day(text: str) -> Reading | None:
    found = _DAY.fullmatch(text) or _TIGHT_DAY.fullmatch(text)
    if found is None:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return Doubtful("no_such_day")
    return Known(Moment(day, day, "day"))


def _serial(text: str, *, sure: bool) -> Reading | None:
    """A spreadsheet's number of a day, between 1954 and 2064; as a count of anything else it would stand in another column."""
    found = _SERIAL.fullmatch(text)
    if found is None or not 20_000 <= int(found[1]) < 60_000:
        return None
    day = _DAY_ZERO + timedelta(days=int(found[1]))
    moment = Moment(day, day, "day")
    return Known(moment, text) if sure else Doubtful("serial_of_a_day", moment)


def _month(text: str) -> Reading | None:
    """2014.1 may be what a spreadsheet left of 2014.10, so only its year is certain."""
    found = _MONTH.fullmatch(text) or _TIGHT_MONTH.fullmatch(text)
    if found is None:
        return None
    year, month = int(found[1]), int(found[2])
    if text.endswith(".0"):
        return None
    if not 1 <= month <= 12 or not _EARLIEST <= year <= _LATEST:
        return Doubtful("no_such_day")
    if text.endswith(".1"):
        return Known(year_moment(year), text)
    return Known(Moment(date(year, month, 1), _end_of(year, month), "month"))


def _year(text: str, latest: int) -> Reading | None:
    if (found := _YEAR.fullmatch(text)) and "代" not in found["around"]:
        year = int(found[1])
        if not _EARLIEST <= year <= _LATEST:
            return Doubtful("wrong_kind", found="number")
        return Known(year_moment(year), "" if re.fullmatch(r"\d{4}(?:\.0)?年?", text) else text)
    if (found := _SHORT_YEAR.fullmatch(text)) and "代" not in found["around"]:
        return _short_year(int(found[1]), latest)
    return None


def _short_year(two: int, latest: int) -> Reading:
    year = latest // 100 * 100 + two
    year -= 100 if year > latest else 0
    if two in _TITLE_TERMS:
        return Doubtful("wrong_kind", year_moment(year), found="term")
    return Known(year_moment(year))


def year_moment(year: int) -> Moment:
    return Moment(date(year, 1, 1), date(year, 12, 31), "year")


def _span(text: str, latest: int) -> Reading | None:
    if found := _SPAN.fullmatch(text):
        years = sorted((int(found[1]), int(found[2])))
        if not _EARLIEST <= years[0] <= years[1] <= _LATEST:
            return Doubtful("wrong_kind", found="number")
        return Known(_years(years[0], years[1]))
    if found := _DECADE.fullmatch(text):
        century = 100 * (int(found[1]) - 1) if found[1] else latest // 100 * 100 - 100
        first = century + 10 * int(found[2])
        if not _EARLIEST <= first <= _LATEST:
            return Doubtful("no_such_day")
        return Known(_years(first, first + 9), text)
    return None


def _years(first: int, last: int) -> Moment:
    return Moment(date(first, 1, 1), date(last, 12, 31), "span") if first != last else year_moment(first)


def _end_of(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _other(text: str) -> Reading:
    """What is no date: an amount of something else, a mere number, or words around a year."""
    amounts, _ = amounts_of(text)
    families = [one.family for one in amounts if one.family in _FAMILIES]
    if families:
        return Doubtful("wrong_kind", found=families[0])
    if re.fullmatch(r"[\d.,]+", text):
        return Doubtful("wrong_kind", found="number")
    years = {int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", text)}
    if len(years) == 1:
        return Doubtful("has_remark", year_moment(years.pop()))
    return Doubtful("several_values", _years(min(years), max(years))) if years else Doubtful("unreadable")

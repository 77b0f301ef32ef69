"""The State Council's yearly notice read as it is printed: 元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。

What the notice says twice is checked: the weekday beside a day, the count beside a span. One contradiction and nothing is read.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from anju.rules.names import BadName, tidy_name
from anju.rules.workdays.years import Mark, PublishedDay, Scope, belongs_to, is_weekend

LONGEST_TEXT: Final = 5000
MOST_NAME: Final = 20
_ITEMS: Final = re.compile(r"(?:^|(?<=[。：:]))[一二三四五六七八九十]、")
_DAY: Final = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:[（(]([^）)]*)[）)])?"
_SPAN: Final = re.compile(f"{_DAY}(?:至{_DAY})?")
_COUNT: Final = re.compile(r"共(\d{1,2})天")
_WEEKDAY: Final = re.compile(r"(?:周|星期)([一二三四五六日])")
_WEEK: Final = "一二三四五六日"


class BadNotice(ValueError):
    """Why a notice is not taken over: `code`, the festival, and what is said against what is counted."""

    def __init__(self, code: str, name: str = "", said: str = "", counted: str = "") -> None:
        super().__init__(code)
        self.code, self.name, self.said, self.counted = code, name, said, counted


def read_notice(text: str, year: int, *, cite: str) -> tuple[PublishedDay, ...]:
    """Return the days off and the weekend days worked of a notice for `year`, in their order. Raises `BadNotice`."""
    plain = re.sub(r"\s", "", text)
    items = (re.split("[：:]", item, maxsplit=1) for item in _ITEMS.split(plain)[1:])
    found = [day for name, *body in items for part in body for day in _item(name, part, year, cite)]
    if not found:
        raise BadNotice("nothing")
    if len({row.day for row in found}) < len(found):
        raise BadNotice("twice")
    return tuple(sorted(found, key=lambda row: row.day))


def _item(name: str, body: str, year: int, cite: str) -> Iterator[PublishedDay]:
    """A sentence tells days off, days worked, or neither: advice on leave is passed over."""
    try:
        festival = tidy_name(name, limit=MOST_NAME)
    except BadName as bad:
        raise BadNotice("name", name[:MOST_NAME]) from bad
    for sentence in body.split("。"):
        mark = Mark.OFF if "放假" in sentence else Mark.WORK if sentence.endswith("上班") else None
        if mark is None:
            continue
        days = list(_days(name, sentence, year))
        _check(name, sentence, days, mark)
        yield from (PublishedDay(day, mark, Scope.NATIONAL, festival, cite) for day in days)


def _days(name: str, sentence: str, year: int) -> Iterator[date]:
    month = 0
    for found in _SPAN.finditer(sentence):
        first_year, first_month, first, first_note, last_year, last_month, last, last_note = found.groups()
        month = int(first_month or month)
        begin = _day(name, int(first_year or year), month, int(first), first_note)
        end = begin
        if last:
            month = int(last_month or month)
            end = _day(name, int(last_year or year), month, int(last), last_note)
        if not (begin <= end < begin + timedelta(days=31) and belongs_to(begin, year) and belongs_to(end, year)):
            raise BadNotice("span", name, found[0])
        yield from (begin + timedelta(days=number) for number in range((end - begin).days + 1))


def _day(name: str, year: int, month: int, day: int, note: str | None) -> date:
    try:
        found = date(year, month, day)
    except ValueError as wrong:
        raise BadNotice("span", name, f"{month}月{day}日") from wrong
    said = _WEEKDAY.search(note or "")
    if said and said[1] != _WEEK[found.weekday()]:
        raise BadNotice("weekday", name, f"{month}月{day}日（周{said[1]}）", f"周{_WEEK[found.weekday()]}")
    return found


def _check(name: str, sentence: str, days: list[date], mark: Mark) -> None:
    said = _COUNT.search(sentence)
    if said and int(said[1]) != len(days):
        raise BadNotice("count", name, f"共{said[1]}天", f"{len(days)}天")
    if mark is Mark.WORK and not all(is_weekend(day) for day in days):
        raise BadNotice("worked_weekday", name)

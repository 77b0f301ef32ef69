"""A case as its citizen reads it: the five plain words down one line, until when, and what happens next."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from anju.base.queries.calendar import calendar_in_force
from anju.cases.queries.citizen import Status
from anju.rules.periods import UnknownYear

WORDS: Final = ("已收到", "办理中", "等您补充", "请您评价", "已办结")
_WEEKDAYS: Final = "一二三四五六日"
_NEXT: Final[dict[str, str]] = {
    "已收到": "正在看归谁办。定下来以后，这里写明单位和期限。",
    "办理中": "办好以后由别人核查，再请您评价。",
    "等您补充": "补上以后接着办。",
    "请您评价": "评了就办结；点“不满意”会退回去重办。",
    "已办结": "",
}
_MOST_DAYS: Final = 400
_INSTANT: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Stop:
    """One of the five words. `state`: done, now, off (not needed) or "" (to come)."""

    word: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Until:
    """By when, in words. `late`: days over, 0 where there is time or it ran out today (`over`); `left`: working days, None where
    they cannot be counted. `control`: by when a danger is to be under control, empty where it is or none is.
    """

    day: str
    late: int
    over: bool
    left: int | None
    provisional: bool
    control: str = ""


def stops_of(status: Status) -> list[Stop]:
    here = WORDS.index(status.word)
    return [_stop(status, number, here) for number in range(len(WORDS))]


def _stop(status: Status, number: int, here: int) -> Stop:
    word = WORDS[number]
    if number == here:
        return Stop(word, "now", _now(status))
    if word == "等您补充":
        return Stop(word, "off", "没有要您补的" if here > number else "现在没有要您补的")
    if word == "办理中" and number < here and not status.handled:
        return Stop(word, "off", "没有办")
    if word == "请您评价" and number < here and not status.score:
        return Stop(word, "off", "没有评")
    note = f"{timezone.localtime(status.filed_at):%-m月%-d日 %H:%M}" if number == 0 else ""
    return Stop(word, "done" if number < here else "", note)


def _now(status: Status) -> str:
    if status.word == "已办结":
        return status.outcome
    return f"{status.unit}在办" if status.word == "办理中" and status.unit else ""


def next_of(status: Status) -> str:
    return _NEXT[status.word]


def until_of(status: Status, at: datetime) -> Until | None:
    """Return by when it is to be done, None where nothing is due any more or not yet."""
    if status.due_at is None or status.word not in ("已收到", "办理中"):
        return None
    last, today = timezone.localtime(status.due_at - _INSTANT).date(), timezone.localtime(at).date()
    late, over = max((today - last).days, 0), at >= status.due_at
    control = _end_in_words(status.control_at) if status.control_at else ""
    return Until(_end_in_words(status.due_at), late, over, _left(today, last), status.provisional, control)


def _end_in_words(due: datetime) -> str:
    """The last day, wholly in time; the hour too where the end is not its midnight."""
    here, last = timezone.localtime(due), timezone.localtime(due - _INSTANT).date()
    return day_in_words(last) if here.time() == time() else f"{day_in_words(last)} {here:%H:%M}"


def day_in_words(day: date) -> str:
    return f"{day.month}月{day.day}日（星期{_WEEKDAYS[day.weekday()]}）"


def _left(today: date, due: date) -> int | None:
    """Return the working days after today up to the due day."""
    if not 0 <= (due - today).days <= _MOST_DAYS:
        return None
    calendar = calendar_in_force()
    try:
        return sum(calendar.is_working(today + timedelta(days=n)) for n in range(1, (due - today).days + 1))
    except UnknownYear:
        return None

"""Office hours (业务时间, 民法典 203 第二款): which hours of a working day count. No law sets them; the county does."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

DAY: Final = 24 * 60 * 60
_SPAN: Final = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


class BadHours(ValueError):
    """Office hours that are not spans of one day, each written 08:00-12:00, in their order and apart from each other."""


@dataclass(frozen=True)
class OfficeHours:
    """The spans of a working day in seconds since midnight, with the document that sets them."""

    spans: tuple[tuple[int, int], ...]
    cite: str

    @classmethod
    def of(cls, texts: Iterable[str], *, cite: str) -> "OfficeHours":
        """Read spans as people write them. Raises `BadHours`."""
        spans = tuple(_span(text) for text in texts)
        bounds = [moment for span in spans for moment in span]
        if not bounds or bounds != sorted(set(bounds)) or bounds[-1] > DAY:
            raise BadHours(spans)
        return cls(spans, cite)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        return tuple(f"{_clock(begin)}-{_clock(end)}" for begin, end in self.spans)

    @cached_property
    def total(self) -> int:
        """Seconds of one working day."""
        return sum(end - begin for begin, end in self.spans)

    @property
    def opening(self) -> int:
        return self.spans[0][0]

    @property
    def closing(self) -> int:
        return self.spans[-1][1]

    def worked_by(self, second: int) -> int:
        """Return how many office seconds of a day have passed at this second of it."""
        worked = 0
        for begin, end in self.spans:
            if second <= begin:
                break
            worked += (second if second < end else end) - begin
        return worked

    def clock_after(self, worked: int) -> int:
        """Return the second of the day by which so many office seconds (from 1 to `total`) have passed: 12:00, not 15:00."""
        left = worked
        for begin, end in self.spans:
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise ValueError("a day has no more office hours than these")


def _span(text: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise BadHours(text)
    hour, minute, end_hour, end_minute = (int(part) for part in found.groups())
    return (hour * 60 + minute) * 60, (end_hour * 60 + end_minute) * 60


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}"


UNSET: Final = OfficeHours.of(("08:00-12:00", "15:00-18:00"), cite="示例·需本县核定")  # until the county says its own

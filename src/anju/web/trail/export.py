"""The trail as a file for a spreadsheet: streamed, and no cell of it is ever a formula."""

import csv
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from django.utils import timezone

from anju.base.actor import Actor
from anju.base.models import AuditEntry
from anju.base.trail import all_of
from anju.web.trail.reading import Line, lines

if TYPE_CHECKING:
    from django.db.models import QuerySet

BATCH = 500
HEAD = ("编号", "时间", "人员", "岗位", "做了什么", "对象类别", "对象", "结果", "封存内容")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads the Chinese as something else
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def as_csv(actor: Actor, rows: "QuerySet[AuditEntry]") -> Iterator[str]:
    """Yield the file line by line."""
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow(HEAD)
    entries = all_of(rows)
    while batch := list(islice(entries, BATCH)):
        for entry, line in zip(batch, lines(actor, batch), strict=True):
            yield writer.writerow([harmless(cell) for cell in _cells(entry, line)])


def harmless(text: str) -> str:
    """Return the text so that a spreadsheet shows it and does not calculate it (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _cells(entry: AuditEntry, line: Line) -> tuple[str, ...]:
    moment = timezone.localtime(line.at).isoformat(sep=" ", timespec="seconds")
    named = (line.who, line.post, line.action, line.subject_kind, line.subject, line.outcome)
    return (str(line.pk), moment, *named, entry.body)

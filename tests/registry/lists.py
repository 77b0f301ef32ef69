"""Constructed lists as files, and short ways to bring them in."""

import csv
import io
from collections.abc import Sequence
from datetime import date

import pytest

from anju.base.actor import Actor
from anju.places.models import Division
from anju.registry import tasks
from anju.registry.models import ListImport
from anju.registry.services.imports.opening import ListFile, open_import, read_import
from anju.registry.services.imports.writing import write_import
from tests.people import NOW, TODAY, Person
from tests.registry.conftest import source

HEADINGS = ("小区名称", "所在乡镇", "地址", "户数", "楼栋总数", "物业公司", "物业费", "建成年份")
ROWS = (
    ("示例·春江苑", "城关镇", "示例县城关镇环城路1号", "320", "8", "示例物业公司", "1.2元/㎡·月", "2008年"),
    ("示例·秋月里", "东江镇", "示例县东江镇沿江路2号", "150户", "4", "业主自管", "0.6", "1998"),
    ("示例·夏荷园", "", "", "88", "2", "", "", ""),
)


def as_csv(rows: Sequence[Sequence[str]] = ROWS, headings: Sequence[str] = HEADINGS, encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode(encoding)


def brought(
    actor: Actor,
    division: Division,
    content: bytes,
    *,
    name: str = "示例.csv",
    kind: str = "survey",
    on: date = TODAY,
    anywhere: bool = False,
) -> ListImport:
    """Return an import as far as its preview."""
    file = ListFile(name, content, source(kind), division, on, anywhere=anywhere)
    return read_import(actor=actor, row=open_import(actor=actor, file=file, at=NOW), at=NOW)


def written(actor: Actor, row: ListImport) -> ListImport:
    return write_import(actor=actor, row=row, plan=row.plan, at=NOW)


def counts(row: ListImport) -> tuple[int, ...]:
    """Return rows, accepted, doubtful, rejected, unchanged, conflicts."""
    return row.rows, row.accepted, row.doubtful, row.rejected, row.unchanged, row.conflicts


def progress_seen(monkeypatch: pytest.MonkeyPatch, person: Person, address: str) -> list[str]:
    """Return the list to which the page of the progress is added each time the worker says how far it is."""
    seen: list[str] = []
    say = tasks._say

    def said(pk: int, done: int) -> None:
        say(pk, done)
        seen.append(person.client.get(address).content.decode())

    monkeypatch.setattr(tasks, "_say", said)
    return seen

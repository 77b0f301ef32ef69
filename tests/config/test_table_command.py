"""`anju table`: what stands in the file, and what an operator who mistypes is told."""

import csv
import io
from argparse import Namespace
from types import SimpleNamespace

import pytest

from anju.base.actor import SYSTEM
from anju.base.models import AuditEntry
from anju.config.commands.table import _content, _opened
from anju.config.failure import Failure
from anju.registry.services.indicators import load_indicators
from tests.people import NOW


def written(division: str = "") -> list[list[str]]:
    content = b"".join(_content(Namespace(division=division, format="csv")))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_table_command_writes_every_column_of_every_compound(place: SimpleNamespace) -> None:
    load_indicators(actor=SYSTEM, policy="demo", at=NOW)
    rows = written()
    assert {"小区", "户数（户）", "是否组建业委会", "编号", "校验"} <= set(rows[0])
    assert {row[0] for row in rows[1:]} == {"示例·碧水花园", "示例·江畔名邸"}
    assert AuditEntry.objects.filter(action="table.exported").exists()


def test_table_command_takes_one_town(place: SimpleNamespace) -> None:
    load_indicators(actor=SYSTEM, policy="demo", at=NOW)
    assert [row[0] for row in written("990001101")[1:]] == ["示例·江畔名邸"]


def test_table_command_says_what_is_wrong(place: SimpleNamespace, tmp_path: object) -> None:
    with pytest.raises(Failure, match="no division with the code 1"):
        written("1")
    with pytest.raises(Failure, match="cannot be written"):
        _opened(f"{tmp_path}/nowhere/table.csv")

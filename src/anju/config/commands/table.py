"""`anju table`: the county's one table as a file, from the machine itself."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from anju.config.failure import Failure
from anju.config.session import database_running, installation_mode

if TYPE_CHECKING:
    from collections.abc import Iterator


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--division", metavar="CODE", default="", help="one town or community by its code · 区划代码")
    parser.add_argument("--format", choices=("csv", "xlsx", "json"), default="csv", help="csv unless said · 格式")
    parser.add_argument("--out", metavar="FILE", default="-", help="a file; - is standard output · 文件")


def execute(args: argparse.Namespace) -> int:
    with database_running():
        installation_mode()  # refuses, in one line, where there is no installation
        import django

        django.setup()
        content = _content(args)
        if args.out == "-":
            _write(sys.stdout.buffer, content)
            return 0
        with _opened(args.out) as file:
            _write(file, content)
    print(f"anju: the table is in {args.out} · 已写入", file=sys.stderr)
    return 0


def _content(args: argparse.Namespace) -> Iterator[bytes]:
    from django.utils import timezone

    from anju.base.actor import SYSTEM
    from anju.reports.queries.files import stream_table
    from anju.reports.queries.rows import columns_for, find_rows
    from anju.reports.services.export import note_export
    from anju.reports.view import TableView

    columns, now = columns_for(SYSTEM), timezone.now()
    every = tuple(column.code for column in columns.every)
    view = TableView(columns=every, division=_division(args.division))
    found = find_rows(SYSTEM, view, columns, on=timezone.localdate(now))
    note_export(actor=SYSTEM, view=view, form=args.format, at=now)
    return stream_table(args.format, found, view, columns, at=now)


def _division(code: str) -> int | None:
    from anju.places.models import OPEN, Division

    if not code:
        return None
    pk = Division.objects.filter(OPEN, code=code).values_list("pk", flat=True).first()
    if pk is None:
        raise Failure(f"there is no division with the code {code}", "没有这个区划代码")
    return pk


def _opened(path: str) -> BinaryIO:
    try:
        return Path(path).open("wb")
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror}", "文件写不了") from error


def _write(file: BinaryIO, content: Iterator[bytes]) -> None:
    for piece in content:
        file.write(piece)

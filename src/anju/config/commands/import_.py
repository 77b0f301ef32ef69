"""`anju import ...`: a list of compounds from a file, as far as its preview or written, and taking one back."""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anju.config.failure import Failure
from anju.config.session import database_running, installation_mode

if TYPE_CHECKING:
    from anju.registry.models import ListImport

_KINDS = ("building", "commercial", "public_housing", "old", "unit_housing", "urban_village", "unknown")
_SOURCES = ("filing", "department", "survey", "town", "company", "committee", "public", "website", "other")
_COUNTS = ("rows", "accepted", "doubtful", "rejected", "unchanged", "conflicts", "created", "linked", "skipped")
_LARGEST = 300 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", metavar="act", required=True)
    list_ = acts.add_parser("compounds", help="a list of compounds: .xlsx, .xls, .csv · 小区名册")
    list_.add_argument("file", metavar="FILE")
    list_.add_argument("--division", required=True, help="code of the county, town or community they lie in · 区划代码")
    list_.add_argument("--source", required=True, help="who says so, such as a site or a company · 来源")
    list_.add_argument("--source-kind", choices=_SOURCES, default="other", help="how far a new source is believed")
    list_.add_argument("--observed", required=True, metavar="DATE", help="the day the list is true of · 2026-11-24")
    list_.add_argument("--kind", choices=_KINDS, default="unknown", help="what kind the new compounds are")
    list_.add_argument("--dry-run", action="store_true", help="judge the list and keep nothing · 只核对，不写入")
    list_.add_argument("--rejects", metavar="OUT", help="doubtful and rejected rows as .csv or .xlsx · 存疑清单")
    list_.add_argument("--json", action="store_true", help="print the counts as one line of JSON")
    list_.add_argument("--anywhere", action="store_true", help="do not doubt rows of other counties: for trials")
    undo = acts.add_parser("undo", help="take a written list back · 撤回")
    undo.add_argument("id", type=int)
    undo.add_argument("--reason", default="命令行撤回")
    undo.add_argument("--json", action="store_true", help="print what was done as one line of JSON")


def execute(args: argparse.Namespace) -> int:
    content = _content(args.file) if args.act == "compounds" else b""
    day = _day(args.observed) if args.act == "compounds" else None
    with database_running():
        installation_mode()  # refuses, in one line, where there is no installation
        import django

        django.setup()
        from django.utils import timezone

        from anju.config.spoken import spoken

        with spoken():
            if args.act == "undo":
                _undo(args, timezone.now())
            elif day is not None:
                _import(args, content, day, timezone.now())
    return 0


def _content(name: str) -> bytes:
    path = Path(name)
    try:
        if path.stat().st_size > _LARGEST:
            raise Failure(f"{name} is larger than 300 MB", "文件太大")
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Failure(f"there is no file {name}", "没有这个文件") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Failure(f"--observed must be a date like 2026-11-24, not {text}", "数据日期要写成 2026-11-24") from error


def _import(args: argparse.Namespace, content: bytes, day: date, at: datetime) -> None:
    from django.db import transaction

    from anju.base.actor import SYSTEM
    from anju.registry.services.imports.opening import ListFile, open_import, read_import
    from anju.registry.services.imports.writing import write_import
    from anju.registry.services.statements import source_named

    began = time.monotonic()
    division = _division(args.division)
    with transaction.atomic():
        source = source_named(actor=SYSTEM, name=_source(args.source), kind=args.source_kind, at=at)
        file = ListFile(args.file, content, source, division, day, args.kind, args.anywhere)
        row = read_import(actor=SYSTEM, row=open_import(actor=SYSTEM, file=file, at=at), at=at)
        _require_read(row, args.file)
        if args.rejects:
            _write_rejects(row, Path(args.rejects))
        if args.dry_run:
            transaction.set_rollback(True)
        else:
            row = write_import(actor=SYSTEM, row=row, plan=row.plan, at=at)
    told = {name: getattr(row, name) for name in _COUNTS} | {"seconds": round(time.monotonic() - began, 2)}
    if not args.dry_run:
        told["import"] = row.pk
    print(json.dumps(told, ensure_ascii=False) if args.json else _line(told, dry=args.dry_run))


def _division(code: str) -> Any:
    from anju.places.models import Division

    found = Division.objects.filter(code=code, ended_on__isnull=True).first()
    if found is None:
        raise Failure(f"no division in force has the code {code}", "没有这个区划代码，或已停用")
    return found


def _source(name: str) -> str:
    from anju.rules.names import BadName, tidy_name

    try:
        return tidy_name(name)
    except BadName as bad:
        raise Failure("--source must be a name of at most 100 characters", "来源名称不对") from bad


def _require_read(row: ListImport, name: str) -> None:
    if row.state != "failed":
        return
    from anju.base.sheet_faults import BadSheet
    from anju.web.imports.words import FILES
    from anju.web.sheet_words import said_sheet

    bad = BadSheet(row.failure, row.failure_line)
    raise Failure(f"{name} is not read ({bad.code})", said_sheet(bad, FILES))


def _write_rejects(row: ListImport, path: Path) -> None:
    from anju.registry.services.imports.correction import correction_rows
    from anju.web.imports.files import correction_book, correction_text
    from anju.web.imports.words import said_doubt

    rows = correction_rows(row, said_doubt)
    parts = correction_book(rows) if path.suffix.lower() == ".xlsx" else correction_text(rows)
    try:
        with path.open("wb") as file:
            file.writelines(parts)
    except OSError as error:
        raise Failure(f"cannot write {path}: {error.strerror}", "写不了这个文件") from error


def _line(told: dict[str, Any], *, dry: bool) -> str:
    words = (
        f"{told['rows']} 行：将写入 {told['accepted']}，存疑 {told['doubtful']}，拒绝 {told['rejected']}；"
        f"其中不变 {told['unchanged']}，冲突 {told['conflicts']}。"
        f"新登记 {told['created']}，对上 {told['linked']}，跳过 {told['skipped']}。"
    )
    end = "只核对，没有写入。" if dry else f"已写入，编号 {told['import']}。"
    return f"anju: {told['rows']} rows, {told['created']} created, {told['linked']} linked · {words}{end}"


def _undo(args: argparse.Namespace, at: datetime) -> None:
    from anju.base.actor import SYSTEM
    from anju.registry.models import ListImport
    from anju.registry.services.imports.undoing import undo_import
    from anju.web.imports.words import LEFT

    row = ListImport.objects.filter(pk=args.id).first()
    if row is None:
        raise Failure(f"there is no import {args.id}", "没有这个编号的导入")
    done = undo_import(actor=SYSTEM, row=row, reason=args.reason, at=at)
    if args.json:
        left = [{"line": one.line, "name": one.name, "why": one.why} for one in done.left]
        print(
            json.dumps({"statements": done.statements, "compounds": done.compounds, "left": left}, ensure_ascii=False)
        )
        return
    for one in done.left:
        print(f"anju: line {one.line} is left · 第 {one.line} 行保留：{one.name}，{LEFT[one.why]}", file=sys.stderr)
    print(
        f"anju: import {args.id} is undone, {done.compounds} compounds ended, {len(done.left)} rows left"
        f" · 已撤回，注销 {done.compounds} 个小区，保留 {len(done.left)} 行"
    )

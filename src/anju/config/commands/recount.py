"""`anju recount FILE...`: recount an assembly's vote from a file (docs/recount-format.md). No database, no Django."""

import argparse
import gc
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from anju.rules.voting.decision import Decision
from anju.rules.voting.explanation import explain
from anju.rules.voting.recount_format import read_recounts, result
from anju.rules.voting.recount_json import MAX_BYTES
from anju.rules.voting.recount_refusals import BadFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="anju-recount/1 as JSON; - is standard input · 重算文件"
    )
    parser.add_argument("--json", action="store_true", help="print each result as one line of JSON")


def execute(args: argparse.Namespace) -> int:
    """Return 0 where every assembly has its verdict, whatever it is; 2 where a file is wrong."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    searching = gc.isenabled()
    gc.disable()  # looking for cycles among a million lines costs a tenth and finds none
    try:
        return max([_answer(name, args) for name in args.files])
    finally:
        if searching:
            gc.enable()


def _answer(name: str, args: argparse.Namespace) -> int:
    code = 0
    for place, found in _decisions(name):
        if isinstance(found, BadFile):
            code = 2
            print(f"anju recount: {_line(name)}: {found.sentence()}", file=sys.stderr, flush=True)
        elif args.json:
            print(json.dumps(result(found), ensure_ascii=False), flush=True)
        else:
            several = place or len(args.files) > 1
            print(f"【{_line(name)}{place}】\n{explain(found)}\n" if several else explain(found), flush=True)
    return code


def _decisions(name: str) -> Iterator[tuple[str, Decision | BadFile]]:
    try:
        found = read_recounts(_read(name))
    except OSError as error:
        yield "", BadFile("unreadable", value=error.strerror or "")
    except BadFile as bad:
        yield "", bad
    else:
        for number, recount in enumerate(found):
            place = f" 第 {number + 1} 件" if len(found) > 1 else ""
            yield place, recount if isinstance(recount, BadFile) else recount.decide()


def _read(name: str) -> bytes:
    """Return at most one byte more than is allowed: an endless source must not fill the memory."""
    if name == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with Path(name).open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _line(name: str) -> str:
    return "".join(mark if mark.isprintable() else "?" for mark in name)

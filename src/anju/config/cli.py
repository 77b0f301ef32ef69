"""The `anju` command. Only the chosen subcommand is imported, so that light ones start at once."""

import argparse
import errno
import importlib
import keyword
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from anju.config.failure import Failure

COMMANDS = {
    "run": "start everything and serve · 启动",
    "init": "make an empty real county · 建立正式县",
    "check": "check this installation and its audit trail · 检查",
    "backup": "write a backup, while running · 备份",
    "restore": "restore a backup into an empty place · 恢复",
    "user": "list, create, reset or disable people who sign in · 账号",
    "import": "bring a list of compounds in, or take one back · 导入名册",
    "table": "write the county's one table as a file · 一张表",
    "recount": "recount a vote from a file, without a database · 重算表决",
    "manage": "pass a command to Django · Django 命令",
}


def main(argv: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")
    try:
        return _dispatch(words)
    except KeyboardInterrupt:
        return _complain("interrupted · 已中断", 130)
    except BrokenPipeError:
        return 1
    except Exception as error:
        line = _explain(error)
        if line is None:
            raise
        return _complain(line, 1)


def _dispatch(words: list[str]) -> int:
    if not words or words[0] not in COMMANDS:
        parser = argparse.ArgumentParser(prog="anju", description="Anju 安居")
        chosen = parser.add_subparsers(metavar="command", required=True)
        for name, line in COMMANDS.items():
            chosen.add_parser(name, help=line)
        parser.parse_args(words)
        return 2
    module = _module(words[0])
    if words[0] == "manage":  # everything after it is Django's
        return int(module.execute(words[1:]))
    parser = argparse.ArgumentParser(prog=f"anju {words[0]}", description=COMMANDS[words[0]])
    module.add_arguments(parser)
    return int(module.execute(parser.parse_args(words[1:])))


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"anju.config.commands.{name}{'_' if keyword.iskeyword(name) else ''}")


def _complain(line: str, code: int) -> int:
    print(f"anju: {line}", file=sys.stderr, flush=True)
    return code


def _explain(error: Exception) -> str | None:
    """One line for what an operator can mend; None for a defect of ours, which deserves its traceback."""
    if isinstance(error, Failure):
        return str(error)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return f"the disk is full: {error.filename or ''} · 磁盘已满"
    if isinstance(error, PermissionError):
        return f"no permission: {error.filename} · 没有权限"
    return _explain_by_name(error)


def _explain_by_name(error: Exception) -> str | None:
    """Recognised without importing Django or psycopg, which a light command has not loaded."""
    names = {kind.__name__ for kind in type(error).__mro__}
    first = (str(error).strip().splitlines() or [""])[0]
    if "OperationalError" in names:
        return f"the database does not answer: {first} · 数据库连接失败"
    if "ImproperlyConfigured" in names or "CommandError" in names:
        return first
    if "DiskFull" in names:
        return "the disk is full · 磁盘已满"
    return None

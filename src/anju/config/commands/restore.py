"""`anju restore DIR`: a backup into an empty place, compared afterwards with what the backup says of itself."""

import argparse
from pathlib import Path

from anju.config.backup import restore
from anju.config.failure import Failure
from anju.config.manifest import verified
from anju.config.session import database_running, ensure_schema


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path)


def execute(args: argparse.Namespace) -> int:
    source = args.folder.resolve()
    found = verified(source)
    print(f"anju: the backup of {found.made_at} is intact: {len(found.files)} files · 备份完好", flush=True)
    with database_running(create=True) as home:
        restore(home, source, found)
        home.last_backup.write_text(found.made_at, "ascii")
        ensure_schema()
        problems = _verify_trail()
    print(
        f"anju: restored {sum(found.counts.values())} rows in {len(found.counts)} tables; counts agree · 已恢复，行数一致"
    )
    if problems:
        raise Failure(f"the restored audit trail does not hold: {problems[0]}", "恢复的审计记录校验不通过")
    print(f"anju: the audit trail holds: {found.chain_length} entries, same head as in the backup · 审计记录完整")
    return 0


def _verify_trail() -> list[str]:
    import django

    django.setup()
    from anju.base.audit import verify_chain

    return [f"{problem.code} at {problem.seq or problem.entry_id}" for problem in verify_chain()]

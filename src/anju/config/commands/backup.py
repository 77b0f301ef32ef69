"""`anju backup [DIR]`: everything needed to stand up the county elsewhere, written while it runs."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from anju.config.backup import back_up
from anju.config.session import database_running, installation_mode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", nargs="?", type=Path, help="an empty or new folder; default: backups/<time> in ANJU_HOME"
    )


def execute(args: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    with database_running() as home:
        installation_mode()  # refuses, in one line, where there is no installation to save
        target = (args.folder or home.backups / now.strftime("%Y%m%dT%H%M%SZ")).resolve()
        written = back_up(home, target, now)
        home.last_backup.write_text(now.isoformat(), "ascii")
    rows = sum(written.counts.values())
    print(f"anju: backed up {rows} rows in {len(written.counts)} tables to {target} · 已备份")
    print(f"anju: audit trail: {written.chain_length} entries, head {written.chain_digest or 'none'}")
    return 0

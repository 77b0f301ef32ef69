"""Backup and restore. Online: one snapshot gives the dump, the row counts and the head of the audit chain."""

import os
import shutil
import subprocess
from contextlib import suppress
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from anju.config import manifest
from anju.config.database import connection
from anju.config.embedded import binaries
from anju.config.failure import Failure
from anju.config.home import Home
from anju.config.manifest import Manifest
from anju.config.schema import Connection

DUMP, FILES = "database.dump", "files"
ADDRESS_PARTS = ("host", "port", "dbname", "user")
HEADER_LINES = 60  # settings stand at the top of a dump; rows come later


def back_up(home: Home, target: Path, made_at: datetime) -> Manifest:
    """Write a complete backup to `target`, or nothing."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Failure(f"{target} is not empty", f"{target} 不是空文件夹")
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    try:
        written = _write(home, part, made_at)
        target.rmdir() if target.exists() else None
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return written


def restore(home: Home, source: Path, found: Manifest) -> None:
    """Fill an empty database from a verified backup; afterwards counts and chain head are what the backup says, or all is undone."""
    with psycopg.connect(**connection(os.environ, "owner")) as owner:
        require_empty(home, owner)
    _load(source / DUMP)
    with psycopg.connect(**connection(os.environ, "owner")) as owner:
        if difference := _difference(owner, found):
            _empty(owner)
            raise Failure(
                f"restored rows differ from the backup in {difference}; undone",
                f"恢复后 {difference} 与备份不符，已撤销",
            )
    if (source / FILES).is_dir():
        shutil.copytree(source / FILES, home.files, dirs_exist_ok=True)


def require_empty(home: Home, owner: Connection) -> None:
    if tables(owner) or (home.files.is_dir() and any(home.files.iterdir())):
        raise Failure(
            "this place already holds an installation; restore into an empty ANJU_HOME or database",
            "此处已有数据，只能恢复到空的目录或数据库",
        )


def tables(link: Connection) -> list[str]:
    rows = link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [str(row[0]) for row in rows]


def counts(link: Connection) -> dict[str, int]:
    return {
        name: _number(link, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))) for name in tables(link)
    }


def chain_head(link: Connection) -> tuple[int, str]:
    row = link.execute("SELECT seq, digest FROM base_auditlink ORDER BY seq DESC LIMIT 1").fetchone()
    return (int(row[0]), str(row[1])) if row else (0, "")


def _write(home: Home, part: Path, made_at: datetime) -> Manifest:
    with psycopg.connect(**connection(os.environ, "owner")) as owner:
        owner.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        owner.read_only = True
        snapshot = owner.execute("SELECT pg_export_snapshot()").fetchone()
        assert snapshot is not None
        _dump(part / DUMP, str(snapshot[0]))
        counted, head, server = counts(owner), chain_head(owner), owner.info.server_version
    if home.files.is_dir():
        # After the snapshot: a file is written before the row that names it and never changed, so none can be missing.
        shutil.copytree(home.files, part / FILES)
    files = {name: manifest.digest(part / name) for name in sorted(manifest.listed(part))}
    release = metadata.version("anju")
    written = Manifest(manifest.FORMAT, made_at.isoformat(), release, server, counted, *head, files)
    manifest.write(part, written)
    _keep_private(part)
    return written


def _dump(path: Path, snapshot: str) -> None:
    options = ["--format=custom", f"--snapshot={snapshot}", "--no-owner", "--no-privileges", f"--file={path}"]
    done = subprocess.run(
        [str(binaries() / "pg_dump"), *options, *_address()],
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise _tool_failure("pg_dump", done.stderr)


def _load(dump: Path) -> None:
    """One transaction. The dump passes through us because a server older than 17 refuses one setting of a newer dump."""
    reader = [str(binaries() / "pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(dump)]
    writer = [
        str(binaries() / "psql"),
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        "--output=/dev/null",
        *_address(),
    ]
    with (
        subprocess.Popen(reader, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as source,
        subprocess.Popen(writer, env=_environment(), stdin=subprocess.PIPE, stderr=subprocess.PIPE) as sink,
    ):
        assert source.stdout is not None
        assert source.stderr is not None
        assert sink.stdin is not None
        assert sink.stderr is not None
        try:
            for number, line in enumerate(source.stdout):
                if number >= HEADER_LINES or not line.startswith(b"SET transaction_timeout"):
                    sink.stdin.write(line)
        except BrokenPipeError:
            pass  # psql refused; it says why
        finally:
            _close(sink.stdin)
            source.stdout.close()
        complaint = sink.stderr.read() or source.stderr.read()
    if sink.returncode or source.returncode:
        raise _tool_failure("restore", complaint.decode("utf-8", "replace"))


def _close(stream: Any) -> None:
    with suppress(BrokenPipeError):
        stream.close()


def _difference(owner: Connection, found: Manifest) -> str:
    restored = counts(owner)
    for name in sorted(found.counts.keys() | restored.keys()):
        if found.counts.get(name) != restored.get(name):
            return name
    return "" if chain_head(owner) == (found.chain_length, found.chain_digest) else "the audit chain"


def _empty(owner: Connection) -> None:
    owner.execute("DROP SCHEMA public CASCADE")
    owner.execute("CREATE SCHEMA public")


def _address() -> list[str]:
    parameters = connection(os.environ, "owner")
    return ["--dbname", make_conninfo(**{name: parameters[name] for name in ADDRESS_PARTS if name in parameters})]


def _environment() -> dict[str, str]:
    """The password travels in the environment, never in the list of processes."""
    password = connection(os.environ, "owner").get("password")
    return {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": str(password)} if password else {})}


def _keep_private(folder: Path) -> None:
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)


def _number(link: Connection, query: sql.Composed) -> int:
    row = link.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def _tool_failure(tool: str, output: str) -> Failure:
    if "No space left on device" in output:
        return Failure("the disk is full", "磁盘已满")
    reason = (output.strip().splitlines() or ["no reason given"])[0]
    return Failure(f"{tool} failed: {reason}", "备份工具出错")

"""One lock per home. Whoever starts the embedded database holds it; it falls by itself when its holder dies."""

import fcntl
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from anju.config.embedded import disk_full
from anju.config.failure import Failure
from anju.config.home import Home

COMMAND_WAIT = 60  # seconds a command waits for another short command


@dataclass(frozen=True)
class Holder:
    """Who holds the lock: `anju run` (others may use its database) or a short command (others wait)."""

    pid: int
    serving: bool


def ready_home(home: Home) -> None:
    """Make the folder, private to this user, and prove that it can be written."""
    try:
        home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home.root) as probe:
            probe.write(b"\0" * 4096)
            probe.flush()
    except OSError as error:
        raise _unusable(home.root, error) from error


def _unusable(root: Path, error: OSError) -> Failure:
    if error.errno == 28:  # ENOSPC
        return disk_full(root)
    return Failure(f"{root} cannot be written: {error.strerror}", f"无法写入 {root}")


@contextmanager
def held(home: Home, *, serving: bool) -> Iterator[Holder | None]:
    """Hold the lock and yield None, or yield the serving holder whose database may be used."""
    ready_home(home)
    with home.lock.open("a+", encoding="utf-8") as file:
        holder = _acquire(file, Holder(os.getpid(), serving))
        yield holder
        if holder is None:
            file.truncate(0)


def _acquire(file: IO[str], us: Holder) -> Holder | None:
    deadline = time.monotonic() + COMMAND_WAIT
    while not _try(file):
        holder = _read(file)
        if holder and (holder.serving or us.serving):
            return holder
        if time.monotonic() > deadline:
            raise Failure("another anju command is still running here", "另一个 anju 命令仍在运行")
        time.sleep(0.1)
    file.truncate(0)
    file.write(json.dumps(asdict(us)))
    file.flush()
    return None


def _try(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(file: IO[str]) -> Holder | None:
    """None while the holder is still writing its name."""
    file.seek(0)
    try:
        return Holder(**json.loads(file.read()))
    except (ValueError, TypeError):
        return None

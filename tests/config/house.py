"""Real processes of the anju command, in a home of their own, watched with deadlines instead of pauses."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg

from anju.config.home import Home
from anju.config.lock import held
from anju.config.session import embedded_started

ANJU = str(Path(sys.executable).with_name("anju"))
READY_SECONDS = 60


def environment(root: Path, **extra: str) -> dict[str, str]:
    ours = ("ANJU_", "DJANGO_", "PYTEST")  # what the test run has set for itself
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    # A development tool brings setproctitle along, with which granian would overwrite the environment we find it by.
    return {**kept, "ANJU_HOME": str(root), "SPT_NOENV": "1", **extra}


def anju(root: Path, *words: str, **extra: str) -> subprocess.CompletedProcess[str]:
    command = [ANJU, *words]
    return subprocess.run(
        command, env=environment(root, **extra), capture_output=True, text=True, timeout=120, check=False
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], bool], what: str, seconds: float = READY_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain until {what}"
        time.sleep(0.02)


def processes_of(root: Path) -> list[psutil.Process]:
    """Everything that runs in this home, found by its environment or its arguments."""
    return [found for found in psutil.process_iter() if found.pid != os.getpid() and _belongs(found, str(root))]


def _belongs(process: psutil.Process, root: str) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return f"{root}/" in " ".join(process.cmdline()) or process.environ().get("ANJU_HOME") == root
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def link(root: Path, user: str = "anju_app") -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(host=str(Home(root).socket), user=user, dbname="anju", autocommit=True, connect_timeout=5)


@contextmanager
def database_of(root: Path) -> Iterator[None]:
    """Only the database of an installation, as `anju run` would hold it: a whole house costs seconds."""
    home = Home(root)
    with held(home, serving=True) as other, embedded_started(home):
        assert other is None
        yield


def add_entries(root: Path, count: int) -> None:
    """Real entries of the trail, written beside the running house and sealed by the database at commit."""
    lines = (
        "from datetime import UTC, datetime",
        "from anju.base import audit",
        "from anju.base.actor import SYSTEM",
        f"for n in range({count}): audit.record(actor=SYSTEM, action='test.note', note={{'n': n}}, at=datetime.now(UTC))",
    )
    done = anju(root, "manage", "shell", "--no-imports", "-c", "\n".join(lines))
    assert done.returncode == 0, done.stderr


def refused_in_one_line(done: subprocess.CompletedProcess[str], says: str) -> None:
    complaint = done.stderr.strip().splitlines()
    assert done.returncode == 1, done
    assert len(complaint) == 1, done.stderr
    assert says in complaint[0]
    assert complaint[0].startswith("anju: ")
    assert "Traceback" not in done.stderr + done.stdout


def answers(house: "House") -> bool:
    """A page comes back, whichever; not an error of the server, not a closed port."""
    try:
        return house.status_of("/") < 500
    except OSError:
        return False


class House:
    """`anju run` in `root`."""

    def __init__(self, root: Path, **extra: str) -> None:
        self.root = root
        self.port = free_port()
        self.output = root.with_name(root.name + ".out")
        self.began = time.monotonic()
        with self.output.open("wb") as out:
            command = [ANJU, "run", "--port", str(self.port)]
            self.process = subprocess.Popen(command, env=environment(root, **extra), stdout=out, stderr=out)

    def __enter__(self) -> "House":
        return self.ready()

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)

    def ready(self) -> "House":
        until(lambda: "ready in" in self.said or self.process.poll() is not None, "the house is ready")
        assert "ready in" in self.said, self.said
        return self

    @property
    def said(self) -> str:
        return self.output.read_text("utf-8")

    @property
    def postmaster(self) -> int:
        return int((Home(self.root).data / "postmaster.pid").read_text("utf-8").split()[0])

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)

    def status_of(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

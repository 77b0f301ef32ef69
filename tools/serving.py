"""A real server of ours on a free port with the demo county in it, for the tour, the benches and the proofs."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anju.config.home import Home

ANJU = str(Path(sys.executable).with_name("anju"))
READY_SECONDS = 120
SEED = "ANJU_SEED"  # the data folder of a migrated house to begin with; a test run has one, see tests/database.py


@dataclass(frozen=True)
class Served:
    """Where the server listens and where it keeps its things."""

    port: int
    home: Path
    process: subprocess.Popen[str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def served() -> Iterator[Served]:
    """Start `anju run` in a new folder, wait until it answers, stop it and remove the folder."""
    folder = Path(tempfile.mkdtemp(prefix="anju-"))
    try:
        with started(sown(folder / "var")) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sown(home: Path) -> Path:
    """`home`, begun with a copy of the seed where there is one: what `anju run` would make there itself, seconds later."""
    if seed := os.environ.get(SEED):
        home.mkdir(mode=0o700, parents=True)
        subprocess.run(["cp", "-a", seed, str(Home(home).data)], check=True)
    return home


@contextmanager
def started(home: Path) -> Iterator[Served]:
    """Start `anju run` in `home`, wait until it answers, and stop it."""
    port = free_port()
    process = subprocess.Popen(
        [ANJU, "run", "--port", str(port)],
        env={**os.environ, "ANJU_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        _await_answer(process, port)
        yield Served(port, home, process)
    finally:
        process.terminate()
        process.communicate(timeout=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_answer(process: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"anju run ended: {process.stdout.read() if process.stdout else ''}")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("anju run did not answer")

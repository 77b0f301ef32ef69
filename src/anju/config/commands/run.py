"""`anju run`: the whole house in one terminal, from an empty folder to an address."""

import argparse
import errno
import http.client
import ipaddress
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from anju.config.database import is_external
from anju.config.embedded import Embedded
from anju.config.failure import Failure
from anju.config.home import Home
from anju.config.key import ensure_key
from anju.config.lock import held
from anju.config.logfile import DISK_FULL, LogFile
from anju.config.schema import prepare
from anju.config.session import ensure_schema, installation_mode, require_server
from anju.config.static import collect
from anju.config.supervisor import Child, Supervisor

READY_SECONDS = 60
WORKER_MIB = 150  # a fresh one has 100; the dictionary of pinyin, loaded with the first name written, takes 58
_interrupted = threading.Event()
DISK_LINE_EVERY = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default=os.environ.get("ANJU_HOST", "").strip() or "127.0.0.1")
    parser.add_argument("--port", type=int, default=os.environ.get("ANJU_PORT", "").strip() or 8000)


def execute(args: argparse.Namespace) -> int:
    home = Home.of(os.environ)
    args.host = {"localhost": "127.0.0.1"}.get(args.host, args.host)
    _interrupt_on_signals()
    with held(home, serving=True) as holder:
        if holder is not None:
            raise Failure(
                f"another copy is running in {home.root} (process {holder.pid}); stop that one first",
                f"此目录已有一个安居在运行（进程 {holder.pid}）",
            )
        _require_free(args.host, args.port)
        with suppress(KeyboardInterrupt):
            _serve(home, args.host, args.port)
    _say("stopped · 已停止")
    return 0


def _serve(home: Home, host: str, port: int) -> None:
    began = time.monotonic()
    with ExitStack() as stack:
        database = stack.enter_context(_database(home))
        _say("2/4 tables · 数据表 ...")
        _say("    brought to this release" if ensure_schema() else "    up to date")
        mode = installation_mode()
        _require_local(host, mode)
        ensure_key(os.environ, home, mode)
        _say("3/4 static files · 静态文件 ...")
        _say("    collected" if collect(home) else "    unchanged")
        _say("4/4 server, worker, ticker · 服务 ...")
        supervisor = Supervisor([_web(home, host, port)], database, _say)
        stack.callback(_stop, supervisor)
        supervisor.children[0].start()
        _await_answer(supervisor.children[0], host, port)
        for child in _background(home):
            supervisor.children.append(child)
            child.start()
        _say(
            f"ready in {time.monotonic() - began:.1f} s. Open · 请打开  http://{_shown(host)}:{port}/   (Ctrl-C stops · 停止)"
        )
        supervisor.watch(_interrupted.is_set)


@contextmanager
def _database(home: Home) -> Iterator[Embedded | None]:
    if is_external(os.environ):
        _say("1/4 database at ANJU_DATABASE_URL · 外部数据库 ...")
        require_server()
        yield None
        return
    server = Embedded(home, on_log=_DiskWatch(home))
    new = server.is_new
    _say(f"1/4 database in {home.data} · 数据库 ...")
    server.start()
    try:
        prepare(str(home.socket))
        _say("    created" if new else "    started")
        yield server
    finally:
        server.stop()


class _DiskWatch:
    """Says at most once a minute that the disk is full, when PostgreSQL says so."""

    def __init__(self, home: Home) -> None:
        self.root = home.root
        self.said = -DISK_LINE_EVERY

    def __call__(self, line: str) -> None:
        if DISK_FULL in line and time.monotonic() - self.said >= DISK_LINE_EVERY:
            self.said = time.monotonic()
            _say(
                f"the disk holding {self.root} is full: nothing can be saved until space is made · 磁盘已满，暂时无法保存"
            )


def _web(home: Home, host: str, port: int) -> Child:
    options = f"--interface wsgi --host {host} --port {port} --http 1 --no-ws --workers 2 --blocking-threads 2"
    resilience = "--respawn-failed-workers --workers-kill-timeout 5 --log-level warning"
    memory = f"--workers-max-rss {WORKER_MIB} --rss-samples 2"  # looked at twice a minute; no request is lost
    words = f"{options} {resilience} {memory}".split()
    command = [sys.executable, "-m", "granian", *words, "anju.config.wsgi:application"]
    return Child("web", command, _environment(), LogFile(home.logs / "web.log"))


def _background(home: Home) -> list[Child]:
    worker = [sys.executable, "-m", "django", "db_worker", "--queue-name", "*", "--no-reload", "--verbosity", "1"]
    ticker = [sys.executable, "-m", "anju.config.ticking"]
    return [
        Child("worker", worker, _environment(), LogFile(home.logs / "worker.log")),
        Child("ticker", ticker, _environment(), LogFile(home.logs / "ticker.log")),
    ]


def _environment() -> dict[str, str]:
    return {**os.environ, "ANJU_SERVING": "1", "PYTHONUNBUFFERED": "1"}


def _await_answer(web: Child, host: str, port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while web.running and time.monotonic() < deadline:
        status = _first_page(host, port)
        if status is not None and status < 500:
            return
        if status is not None:
            _say(f"the first page answered {status}; see {web.log.path}")
            return
        time.sleep(0.05)
    raise Failure(f"the server did not start; see {web.log.path}", f"服务没有启动，详见 {web.log.path}")


def _first_page(host: str, port: int) -> int | None:
    link = http.client.HTTPConnection(_shown(host), port, timeout=10)
    try:
        link.request("GET", "/", headers={"Host": f"127.0.0.1:{port}"})
        return link.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        link.close()


def _require_free(host: str, port: int) -> None:
    """Asked before anything is started; granian's own message would come late and as a traceback."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
                raise Failure(
                    f"port {port} is taken; choose another with ANJU_PORT",
                    f"端口 {port} 已被占用，请用 ANJU_PORT 换一个",
                ) from error
            raise Failure(f"cannot listen on {host}:{port}: {error}", "无法监听该地址") from error


def _require_local(host: str, mode: str | None) -> None:
    """A trial has personas that anyone may become, an empty one offers to be founded: neither leaves this machine."""
    if mode == "real" or _is_loopback(host):
        return
    raise Failure(
        f"a trial or empty installation listens on this machine only, not on {host}; found a county with `anju init` first",
        "试用或尚未建县时只能在本机访问，请先用 anju init 建县",
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _shown(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104


def _interrupt_on_signals() -> None:
    """Stop at once where Python can, and remember it: an exception raised while an object is being collected is lost."""
    _interrupted.clear()

    def interrupt(_number: int, _frame: object) -> None:
        _interrupted.set()
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


def _stop(supervisor: Supervisor) -> None:
    """A second Ctrl-C must not leave the database without its checkpoint."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    _say("stopping · 正在停止 ...")
    supervisor.stop()


def _say(line: str) -> None:
    print(f"anju: {line}", flush=True)

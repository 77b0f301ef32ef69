"""Keeps our processes running: restarts those that die, more slowly each time, and stops them before the database."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from anju.config.embedded import Embedded
from anju.config.logfile import LogFile
from anju.config.parent import bound_child

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_SECONDS = 60  # a process that ran this long starts again at once
GRACE_SECONDS = 15
LOOK_SECONDS = 0.2

Say = Callable[[str], None]


@dataclass
class Child:
    """One of our processes, in a group of its own so that its workers can be ended with it."""

    name: str
    command: list[str]
    env: dict[str, str]
    log: LogFile
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = field(default=0.0)

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=bound_child(signal.SIGTERM),
        )
        assert self.process.stdout is not None
        self.log.follow(self.process.stdout, self.name)
        self.started, self.due = time.monotonic(), 0.0

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def plan_restart(self) -> None:
        steady = time.monotonic() - self.started > STEADY_SECONDS
        self.pause = FIRST_PAUSE if steady else min(self.pause * 2, LONGEST_PAUSE)
        self.due = time.monotonic() + self.pause

    def signal_group(self, number: int) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


class Supervisor:
    def __init__(self, children: list[Child], database: Embedded | None, say: Say) -> None:
        self.children = children
        self.database = database
        self.say = say

    def watch(self, stopping: Callable[[], bool]) -> None:
        """Until interrupted, or until `stopping` says that somebody wished it while nobody could hear."""
        while not stopping():
            if self.database is not None and not self.database.alive:
                self.say("the database ended; starting it again · 数据库中断，正在重新启动")
                self.database.start()
            for child in self.children:
                self._look_after(child)
            time.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        """Orderly, then by force. Only processes we started."""
        for child in self.children:
            if child.running and child.process is not None:
                child.process.send_signal(signal.SIGTERM)  # granian stops its own workers
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children:
            self._await_end(child, deadline)

    def _look_after(self, child: Child) -> None:
        if child.running:
            return
        if not child.due:
            child.signal_group(signal.SIGKILL)  # workers whose parent is gone would keep the port
            child.plan_restart()
            code = child.process.returncode if child.process else None
            self.say(f"{child.name} ended ({code}); again in {child.pause:.0f} s, see {child.log.path}")
        elif time.monotonic() >= child.due:
            child.start()

    def _await_end(self, child: Child, deadline: float) -> None:
        if child.process is None:
            return
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.say(f"{child.name} did not stop in {GRACE_SECONDS} s and is ended by force · 强制结束")
        child.signal_group(signal.SIGKILL)
        child.process.wait()

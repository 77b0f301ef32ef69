"""Output of child processes, kept in bounded files. One writer per file: the process that started the child."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, Any

FILE_BYTES = 5 * 1024 * 1024
FILE_COUNT = 3
DISK_FULL = "No space left on device"


class LineFormatter(logging.Formatter):
    """Leaves out what PostgreSQL adds to an error: DETAIL repeats the row, and rows hold personal data."""

    def formatException(self, ei: Any) -> str:
        lines = super().formatException(ei).splitlines()
        return "\n".join(line for line in lines if not line.lstrip().startswith(("DETAIL:", "LINE ", "CONTEXT:")))


class _Handler(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk must not stop the pump: a child whose pipe nobody empties would stand still."""


class LogFile:
    """Copies a child's lines into a rotating file and remembers the last ones, so that a failure can be explained."""

    def __init__(self, path: Path, on_line: Callable[[str], None] | None = None) -> None:
        self.path = path
        self.tail: deque[str] = deque(maxlen=40)
        self._on_line = on_line
        path.parent.mkdir(parents=True, exist_ok=True)
        self._handler = _Handler(
            path, maxBytes=FILE_BYTES, backupCount=FILE_COUNT - 1, encoding="utf-8", errors="replace"
        )

    def follow(self, stream: IO[bytes], name: str) -> None:
        threading.Thread(target=self._pump, args=(stream, name), daemon=True).start()

    def saw(self, text: str) -> bool:
        return any(text in line for line in self.tail)

    def _pump(self, stream: IO[bytes], name: str) -> None:
        with stream:
            for raw in stream:
                self._keep(f"{name}: {raw.decode('utf-8', 'replace').rstrip()}")

    def _keep(self, line: str) -> None:
        self.tail.append(line)
        self._handler.emit(logging.LogRecord("anju", logging.INFO, "", 0, line, None, None))
        if self._on_line is not None:
            self._on_line(line)

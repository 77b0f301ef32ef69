"""How short messages leave: chosen by ANJU_SMS. Nothing given: no gateway, and what would be sent is telephoned.

`console` writes to standard error, `file:PATH` appends a line of JSON for another program to send. Both are for trying out and for
offices that have a program of their own; an operator's interface is one more class with `send`.
"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from anju.base.outbox import Gateway


class Console:
    """The number is shown masked: standard error ends in log files."""

    def send(self, phone: str, text: str, key: str) -> None:
        print(f"SMS {phone[:3]}****{phone[-4:]} {text}", file=sys.stderr, flush=True)


class LineFile:
    """One line of JSON for each message, durable before it counts as sent. Whoever reads it drops a key that came before."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, phone: str, text: str, key: str) -> None:
        line = json.dumps({"key": key, "phone": phone, "text": text}, ensure_ascii=False) + "\n"
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line.encode())
            os.fsync(handle)
        finally:
            os.close(handle)


def gateway_of(env: Mapping[str, str]) -> Gateway | None:
    given = env.get("ANJU_SMS", "").strip()
    if not given:
        return None
    if given == "console":
        return Console()
    kind, _, path = given.partition(":")
    if kind == "file" and path:
        return LineFile(Path(path))
    raise ImproperlyConfigured("ANJU_SMS must be console or file:PATH · 短信出口只能是 console 或 file:路径")

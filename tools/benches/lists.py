"""Lists in: their import against reading and adding them raw (`imports`), and what it costs to refuse a file that asks for too much."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.base.test_sheets_large import BOMBS
from tools.benches import imports

AT_MOST_SECONDS, AT_MOST_MB = 1.0, 64
_REFUSE = """
import json, resource, sys, time
from anju.base.sheets import BadSheet, open_book
before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
try:
    with open(sys.argv[1], "rb") as file:
        code = str(sum(1 for sheet in open_book(file).sheets for row in sheet.rows()))
except BadSheet as bad:
    code = bad.code
mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
print(json.dumps({"code": code, "seconds": round(time.process_time() - began, 2), "mb": mb}))
"""


def run() -> list[dict[str, Any]]:
    return [*_bombs(), *imports.run()]


def _bombs() -> list[dict[str, Any]]:
    """Each in a process of its own, in seconds of a processor, so that a loaded machine does not decide."""
    with tempfile.TemporaryDirectory() as folder:
        return [_bomb(name, content, Path(folder) / "bomb") for name, content in BOMBS.items()]


def _bomb(name: str, content: bytes, path: Path) -> dict[str, Any]:
    path.write_bytes(content)
    done = subprocess.run([sys.executable, "-c", _REFUSE, str(path)], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    within = not told["code"].isdigit() and told["seconds"] <= AT_MOST_SECONDS and told["mb"] <= AT_MOST_MB
    limit = {"seconds": AT_MOST_SECONDS, "mb": AT_MOST_MB}
    return {"name": f"refusing {name}", "bytes": len(content), **told, "limit": limit, "within": within}

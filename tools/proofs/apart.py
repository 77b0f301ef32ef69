"""A proof that fills a database: in a process of its own, since Django is set up there for the served database."""

import json
import os
import subprocess
import sys
from typing import Any

from tools.serving import served


def run_apart(module: str, size: int) -> dict[str, Any]:
    """Start an empty installation, run `python -m module size` upon it, and return the JSON it prints."""
    with served() as server:
        done = subprocess.run(
            [sys.executable, "-m", module, str(size)],
            env={**os.environ, "ANJU_HOME": str(server.home), "DJANGO_SETTINGS_MODULE": "anju.config.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return dict(json.loads(done.stdout))

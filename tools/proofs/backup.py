"""One changed byte anywhere in a backup is noticed before a restore writes anything."""

import os
import random
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tools.serving import ANJU, served

SHORT, LONG = 10, 100


def run(flips: int, seed: int = 20261124) -> dict[str, Any]:
    """Back up a running county, then flip one byte `flips` times, checking each time; restore the whole one at the end."""
    from anju.config.failure import Failure
    from anju.config.manifest import verified

    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="anju-") as folder, served() as server:
        copy = Path(folder) / "copy"
        _anju(server.home, "backup", str(copy))
        missed = 0
        for _ in range(flips):
            restored = _flip(copy, chance)
            try:
                verified(copy)
                missed += 1
            except Failure:
                pass
            restored()
        told = _anju(Path(folder) / "elsewhere", "restore", str(copy))
    return {
        "flips": flips,
        "missed": missed,
        "restore": told.splitlines()[-1],
        "passed": missed == 0,
    }


def _flip(copy: Path, chance: random.Random) -> Any:
    """Change one bit of one byte, weighing files evenly; return what undoes it."""
    path = chance.choice(sorted(path for path in copy.rglob("*") if path.is_file() and path.stat().st_size))
    whole = path.read_bytes()
    spot = chance.randrange(len(whole))
    path.write_bytes(whole[:spot] + bytes([whole[spot] ^ (1 << chance.randrange(8))]) + whole[spot + 1 :])
    return lambda: path.write_bytes(whole)


def _anju(home: Path, *words: str) -> str:
    env = {**os.environ, "ANJU_HOME": str(home)}
    done = subprocess.run([ANJU, *words], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"anju {words[0]} failed: {done.stderr or done.stdout}")
    return done.stdout

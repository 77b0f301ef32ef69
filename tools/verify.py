"""The checks that read the code without running it, one line each; the output only of those that fail."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
TEMPLATES = [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("src/anju/*/templates/**/*.html"))]
CHECKS = {
    "format": ["ruff", "format", "--check", "."],
    "lint": ["ruff", "check", "."],
    "types": ["mypy"],
    "layers": ["lint-imports"],
    "templates": ["djade", "--target-version", "5.2", "--check", *TEMPLATES],
}


def main() -> None:
    failed = [name for name, command in CHECKS.items() if not _passes(name, command)]
    sys.exit(f"verify: {', '.join(failed)} failed" if failed else 0)


def _passes(name: str, command: list[str]) -> bool:
    began = time.monotonic()
    env = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    passed = done.returncode == 0
    print(
        f"{'ok    ' if passed else 'FAILED'} {name} ({time.monotonic() - began:.1f} s)",
        flush=True,
    )
    if not passed:
        print(done.stdout + done.stderr, flush=True)
    return passed


if __name__ == "__main__":
    main()

"""Renews the lock files. They name versions and hashes, never the host of a registry."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMPILE = [
    "uv",
    "pip",
    "compile",
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-header",
    "--quiet",
]
LOCKS = {
    "requirements.txt": ["pyproject.toml", "--extra", "setup"],
    "requirements-dev.txt": [
        "pyproject.toml",
        "--extra",
        "setup",
        "--extra",
        "dev",
        "--constraint",
        "requirements.txt",
    ],
    "requirements-node.txt": ["tools/node.in"],
}


def main() -> None:
    for name, sources in LOCKS.items():
        subprocess.run(
            [*COMPILE, *sources, "--output-file", name],
            cwd=ROOT,
            check=True,
            env={**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "make lock"},
        )
    if "--python-only" not in sys.argv[1:]:
        subprocess.run(["npm", "install", "--package-lock-only"], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()

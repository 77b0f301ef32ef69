"""Static files, collected only when one of them changed."""

import hashlib
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from anju.config.failure import Failure
from anju.config.home import Home
from anju.config.session import last_error

SOURCE = Path(__file__).resolve().parents[1]
PACKAGES = ("django", "django-allauth", "whitenoise")


def fingerprint() -> str:
    digest = hashlib.sha256()
    for package in PACKAGES:
        digest.update(metadata.version(package).encode())
    for path in sorted(SOURCE.glob("*/static/**/*")):
        if path.is_file():
            found = path.stat()
            digest.update(f"{path}|{found.st_size}|{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect(home: Home) -> bool:
    """True: they were collected anew. The stamp is written last, so a killed collection is repeated."""
    stamp, wanted = home.root / "static.stamp", fingerprint()
    if stamp.is_file() and stamp.read_text("ascii") == wanted and home.static.is_dir():
        return False
    stamp.unlink(missing_ok=True)
    _run_collectstatic()
    stamp.write_text(wanted, "ascii")
    return True


def _run_collectstatic() -> None:
    env = {**os.environ, "ANJU_SERVING": "1", "DJANGO_SETTINGS_MODULE": "anju.config.settings"}
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--clear", "--verbosity", "0"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    if "No space left on device" in done.stderr:
        raise Failure("the disk is full: static files could not be collected", "磁盘已满，无法收集静态文件")
    raise Failure(f"static files could not be collected: {last_error(done.stderr)}", "静态文件收集失败")

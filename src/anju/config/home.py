"""Where an installation keeps its things. Every process computes the same paths from ANJU_HOME alone."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Home:
    """The folder named by ANJU_HOME: database, secret key, files, logs."""

    root: Path

    @classmethod
    def of(cls, env: Mapping[str, str]) -> "Home":
        given = env.get("ANJU_HOME", "").strip()
        return cls(Path(given).expanduser().resolve() if given else _default_root())

    @property
    def data(self) -> Path:
        return self.root / "postgres"

    @property
    def lock(self) -> Path:
        return self.root / "anju.lock"

    @property
    def secret_key(self) -> Path:
        return self.root / "secret.key"

    @property
    def static(self) -> Path:
        return self.root / "static"

    @property
    def files(self) -> Path:
        return self.root / "files"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def last_backup(self) -> Path:
        return self.root / "last-backup"

    @property
    def logs(self) -> Path:
        return self.root / "log"

    @property
    def socket(self) -> Path:
        """Short and ASCII: a socket path ends at 107 bytes, while a data folder may be long, spaced or Chinese."""
        base = "/tmp" if os.access("/tmp", os.W_OK | os.X_OK) else tempfile.gettempdir()  # noqa: S108
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        return Path(base, f"anju-{os.geteuid()}-{digest}")


def _default_root() -> Path:
    base = PROJECT if (PROJECT / "pyproject.toml").is_file() else Path.cwd()
    return base / "var"

"""The store of files: content under its own digest, written before the row that names it and never changed afterwards.

A backup copies the folder after its snapshot of the database, so that no row can name a file that is not in it. Another store
(an object storage) needs the same verbs.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4

from django.conf import settings

_DIGEST = re.compile("[0-9a-f]{64}")


class Store(Protocol):
    """Where the bytes are. A digest is the SHA-256 of the content in hexadecimal."""

    def put(self, content: bytes) -> str: ...

    def open(self, digest: str) -> BinaryIO: ...

    def holds(self, digest: str) -> bool: ...

    def untouched_since(self, at: datetime) -> Iterator[str]: ...

    def forget(self, digest: str, *, since: datetime) -> None: ...


class FolderStore:
    """Files in `root`, in 256 folders; half-written ones stand beside `root`, never in it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, content: bytes) -> str:
        """Keep the content durably and return its digest. The same content is kept once."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not self._renewed(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(path, content)
        return digest

    def open(self, digest: str) -> BinaryIO:
        return self._path(digest).open("rb")

    def holds(self, digest: str) -> bool:
        return self._path(digest).is_file()

    def untouched_since(self, at: datetime) -> Iterator[str]:
        """Yield the digests of content that nobody has put since then."""
        for path in self.root.glob("??/*"):
            if _DIGEST.fullmatch(path.name) and path.stat().st_mtime < at.timestamp():
                yield path.name

    def forget(self, digest: str, *, since: datetime) -> None:
        """Remove content, unless somebody has put it again since then."""
        with self._alone():
            path = self._path(digest)
            if path.exists() and path.stat().st_mtime < since.timestamp():
                path.unlink()

    def _renewed(self, path: Path) -> bool:
        """Say whether the content is there already, and if so that it is wanted now: nobody forgets it meanwhile."""
        with self._alone():
            if path.exists():
                path.touch()
            return path.exists()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.root.with_name(self.root.name + ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError("not a digest")
        return self.root / digest[:2] / digest

    def _write(self, path: Path, content: bytes) -> None:
        incoming = self.root.with_name(self.root.name + ".incoming")
        incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = incoming / uuid4().hex
        try:
            with part.open("xb") as stream:
                os.fchmod(stream.fileno(), 0o600)
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        _settle(path.parent)
        _settle(self.root)


def _settle(folder: Path) -> None:
    """Make a new name in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def store() -> Store:
    return FolderStore(settings.MEDIA_ROOT)

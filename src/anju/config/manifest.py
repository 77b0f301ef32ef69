"""The list of everything in a backup, with a digest of each file and one of the list itself.

`manifest.json` names every file; `manifest.sha256` holds the digest of `manifest.json`. Whatever byte changes, in a file, in
the list or in its digest, `verified` refuses before anybody has written anything.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from anju.config.failure import Failure

LIST, SEAL = "manifest.json", "manifest.sha256"
FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """What was in the database at the moment of the snapshot, and the files that carry it."""

    format: int
    made_at: str
    anju: str
    server: int
    counts: dict[str, int]
    chain_length: int
    chain_digest: str
    files: dict[str, str]


def write(folder: Path, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / LIST).write_text(text, "utf-8")
    (folder / SEAL).write_text(digest(folder / LIST) + "\n", "ascii")


def verified(folder: Path) -> Manifest:
    """Return the manifest of an intact backup; refuse a damaged, incomplete or foreign one."""
    for name in (LIST, SEAL):
        if not (folder / name).is_file():
            raise Failure(f"{folder} is not a backup: {name} is missing", f"{folder} 不是备份，缺少 {name}")
    if (folder / SEAL).read_bytes() != (digest(folder / LIST) + "\n").encode():
        raise damaged(folder / LIST)
    manifest = Manifest(**json.loads((folder / LIST).read_text("utf-8")))
    if manifest.format != FORMAT:
        raise Failure(f"this backup has format {manifest.format}; this release reads {FORMAT}", "备份格式与本版本不符")
    _verify_files(folder, manifest)
    return manifest


def _verify_files(folder: Path, manifest: Manifest) -> None:
    found = listed(folder)
    if missing := sorted(manifest.files.keys() - found):
        raise Failure(f"the backup is incomplete: {missing[0]} is missing", f"备份不完整，缺少 {missing[0]}")
    if foreign := sorted(found - manifest.files.keys()):
        raise Failure(f"{foreign[0]} does not belong to this backup", f"{foreign[0]} 不属于此备份")
    for name, expected in manifest.files.items():
        if digest(folder / name) != expected:
            raise damaged(folder / name)


def listed(folder: Path) -> set[str]:
    paths = (path for path in folder.rglob("*") if not path.is_dir())
    return {path.relative_to(folder).as_posix() for path in paths} - {LIST, SEAL}


def digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def damaged(path: Path) -> Failure:
    return Failure(
        f"the backup is damaged: {path.name} is not what was written; nothing was restored",
        f"备份已损坏：{path.name}，未恢复任何内容",
    )

"""The secret key that signs sessions: a file only its owner can read, made once."""

import os
import secrets
from collections.abc import Mapping

from anju.config.failure import Failure
from anju.config.home import Home


def has_key(env: Mapping[str, str], home: Home) -> bool:
    return bool(env.get("ANJU_SECRET_KEY", "").strip()) or home.secret_key.is_file()


def make_key(home: Home) -> None:
    file = os.open(home.secret_key, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(file, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(48) + "\n")


def ensure_key(env: Mapping[str, str], home: Home, mode: str | None) -> None:
    """A trial makes its own. A real county that lost its key must decide itself: a new one signs everybody out."""
    if has_key(env, home):
        return
    if mode == "real":
        raise Failure(
            f"no secret key: set ANJU_SECRET_KEY or put the old key back as {home.secret_key}",
            "正式县没有密钥，不能启动：请设置 ANJU_SECRET_KEY 或放回原来的 secret.key",
        )
    make_key(home)

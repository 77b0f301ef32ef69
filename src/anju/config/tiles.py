"""The map's background, where an installation has one: whose pictures the browser fetches, and the approval number that must stand on it.

Maps that people are shown have been examined and carry their 审图号 (地图管理条例), so an address without a note is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_HOST = re.compile(r"(\{s\}|[a-z0-9-]+(\{s\})?)(\.[a-z0-9-]+)*(:\d+)?")


@dataclass(frozen=True, slots=True)
class Tiles:
    """`urls`: of the background and, above it, of its writing; `note`: whose it is, with its 审图号; `hosts`: for the page's policy."""

    urls: tuple[str, ...] = ()
    note: str = ""
    hosts: tuple[str, ...] = ()


def read_tiles(env: Mapping[str, str]) -> Tiles:
    """Return what `ANJU_TILES_URL` and `ANJU_TILES_NOTE` say. `{s}` in the first part of a host stands for 0 to 7."""
    urls, note = tuple(env.get("ANJU_TILES_URL", "").split()), env.get("ANJU_TILES_NOTE", "").strip()
    if urls and not note:
        raise ImproperlyConfigured(
            "ANJU_TILES_URL needs ANJU_TILES_NOTE: whose map it is and its approval number · 底图必须注明来源和审图号"
        )
    return Tiles(urls, note, tuple(dict.fromkeys(map(_host, urls)))) if urls else Tiles()


def _host(url: str) -> str:
    """Return where the pictures come from, as a Content-Security-Policy names it."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(parts.netloc):
        raise ImproperlyConfigured(f"ANJU_TILES_URL is not an address of tiles: {url!r} · 底图地址不对")
    if not all(f"{{{name}}}" in url for name in "xyz"):
        raise ImproperlyConfigured(f"ANJU_TILES_URL must hold {{x}}, {{y}} and {{z}}: {url!r} · 底图地址缺少行列号")
    first, dot, rest = parts.netloc.partition(".")
    return f"{parts.scheme}://{'*' if '{s}' in first else first}{dot}{rest}"

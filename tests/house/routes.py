"""Every address of the product, walked from the URLconf."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """One named address. `door` is a permission, public, signed-in or trial; None where the view carries no mark."""

    name: str
    pattern: str
    keys: tuple[str, ...]
    door: str | None


def all_routes() -> list[Route]:
    return sorted(_walk(get_resolver().url_patterns, "", ""), key=lambda route: route.name)


def _walk(patterns: list[Any], prefix: str, space: str) -> Iterator[Route]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry.url_patterns, prefix + str(entry.pattern), inner)
        elif isinstance(entry, URLPattern):
            door = getattr(entry.callback, "door", None)
            keys = tuple(sorted(entry.pattern.converters))
            yield Route(f"{space}{entry.name}", prefix + str(entry.pattern), keys, door)

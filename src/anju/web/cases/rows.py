"""Rows of the list as HTML. A row is decided by what stands in it, so each is kept once drawn: a list is asked again and again."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def drawn(rows: Iterable[Mapping[str, Any]], together: str) -> SafeString:
    """Return the rows of `words.row_words`; `together`: the act that ticked rows are for, empty where there is none."""
    return SafeString("".join(_drawn(tuple(row.items()), together) for row in rows))


@lru_cache(maxsize=2048)
def _drawn(told: tuple[tuple[str, Any], ...], together: str) -> str:
    return render_to_string("cases/row.html", {"row": dict(told), "together": together})

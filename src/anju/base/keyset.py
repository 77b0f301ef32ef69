"""Reading long tables by key instead of by offset: constant memory, constant cost a page."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet


def keyset(rows: "QuerySet[Any, tuple[Any, ...]]", key: str, *, step: int = 5000) -> Iterator[tuple[Any, ...]]:
    """Yield all rows of a `values_list` whose first column is the unique, ordered `key`."""
    last: object = None
    while True:
        page = rows.order_by(key)
        batch = list(page[:step] if last is None else page.filter(**{f"{key}__gt": last})[:step])
        yield from batch
        if len(batch) < step:
            return
        last = batch[-1][0]

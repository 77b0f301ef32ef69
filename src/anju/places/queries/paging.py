"""One page of a list in pinyin order, found by the row it begins after: the cost of a page does not grow with its number."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Model, Q, QuerySet

PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """The rows as plain values. `before` and `after` are the ids to go on from, None at an end of the list."""

    rows: list[dict[str, Any]]
    before: int | None
    after: int | None


def page_of(
    found: "QuerySet[Any]", columns: tuple[str, ...], *, before: int | None = None, after: int | None = None
) -> Page:
    """Cut the page before or after a row of `found`; an id that is not in it, or has nothing before it, begins at the top."""
    values = found.values("id", "pinyin", *columns)
    if before is not None and (mark := _mark(found, before)):
        earlier = _beyond(mark, "lt")
        rows = list(values.filter(earlier).order_by(F("pinyin").desc(), F("id").desc())[: PAGE + 1])
        if shown := rows[:PAGE][::-1]:
            return Page(shown, _edge(shown, 0, len(rows) > PAGE), _edge(shown, -1, True))
    mark = _mark(found, after) if after is not None else None
    rows = list((values.filter(_beyond(mark, "gt")) if mark else values).order_by("pinyin", "id")[: PAGE + 1])
    shown = rows[:PAGE]
    return Page(shown, _edge(shown, 0, mark is not None), _edge(shown, -1, len(rows) > PAGE))


def _mark(found: "QuerySet[Model]", pk: int) -> tuple[str, int] | None:
    return found.filter(pk=pk).values_list("pinyin", "id").first()


def _beyond(mark: tuple[str, int], side: str) -> Q:
    pinyin, pk = mark
    return Q(**{f"pinyin__{side}": pinyin}) | Q(**{"pinyin": pinyin, f"id__{side}": pk})


def _edge(shown: list[dict[str, Any]], at: int, more: bool) -> int | None:
    return shown[at]["id"] if shown and more else None

"""Questions composed and planned once. To put a query of the desk into SQL takes Django ten times as long as PostgreSQL takes to answer
it, and to plan a union of joins takes PostgreSQL ten times as long as to run it.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Count, Value
from psycopg import Cursor

if TYPE_CHECKING:
    from django.db.models import QuerySet

P = ParamSpec("P")
Row = TypeVar("Row", bound=tuple[Any, ...])
Rows = Mapping[str, Callable[[], "QuerySet[Any]"]]  # the rows behind each number, built only where they are counted
REMEMBERED = 256  # per question; some 4 kB of SQL each


def composed(ask: Callable[P, "QuerySet[Any, Row]"]) -> Callable[P, list[Row]]:
    """Turn a function that returns a `values_list` into one that returns its rows, fresh from the database at each call.

    The SQL is kept by the arguments, so these must be hashable (an actor, a day, codes) and must alone decide what is asked: the
    function may neither read the clock nor the database. Columns are those that PostgreSQL gives as they are: no JSON.
    """

    @lru_cache(maxsize=REMEMBERED)
    def compose(*args: Any, **named: Any) -> tuple[str, Any] | None:
        try:
            return ask(*args, **named).query.sql_with_params()
        except EmptyResultSet:
            return None

    @wraps(ask)
    def answer(*args: P.args, **named: P.kwargs) -> list[Row]:
        question = compose(*cast("tuple[Any, ...]", args), **cast("dict[str, Any]", named))
        if question is None:
            return []
        with _cursor() as cursor:
            cursor.execute(*question)
            return cast("list[Row]", cursor.fetchall())

    return answer


def _cursor() -> CursorWrapper:
    """Return a cursor that sends parameters apart from the statement, which the connection then keeps prepared (`prepare_threshold`)."""
    if connection.queries_logged:
        return connection.cursor()  # a log wants the parameters in the text
    connection.ensure_connection()
    return connection.make_cursor(cast("CursorWrapper", Cursor(connection.connection)))


def counted(rows: Rows, codes: tuple[str, ...]) -> "QuerySet[Any, tuple[str, int]]":
    """Return the count behind each of these codes, as (code, count), in one query."""
    first, *others = (_count(code, rows[code]()) for code in codes)
    return first.union(*others, all=True)


def _count(code: str, rows: "QuerySet[Any]") -> "QuerySet[Any, tuple[str, int]]":
    named = rows.order_by().annotate(counted_as=Value(code)).values("counted_as")
    numbers: QuerySet[Any, tuple[str, int]] = named.annotate(in_all=Count("*")).values_list("counted_as", "in_all")
    return numbers

"""Many rows at once: keys taken from the sequence beforehand, rows sent with PostgreSQL's COPY in the running transaction; and asked for
by thousands of keys in one parameter.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL
from psycopg import sql


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Return `count` new keys of a table, ascending. Those that are not used are gaps, as after any rollback."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [row[0] for row in cursor.fetchall()]


def among(keys: Collection[int]) -> RawSQL:
    """Return the keys for `__in` as one array: Django and the driver else handle each of thousands by itself."""
    return RawSQL("SELECT unnest(%s::bigint[])", [sorted(keys)])


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows given as values of `columns` (of the table). Constraints and triggers hold as for any insert; a key left out is numbered.

    Reserve keys only where other rows must name them: asking for each costs as much as adding the row.
    """
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row)

"""All real lists through the whole import, against reading them and adding the same rows raw; memory over idle; the second time.

The floor is reading each file once and one COPY of every compound, statement, fact and cell that the imports wrote, into tables of the
same columns, indexes, checks and foreign keys, without triggers. Left out of the floor though we write them as well: the rows of the
preview, what the row was linked to, the one table's rows. Times are of processors, ours and the database's, so that a loaded machine does
not decide; the clock's are told beside them.

The lists stay where they are (`ANJU_REAL_LISTS`); without them there is nothing to measure, and the bench says so.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.list_figures import lists
from tools.serving import served

if TYPE_CHECKING:
    import psycopg

AT_MOST_TIMES, AT_MOST_MB = 10.0, 300.0
_KEPT = ("places_compound", "registry_statement", "registry_fact", "registry_cell")


def run() -> list[dict[str, Any]]:
    if not lists():
        return [
            {
                "name": "import of all real lists",
                "skipped": "the real lists are absent: set ANJU_REAL_LISTS",
                "within": True,
            }
        ]
    with served() as server:
        env = {**os.environ, "ANJU_HOME": str(server.home), "DJANGO_SETTINGS_MODULE": "anju.config.settings"}
        command = [sys.executable, "-m", "tools.benches.imports"]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return list(json.loads(done.stdout))


def _measure() -> list[dict[str, Any]]:
    import django

    django.setup()
    from django.utils import timezone

    from anju.accounts.services.setup import load_demo
    from anju.base.actor import SYSTEM

    load_demo(actor=SYSTEM, at=timezone.now())
    files = [path for path in lists() if "guangxi" in path.name]
    _imported(
        files[0].parent / "communities_hezhou.csv"
    )  # the dictionaries of pinyin and the catalogue are loaded once
    idle = _peak_mb()
    first = [_imported(path) for path in files]
    memory = _peak_mb() - idle
    again = [_imported(path) for path in files]
    reading = _read_all(files)
    floor, unchecked = reading + _raw_insert(keys=True), reading + _raw_insert(keys=False)
    spent = _total(first)
    ratio = round(spent.processor / floor.processor, 2)
    return [
        {
            "name": "import / (read + raw insert), processor time",
            "ratio": ratio,
            "limit": AT_MOST_TIMES,
            "without_foreign_keys_in_the_floor": round(spent.processor / unchecked.processor, 2),
            "by_the_clock": round(spent.clock / floor.clock, 2),
            "floor_seconds": floor.told(),
            "lists": [one.told for one in first],
            "within": ratio <= AT_MOST_TIMES,
        },
        {"name": "MB over idle while importing", "value": memory, "limit": AT_MOST_MB, "within": memory <= AT_MOST_MB},
        {
            "name": "second import / first",
            "ratio": round(_total(again).processor / spent.processor, 2),
            "unchanged": [f"{one.told['unchanged']}/{one.told['rows']}" for one in again],
            "within": True,
        },
    ]


@dataclass(frozen=True)
class Spent:
    """Seconds: of our process and the database's on a processor, and by the clock."""

    ours: float
    database: float
    clock: float

    @property
    def processor(self) -> float:
        return self.ours + self.database

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.ours + other.ours, self.database + other.database, self.clock + other.clock)

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(self.ours - other.ours, self.database - other.database, self.clock - other.clock)

    def told(self) -> dict[str, float]:
        return {"ours": round(self.ours, 2), "database": round(self.database, 2), "clock": round(self.clock, 2)}


@dataclass(frozen=True)
class _Imported:
    spent: Spent
    told: dict[str, Any]


def _total(lists: list[_Imported]) -> Spent:
    return sum((one.spent for one in lists), Spent(0, 0, 0))


def _now(backend: int) -> Spent:
    """`backend`: the process of the database that works for us. It runs on this machine, or its time cannot be told."""
    told = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    return Spent(time.process_time(), (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK"), time.perf_counter())


def _backend() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        return int(cursor.connection.info.backend_pid)


def _imported(path: Path) -> _Imported:
    from datetime import date

    from django.utils import timezone

    from anju.base.actor import SYSTEM
    from anju.places.models import Division
    from anju.registry.services.imports.opening import ListFile, open_import, read_import
    from anju.registry.services.imports.writing import write_import
    from anju.registry.services.statements import source_named

    began, at = _now(backend := _backend()), timezone.now()
    source = source_named(actor=SYSTEM, name=path.stem, kind="website", at=at)
    county = Division.objects.get(level="county")
    file = ListFile(path.name, path.read_bytes(), source, county, date(2020, 6, 1), anywhere=True)
    row = read_import(actor=SYSTEM, row=open_import(actor=SYSTEM, file=file, at=at), at=at)
    read = _now(backend)
    row = write_import(actor=SYSTEM, row=row, plan=row.plan, at=at)
    written = _now(backend)
    names = ("rows", "accepted", "doubtful", "rejected", "unchanged", "conflicts", "created", "linked", "skipped")
    told = {
        "list": path.name,
        **{name: getattr(row, name) for name in names},
        "reading": (read - began).told(),
        "writing": (written - read).told(),
    }
    return _Imported(written - began, told)


def _read_all(files: list[Path]) -> Spent:
    began = _now(backend := _backend())
    for path in files:
        _read(path)
    return _now(backend) - began


def _read(path: Path) -> int:
    import io

    from anju.base.sheets import open_book

    return sum(1 for sheet in open_book(io.BytesIO(path.read_bytes())).sheets for _ in sheet.rows())


def _raw_insert(*, keys: bool) -> Spent:
    """Copy out what the imports wrote, then measure copying it into empty tables like those it is in."""
    import psycopg

    from anju.config.database import connection

    spent = Spent(0, 0, 0)
    with psycopg.connect(**connection(os.environ, "owner")) as owner:
        for table in _KEPT:
            with owner.cursor().copy(f"COPY {table} TO STDOUT") as out:
                parts = b"".join(map(bytes, out))
            _like(owner, table, keys=keys)
            began = _now(owner.info.backend_pid)
            with owner.cursor().copy("COPY floor FROM STDIN") as copy:
                copy.write(parts)
            owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
            spent += _now(owner.info.backend_pid) - began
            owner.execute("DROP TABLE floor")
        owner.rollback()
    return spent


def _like(owner: "psycopg.Connection[Any]", table: str, *, keys: bool) -> None:
    """Make the table `floor` like another, without its triggers but, where asked, with the keys it refers to others by."""
    owner.execute("SET CONSTRAINTS ALL DEFERRED")
    owner.execute(f"CREATE TABLE floor (LIKE {table} INCLUDING ALL)")
    if not keys:
        return
    found = owner.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass", [table]
    ).fetchall()
    for (key,) in found:
        owner.execute(f"ALTER TABLE floor ADD {key}")


def _peak_mb() -> float:
    import resource

    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


if __name__ == "__main__":
    print(json.dumps(_measure(), ensure_ascii=False))

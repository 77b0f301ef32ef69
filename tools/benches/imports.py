"""All real lists through the whole import, against reading them and adding the same rows raw; memory over idle; the second time.

The lists stay where they are (`ANJU_REAL_LISTS`); without them there is nothing to measure, and the bench says so.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tools.benches.measure import seconds
from tools.list_figures import lists
from tools.serving import served

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
    floor = sum(seconds(lambda path=path: _read(path)) for path in files) + _raw_insert()  # type: ignore[misc]
    ratio = round(sum(one["seconds"] for one in first) / floor, 2)
    told = {"floor_seconds": round(floor, 2), "lists": first}
    return [
        {
            "name": "import / (read + raw insert)",
            "ratio": ratio,
            "limit": AT_MOST_TIMES,
            **told,
            "within": ratio <= AT_MOST_TIMES,
        },
        {"name": "MB over idle while importing", "value": memory, "limit": AT_MOST_MB, "within": memory <= AT_MOST_MB},
        {
            "name": "second import / first",
            "ratio": round(sum(one["seconds"] for one in again) / sum(one["seconds"] for one in first), 2),
            "unchanged": [f"{one['unchanged']}/{one['rows']}" for one in again],
            "within": True,
        },
    ]


def _imported(path: Path) -> dict[str, Any]:
    from datetime import date

    from django.utils import timezone

    from anju.base.actor import SYSTEM
    from anju.places.models import Division
    from anju.registry.services.imports.opening import ListFile, open_import, read_import
    from anju.registry.services.imports.writing import write_import
    from anju.registry.services.statements import source_named

    began, at = time.perf_counter(), timezone.now()
    source = source_named(actor=SYSTEM, name=path.stem, kind="website", at=at)
    county = Division.objects.get(level="county")
    file = ListFile(path.name, path.read_bytes(), source, county, date(2020, 6, 1), anywhere=True)
    row = read_import(actor=SYSTEM, row=open_import(actor=SYSTEM, file=file, at=at), at=at)
    read = time.perf_counter() - began
    row = write_import(actor=SYSTEM, row=row, plan=row.plan, at=at)
    names = ("rows", "accepted", "doubtful", "rejected", "unchanged", "conflicts", "created", "linked", "skipped")
    return {
        "list": path.name,
        **{name: getattr(row, name) for name in names},
        "read_seconds": round(read, 2),
        "seconds": round(time.perf_counter() - began, 2),
    }


def _read(path: Path) -> int:
    import io

    from anju.base.sheets import open_book

    return sum(1 for sheet in open_book(io.BytesIO(path.read_bytes())).sheets for _ in sheet.rows())


def _raw_insert() -> float:
    """Copy out what the imports wrote, then time copying it into tables of the same shape and indexes, none of our code between."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        kept = {}
        for table in _KEPT:
            with cursor.cursor.copy(f"COPY {table} TO STDOUT") as out:
                kept[table] = [bytes(part) for part in out]
        cursor.execute("DELETE FROM registry_cell")
        began = time.perf_counter()
        with cursor.cursor.copy("COPY registry_cell FROM STDIN") as copy:
            for part in kept["registry_cell"]:
                copy.write(part)
        share = time.perf_counter() - began
        transaction.set_rollback(True)
    rows = {table: len(parts) for table, parts in kept.items()}
    return share * sum(rows.values()) / rows["registry_cell"]


def _peak_mb() -> float:
    import resource

    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


if __name__ == "__main__":
    print(json.dumps(_measure(), ensure_ascii=False))

"""The real lists through the whole import, one after another into one database, any place taken and home alone: every row is accounted for,
importing again writes nothing, undoing brings back what was. Beside it the two figures: labelled rows flagged, other rows doubted.

The lists stay where they lie (`ANJU_REAL_LISTS`); where they are absent the proof is not run and says so.
"""

import csv
import io
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.list_figures import REASONS, catalogue, labels_of, lists
from tools.proofs.apart import run_apart

if TYPE_CHECKING:
    from anju.registry.models import ListImport

SHORT, LONG = 60, 1_000_000
SEED = 20261126
# What undoing must bring back, by table: the columns that tell, and the order of its rows.
_STATE = {
    "places_compound": ("id, name, division_id, service_state", "id", "ended_on is null"),
    "registry_cell": (
        "compound_id, indicator_id, low, high, text, form, approximate, fact_id, source_id, observed_on, stale_on, sources, conflict,"
        "derived, confirmed_by_id, confirmed_at",
        "compound_id, indicator_id",
        "true",
    ),
    "places_compoundalias": ("compound_id, name, kind", "compound_id, name", "true"),
    "registry_rowlink": ("source_id, key, compound_id", "source_id, key", "true"),
    "registry_serviceterm": (
        "compound_id, company_id, manager, starts_on, known_on, ends_on",
        "compound_id, known_on",
        "true",
    ),
    "reports_tablerow": ("compound_id, place, name, service_state, cells", "compound_id", "true"),
}
_WRITTEN = "select (select count(*) from registry_statement), (select count(*) from registry_fact), (select count(*) from base_auditentry)"


@dataclass
class _Proven:
    """What became of the lists in one way of bringing them in. `breaches`: what did not hold, in words."""

    rows: Counter[str] = field(default_factory=Counter)
    labelled: int = 0
    flagged: int = 0
    missed: list[str] = field(default_factory=list)
    others: int = 0
    doubted: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)

    def hold(self, holds: object, otherwise: str) -> None:
        if not holds:
            self.breaches.append(otherwise)

    def told(self) -> dict[str, Any]:
        return {
            "rows": dict(self.rows),
            "labelled": self.labelled,
            "flagged_share": round(self.flagged / max(self.labelled, 1), 4),
            "missed": self.missed,
            "unlabelled": self.others,
            "doubted_share": round(self.doubted / max(self.others, 1), 4),
            "reasons": dict(self.reasons.most_common()),
            "breaches": self.breaches,
        }


def run(size: int) -> dict[str, Any]:
    """Prove it with at most `size` rows of each list, chosen by a fixed seed."""
    if not lists():
        return {"passed": True, "skipped": "NOT RUN: the real lists are absent; set ANJU_REAL_LISTS to their folder"}
    return run_apart("tools.proofs.lists", size)


def _prove(size: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.utils import timezone

    from anju.accounts.services.setup import load_demo
    from anju.base.actor import SYSTEM

    load_demo(actor=SYSTEM, at=timezone.now())
    ways = {
        name: _one_after_another(size, anywhere=anywhere) for name, anywhere in (("anywhere", True), ("home", False))
    }
    flagged = all(one.flagged >= 0.95 * one.labelled for one in ways.values())
    return {
        "passed": flagged and not any(one.breaches for one in ways.values()),
        **{name: one.told() for name, one in ways.items()},
    }


def _one_after_another(size: int, *, anywhere: bool) -> _Proven:
    from django.utils import timezone

    from anju.base.actor import SYSTEM
    from anju.registry.services.imports.undoing import undo_import

    proven, picked = _Proven(), {path: chosen(path, size) for path in lists()}
    undoing: list[tuple[str, ListImport, dict[str, Any]]] = []
    for path, (content, lines) in picked.items():
        before = _state()
        row = written(path.name, content, anywhere=anywhere)
        undoing.append((path.name, row, before))
        _account(proven, row, path.name, lines)
    after, kept = _state(), _asked(_WRITTEN)
    for path, (content, _) in picked.items():
        row = written(path.name, content, anywhere=anywhere)
        proven.hold(row.unchanged == row.rows, f"{path.name} again: {row.rows - row.unchanged} rows not unchanged")
    proven.hold(_state() == after, "importing again changed what holds")
    proven.hold(_asked(_WRITTEN) == kept, "importing again wrote something")
    for name, row, before in reversed(undoing):
        row.refresh_from_db()
        undone = undo_import(actor=SYSTEM, row=row, reason="试导", at=timezone.now())
        proven.hold(not undone.left, f"{name}: undoing left {len(undone.left)} rows")
        other = [table for table, digest in _state().items() if digest != before[table]]
        proven.hold(not other, f"{name}: undoing did not bring back {', '.join(other)}")
    return proven


def chosen(path: Path, size: int) -> tuple[bytes, list[int]]:
    """Return a list of the heading and at most `size` rows, labelled ones first, and the line that each row has in the whole list."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = list(csv.reader(file))
    numbers = list(range(2, len(rows) + 2))
    if len(rows) > size:
        labelled = sorted(labels_of(path.name))
        chance = random.Random(SEED)
        few = chance.sample(labelled, min(len(labelled), size // 2))
        numbers = sorted({*few, *chance.sample(numbers, size - len(few))})
    text = io.StringIO()
    csv.writer(text).writerows([head, *(rows[number - 2] for number in numbers)])
    return text.getvalue().encode(), numbers


def written(name: str, content: bytes, *, anywhere: bool) -> "ListImport":
    from django.utils import timezone

    from anju.base.actor import SYSTEM
    from anju.places.models import Division
    from anju.registry.services.imports.opening import ListFile, open_import, read_import
    from anju.registry.services.imports.writing import write_import
    from anju.registry.services.statements import source_named

    at = timezone.now()
    source = source_named(actor=SYSTEM, name=name, kind="website", at=at)
    county = Division.objects.get(level="county")
    file = ListFile(name, content, source, county, date(2020, 6, 1), anywhere=anywhere)
    row = read_import(actor=SYSTEM, row=open_import(actor=SYSTEM, file=file, at=at), at=at)
    return write_import(actor=SYSTEM, row=row, plan=row.plan, at=at)


def _account(proven: _Proven, row: "ListImport", name: str, lines: list[int]) -> None:
    """Every row has a verdict, every doubtful or refused one stands in the list for correction with its name, labels are flagged."""
    from anju.registry.models import ImportRow

    proven.rows += Counter({what: getattr(row, what) for what in ("rows", "accepted", "doubtful", "rejected")})
    proven.hold(row.rows == row.accepted + row.doubtful + row.rejected, f"{name}: verdicts do not add up")
    proven.hold(row.rows == len(lines), f"{name}: {row.rows} rows of {len(lines)}")
    rows = list(ImportRow.objects.filter(list_import=row).order_by("line").values("line", "name", "verdict", "doubts"))
    proven.hold(len(rows) == row.rows, f"{name}: {len(rows)} rows kept of {row.rows}")
    amiss = [(str(one["line"]), one["name"]) for one in rows if one["verdict"] != ImportRow.Verdict.ACCEPTED]
    proven.hold(list(_rejects(row)) == amiss, f"{name}: the list for correction is not the doubtful and refused rows")
    labels, known = labels_of(name), catalogue()
    for one in rows:
        found = one["doubts"]
        line = lines[one["line"] - 2]
        if line not in labels:
            proven.others += 1
            proven.doubted += bool(found)
            proven.reasons.update({doubt[2] for doubt in found})
        for label in labels.get(line, ()):
            column = known.headings.get(_key(label["column"]))
            said = label["label_constructed"]
            proven.labelled += 1
            if any(doubt[2] in REASONS[said] and column in {None, doubt[0]} for doubt in found):
                proven.flagged += 1
            else:
                proven.missed.append(f"{name}:{line} {said}")


def _key(heading: str) -> str:
    from anju.rules.lists.headers import heading_key

    return heading_key(heading)


def _rejects(row: "ListImport") -> Iterator[tuple[str, str]]:
    """Yield line and name of each row in the file that `--rejects` writes."""
    from anju.base.sheet_text import unguarded
    from anju.registry.services.imports.correction import AGAIN, correction_rows
    from anju.web.imports.files import correction_text
    from anju.web.imports.words import said_doubt

    with tempfile.TemporaryFile() as file:
        file.writelines(correction_text(correction_rows(row, said_doubt)))
        file.seek(0)
        for cells in list(csv.reader(io.TextIOWrapper(file, "utf-8-sig", newline="")))[1:]:
            if cells[5] != AGAIN:
                yield cells[0], unguarded(cells[1])


def _state() -> dict[str, Any]:
    """Return a digest of each table of `_STATE`."""
    return {
        table: _asked(
            f"select count(*), md5(string_agg(concat_ws('|', {columns}), ';' order by {order})) from {table} where {where}"
        )
        for table, (columns, order, where) in _STATE.items()
    }


def _asked(question: str) -> tuple[Any, ...]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(question)
        return tuple(cursor.fetchone())


if __name__ == "__main__":
    print(json.dumps(_prove(int(sys.argv[1])), ensure_ascii=False))

"""Real lists through the whole import, read from where they lie and never copied; the proof `imports` takes them all."""

from datetime import date
from types import SimpleNamespace

import pytest

from anju.base.actor import SYSTEM
from anju.places.models import Compound
from anju.registry.models import Cell, ImportRow, ListImport
from anju.registry.services.imports.undoing import undo_import
from tests.people import NOW
from tests.registry.lists import brought, written
from tools.list_figures import folder, lists

pytestmark = [
    pytest.mark.usefixtures("indicators"),
    pytest.mark.skipif(
        not lists(), reason=f"NOT RUN: the real lists are not at {folder().name}; set ANJU_REAL_LISTS to their folder"
    ),
]
SLICE = 300  # lines of each long list


def import_of(county: object, content: bytes, name: str) -> ListImport:
    return brought(SYSTEM, county, content, name=name, kind="website", on=date(2020, 6, 1), anywhere=True)  # type: ignore[arg-type]


def state() -> tuple[object, ...]:
    return (
        set(Compound.objects.filter(ended_on=None).values_list("pk", "service_state")),
        set(Cell.objects.values_list("compound", "indicator", "low", "high", "text", "form", "fact", "conflict")),
    )


@pytest.mark.parametrize("name", [path.name for path in lists()])
def test_real_list_goes_through_whole_again_and_back(place: SimpleNamespace, name: str) -> None:
    content = (folder() / name).read_bytes()
    if "hezhou" not in name:
        content = b"".join(content.splitlines(keepends=True)[:SLICE])
    before = state()
    row = written(SYSTEM, import_of(place.county, content, name))
    assert row.rows == row.accepted + row.doubtful + row.rejected == ImportRow.objects.filter(list_import=row).count()
    assert row.rows == row.created + row.linked + row.skipped
    assert row.created > row.rows // 2
    after = state()
    again = written(SYSTEM, import_of(place.county, content, name))
    assert (again.rows, again.unchanged, again.created) == (row.rows, row.rows, 0)
    assert state() == after
    assert undo_import(actor=SYSTEM, row=row, reason="试导", at=NOW).left == ()
    assert state() == before

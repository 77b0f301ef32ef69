"""Lists in: judged, previewed, written whole or not at all, taken back."""

from types import SimpleNamespace

from anju.base.models import AuditEntry
from anju.places.models import Compound
from anju.registry.models import Cell, Fact, ImportRow, Indicator, ListImport, Statement
from tests.registry.lists import as_csv, brought, counts, written


def test_write_import_creates_compounds_with_their_facts(
    place: SimpleNamespace, people: SimpleNamespace, indicators: dict[str, Indicator]
) -> None:
    actor = people.bureau_officer.actor
    row = brought(actor, place.county, as_csv())
    assert counts(row) == (3, 3, 0, 0, 0, 0)
    assert not Compound.objects.filter(name="示例·春江苑").exists()
    row = written(actor, row)
    assert (row.state, row.created) == (ListImport.State.WRITTEN, 3)
    made = {one.name: one for one in Compound.objects.select_related("division").filter(import_rows__list_import=row)}
    assert {name: one.division.name for name, one in made.items()} == {
        "示例·春江苑": "城关镇",
        "示例·秋月里": "东江镇",
        "示例·夏荷园": "待定乡镇",
    }
    assert made["示例·秋月里"].service_state == "owners"
    assert made["示例·春江苑"].pinyin == "ShiLiChunJiangYuan"
    assert Cell.objects.get(compound=made["示例·春江苑"], indicator__code="fee").low == 120
    assert AuditEntry.objects.filter(action="list.imported").count() == 1


def test_write_import_of_the_same_file_again_changes_nothing(
    place: SimpleNamespace, people: SimpleNamespace, indicators: dict[str, Indicator]
) -> None:
    actor = people.bureau_officer.actor
    written(actor, brought(actor, place.county, as_csv()))
    before = (Compound.objects.count(), Fact.objects.count(), AuditEntry.objects.count(), list(Cell.objects.values()))
    row = brought(actor, place.county, as_csv())
    assert counts(row) == (3, 3, 0, 0, 3, 0)
    row = written(actor, row)
    assert (row.created, row.state) == (0, ListImport.State.WRITTEN)
    assert before == (
        Compound.objects.count(),
        Fact.objects.count(),
        AuditEntry.objects.count(),
        list(Cell.objects.values()),
    )
    assert ImportRow.objects.filter(list_import=row, act="link").count() == 3
    assert Statement.objects.count() == 3

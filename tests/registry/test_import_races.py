"""Two people at once, and a kill in the middle: the database is whole, and the import can go on or be given up."""

import threading
from types import SimpleNamespace

import pytest
from django.db import connection, connections

from anju.base.actor import SYSTEM, Refused
from anju.places.models import Compound
from anju.registry.models import Fact, ImportRow, Indicator, ListImport, Statement
from anju.registry.services.imports import writing
from anju.registry.services.imports.opening import abandon_import, read_import
from anju.registry.tasks import begin_reading, begin_writing, read_in_background, write_in_background
from tests.people import NOW
from tests.registry.lists import ROWS, as_csv, brought, written

pytestmark = pytest.mark.django_db(transaction=True)
Here = SimpleNamespace


class _Killed(BaseException):
    """Stands for the end of the process."""


def test_two_people_import_the_same_file_at_once(place: Here, people: Here, indicators: dict[str, Indicator]) -> None:
    actors = (people.bureau_officer.actor, SYSTEM)
    rows = [brought(actor, place.county, as_csv()) for actor in actors]
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def write(number: int) -> None:
        try:
            together.wait(10)
            written(actors[number], rows[number])
            outcomes.append("written")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["import.changed", "written"]
    assert Compound.objects.filter(name__in=[row[0] for row in ROWS]).count() == 3
    assert Statement.objects.count() == 3
    second = ListImport.objects.get(state="previewed")
    assert (second.unchanged, second.created) == (3, 0)


def test_kill_while_writing_leaves_nothing_and_can_go_on(
    place: Here, indicators: dict[str, Indicator], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = brought(SYSTEM, place.county, as_csv())

    def killed(*_: object) -> None:
        raise _Killed

    with monkeypatch.context() as patch:
        patch.setattr(writing, "refresh_cells", killed)
        with pytest.raises(_Killed):
            written(SYSTEM, row)
    connection.close()
    assert not Fact.objects.exists()
    assert not Compound.objects.filter(name=ROWS[0][0]).exists()
    row.refresh_from_db()
    assert written(SYSTEM, row).created == 3


def test_kill_while_reading_leaves_no_preview_and_can_begin_anew(place: Here, indicators: dict[str, Indicator]) -> None:
    row = brought(SYSTEM, place.county, as_csv())

    def killed(done: int) -> None:
        raise _Killed

    with pytest.raises(_Killed):
        read_import(actor=SYSTEM, row=row, at=NOW, progress=killed)
    row.refresh_from_db()
    assert row.state == "reading"
    with pytest.raises(Refused, match=r"import\.closed"):
        written(SYSTEM, row)
    assert read_import(actor=SYSTEM, row=row, at=NOW).rows == 3
    abandon_import(actor=SYSTEM, row=row, at=NOW)
    assert not ImportRow.objects.exists()


@pytest.mark.parametrize("meanwhile", ["read", "given up"])
def test_reader_that_was_overtaken_stops(place: Here, indicators: dict[str, Indicator], meanwhile: str) -> None:
    """Somebody presses 从头再核对 or 放弃导入 while the worker still reads."""
    row = brought(SYSTEM, place.county, as_csv())

    def act(done: int) -> None:
        other = ListImport.objects.get(pk=row.pk)
        if meanwhile == "read":
            read_import(actor=SYSTEM, row=other, at=NOW)
        else:
            abandon_import(actor=SYSTEM, row=other, at=NOW)

    with pytest.raises(Refused, match=r"import\.overtaken"):
        read_import(actor=SYSTEM, row=row, at=NOW, progress=act)
    row.refresh_from_db()
    assert (row.state, row.import_rows.count()) == (("previewed", 3) if meanwhile == "read" else ("abandoned", 0))


def test_long_list_is_read_and_written_by_the_worker(
    place: Here, people: Here, indicators: dict[str, Indicator]
) -> None:
    actor = people.bureau_officer.actor
    content = as_csv([(f"示例·第{number}苑", "城关镇", "", "20", "2", "", "", "") for number in range(2500)])
    from anju.registry.services.imports.opening import ListFile, open_import
    from tests.people import TODAY
    from tests.registry.conftest import source

    row = open_import(actor=actor, file=ListFile("示例.csv", content, source(), place.county, TODAY), at=NOW)
    begin_reading(actor=actor, row=row, content=content, at=NOW)
    row.refresh_from_db()
    assert (row.state, row.rows) == ("reading", 0)
    asked = (actor.user_id, actor.post_id, NOW.isoformat())
    read_in_background.call(row.pk, *asked)
    row.refresh_from_db()
    assert (row.state, row.rows, row.done) == ("previewed", 2500, 2500)
    begin_writing(actor=actor, row=row, plan=row.plan, at=NOW)
    row.refresh_from_db()
    assert row.state == "writing"
    write_in_background.call(row.pk, row.plan, *asked)
    row.refresh_from_db()
    assert (row.state, row.created, row.done) == ("written", 2500, 2500)

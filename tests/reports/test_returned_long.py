"""A long table brought back is written by the worker: what it shows meanwhile, and that cut off in the middle it leaves nothing."""

from types import SimpleNamespace

import pytest
from django.db import connection, connections
from django.test import Client

from anju.places.models import Compound
from anju.registry.models import Cell, Fact, Indicator, Statement
from anju.reports import tasks
from anju.reports.models import ReturnedOrder, ReturnedTable, TableEdit
from anju.reports.services import edits
from anju.reports.services.settling import KEPT, abandon_returned, forget_returned
from anju.reports.tasks import SMALL, settle_in_background
from tests.people import NOW, Person, make_compound

pytestmark = pytest.mark.django_db(transaction=True)
Here = SimpleNamespace
WORD = {"source": "示例外业表", "source_kind": "survey", "observed_on": "2026-01-05", "reason": ""}
MANY = SMALL + 1


class _Killed(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def long(place: Here, people: Here, indicators: dict[str, Indicator]) -> ReturnedTable:
    """A table with one change for each of more compounds than are written while somebody waits."""
    rows = [make_compound(f"示例·第{number}苑", place.community) for number in range(MANY)]
    changes = [[row.pk, row.name, "households", "", str(100 + at), at + 2] for at, row in enumerate(rows)]
    by = people.town_officer.user
    return ReturnedTable.objects.create(by=by, at=NOW, file_name="外业.xlsx", rows=MANY, unchanged=0, changes=changes)


def sent(officer: Person, row: ReturnedTable) -> str:
    answer = officer.client.post(
        f"/table/returned/{row.pk}/", {**WORD, "change": [str(number) for number in range(MANY)], "write": "1"}
    )
    return str(answer.headers.get("Location", answer.content.decode()))


def page(client: Client, row: ReturnedTable, more: str = "") -> str:
    return client.get(f"/table/returned/{row.pk}/{more}").content.decode()


def run(officer: Person, row: ReturnedTable) -> ReturnedTable:
    settle_in_background.call(row.pk, officer.actor.user_id, officer.actor.post_id, NOW.isoformat())
    row.refresh_from_db()
    return row


def test_long_table_is_ordered_then_written_by_the_worker_with_its_progress(
    people: Here, long: ReturnedTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = people.town_officer
    assert sent(officer, long) == f"/table/returned/{long.pk}/"
    shown = page(officer.client, long)
    for words in ("正在登记", f"共 {MANY} 处", 'http-equiv="refresh"', "刷新看进度", "再登记一次"):
        assert words in shown, words
    assert not Fact.objects.exists()
    told: list[str] = []
    say = tasks._say

    def said(pk: int, done: int) -> None:
        say(pk, done)
        told.append(page(officer.client, long, "progress/"))

    monkeypatch.setattr(tasks, "_say", said)
    monkeypatch.setattr(edits, "_AT_ONCE", 100)
    assert run(officer, long).state == "written"
    assert [f"已办 {done} 处，共 {MANY} 处" in seen for done, seen in zip((100, 200, 300, 301), told, strict=True)] == [
        True
    ] * 4
    answer = officer.client.get(f"/table/returned/{long.pk}/progress/")
    assert answer.headers["HX-Refresh"] == "true"
    assert not ReturnedOrder.objects.exists()
    assert Cell.objects.filter(indicator__code="households", low__gte=100).count() == MANY
    edit = TableEdit.objects.get()
    assert len(edit.statements) == MANY
    officer.client.post(f"/table/edits/{edit.pk}/undo/")
    assert not Cell.objects.exists()


def test_kill_in_the_middle_leaves_nothing_and_can_go_on(
    people: Here, long: ReturnedTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = people.town_officer
    sent(officer, long)

    def killed(pk: int, done: int) -> None:
        raise _Killed

    with monkeypatch.context() as patch:
        patch.setattr(tasks, "_say", killed)
        patch.setattr(edits, "_AT_ONCE", 100)
        with pytest.raises(_Killed):
            run(officer, long)
    connection.close()
    connections.close_all()
    assert not Statement.objects.exists()
    assert not TableEdit.objects.exists()
    assert "正在登记" in page(officer.client, long)
    assert officer.client.post(f"/table/returned/{long.pk}/", {"again": "1"}).status_code == 302
    assert run(officer, long).state == "written"
    first = long.edit_id
    assert run(officer, long).edit_id == first  # asked for twice, written once
    assert Statement.objects.count() == MANY


def test_table_given_up_meanwhile_is_not_written(people: Here, long: ReturnedTable) -> None:
    officer = people.town_officer
    sent(officer, long)
    abandon_returned(actor=officer.actor, returned=long, at=NOW)
    assert run(officer, long).state == "abandoned"
    assert not Statement.objects.exists()
    assert not ReturnedOrder.objects.exists()


def test_table_nobody_waits_for_any_more_is_given_up_after_a_month(people: Here, long: ReturnedTable) -> None:
    sent(people.town_officer, long)
    forget_returned(actor=people.bureau_officer.actor, at=NOW + KEPT)
    long.refresh_from_db()
    assert (long.state, ReturnedOrder.objects.exists()) == ("abandoned", False)


@pytest.mark.parametrize(("what", "words"), [("ended", "已经注销"), ("post", "不在这个岗位")])
def test_worker_that_may_not_write_gives_the_table_back_with_the_reason(
    what: str, words: str, people: Here, long: ReturnedTable
) -> None:
    officer = people.town_officer
    sent(officer, long)
    if what == "ended":
        Compound.objects.filter(pk=long.changes[MANY - 1][0]).update(ended_on="2026-01-01")
    else:
        officer.user.posts.update(starts_on="2025-01-01", ends_on="2026-01-01")
    assert run(officer, long).state == "waiting"
    assert not Statement.objects.exists()
    if what == "ended":
        shown = page(officer.client, long)
        assert words in shown
        assert "登记勾选的改动" in shown
    else:
        assert long.failure == "denied"


def test_order_of_another_is_not_there(people: Here, long: ReturnedTable) -> None:
    sent(people.town_officer, long)
    for more in ("", "progress/"):
        assert people.bureau_officer.client.get(f"/table/returned/{long.pk}/{more}").status_code == 404


def test_day_to_come_is_refused_at_once(people: Here, long: ReturnedTable) -> None:
    answer = people.town_officer.client.post(
        f"/table/returned/{long.pk}/",
        {**WORD, "observed_on": "2099-01-01", "change": [str(number) for number in range(MANY)], "write": "1"},
    )
    assert "正在登记" not in answer.content.decode()
    long.refresh_from_db()
    assert long.state == "waiting"

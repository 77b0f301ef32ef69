"""A long list is taken back by the worker: with its progress, whole or not at all, and what stays is listed with why."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, connections
from django.urls import reverse

from anju.places.models import Compound
from anju.places.services.compounds import rename_compound
from anju.registry import tasks
from anju.registry.models import Indicator, ListImport, Withdrawal
from anju.registry.services.imports import undoing
from anju.registry.tasks import undo_in_background
from tests.people import NOW, Person
from tests.registry.lists import ROWS, as_csv, brought, progress_seen, written

pytestmark = pytest.mark.django_db(transaction=True)
Here = SimpleNamespace


class _Killed(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def long(place: Here, people: Here, indicators: dict[str, Indicator], monkeypatch: pytest.MonkeyPatch) -> ListImport:
    """A written list that is too long to be taken back at once; one of its compounds has been renamed since."""
    monkeypatch.setattr(tasks, "SMALL_ROWS", len(ROWS) - 1)
    monkeypatch.setattr(undoing, "AT_ONCE", 1)
    actor = people.bureau_officer.actor
    row = written(actor, brought(actor, place.county, as_csv()))
    rename_compound(
        actor=actor, compound=Compound.objects.get(name=ROWS[0][0]), name="示例·春江新苑", at=NOW + timedelta(minutes=5)
    )
    return row


def sent(officer: Person, row: ListImport, name: str, **typed: str) -> str:
    answer = officer.client.post(reverse(f"imports:{name}", args=[row.pk]), typed, follow=True)
    return str(answer.content.decode())


def run(officer: Person, row: ListImport) -> ListImport:
    order = ListImport.objects.get(pk=row.pk).plan
    undo_in_background.call(row.pk, order, "导错了", officer.actor.user_id, officer.actor.post_id, NOW.isoformat())
    row.refresh_from_db()
    return row


def in_force() -> int:
    return Compound.objects.filter(import_rows__isnull=False, ended_on=None).count()


def test_long_list_is_undone_by_the_worker_and_says_what_stays(
    people: Here, long: ListImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = people.bureau_officer
    waiting = sent(officer, long, "undo", reason="导错了")
    for words in ("正在撤回", "刷新看进度", "不撤回了", "共 3 行"):
        assert words in waiting, words
    assert "放弃导入" not in waiting
    progress = reverse("imports:progress", args=[long.pk])
    told = progress_seen(monkeypatch, officer, progress)
    assert (run(officer, long).state, long.left) == ("undone", [[2, "edited"]])
    assert ["已办 1 行，共 3 行" in told[0], "已办 2 行，共 3 行" in told[1]] == [True, True]
    assert officer.client.get(progress, {"of": "undoing"})["HX-Refresh"] == "true"
    page = officer.client.get(reverse("imports:import", args=[long.pk])).content.decode()
    for words in ("已整批撤回", "撤回 2 行的底数，注销 2 个小区，保留 1 行", "保留的行", "小区在导入后改过"):
        assert words in page, words
    assert in_force() == 1


def test_kill_in_the_middle_undoes_nothing_and_it_can_be_stopped_or_ordered_again(
    people: Here, long: ListImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = people.bureau_officer
    sent(officer, long, "undo", reason="导错了")

    def killed(pk: int, done: int) -> None:
        raise _Killed

    with monkeypatch.context() as patch:
        patch.setattr(tasks, "_say", killed)
        with pytest.raises(_Killed):
            run(officer, long)
    connection.close()
    connections.close_all()
    assert (in_force(), Withdrawal.objects.count()) == (3, 0)
    assert "这份名册正在撤回，没有可以撤回的内容" in sent(officer, long, "undo", reason="再来")
    assert "已停下，那一次什么也没有做" in sent(officer, long, "stop")
    long.refresh_from_db()
    assert long.state == "written"
    assert run(officer, long).state == "written"  # the order was stopped
    sent(officer, long, "undo", reason="导错了")
    assert run(officer, long).state == "undone"


def test_list_that_is_being_undone_still_stands_for_others(place: Here, people: Here, long: ListImport) -> None:
    officer = people.bureau_officer
    sent(officer, long, "undo", reason="导错了")
    assert brought(officer.actor, place.county, as_csv()).unchanged == 3
    assert "正在撤回" in officer.client.get(reverse("imports:imports")).content.decode()


def test_worker_that_may_not_gives_the_list_back_with_the_reason(people: Here, long: ListImport) -> None:
    officer = people.bureau_officer.signed_in()
    sent(officer, long, "undo", reason="导错了")
    user, post = officer.actor.user_id, officer.actor.post_id
    long.refresh_from_db()
    officer.user.posts.update(starts_on="2025-01-01", ends_on="2026-01-01")
    undo_in_background.call(long.pk, long.plan, "导错了", user, post, NOW.isoformat())
    long.refresh_from_db()
    assert (long.state, long.failure, in_force()) == ("written", "denied", 3)

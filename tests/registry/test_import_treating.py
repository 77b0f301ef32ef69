"""Many doubts at once: done by the worker, whole or not at all, and what others are told meanwhile; a few, with what hangs on them."""

import random
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.urls import reverse

from anju.base.actor import SYSTEM, Refused
from anju.places.models import Compound
from anju.registry import tasks
from anju.registry.models import ImportFile, ImportRow, Indicator, ListImport
from anju.registry.services.imports import placing
from anju.registry.services.imports.choices import doubt_key, options_of
from anju.registry.services.imports.holding import place_again
from anju.registry.services.imports.known import index_of
from anju.registry.services.imports.ordering import stop_order
from anju.registry.services.imports.staging import plan_of
from anju.registry.services.imports.treating import (
    SOME,
    choose_for_reason,
    choose_treatments,
    name_row,
    order_treatment,
)
from anju.registry.tasks import treat_in_background
from tests.people import NOW, Person
from tests.registry.lists import as_csv, brought, progress_seen, written

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("indicators")]
Here = SimpleNamespace
MANY = SOME + 1
REASON = "foreign_division"


class _Killed(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def long(place: Here, people: Here, indicators: dict[str, Indicator]) -> ListImport:
    """A list with one doubt in each of more rows than are treated while somebody waits."""
    far = "湖南省示例市环城路1号"
    rows = [(f"示例·第{number}苑", "", far, "20", "2", "", "", "") for number in range(MANY)]
    return brought(people.bureau_officer.actor, place.county, as_csv(rows))


def sent(officer: Person, row: ListImport, name: str = "treat", **typed: str) -> str:
    """Send a form of the preview and return the page that follows."""
    typed = typed or {"for_reason": REASON, "to": "write", "next": f"?show=doubtful&reason={REASON}"}
    answer = officer.client.post(reverse(f"imports:{name}", args=[row.pk]), typed, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def ordered(row: ListImport) -> str:
    row.refresh_from_db()
    assert row.state == "treating"
    return row.plan


def run(officer: Person, row: ListImport, **asked: object) -> ListImport:
    """Do as the worker what stands ordered."""
    asked = asked or {"reason": REASON, "to": "write"}
    order = ListImport.objects.get(pk=row.pk).plan
    treat_in_background.call(row.pk, order, asked, officer.actor.user_id, officer.actor.post_id, NOW.isoformat())
    row.refresh_from_db()
    return row


def test_many_rows_are_treated_by_the_worker_with_their_progress(
    people: Here, long: ListImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, shown = people.bureau_officer, f"?show=doubtful&reason={REASON}"
    address = reverse("imports:treat", args=[long.pk])
    answer = officer.client.post(address, {"for_reason": REASON, "to": "write", "next": shown})
    assert answer["Location"] == reverse("imports:import", args=[long.pk]) + shown
    waiting = officer.client.get(answer["Location"]).content.decode()
    for words in ("正在处理存疑的行", 'http-equiv="refresh"', "刷新看进度", "回到预览"):
        assert words in waiting, words
    assert "全部这样处理" not in waiting
    progress = reverse("imports:progress", args=[long.pk])
    told = progress_seen(monkeypatch, officer, progress)
    assert (run(officer, long).state, long.created, long.skipped) == ("previewed", MANY, 0)
    assert [f"已办 {done:,} 行，共 {MANY:,} 行" in seen for done, seen in zip((1000, MANY), told, strict=True)] == [
        True,
        True,
    ]
    assert officer.client.get(progress, {"of": "treating"})["HX-Refresh"] == "true"
    after = officer.client.get(answer["Location"]).content.decode()
    assert "已按您选的处理" in after
    assert after.count('<option value="write" selected>') == 50
    assert written(officer.actor, long).created == MANY


def test_kill_in_the_middle_leaves_nothing_treated(
    people: Here, long: ListImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, before = people.bureau_officer, plan_of(long)
    sent(officer, long)

    def killed(pk: int, done: int) -> None:
        raise _Killed

    with monkeypatch.context() as patch:
        patch.setattr(tasks, "_say", killed)
        with pytest.raises(_Killed):
            run(officer, long)
    connection.close()
    connections.close_all()
    assert plan_of(long) == before
    assert not ImportRow.objects.exclude(choice={}).exists()
    assert "正在处理存疑的行" in sent(officer, long, "treat", next="?")
    assert "已停下，那一次什么也没有做" in sent(officer, long, "stop")
    long.refresh_from_db()
    assert (long.state, long.plan, long.skipped) == ("previewed", before, MANY)
    sent(officer, long)
    assert run(officer, long).created == MANY


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("treat", {"for_reason": REASON, "to": "skip"}),
        ("treat", {"t-2-foreign_division:address": "skip"}),
        ("assign", {"line": "2"}),
        ("name", {"line": "2", "name": "示例·别名苑"}),
        ("columns", {"c-0": "alias"}),
        ("write", {}),
    ],
)
def test_whoever_comes_meanwhile_is_told(
    place: Here, people: Here, long: ListImport, name: str, typed: dict[str, str]
) -> None:
    """A second press, or a second person whose page still shows the preview."""
    sent(people.bureau_officer, long)
    order = ordered(long)
    more = {"division": str(place.town.pk)} if name == "assign" else {}
    answer = people.bureau_officer.client.post(
        reverse(f"imports:{name}", args=[long.pk]), {**typed, **more, "plan": "x"}, follow=True
    )
    assert "后台正在成批处理这份名册里存疑的行，请等它办完再办" in answer.content.decode()
    assert ordered(long) == order
    assert run(people.bureau_officer, long).created == MANY


def test_worker_in_the_middle_is_neither_waited_for_nor_interrupted(people: Here, long: ListImport) -> None:
    officer = people.bureau_officer.signed_in()
    sent(officer, long)
    at_work, asked = threading.Event(), threading.Event()

    def work() -> None:
        try:
            with transaction.atomic():
                list(ImportFile.objects.select_for_update().values_list("pk"))
                at_work.set()
                assert asked.wait(20)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    assert at_work.wait(10)
    pages = [sent(officer, long, name, plan=long.plan) for name in ("stop", "abandon", "again", "treat", "write")]
    asked.set()
    worker.join(20)
    assert all("请等它办完再办" in page for page in pages)
    assert run(officer, long).created == MANY


def test_order_that_was_stopped_is_not_done(people: Here, long: ListImport) -> None:
    officer, before = people.bureau_officer, plan_of(long)
    sent(officer, long)
    old = ordered(long)
    stop_order(actor=officer.actor, row=long, at=NOW)
    with pytest.raises(Refused, match=r"import\.closed"):
        stop_order(actor=officer.actor, row=ListImport.objects.get(pk=long.pk), at=NOW)
    order_treatment(actor=officer.actor, row=ListImport.objects.get(pk=long.pk), at=NOW)
    asked = {"reason": REASON, "to": "write"}
    treat_in_background.call(long.pk, old, asked, officer.actor.user_id, officer.actor.post_id, NOW.isoformat())
    assert ordered(long) != old
    assert plan_of(long) == before


def test_worker_that_may_not_gives_the_preview_back_with_the_reason(people: Here, long: ListImport) -> None:
    officer, before = people.bureau_officer.signed_in(), plan_of(long)
    user, post = officer.actor.user_id, officer.actor.post_id
    sent(officer, long)
    officer.user.posts.update(starts_on="2025-01-01", ends_on="2026-01-01")
    treat_in_background.call(long.pk, ordered(long), {"reason": REASON, "to": "write"}, user, post, NOW.isoformat())
    long.refresh_from_db()
    assert (long.state, long.failure, long.plan) == ("previewed", "denied", before)
    officer.user.posts.update(ends_on=None)
    page = officer.client.get(reverse("imports:import", args=[long.pk])).content.decode()
    assert "办理时您已不在这个岗位" in page
    choose_for_reason(actor=SYSTEM, row=long, reason=REASON, to="write", at=NOW)
    assert ListImport.objects.get(pk=long.pk).failure == ""


def test_many_rows_without_a_town_are_given_theirs_by_the_worker(place: Here, people: Here) -> None:
    officer = people.bureau_officer
    rows = [(f"示例·第{number}苑", "", "", "20", "2", "", "", "") for number in range(MANY)]
    row = brought(officer.actor, place.county, as_csv(rows))
    assert "正在处理存疑的行" in sent(officer, row, "assign", division=str(place.town.pk), next="?show=awaiting")
    assert run(officer, row, division=place.town.pk).state == "previewed"
    assert set(row.import_rows.values_list("division", flat=True)) == {place.town.pk}
    told = officer.client.get(reverse("imports:import", args=[row.pk]), {"show": "awaiting"}).content.decode()
    assert "没有这样的行" in told


def test_queries_of_a_treatment_are_constant_per_thousand_rows(
    place: Here, people: Here, long: ListImport, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(34):  # type: ignore[operator]
        choose_for_reason(actor=people.bureau_officer.actor, row=long, reason=REASON, to="write", at=NOW)


def test_index_of_all_compounds_is_not_made_where_nothing_changed(
    place: Here, people: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a row was recognised as holds while the database is the same, for whoever recognised it."""
    actor = people.bureau_officer.actor
    rows = [
        ("示例·碧水小区", "城关镇", "", "310", "8", "", "", ""),
        ("示例·春江苑", "城关镇", "", "3O", "", "", "", ""),
    ]
    row = brought(actor, place.county, as_csv(rows))
    asked: list[str] = []

    def made(*args: Any) -> object:
        asked.append("index")
        return index_of(*args)

    monkeypatch.setattr(placing, "index_of", made)
    row = choose_for_reason(actor=actor, row=row, reason="likely_known", to="link", at=NOW)
    assert (row.linked, row.created, asked) == (1, 1, [])
    row = choose_for_reason(actor=SYSTEM, row=row, reason="likely_known", to="skip", at=NOW)
    assert (row.linked, row.skipped, asked) == (0, 1, ["index"])
    Compound.objects.filter(pk=place.compound.pk).update(ended_on="2026-01-01")
    row = choose_for_reason(actor=SYSTEM, row=row, reason="likely_known", to="skip", at=NOW)
    assert (row.created, row.doubtful, asked) == (2, 1, ["index", "index"])


def test_few_rows_are_treated_as_if_the_whole_list_were_placed_anew(place: Here, people: Here) -> None:
    """Namesakes, repeats and links hang on each other: whatever is chosen for some rows, placing all of them gives the same."""
    actor, chance = people.bureau_officer.actor, random.Random(20261127)
    names = ("示例·碧水苑", "示例·碧水小区", "示例·春江苑", "示例·秋月里")
    towns = ("城关镇", "东江镇", "")
    rows = [
        (chance.choice(names), chance.choice(towns), "", str(chance.choice((10, 20))), "2", "", "", "")
        for _ in range(40)
    ]
    row = brought(actor, place.county, as_csv(rows))
    acts = set()
    for _ in range(60):
        one = chance.choice(list(row.import_rows.exclude(doubts=[]).order_by("line")))
        if chance.random() < 0.3:
            name = chance.choice([None, *names, f"示例·第{one.line}苑", f"{names[2]}（城关镇）"])
            try:
                name_row(actor=actor, row=row, line=one.line, name=name, at=NOW)
            except Refused as refusal:
                acts.add(refusal.code)
        else:
            chosen = {(one.line, doubt_key(doubt)): chance.choice(options_of(doubt, None)) for doubt in one.doubts}
            choose_treatments(actor=actor, row=row, chosen=chosen, at=NOW)
        row.refresh_from_db()
        acts |= set(row.import_rows.values_list("act", flat=True))
        few = row.plan
        place_again(actor, row)
        assert row.plan == few
    assert acts >= {"create", "link", "skip", "import.name_in_list"}


def test_compound_goes_to_the_earlier_row_also_when_it_is_linked_later(place: Here, people: Here) -> None:
    actor = people.bureau_officer.actor
    rows = [(f"示例·碧水{end}", "城关镇", "", "310", "8", "", "", "") for end in ("小区", "苑")]
    row = brought(actor, place.county, as_csv(rows))
    for line in (3, 2):
        chosen = {(line, "likely_known:name"): f"link:{place.compound.pk}"}
        row = choose_treatments(actor=actor, row=row, chosen=chosen, at=NOW)
    assert list(row.import_rows.order_by("line").values_list("act", flat=True)) == ["link", "skip"]
    few = row.plan
    place_again(actor, row)
    assert row.plan == few


def test_name_that_becomes_free_goes_to_the_row_that_waits_for_it(place: Here, people: Here) -> None:
    actor = people.bureau_officer.actor
    rows = [
        ("示例·春江苑", "", "湖南省示例市1号", "10", "2", "", "", ""),
        ("示例·春江苑", "", "", "900", "2", "", "", ""),
    ]
    row = brought(actor, place.county, as_csv(rows))
    chosen = {(2, "foreign_division:address"): "write", (3, "repeated_otherwise:name"): "write"}
    row = choose_treatments(actor=actor, row=row, chosen=chosen, at=NOW)
    second = ImportRow.objects.get(list_import=row, line=3)
    assert (second.doubts[-1][2], second.doubts[-1][3]["line"], row.created) == ("name_taken", "2", 1)
    row = choose_treatments(actor=actor, row=row, chosen={(2, "foreign_division:address"): "skip"}, at=NOW)
    second.refresh_from_db()
    assert (second.act, second.told["create_as"], row.created) == ("create", "示例·春江苑", 1)


def test_namesake_of_the_same_town_is_not_named_after_the_town(place: Here, people: Here) -> None:
    actor = people.bureau_officer.actor
    rows = [("示例·春江苑", "城关镇", "", households, "2", "", "", "") for households in ("10", "900")]
    row = brought(actor, place.county, as_csv(rows))
    row = choose_treatments(actor=actor, row=row, chosen={(3, "repeated_otherwise:name"): "write"}, at=NOW)
    second = ImportRow.objects.get(list_import=row, line=3)
    assert (second.act, second.doubts[-1][2], row.created) == ("skip", "name_taken", 1)


def test_treating_a_few_rows_does_not_hide_that_the_database_has_changed(place: Here, people: Here) -> None:
    actor = people.bureau_officer.actor
    rows = [("示例·碧水花园", "城关镇", "", "9", "", "", "", ""), ("示例·春江苑", "城关镇", "", "3O", "", "", "", "")]
    row = brought(actor, place.county, as_csv(rows))
    assert row.linked == 1
    Compound.objects.filter(pk=place.compound.pk).update(ended_on="2026-01-01")
    row = choose_for_reason(actor=actor, row=row, reason="letter_in_number", to="take", at=NOW)
    with pytest.raises(Refused, match=r"import\.changed"):
        written(actor, row)
    row.refresh_from_db()
    assert (row.linked, row.created) == (0, 2)

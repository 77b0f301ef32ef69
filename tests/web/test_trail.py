"""The audit administrator reads the trail; nobody else does, and reading it leaves a trace."""

import ast
import csv
import io
import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from anju.accounts.services.signin import FactorChange
from anju.base import audit, trail
from anju.base.actor import SYSTEM, Denied, Refused
from anju.base.audit import chain_head
from anju.base.models import AuditEntry
from anju.base.trail import Sought, all_of, entries_for, page_of, verify_trail
from anju.web.trail.export import harmless
from anju.web.trail.words import ACTIONS, FIELDS, NOTES, PROBLEMS, SUBJECTS
from tests.house.source import calls, modules
from tests.people import NOW

ENTRIES, EXPORT, VERIFY = (reverse(f"trail:{name}") for name in ("entries", "export", "verify"))


def text(response: Any) -> str:
    return str(response.content.decode())


def write(people: SimpleNamespace, **more: Any) -> AuditEntry:
    given = {"actor": people.bureau_officer.actor, "action": "compound.created", "at": timezone.now()} | more
    audit.record(**given)
    return AuditEntry.objects.latest("id")


def read(people: SimpleNamespace, **asked: Any) -> str:
    page = people.audit_admin.client.get(ENTRIES, asked)
    assert page.status_code == 200
    return text(page)


def test_read_trail_in_words(people: SimpleNamespace, place: SimpleNamespace) -> None:
    write(people, subject=place.compound)
    page = read(people)
    assert "登记小区" in page
    assert "碧水花园" in page
    assert "陈经办" in page
    assert "县住建局 · 房管所经办" in page


def test_read_trail_leaves_one_trace_a_day(people: SimpleNamespace) -> None:
    for _ in range(3):
        read(people)
    assert AuditEntry.objects.filter(action="trail.read", user_id=people.audit_admin.user.pk).count() == 1


@pytest.mark.parametrize("who", ["system_admin", "security_admin", "bureau_officer", "supervisor", "chair", "nobody"])
def test_read_trail_by_anybody_else_is_not_there_and_is_written_down(people: SimpleNamespace, who: str) -> None:
    person = getattr(people, who)
    assert person.client.get(ENTRIES).status_code == 404
    assert person.client.get(EXPORT).status_code == 404
    assert person.client.post(VERIFY).status_code == 404
    assert AuditEntry.objects.filter(action="access.denied", user_id=person.user.pk).count() == 3


def test_query_trail_without_permission_is_empty(people: SimpleNamespace) -> None:
    write(people)
    assert not entries_for(people.system_admin.actor, Sought()).exists()


FILTERS: dict[str, dict[str, str]] = {
    "person by name": {"person": "陈经办"},
    "person by pinyin": {"person": "chenjing"},
    "person by user name": {"person": "chen"},
    "action": {"action": "compound.created"},
    "outcome": {"outcome": "done"},
    "kind": {"subject": "places.compound"},
}


@pytest.mark.parametrize("asked", FILTERS.values(), ids=list(FILTERS))
def test_find_entries_by_one_thing_leaves_the_others_out(
    people: SimpleNamespace, place: SimpleNamespace, asked: dict[str, str]
) -> None:
    wanted = write(people, subject=place.compound)
    other = write(
        people,
        actor=people.town_officer.actor,
        action="organisation.renamed",
        subject=place.company,
        outcome="refused",
    )
    page = read(people, **asked)
    assert reverse("trail:entry", args=[wanted.pk]) in page
    assert reverse("trail:entry", args=[other.pk]) not in page


def test_find_entries_of_one_row(people: SimpleNamespace, place: SimpleNamespace) -> None:
    write(people, subject=place.compound)
    other = write(people, subject=place.other_compound)
    page = read(people, subject=f"places.compound:{place.compound.pk}")
    assert "碧水花园" in page
    assert reverse("trail:entry", args=[other.pk]) not in page


def test_find_entries_between_days_holds_both_ends(people: SimpleNamespace) -> None:
    days = [write(people, at=NOW + timedelta(days=day)) for day in (-2, -1, 0, 1)]
    page = read(people, since=str((NOW - timedelta(days=1)).date()), until=str(NOW.date()))
    shown = [entry for entry in days if reverse("trail:entry", args=[entry.pk]) in page]
    assert shown == days[1:3]


@pytest.mark.parametrize(
    "asked",
    [
        {"person": "没有这个人"},
        {"person": "%"},
        {"subject": "places.compound:９"},
        {"subject": "places.compound:1;drop"},
        {"subject": "auth.user:1"},
        {"action": "nothing.done"},
        {"outcome": "1"},
        {"since": "2026-13-01"},
        {"since": "昨天"},
        {"person": "\u202e陈"},
        {"person": "a\x00b"},
    ],
)
def test_find_entries_by_nonsense_shows_none(people: SimpleNamespace, asked: dict[str, str]) -> None:
    entry = write(people)
    assert reverse("trail:entry", args=[entry.pk]) not in read(people, **asked)


@pytest.mark.parametrize("place_asked", [{"below": "x"}, {"below": "-1"}, {"above": "9" * 40}, {"below": "１"}])
def test_page_through_trail_from_nonsense_begins_at_the_newest(
    people: SimpleNamespace, place_asked: dict[str, str]
) -> None:
    entry = write(people)
    page = read(people, **place_asked)
    assert reverse("trail:entry", args=[entry.pk]) in page


def test_page_through_trail_there_and_back_misses_nothing(people: SimpleNamespace) -> None:
    actor = people.audit_admin.actor
    ids = [write(people).pk for _ in range(2 * trail.PAGE + 7)][::-1]
    rows = entries_for(actor, Sought(action="compound.created"))
    first = page_of(rows)
    second = page_of(rows, below=first.older)
    third = page_of(rows, below=second.older)
    assert [row.pk for page in (first, second, third) for row in page.rows] == ids
    assert (first.newer, third.older) == (None, None)
    back = page_of(rows, above=third.newer)
    assert [row.pk for row in back.rows] == [row.pk for row in second.rows]
    assert page_of(rows, above=back.newer).newer is None


def test_list_trail_asks_as_much_for_fifty_rows_as_for_one(people: SimpleNamespace, place: SimpleNamespace) -> None:
    def queries() -> int:
        from django.db import connection

        with CaptureQueriesContext(connection) as asked:
            read(people)
        return len(asked)

    write(people, subject=place.compound)
    queries()
    few = queries()
    for _ in range(60):
        write(people, subject=place.compound)
    assert (queries(), few <= 12) == (few, True)


def test_open_entry_says_before_and_after_in_words(people: SimpleNamespace, place: SimpleNamespace) -> None:
    change = {
        "service_state": ("unknown", "unmanaged"),
        "supervising_unit": (None, place.company.pk),
        "division": (place.community.pk, place.other_community.pk),
    }
    entry = write(people, subject=place.compound, change=change, note={"reason": "<img src=x onerror=alert(1)>"})
    page = text(people.audit_admin.client.get(reverse("trail:entry", args=[entry.pk])))
    for word in ("管理状态", "待核实", "失管", "主管单位", "空", "示例物业公司", "城北社区", "东江社区"):
        assert word in page
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_open_entry_that_somebody_bent_is_still_shown(people: SimpleNamespace) -> None:
    entry = AuditEntry.objects.create(at=NOW, action="unknown.act", outcome="done", body="not json")
    page = people.audit_admin.client.get(reverse("trail:entry", args=[entry.pk]))
    assert page.status_code == 200
    assert "unknown.act" in text(page)


def test_open_entry_that_is_not_there(people: SimpleNamespace) -> None:
    assert people.audit_admin.client.get(reverse("trail:entry", args=[10**17])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_verify_trail_that_holds_says_so_and_is_written_down(people: SimpleNamespace) -> None:
    write(people)
    length, head = chain_head()
    page = people.audit_admin.client.post(VERIFY, follow=True)
    assert f"审计链完好，共校验 {length} 条" in text(page)
    note = json.loads(AuditEntry.objects.filter(action="trail.verified").latest("id").body)["note"]
    assert (note["length"], note["head"], note["problem"]) == (length, head, "")
    assert "最近校验" in read(people)


@pytest.mark.django_db(transaction=True)
def test_verify_trail_that_was_bent_names_the_first_bad_entry(
    people: SimpleNamespace, owner_connection: psycopg.Connection[tuple[Any, ...]]
) -> None:
    bent = write(people, note={"number": 1})
    write(people)
    owner_connection.execute("alter table base_auditentry disable trigger all")
    owner_connection.execute("update base_auditentry set body = replace(body, '1', '2') where id = %s", (bent.pk,))
    found = verify_trail(actor=people.audit_admin.actor, at=timezone.now())
    assert (found.problem, found.entry_id) == ("altered", bent.pk)
    assert f"记录 {bent.pk}" in read(people)


def test_verify_trail_too_long_to_wait_for_is_refused(people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail, "WALKABLE", -1)
    with pytest.raises(Refused) as refused:
        verify_trail(actor=people.audit_admin.actor, at=NOW)
    assert refused.value.code == "trail.too_long"
    assert "anju check" in text(people.audit_admin.client.post(VERIFY, follow=True))


def test_verify_trail_without_permission_is_denied(people: SimpleNamespace) -> None:
    with pytest.raises(Denied):
        verify_trail(actor=people.system_admin.actor, at=NOW)


def test_verify_trail_by_address_does_nothing(people: SimpleNamespace) -> None:
    assert people.audit_admin.client.get(VERIFY).status_code == 405
    assert not AuditEntry.objects.filter(action="trail.verified").exists()


def exported(client: Client, **asked: str) -> list[list[str]]:
    answer = client.get(EXPORT, asked)
    content = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert content.startswith("\ufeff")
    return list(csv.reader(io.StringIO(content.removeprefix("\ufeff"))))


def test_export_trail_holds_what_was_asked_for_and_is_written_down(
    people: SimpleNamespace, place: SimpleNamespace
) -> None:
    write(people, subject=place.compound)
    write(people, action="organisation.renamed", subject=place.company)
    head, *rows = exported(people.audit_admin.client, action="compound.created")
    assert head[0] == "编号"
    assert [row[4] for row in rows] == ["登记小区"]
    note = json.loads(AuditEntry.objects.get(action="trail.exported").body)["note"]
    assert note == {"rows": 1}


def test_ask_for_a_row_outside_the_scope_is_recorded(people: SimpleNamespace, place: SimpleNamespace) -> None:
    address = reverse("places:compound", args=[place.other_compound.pk])
    assert people.town_officer.client.get(address).status_code == 404
    assert people.stranger.client.get(address).status_code == 302
    refused = AuditEntry.objects.filter(action="access.outside").values_list("user_id", "outcome")
    assert list(refused) == [(people.town_officer.user.pk, "refused")]


def test_export_trail_makes_no_formula_of_a_hostile_name(people: SimpleNamespace, place: SimpleNamespace) -> None:
    type(place.compound).objects.filter(pk=place.compound.pk).update(name="=cmd|' /C calc'!A0")
    write(people, subject=place.compound)
    rows = exported(people.audit_admin.client)
    assert "'=cmd|' /C calc'!A0" in {cell for row in rows for cell in row}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_harmless_cell_begins_no_formula(sign: str) -> None:
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"
    assert harmless(f"一{sign}") == f"一{sign}"


def test_all_of_reads_every_entry_across_steps(people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail, "EXPORT_STEP", 3)
    ids = [write(people).pk for _ in range(8)][::-1]
    rows = entries_for(people.audit_admin.actor, Sought(action="compound.created"))
    assert [entry.pk for entry in all_of(rows)] == ids


def recorded_actions() -> set[str]:
    """Every action written out where something is recorded, and those that are put together from a list."""
    found = {
        str(keyword.value.value)
        for _, tree in modules()
        for name in ("record", "Entry", "record_post", "_record_refusal", "_note")
        for call in calls(tree, name)
        for keyword in call.keywords
        if keyword.arg == "action" and isinstance(keyword.value, ast.Constant)
    }
    factor = {f"person.second_factor_{change}" for change in FactorChange.__args__}  # type: ignore[attr-defined]
    decided = {f"proposal.{state}" for state in ("approved", "rejected", "withdrawn")}
    return found | factor | decided | {trail.READ, trail.EXPORTED, trail.VERIFIED}


def test_recorded_action_has_words_and_words_have_an_action() -> None:
    assert recorded_actions() == set(ACTIONS)


def test_word_of_the_trail_is_chinese() -> None:
    words = [*ACTIONS.values(), *SUBJECTS.values(), *FIELDS.values(), *NOTES.values(), *PROBLEMS.values()]
    assert not [word for word in words if not any("\u4e00" <= sign <= "\u9fff" for sign in word)]


def test_system_act_names_the_system(people: SimpleNamespace) -> None:
    write(people, actor=SYSTEM)
    assert "系统" in read(people, action="compound.created")

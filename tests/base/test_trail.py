"""The trail grows, holds together, and shows the first place where somebody bent it."""

import threading
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.db.utils import InternalError, ProgrammingError

from anju.base import audit
from anju.base.actor import SYSTEM
from anju.base.audit import Problem, chain_head, verify_chain
from anju.base.models import AuditEntry, AuditLink
from anju.rules import chain
from tests.people import NOW

Owner = psycopg.Connection[tuple[Any, ...]]


def write(action: str = "compound.created", **note: object) -> None:
    with transaction.atomic():
        audit.record(actor=SYSTEM, action=action, at=NOW, note=note)


@pytest.mark.django_db(transaction=True)
def test_record_act_seals_it_at_commit() -> None:
    write(number=1)
    write(number=2)
    links = list(AuditLink.objects.order_by("seq").values_list("seq", "previous", "digest"))
    bodies = list(AuditEntry.objects.order_by("id").values_list("body", flat=True))
    first = chain.link(chain.GENESIS, bodies[0])
    assert links == [
        (1, chain.GENESIS, first),
        (2, first, chain.link(first, bodies[1])),
    ]
    assert (verify_chain(), chain_head()) == ([], (2, links[1][2]))


@pytest.mark.django_db(transaction=True)
def test_record_act_that_is_rolled_back_leaves_nothing() -> None:
    with transaction.atomic():
        audit.record(actor=SYSTEM, action="compound.created", at=NOW)
        transaction.set_rollback(True)
    assert (AuditEntry.objects.count(), AuditLink.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_record_act_by_many_at_once_makes_one_chain() -> None:
    def many() -> None:
        for number in range(10):
            write(number=number)
        connections.close_all()

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert chain_head()[0] == 40
    assert verify_chain() == []


@pytest.mark.parametrize("table", ["base_auditentry", "base_auditlink"])
@pytest.mark.parametrize("statement", ["update {} set {} = {}", "delete from {}", "truncate {}"])
@pytest.mark.django_db(transaction=True)
def test_change_trail_is_refused_to_the_runtime_role(table: str, statement: str) -> None:
    write()
    column = "body" if table.endswith("entry") else "digest"
    with (
        pytest.raises((ProgrammingError, InternalError)),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table, column, column))
    assert AuditEntry.objects.count() == AuditLink.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_change_trail_is_refused_to_the_owner_too(owner_connection: Owner) -> None:
    write()
    for statement in (
        b"update base_auditentry set body = ''",
        b"delete from base_auditlink",
        b"truncate base_auditentry",
    ):
        with pytest.raises(psycopg.errors.RestrictViolation):
            owner_connection.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_forge_link_is_refused_to_the_runtime_role() -> None:
    write()
    with pytest.raises(ProgrammingError):
        AuditLink.objects.create(seq=2, entry_id=99, previous="f" * 64, digest="e" * 64)


TAMPER = {
    "body": (
        "update base_auditentry set body = replace(body, '\"number\":2', '\"number\":7') where id = {id}",
        "altered",
    ),
    "gone": ("delete from base_auditentry where id = {id}", "altered"),
    "link": ("delete from base_auditlink where entry_id = {id}", "gap"),
    "head": (
        "update base_auditlink set previous = repeat('a', 64) where entry_id = {id}",
        "forked",
    ),
    "column": (
        "update base_auditentry set user_id = 5 where id = {id}",
        "untrue_column",
    ),
    "text": ("update base_auditentry set body = 'not json' where id = {id}", "altered"),
}


@pytest.mark.parametrize("kind", TAMPER)
@pytest.mark.django_db(transaction=True)
def test_verify_chain_names_the_first_bad_entry(kind: str, owner_connection: Owner) -> None:
    for number in (1, 2, 3):
        write(number=number)
    second = AuditEntry.objects.order_by("id").values_list("id", flat=True)[1]
    statement, reason = TAMPER[kind]
    for table in ("base_auditentry", "base_auditlink"):
        owner_connection.execute(f"alter table {table} disable trigger all".encode())
    owner_connection.execute(statement.format(id=second).encode())
    first = verify_chain()[0]
    assert first.code == reason
    assert first.seq == 2 or first == Problem("untrue_column", entry_id=second)


def test_record_change_conceals_personal_fields(people: SimpleNamespace) -> None:
    before = audit.snapshot(people.manager.user, ("name", "phone", "username"))
    people.manager.user.phone = "13500000000"
    after = audit.snapshot(people.manager.user, ("name", "phone", "username"))
    changed = audit.difference(before, after, personal=frozenset({"name", "phone"}))
    assert changed == {"phone": (audit.CONCEALED, audit.CONCEALED)}

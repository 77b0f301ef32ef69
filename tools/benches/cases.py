"""The ledger with 100,000 cases: its list against an empty page, one act, one filing, one sweep of 20,000 that are open."""

import json
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tools.benches.measure import in_turn, p95, spread
from tools.benches.table import owner
from tools.client import Visitor
from tools.serving import Served, served

if TYPE_CHECKING:
    from anju.cases.models import Case

CASES, OPEN = int(os.environ.get("ANJU_BENCH_CASES", "100000")), 5  # one in so many is open
EVENTS = 15  # of each case
LIST, EMPTY = "/cases/", "/healthz"
AT_MOST = {"list": 5.0, "act_ms": 80.0, "file_ms": 150.0, "sweep_s": 30.0}
FILED_A_SECOND = 40.0
COPIED = ("caseevent", "casetask", "caseclock")


def run() -> list[dict[str, Any]]:
    """Fill and measure in a process of its own, since Django is set up there for the served database; then ask over HTTP."""
    with served() as server:
        Visitor(server.port).become("房管所经办")
        done = subprocess.run(
            [sys.executable, "-m", "tools.benches.cases"],
            env={**os.environ, "ANJU_HOME": str(server.home), "DJANGO_SETTINGS_MODULE": "anju.config.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        with owner(server) as link:  # as the database does by itself within minutes, where cases come one by one
            link.autocommit = True
            link.execute("VACUUM ANALYZE cases_case")
        return [*json.loads(done.stdout), _list(server)]


def _list(server: Served) -> dict[str, Any]:
    officer = Visitor(server.port)
    officer.become("房管所经办")
    for _ in range(20):
        officer.get(LIST), officer.get(EMPTY)
    rounds = in_turn(lambda: officer.get(LIST), lambda: officer.get(EMPTY), rounds=5, each=60)
    ratio = spread([p95(page) / p95(empty) for page, empty in rounds])
    limit = AT_MOST["list"]
    return {"name": "list p95 / empty page p95", "ratio": ratio, "limit": limit, "within": ratio["median"] <= limit}


def _measure() -> list[dict[str, Any]]:
    import django

    django.setup()
    from django.utils import timezone

    from anju.accounts.models import User
    from anju.accounts.queries.acting import actor_of
    from anju.base.actor import STRANGER, SYSTEM
    from anju.cases.models import Case
    from anju.cases.services.acting import Wish, act_on_case
    from anju.cases.services.filing import Filing, submit_case
    from anju.cases.services.sweeping import sweep_cases

    at = timezone.now()
    actor = actor_of(User.objects.get(username="chen"), chosen_post=None, on=timezone.localdate(at))
    first = Case.objects.filter(state="mediating").earliest("pk")
    _urge(first, at)
    _copy(first.pk, CASES // OPEN)
    _copy(_closed(at), CASES - CASES // OPEN)
    waiting = [
        submit_case(actor=STRANGER, filing=Filing(first.compound, "PC08", text=f"示例{turn}"), at=at)
        for turn in range(5)
    ]
    filed = _timed([lambda: submit_case(actor=STRANGER, filing=Filing(first.compound, text="示例"), at=at)] * 200)
    rows = [Case.objects.get(pk=receipt.case.pk) for receipt in waiting]
    rows += list(
        Case.objects.filter(state="submitted", type="complaint").exclude(pk__in=[row.pk for row in rows])[:150]
    )
    wish = Wish("ask_info", note={"missing_list": "示例"})
    acted = _timed(
        [lambda row=row: act_on_case(actor=actor, case=row, wish=wish, version=row.version, at=at) for row in rows]
    )
    swept = _timed([lambda: sweep_cases(actor=SYSTEM, at=at)])
    return [
        _told("one act p95, ms", 1000 * p95(acted), AT_MOST["act_ms"]),
        _told("one filing p95, ms", 1000 * p95(filed), AT_MOST["file_ms"]),
        _at_least("filings a second, one after another", len(filed) / sum(filed), FILED_A_SECOND),
        _told(f"sweep of {CASES // OPEN} open cases, s", swept[0], AT_MOST["sweep_s"]),
    ]


def _urge(case: "Case", at: datetime) -> None:
    """Give a case as many events as the issue counts of each, by an act that moves nothing."""
    from anju.cases.services.acting import Wish, act_on_case
    from anju.cases.services.demo import acting_as

    supervisor = acting_as("zhou", at)
    for _ in range(EVENTS - case.events.count()):
        act_on_case(
            actor=supervisor, case=case, wish=Wish("criticism", note={"reason": "示例"}), version=case.version, at=at
        )
        case.refresh_from_db()


def _closed(at: datetime) -> int:
    """Bring the case that waits for its verification to its end, and return it."""
    from django.db import transaction

    from anju.cases.models import Case
    from anju.cases.services.acting import Wish, act_as_system, act_on_case
    from anju.cases.services.demo import acting_as

    case = Case.objects.filter(state="verifying").earliest("pk")
    _urge(case, at)
    wish = Wish("verify_pass", note={"call_note": "示例"})
    act_on_case(actor=acting_as("wu", at), case=case, wish=wish, version=case.version, at=at)
    with transaction.atomic():
        assert act_as_system(case=case, transition="rate_timeout", at=at + timedelta(days=30))
    return int(case.pk)


def _told(name: str, value: float, limit: float) -> dict[str, Any]:
    return {"name": name, "value": round(value, 1), "limit": limit, "within": value <= limit}


def _at_least(name: str, value: float, limit: float) -> dict[str, Any]:
    return {"name": name, "value": round(value, 1), "limit": limit, "within": value >= limit}


def _timed(works: list[Any]) -> list[float]:
    taken = []
    for work in works:
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return taken


def _copy(template: int, count: int) -> None:
    """Copy a case with its events, tasks and clocks: the chain of a copy is the template's, since it begins from nothing."""
    from django.apps import apps
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select nextval('cases_case_id_seq')")
        base = int(cursor.fetchone()[0])
        own = "'ZZ-2026-' || lpad(((%s + n) %% 1000000)::text, 6, '0') || '-0'"
        columns = [str(field.column) for field in apps.get_model("cases", "case")._meta.concrete_fields]
        told = ", ".join({"id": "%s + n", "number": own}.get(name, name) for name in columns)
        query = f"insert into cases_case ({', '.join(columns)}) select {told} from cases_case, generate_series(1, %s) n where id = %s"
        cursor.execute(query, [*([base] * 2), count, template])
        cursor.execute("select count(nextval('cases_case_id_seq')) from generate_series(1, %s)", [count])
        for table in COPIED:
            names = [
                field.column for field in apps.get_model("cases", table)._meta.concrete_fields if field.column != "id"
            ]
            told = ", ".join({"case_id": "%s + n", "key": "null"}.get(name, f"row.{name}") for name in names)
            order = "seq" if table == "caseevent" else "position"
            query = (
                f"insert into cases_{table} ({', '.join(names)}) select {told} from generate_series(1, %s) n, cases_{table} row"
                f" where row.case_id = %s order by n, row.{order}"
            )
            cursor.execute(query, [base, count, template])


if __name__ == "__main__":
    print(json.dumps(_measure(), ensure_ascii=False))

"""What was acknowledged is there after the database was killed, and the trail still holds.

Writers record acts through the runtime role while PostgreSQL is killed without warning; the supervisor starts it again.
"""

import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

SHORT, LONG = 2, 200
WRITERS = 4
OUTAGE = 30.0


def run(kills: int, seed: int = 20261124) -> dict[str, Any]:
    """Kill PostgreSQL `kills` times under writers in a process of its own (Django is set up for that server only)."""
    import json

    from tools.serving import served

    with served() as server:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "tools.proofs.crash",
                str(server.home),
                str(kills),
                str(seed),
            ],
            env={
                **os.environ,
                "ANJU_HOME": str(server.home),
                "DJANGO_SETTINGS_MODULE": "anju.config.settings",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return dict(json.loads(done.stdout))


def _prove(home: Path, kills: int, seed: int) -> dict[str, Any]:
    import django

    django.setup()
    from anju.base.audit import verify_chain
    from anju.base.models import AuditEntry

    acknowledged: list[str] = []
    stop = threading.Event()
    threads = [threading.Thread(target=_write, args=(name, acknowledged, stop)) for name in range(WRITERS)]
    for thread in threads:
        thread.start()
    outages = _kill(home, kills, random.Random(seed), acknowledged)
    stop.set()
    for thread in threads:
        thread.join()
    kept = set(AuditEntry.objects.filter(action="proof.act").values_list("subject_type", flat=True))
    problems = [problem.code for problem in verify_chain()]
    missing = len(set(acknowledged) - kept)
    return {
        "kills": kills,
        "acknowledged": len(acknowledged),
        "missing": missing,
        "stored_without_acknowledgement": len(kept - set(acknowledged)),
        "longest_outage_seconds": round(max(outages, default=0.0), 2),
        "trail": problems,
        "passed": missing == 0 and not problems and len(acknowledged) > kills,
    }


def _write(name: int, acknowledged: list[str], stop: threading.Event) -> None:
    from django.db import DatabaseError, connection, transaction
    from django.utils import timezone

    from anju.base.models import AuditEntry
    from anju.rules.chain import canonical

    number = 0
    while not stop.is_set():
        number += 1
        mark = f"proof.{name}.{number}"
        at = timezone.now()
        columns = {
            "at": at.isoformat(),
            "action": "proof.act",
            "outcome": "done",
            "user": None,
            "post": None,
        }
        try:
            with transaction.atomic():
                body = canonical({**columns, "subject": [mark, number]})
                AuditEntry.objects.create(
                    at=at,
                    action="proof.act",
                    outcome="done",
                    subject_type=mark,
                    subject_id=number,
                    body=body,
                )
            acknowledged.append(mark)
        except DatabaseError:
            connection.close()
    connection.close()  # back to the pool, for whoever counts afterwards


def _kill(home: Path, kills: int, chance: random.Random, acknowledged: list[str]) -> list[float]:
    """Kill the postmaster and wait each time until writes are acknowledged again; return the outages in seconds."""
    outages = []
    for _ in range(kills):
        _await_more(acknowledged, chance.randint(20, 200))
        os.kill(int((home / "postgres" / "postmaster.pid").read_text().split()[0]), 9)
        began = time.monotonic()
        _await_more(acknowledged, 5)
        outages.append(time.monotonic() - began)
    return outages


def _await_more(acknowledged: list[str], more: int) -> None:
    goal, deadline = len(acknowledged) + more, time.monotonic() + OUTAGE
    while len(acknowledged) < goal:
        if time.monotonic() > deadline:
            raise RuntimeError(f"no write was acknowledged for {OUTAGE} s")
        time.sleep(0.005)


if __name__ == "__main__":
    import json

    print(json.dumps(_prove(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))

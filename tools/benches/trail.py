"""What the audit entry adds to a write: the same service, committed, with the entry and without it."""

import json
import os
import subprocess
import sys
from typing import Any

from tools.benches.measure import in_turn, spread
from tools.serving import served

AT_MOST = 1.30


def run() -> list[dict[str, Any]]:
    """Measure in a process of its own, since Django is set up there for the served database."""
    with served() as server:
        done = subprocess.run(
            [sys.executable, "-m", "tools.benches.trail"],
            env={**os.environ, "ANJU_HOME": str(server.home), "DJANGO_SETTINGS_MODULE": "anju.config.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return [dict(json.loads(done.stdout))]


def _measure() -> dict[str, Any]:
    import django

    django.setup()
    from django.utils import timezone

    from anju.accounts.services.setup import load_demo
    from anju.base import audit
    from anju.base.actor import SYSTEM
    from anju.places.models import Compound
    from anju.places.services.compounds import rename_compound

    load_demo(actor=SYSTEM, at=timezone.now())
    compound, names, record = Compound.objects.filter(ended_on=None)[0], iter(range(10**9)), audit.record

    def write(*, audited: bool) -> None:
        audit.record = record if audited else _nothing
        rename_compound(actor=SYSTEM, compound=compound, name=f"示例·改名{next(names)}", at=timezone.now())

    rounds = in_turn(lambda: write(audited=True), lambda: write(audited=False), rounds=9, each=60)
    audit.record = record
    ratio = spread([sum(a) / sum(b) for a, b in rounds])
    return {
        "name": "write with audit / without",
        "ratio": ratio,
        "limit": AT_MOST,
        "within": ratio["median"] <= AT_MOST,
    }


def _nothing(**_: object) -> None:
    """Stands in for the entry."""


if __name__ == "__main__":
    print(json.dumps(_measure(), ensure_ascii=False))

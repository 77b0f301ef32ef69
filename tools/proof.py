"""`make proof`: every long proof, as JSON that names the commit. `make test` runs seeded samples of the same."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from tools.proofs import backup, branches, cases, chain, crash, lists, mutation, recount, table, voting

# name -> (proof, its size here, its size in the test run; none where a sample would prove nothing)
PROOFS: dict[str, tuple[Callable[[int], dict[str, Any]], int, int]] = {
    "chain": (chain.run, chain.LONG, chain.SHORT),
    "backup": (backup.run, backup.LONG, backup.SHORT),
    "crash": (crash.run, crash.LONG, crash.SHORT),
    "voting": (voting.run, voting.LONG, voting.SHORT),
    "recount": (recount.run, recount.LONG, recount.SHORT),
    "cases": (cases.run, cases.LONG, cases.SHORT),
    "lists": (lists.run, lists.LONG, lists.SHORT),
    "table": (table.run, table.LONG, table.SHORT),
    "branches": (branches.run, branches.LONG, 0),
    "mutation": (mutation.run, mutation.LONG, 0),
}


def commit() -> str:
    """Return the commit under test, marked when the tree differs from it."""
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=12"],
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip()


def main(names: list[str]) -> int:
    results = {}
    for name in names or list(PROOFS):
        proof, size, _ = PROOFS[name]
        began = time.monotonic()
        results[name] = {**proof(size), "seconds": round(time.monotonic() - began, 1)}
        print(f"proof {name}: {results[name]}", file=sys.stderr, flush=True)
    print(json.dumps({"commit": commit(), "proofs": results}, ensure_ascii=False, indent=2))
    return 0 if all(result["passed"] for result in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

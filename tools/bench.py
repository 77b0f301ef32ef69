"""`make bench`: speed as ratios of things measured in turn in one run, as JSON that names the commit."""

import json
import os
import platform
import sys
from collections.abc import Callable
from typing import Any

from tools.benches import cases, deadlines, desk, lists, start, table, trail, voting
from tools.proof import commit

BENCHES: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "cases": cases.run,
    "deadlines": deadlines.run,
    "desk": desk.run,
    "lists": lists.run,
    "start": start.run,
    "table": table.run,
    "trail": trail.run,
    "voting": voting.run,
}


def main(names: list[str]) -> int:
    results = [result for name in names or list(BENCHES) for result in BENCHES[name]()]
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
    print(json.dumps({"commit": commit(), "machine": machine, "results": results}, ensure_ascii=False, indent=2))
    return 0 if all(result["within"] for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

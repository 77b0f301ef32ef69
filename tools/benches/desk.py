"""The desk page against an empty page of the same server, and the memory of the workers after many mixed requests."""

from typing import Any

import psutil

from tools.benches.measure import in_turn, p95, spread
from tools.client import Visitor
from tools.serving import Served, served

PAGES = ("/desk/", "/places/compounds/", "/places/organisations/", "/places/policy/", "/people/posts/", "/")
OFFICER = "房管所经办"
EMPTY = "/healthz"
REQUESTS = 10_000
AT_MOST_TIMES, AT_MOST_MB = 4.0, 160.0


def run() -> list[dict[str, Any]]:
    with served() as server:
        officer = Visitor(server.port)
        officer.become(OFFICER)
        return [_times(officer), _memory(server, officer)]


def _times(officer: Visitor) -> dict[str, Any]:
    for _ in range(50):
        officer.get("/desk/"), officer.get(EMPTY)
    rounds = in_turn(lambda: officer.get("/desk/"), lambda: officer.get(EMPTY), rounds=7, each=100)
    ratios = [p95(desk) / p95(empty) for desk, empty in rounds]
    milliseconds = {
        "desk_p95_ms": round(1000 * min(p95(desk) for desk, _ in rounds), 2),
        "empty_p95_ms": round(1000 * min(p95(empty) for _, empty in rounds), 2),
    }
    ratio = spread(ratios)
    return {"name": "desk p95 / empty page p95", "ratio": ratio, "limit": AT_MOST_TIMES, **milliseconds} | _verdict(
        ratio["median"], AT_MOST_TIMES
    )


def _memory(server: Served, officer: Visitor) -> dict[str, Any]:
    for number in range(REQUESTS):
        officer.get(PAGES[number % len(PAGES)])
    largest = max(_worker_sizes(server))
    return {"name": f"MB of a worker after {REQUESTS} requests", "value": largest, "limit": AT_MOST_MB} | _verdict(
        largest, AT_MOST_MB
    )


def _worker_sizes(server: Served) -> list[float]:
    """Proportional set size in MB of the processes that serve pages: granian's workers, not its parent."""
    ours = psutil.Process(server.process.pid).children(recursive=True)
    web = [process for process in ours if "granian" in " ".join(process.cmdline()) and not process.children()]
    return [round(process.memory_full_info().pss / 1e6, 1) for process in web]


def _verdict(value: float, limit: float) -> dict[str, Any]:
    return {"within": value <= limit}

"""Every line and branch of the law is run by the tests of the law alone, without a database."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

LONG = 100  # the least share of lines and branches, in percent, that must be run
ROOT = Path(__file__).resolve().parents[2]
_CONFIGURATION = "[run]\nbranch = True\nsource = anju.rules\n"
_QUIET = ("-q", "-n", "0", "-p", "no:cacheprovider")


def run(percent: int) -> dict[str, Any]:
    """Return what `tests/rules` runs of `anju.rules`, and where it does not come."""
    with tempfile.TemporaryDirectory(prefix="anju-") as folder:
        asked, told = Path(folder, "coveragerc"), Path(folder, "told.json")
        asked.write_text(_CONFIGURATION, "utf-8")
        env = {**os.environ, "COVERAGE_FILE": str(Path(folder, "data"))}
        coverage = [sys.executable, "-m", "coverage"]
        ran = _ran([*coverage, "run", f"--rcfile={asked}", "-m", "pytest", *_QUIET, "tests/rules"], env)
        if ran.returncode:
            return {"passed": False, "reason": (ran.stdout + ran.stderr)[-2000:]}
        _ran([*coverage, "json", f"--rcfile={asked}", "-o", str(told)], env)
        return _found(json.loads(told.read_text("utf-8")), percent)


def _ran(command: list[str], env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def _found(told: dict[str, Any], percent: int) -> dict[str, Any]:
    total = told["totals"]
    left = {
        str(Path(name).relative_to("src/anju")): {"lines": file["missing_lines"], "branches": file["missing_branches"]}
        for name, file in told["files"].items()
        if file["missing_lines"] or file["missing_branches"]
    }
    reached = total["covered_lines"] + total["covered_branches"]
    share = 100 * reached / (total["num_statements"] + total["num_branches"])
    return {
        "passed": share >= percent,
        "lines": total["num_statements"],
        "branches": total["num_branches"],
        "percent": round(share, 2),
        "left": left,
    }

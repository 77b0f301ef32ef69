"""Faults put into the law by mutmut, one at a time: how many do the tests notice?"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

LONG = 85  # the least share of faults, in percent, that must be noticed
ROOT = Path(__file__).resolve().parents[2]
LAW = ("rules/voting", "rules/cases", "rules/workdays", "rules/allocation.py", "rules/periods.py", "rules/sending.py")
TESTS = (
    "__init__.py",
    "house/__init__.py",
    "house/source.py",
    "cases/editions",
    "rules/__init__.py",
    "rules/cases",
    "rules/lists",
    "rules/voting",
    "rules/workdays",
    "rules/test_allocation.py",
    "rules/test_periods.py",
    "rules/test_sending.py",
)
READ = ("docs/cases.md", "docs/recount-vectors", "policy", "tools")
CONFIGURATION = """
[tool.mutmut]
source_paths = ["src/"]
only_mutate = [{law}]
also_copy = ["tools", "docs", "policy"]
max_stack_depth = -1
pytest_add_cli_args = ["-x", "-q", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = ["tests/"]
[tool.pytest.ini_options]
pythonpath = [".", "src"]
addopts = "--import-mode=importlib"
"""

# A fault is noticed by the first example that shows it: a few of each property, the same ones every time, keep the proof short.
EXAMPLES = """from hypothesis import settings

settings.register_profile("few", max_examples=25, derandomize=True, deadline=None)
settings.load_profile("few")
"""


def run(percent: int) -> dict[str, Any]:
    """Copy the law and its tests to a folder of their own and let mutmut (a development dependency) work there."""
    mutmut = shutil.which(
        "mutmut", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    )
    if mutmut is None:
        return {"passed": False, "reason": "mutmut is not installed"}
    with tempfile.TemporaryDirectory(prefix="anju-") as folder:
        _copy(Path(folder))
        clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        ran = subprocess.run([mutmut, "run"], cwd=folder, env=clean, capture_output=True, text=True, check=False)
        told = subprocess.run(
            [mutmut, "results", "--all", "true"], cwd=folder, env=clean, capture_output=True, text=True, check=False
        )
    found = Counter(re.findall(r"__mutmut_\d+: (.+)", told.stdout))
    if not found:
        return {"passed": False, "reason": (ran.stdout + ran.stderr)[-2000:]}
    noticed = found["killed"] + found["timeout"]
    share = round(100 * noticed / found.total(), 1)
    return {"faults": found.total(), **found, "noticed_percent": share, "passed": share >= percent}


def _copy(folder: Path) -> None:
    law = ", ".join(f'"src/anju/{name}{"" if name.endswith(".py") else "/*"}"' for name in LAW)
    (folder / "pyproject.toml").write_text(CONFIGURATION.format(law=law), "utf-8")
    (folder / "src" / "anju").mkdir(parents=True)
    shutil.copy(ROOT / "src" / "anju" / "__init__.py", folder / "src" / "anju")
    shutil.copytree(ROOT / "src" / "anju" / "rules", folder / "src" / "anju" / "rules")
    for name in (*READ, *(f"tests/{name}" for name in TESTS)):
        _copy_there(name, folder)
    (folder / "tests" / "conftest.py").write_text(EXAMPLES, "utf-8")


def _copy_there(name: str, folder: Path) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
    copy(ROOT / name, folder / name)

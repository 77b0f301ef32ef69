"""The three implementations of anju-recount/1 behind one shape: bytes in, and for each object its answer or its refusal out."""

import base64
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from anju.rules.voting.recount_format import read_recounts, result
from anju.rules.voting.recount_refusals import BadFile
from tools.browser import launch

FOLDER = Path(__file__).resolve().parents[2] / "verifiers"
COMPARED = ("verdict", "tests", "missing")
Answers = list[Any]


def ours(data: bytes) -> Answers:
    try:
        found = read_recounts(data)
    except BadFile as bad:
        return [bad.code]
    return [one.code if isinstance(one, BadFile) else _compared(result(one.decide())) for one in found]


def script() -> ModuleType:
    """Load the stranger's single file, without putting its folder on the path."""
    spec = importlib.util.spec_from_file_location("stranger", FOLDER / "recount.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_script(data: bytes, module: ModuleType) -> Answers:
    try:
        found = module.results_of(data)
    except module.Wrong as wrong:
        return [wrong.code]
    return [one.code if isinstance(one, module.Wrong) else _compared(one) for one in found]


def run_script(*words: str, isolated: bool = True) -> subprocess.CompletedProcess[bytes]:
    """Run the single file as a stranger does: no site packages, nothing of ours on the path."""
    flags = ["-I", "-S"] if isolated else []
    return subprocess.run(
        [sys.executable, *flags, str(FOLDER / "recount.py"), *words], capture_output=True, check=False
    )


@contextmanager
def page() -> Iterator[Any]:
    """Open the offline page from disk in a real browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright)
        opened = browser.new_page()
        opened.goto((FOLDER / "recount.html").as_uri())
        try:
            yield opened
        finally:
            browser.close()


def by_page(files: list[bytes], opened: Any) -> list[Answers]:
    found = opened.evaluate(
        "files => files.map(file => resultsOf(Uint8Array.from(atob(file), mark => mark.charCodeAt(0))))",
        [_base64(file) for file in files],
    )
    return [[one["code"] if "code" in one else _compared(one) for one in answers] for answers in found]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _compared(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in COMPARED}

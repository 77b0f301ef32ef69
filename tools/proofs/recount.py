"""Three implementations of anju-recount/1 on the same files, good and spoiled: ours, the single script, the offline page."""

import json
import os
import random
from pathlib import Path
from typing import Any

from tests.verifiers.implementations import Answers, by_page, by_script, ours, page, script
from tools.browser import CHROMIUM
from tools.proofs.voting_cases import document, spoiled

SHORT, LONG = 60, 500
_AT_ONCE = 100


def run(files: int, seed: int = 20261124) -> dict[str, Any]:
    """Answer `files` files, every fifth spoiled, three times; each result and each refusal must be the same."""
    chance = random.Random(seed)
    contents = [_file(chance, number) for number in range(files)]
    module = script()
    first = [ours(content) for content in contents]
    different = sum(one != by_script(content, module) for one, content in zip(first, contents, strict=True))
    pages = _by_page(contents)
    different += 0 if pages is None else sum(one != other for one, other in zip(first, pages, strict=True))
    may_lack_page = os.environ.get("CI") != "true"
    return {
        "files": files,
        "refused": sum(isinstance(one[0], str) for one in first),
        "implementations": 2 if pages is None else 3,
        "page": "opened in Chromium" if pages is not None else f"NOT RUN: {CHROMIUM} is missing",
        "different": different,
        "passed": different == 0 and (pages is not None or may_lack_page),
    }


def _file(chance: random.Random, number: int) -> bytes:
    return spoiled(chance) if number % 5 == 0 else json.dumps(document(chance)).encode()


def _by_page(contents: list[bytes]) -> list[Answers] | None:
    if not Path(CHROMIUM).exists():
        return None
    found: list[Answers] = []
    with page() as opened:
        for start in range(0, len(contents), _AT_ONCE):
            found += by_page(contents[start : start + _AT_ONCE], opened)
    return found

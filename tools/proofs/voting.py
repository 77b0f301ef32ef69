"""Generated assemblies against an independently written oracle: the same verdict, every number, and the words read back."""

import json
import random
from collections import Counter
from fractions import Fraction
from typing import Any

from anju.rules.voting.recount_format import read_recount, result
from anju.rules.voting.recount_json import parse
from tools.proofs.voting_cases import Document, document
from tools.proofs.voting_oracle import answer, reread

SHORT, LONG = 2_000, 100_000


def run(assemblies: int, seed: int = 20261124) -> dict[str, Any]:
    """Decide generated assemblies twice; count mismatches, verdicts, and how many tests sat on or beside a threshold."""
    chance = random.Random(seed)
    seen: Counter[str] = Counter()
    mismatches = 0
    for _ in range(assemblies):
        one = document(chance)
        found: Any = result(read_recount(parse(json.dumps(one))).decide())
        mismatches += not _same(one, found)
        seen[found["verdict"]] += 1
        seen.update(filter(None, map(_beside, found["tests"])))
    enough = min(seen[name] for name in ("passed", "not_passed", "undetermined", "exact", "one under"))
    return {
        "assemblies": assemblies,
        "mismatches": mismatches,
        "seen": dict(sorted(seen.items())),
        "passed": mismatches == 0 and enough * 20 >= assemblies,
    }


def _same(one: Document, found: Any) -> bool:
    expected = answer(one)
    tests = {test["name"]: test for test in found["tests"]}
    return (
        found["verdict"] == expected["verdict"] == reread(found["explanation"])
        and tests.keys() == expected["tests"].keys()
        and all(_same_test(tests[name], test) for name, test in expected["tests"].items())
    )


def _same_test(found: Any, expected: Any) -> bool:
    same = all(_number(found[name]) == expected[name] for name in ("have", "of", "need"))
    if expected["passed"] is None:
        return same and found["passed"] is None and found["short_by"] is None
    short = max(Fraction(0), expected["need"] - expected["have"])
    return same and found["passed"] is expected["passed"] and _number(found["short_by"]) == short


def _number(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)


def _beside(test: Any) -> str | None:
    """Say where a test sits: at the least that is enough, or one unit of its own last decimal to either side."""
    if test["passed"] is None:
        return None
    text = str(test["have"])
    unit = Fraction(1, 10 ** len(text.partition(".")[2]))
    off = (Fraction(text) - Fraction(test["need"])) / unit
    return {0: "exact", -1: "one under", 1: "one over"}.get(off)  # type: ignore[call-overload,no-any-return]

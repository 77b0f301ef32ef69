"""The law's count written a second time, from the statute and the documented format, with `Fraction` and without our rules.

It shares no line with `anju.rules.voting`. Where the two differ, one of them misreads the law.
"""

import re
from fractions import Fraction
from typing import Any

Document = dict[str, Any]
Answer = dict[str, Any]

TWO_THIRDS, HALF, THREE_QUARTERS = Fraction(2, 3), Fraction(1, 2), Fraction(3, 4)
# profile -> matter -> (share that must take part, inclusive), (share that must agree, inclusive), of whom
LAW = {
    "civil-code-278": {
        "ordinary": ((TWO_THIRDS, True), (HALF, False), "participants"),
        "special": ((TWO_THIRDS, True), (THREE_QUARTERS, True), "participants"),
    },
    "regulation-2018": {
        "ordinary": ((HALF, False), (HALF, False), "all"),
        "special": ((HALF, False), (TWO_THIRDS, True), "all"),
    },
}
MEASURES = ("area", "heads")


def answer(document: Document) -> Answer:
    """Return verdict, the four tests' outcome, what was needed (as `Fraction`) and what is missing."""
    figures = _figures(document)
    law = LAW[document["profile"]][document["matter"]]
    unit = {"area": Fraction(1, 10 ** _decimals(document)), "heads": Fraction(1)}
    zero = any(figures[measure]["total"] == 0 for measure in MEASURES)
    worlds = [_world(figures, follow) for follow in _followings(figures, document)]
    tests: Answer = {}
    for step, (share, inclusive) in zip(("participation", "consent"), law[:2], strict=True):
        for measure in MEASURES:
            outcomes = []
            for world in worlds:
                have, of = _compared(world[measure], step, law[2])
                outcomes.append(None if zero else _passes(have, of, share, inclusive))
            have, of = _compared(worlds[0][measure], step, law[2])
            passed = outcomes[0] if len(set(outcomes)) == 1 else None
            need = None if zero or not of else _least(of * share, unit[measure], inclusive)
            tests[f"{step}_{measure}"] = {"have": have, "of": of, "need": need, "passed": passed}
    return {"verdict": _verdict([test["passed"] for test in tests.values()]), "tests": tests}


def _verdict(outcomes: list[bool | None]) -> str:
    if False in outcomes:
        return "not_passed"
    return "undetermined" if None in outcomes else "passed"


def _compared(world: Answer, step: str, whole: str) -> tuple[Fraction | None, Fraction | None]:
    if step == "participation":
        return world["took"], world["total"]
    return world["agree"], world["took"] if whole == "participants" else world["total"]


def _passes(have: Fraction | None, of: Fraction | None, share: Fraction, inclusive: bool) -> bool | None:
    if have is None or of is None or of == 0:
        return None
    return have / of >= share if inclusive else have / of > share


def _least(bound: Fraction, unit: Fraction, inclusive: bool) -> Fraction:
    steps = bound / unit
    if steps.denominator == 1:
        return bound if inclusive else bound + unit
    return (int(steps) + 1) * unit


def _followings(figures: Answer, document: Document) -> list[bool]:
    """Say in which worlds the verdict must hold: the silent follow, do not, or nobody can tell."""
    if not document.get("silent_counts_with_majority", False):
        return [False]
    known = [
        None if None in (figures[m]["agree"], figures[m]["took"]) else figures[m]["agree"] > figures[m]["took"] / 2
        for m in MEASURES
    ]
    if False in known:
        return [False]
    return [False, True] if None in known else [True]


def _world(figures: Answer, follow: bool) -> Answer:
    if not follow:
        return figures
    return {measure: _with_silent(figures[measure]) for measure in MEASURES}


def _with_silent(one: Answer) -> Answer:
    if one["total"] is None or one["took"] is None:
        return one | {"took": None, "agree": None}
    silent = one["total"] - one["took"] - one["spoilt"]
    return one | {"took": one["took"] + silent, "agree": None if one["agree"] is None else one["agree"] + silent}


def _figures(document: Document) -> Answer:
    if "totals" in document:
        return {measure: _from_totals(document["totals"], measure) for measure in MEASURES}
    spoilt_takes_part = document.get("invalid_participates", False)
    choice_of = {ballot["voter"]: ballot["choice"] for ballot in document["ballots"]}
    held: dict[str, Fraction] = {}
    for row in document["roll"]:
        held[row["voter"]] = held.get(row["voter"], Fraction(0)) + Fraction(row["area"])
    taking_part = {"agree", "oppose", "abstain"} | ({"invalid"} if spoilt_takes_part else set())
    sums: Answer = {}
    for measure in MEASURES:
        weight = {voter: area if measure == "area" else Fraction(1) for voter, area in held.items()}

        def of(kinds: set[str], weight: dict[str, Fraction] = weight) -> Fraction:
            return sum((weight[voter] for voter in held if choice_of.get(voter, "silent") in kinds), Fraction(0))

        sums[measure] = {
            "total": sum(weight.values(), Fraction(0)),
            "took": of(taking_part),
            "agree": of({"agree"}),
            "spoilt": Fraction(0) if spoilt_takes_part else of({"invalid"}),
        }
    return sums


def _from_totals(totals: Document, measure: str) -> Answer:
    names = {"total": measure, "took": f"participating_{measure}", "agree": f"agree_{measure}"}
    known = {part: totals.get(name) for part, name in names.items()}
    return {part: None if value is None else Fraction(value) for part, value in known.items()} | {"spoilt": Fraction(0)}


def _decimals(document: Document) -> int:
    if "totals" in document:
        texts = [document["totals"].get(name) for name in ("area", "participating_area", "agree_area")]
    else:
        texts = [row["area"] for row in document["roll"]]
    return max([2, *(len(text.partition(".")[2]) for text in texts if text)])


_SHARES = {"三分之二": TWO_THIRDS, "一半": HALF, "四分之三": THREE_QUARTERS}
_LINE = re.compile(r"[①②③④] ..的..：(?P<told>算不出|够|不够)。(?P<rest>.*)")
_NUMBERS = re.compile(r".. (?P<have>[\d,.]+) .，占.*?(?P<of>[\d,.]+) .的 .*?要(?P<how>达到|超过)(?P<share>..+?)，就是")


def reread(explanation: str) -> str:
    """Return the verdict that follows from the numbers in the text alone: the words 够 and 不够 are checked, not believed."""
    outcomes: list[bool | None] = []
    for line in explanation.splitlines():
        if found := _LINE.fullmatch(line):
            outcomes.append(_reread_test(found["told"], found["rest"]))
    assert len(outcomes) == 4
    return _verdict(outcomes)


def _reread_test(told: str, rest: str) -> bool | None:
    if told == "算不出":
        return None
    found = _NUMBERS.match(rest)
    assert found, rest
    have, of = (Fraction(found[name].replace(",", "")) for name in ("have", "of"))
    passed = _passes(have, of, _SHARES[found["share"]], found["how"] == "达到")
    assert passed is (told == "够"), rest
    return passed

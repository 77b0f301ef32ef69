"""A decision as the page shows it: words, figures and the lengths of its bars."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from anju.papers.recount import Printed
from anju.rules.voting.areas import show_area, show_percentage
from anju.rules.voting.decision import Check, Decision, Measure, Verdict
from anju.rules.voting.explanation import (
    VERDICT_WORDS,
    explain,
    explain_basis,
    explain_beside,
    explain_test,
    subject,
    summarise,
)

MARKS = "①②③④"
BAR = 1000  # the whole of a bar, in the units of its drawing


@dataclass(frozen=True, slots=True)
class Bar:
    """One test: what it looks at, how it came out, one sentence, and its bar if it has numbers."""

    subject: str
    outcome: str
    passed: bool | None
    sentence: str
    basis: str
    label: str
    length: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that a result page or paper says."""

    title: str
    verdict: str
    passed: bool
    summary: str
    bars: tuple[Bar, ...]
    figures: tuple[tuple[str, str], ...]
    beside: tuple[str, ...]
    explanation: tuple[str, ...]
    document: str
    digest: str


def text_of(document: dict[str, Any]) -> str:
    """Return the document in one line: a form would change line breaks on their way."""
    return json.dumps(document, ensure_ascii=False)


def show(decision: Decision, *, title: str, document: str) -> Shown:
    lines = explain(decision).splitlines()
    return Shown(
        title=title,
        verdict=VERDICT_WORDS[decision.verdict],
        passed=decision.verdict is Verdict.PASSED,
        summary=summarise(decision),
        bars=tuple(_bar(mark, check, decision) for mark, check in zip(MARKS, decision.tests, strict=True)),
        figures=tuple(_figures(decision)),
        beside=tuple(line.strip() for line in explain_beside(decision)),
        explanation=tuple(lines[1:]),
        document=document,
        digest=hashlib.sha256(document.encode()).hexdigest(),
    )


def for_paper(shown: Shown) -> Printed:
    """Return what stands on paper: the tests once, as a table, and the rest of the explanation below."""
    return Printed(
        title=shown.title,
        verdict=shown.verdict,
        summary=shown.summary,
        tests=[(bar.subject, bar.outcome, bar.sentence, bar.basis) for bar in shown.bars],
        figures=shown.figures,
        beside=shown.beside,
        grounds=[shown.explanation[0], shown.explanation[-1]],
        digest=shown.digest,
    )


def _bar(mark: str, check: Check, decision: Decision) -> Bar:
    label, length = "", None
    if check.passed is not None and check.have is not None and check.of:
        label = f"{show_percentage(check.have, check.of)}，线在{check.threshold.words}"
        length = BAR * check.have // check.of
    return Bar(
        subject=f"{mark} {subject(check)}",
        outcome={True: "够", False: "不够", None: "算不出"}[check.passed],
        passed=check.passed,
        sentence=explain_test(check, decision).partition("：")[2].partition("。")[2],
        basis=explain_basis(check, decision),
        label=label,
        length=length,
        line=BAR * check.threshold.numerator // check.threshold.denominator,
    )


def _figures(decision: Decision) -> list[tuple[str, str]]:
    """Return heads and area of each group that is known, as they stand in the file."""
    groups = (
        ("全部", "total"),
        ("参加", "participating"),
        ("同意", "agree"),
        ("废票", "invalid"),
        ("没表决", "silent"),
    )
    return [
        (name, f"{_figure(decision, Measure.HEADS, part)}，{_figure(decision, Measure.AREA, part)}")
        for name, part in groups
        if part != "invalid" or decision.tally.heads.invalid
    ]


def _figure(decision: Decision, measure: Measure, part: str) -> str:
    tally = decision.tally
    figure: int | None = getattr(tally.heads if measure is Measure.HEADS else tally.area, part)
    unit = "人" if measure is Measure.HEADS else "㎡"
    if figure is None:
        return f"未知 {unit}"
    return f"{f'{figure:,}' if measure is Measure.HEADS else show_area(figure, tally.decimals)} {unit}"

"""Asking residents: how satisfied they are, and what may be shown of what they said (方案(一)2：公示征集、满意度调查).

Few answers point at persons: a figure below `LEAST` is not shown, nor one that could be worked out from what is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LEAST: Final = 5
LONGEST_ROUND: Final = 180  # days


class Level(StrEnum):
    """What may be answered to each question. UNKNOWN counts as an answer and never as satisfied."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"
    UNKNOWN = "unknown"


WORDS: Final[dict[Level, str]] = {
    Level.GOOD: "满意",
    Level.FAIR: "基本满意",
    Level.BAD: "不满意",
    Level.UNKNOWN: "不了解",
}
JUDGED: Final = (Level.GOOD, Level.FAIR, Level.BAD)
QUESTIONS: Final[tuple[str, ...]] = (
    "物业服务总的怎么样",
    "卫生保洁",
    "绿化",
    "电梯、路灯等公共设施",
    "停车秩序",
    "收费和账目公开",
    "报修、投诉处理",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of one question. `counts` lacks a level that is withheld; `satisfied` is in per mille of those who know.

    `sample`: how many answered this question. Below `LEAST` nothing but the sample is shown, and of it only that it is small.
    """

    sample: int
    counts: Mapping[Level, int]
    satisfied: int | None

    @property
    def enough(self) -> bool:
        return self.sample >= LEAST


def shown(counts: Mapping[Level, int]) -> Shown:
    """Return what may be shown of the counts of one question, so that no small number of a judgement can be worked out.

    不了解 is no judgement and is always told. A small judgement is withheld together with another: of 满意 and 基本满意 the other
    of the two, so that their sum and the rate may stay; else the smallest. Where even that gives it away nothing is shown.
    """
    full = {level: counts.get(level, 0) for level in Level}
    sample = sum(full.values())
    if sample < LEAST:
        return Shown(sample, {}, None)
    hidden = {level for level in JUDGED if 0 < full[level] < LEAST}
    while hidden and _given_away(full, hidden):
        rest = [level for level in JUDGED if full[level] and level not in hidden]
        if not rest:
            return Shown(sample, {}, None)
        hidden.add(min(rest, key=lambda level: (not _siblings(level, hidden), full[level])))
    return Shown(sample, {level: count for level, count in full.items() if level not in hidden}, _rate(full))


def _given_away(full: Mapping[Level, int], hidden: set[Level]) -> bool:
    """Say whether what is withheld follows from the sample: one level alone, or several that nobody can have more than one of."""
    return len(hidden) == 1 or sum(full[level] for level in hidden) == len(hidden)


def _siblings(level: Level, hidden: set[Level]) -> bool:
    return level is not Level.BAD and Level.BAD not in hidden


def _rate(full: Mapping[Level, int]) -> int | None:
    """Return satisfied and fairly satisfied among those who know, in per mille; None where either side is small."""
    good = full[Level.GOOD] + full[Level.FAIR]
    bad = full[Level.BAD]
    if good + bad < LEAST or 0 < bad < LEAST or 0 < good < LEAST:
        return None
    return (1000 * good + (good + bad) // 2) // (good + bad)


def tally(answers: Sequence[Mapping[str, str]], questions: int) -> list[dict[Level, int]]:
    """Count the answers to each question; `answers` map the question's number, as text, to a level. What is not one is left out."""
    found: list[dict[Level, int]] = [dict.fromkeys(Level, 0) for _ in range(questions)]
    for answer in answers:
        for number, level in answer.items():
            if number.isdecimal() and int(number) < questions and level in set(Level):
                found[int(number)][Level(level)] += 1
    return found

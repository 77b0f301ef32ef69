"""Who served a compound from when to when, told from what held about it. The plan asks who serves, 方案二(一)1; the fold is ours."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Held:
    """What held at one time: the company that a telling of `known_on` names, None where it says that no company serves."""

    company: int | None
    known_on: date


@dataclass(frozen=True, slots=True)
class Term:
    """One company at one compound. `starts_on` only where a source says it; without `ends_on` it serves today."""

    company: int
    known_on: date
    starts_on: date | None = None
    ends_on: date | None = None


def service_terms(held: Iterable[Held], *, taken_over_on: date | None = None) -> list[Term]:
    """Return the terms that follow from what held, in the order in which it came to hold.

    A new company closes the earlier term. A telling of an earlier day that holds now shows that the later one was wrong: its term goes.
    `taken_over_on` is the day on which the company of today took over, where a source says it.
    """
    chain: list[Held] = []
    for one in held:
        while chain and chain[-1].known_on >= one.known_on and chain[-1].company != one.company:
            chain.pop()
        if not chain or chain[-1].company != one.company:
            chain.append(one)
    ends = [*(one.known_on for one in chain[1:]), None]
    terms = [
        Term(one.company, one.known_on, ends_on=end)
        for one, end in zip(chain, ends, strict=False)
        if one.company is not None
    ]
    return _begun(terms, taken_over_on)


def _begun(terms: list[Term], taken_over_on: date | None) -> list[Term]:
    """Let the term of today begin on the day it was taken over, unless another company was told to serve after that day."""
    if not terms or terms[-1].ends_on is not None or taken_over_on is None:
        return terms
    before = terms[-2] if len(terms) > 1 else None
    if before is None:
        return [replace(terms[-1], starts_on=taken_over_on)]
    if taken_over_on < before.known_on or taken_over_on > terms[-1].known_on:
        return terms
    return [*terms[:-2], replace(before, ends_on=taken_over_on), replace(terms[-1], starts_on=taken_over_on)]

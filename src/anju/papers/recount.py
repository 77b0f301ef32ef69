"""A recounted vote on one page."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from anju.papers.typeset import pdf


@dataclass(frozen=True, slots=True)
class Printed:
    """What the page of a result says, in the words of that page. `tests` are subject, outcome, sentence and basis."""

    title: str
    verdict: str
    summary: str
    tests: Sequence[tuple[str, str, str, str]]
    figures: Sequence[tuple[str, str]]
    beside: Sequence[str]
    grounds: Sequence[str]
    digest: str


def recount_pdf(result: Printed, *, on: date, trial: bool) -> bytes:
    """Return the result on one A4 page, with the digest that ties it to its recount file."""
    return pdf("recount.typ", {**asdict(result), "printed": str(on)}, trial=trial)

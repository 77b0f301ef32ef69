"""Papers of a round (公示征集、满意度调查): the poster, the picture sent round in a group, the slips for households."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from anju.papers.codes import qr_svg
from anju.papers.typeset import pdf, png

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked in one compound. `address` is where the code leads."""

    compound: str
    title: str
    question: str
    kind: str
    closes_on: date
    address: str

    @property
    def closing(self) -> str:
        day = self.closes_on
        return f"{day.month}月{day.day}日（星期{WEEKDAYS[day.weekday()]}）"


def poster_pdf(asked: Asked, *, paper: str, trial: bool) -> bytes:
    """Return the poster as PDF on `paper`, "a4" or "a3"."""
    return pdf("round.typ", _data(asked, paper), trial=trial)


def share_card(asked: Asked, *, trial: bool) -> bytes:
    """Return a PNG of 1080 by 1440 points, to be sent round in a group."""
    return png("round.typ", _data(asked, "card"), trial=trial, ppi=144)


def slips_pdf(asked: Asked, slips: Sequence[tuple[int, str]], *, trial: bool) -> bytes:
    """Return slips, four an A4 page: number, code and the address that carries the code."""
    data = _data(asked, "a4") | {
        "slips": [
            {"serial": serial, "code": f"{code[:5]}-{code[5:]}", "qr": qr_svg(f"{asked.address}?slip={code}")}
            for serial, code in slips
        ]
    }
    return pdf("slips.typ", data, trial=trial)


def _data(asked: Asked, paper: str) -> dict[str, object]:
    return {
        "paper": paper,
        "compound": asked.compound,
        "title": asked.title,
        "question": asked.question,
        "kind": asked.kind,
        "closing": asked.closing,
        "address": asked.address,
        "qr": qr_svg(asked.address),
    }

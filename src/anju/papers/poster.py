"""小区信息公开栏: a poster with the QR code of a compound's card and what is public on the day of printing; one page a compound."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from anju.papers.codes import qr_svg
from anju.papers.typeset import pdf

Line = tuple[str, str, bool]  # name, value in words, whether it is known


@dataclass(frozen=True, slots=True)
class Poster:
    """One compound: its name, where it lies, the address its code leads to, and the public lines under their headings."""

    name: str
    place: str
    address: str
    groups: Sequence[tuple[str, Sequence[Line]]]


def poster_pdf(posters: Sequence[Poster], *, paper: str, phone: str, on: date, trial: bool) -> bytes:
    """Return the posters as one PDF on `paper`, "a4" or "a3". No `phone`: its place stays visibly empty, 〔待填〕."""
    data = {
        "paper": paper,
        "phone": phone,
        "printed": f"{on.year}年{on.month}月{on.day}日",
        "posters": [
            {
                "name": one.name,
                "place": one.place,
                "address": one.address,
                "qr": qr_svg(one.address),
                "groups": [
                    {"heading": heading, "lines": [list(line) for line in lines]} for heading, lines in one.groups
                ],
            }
            for one in posters
        ],
    }
    return pdf("poster.typ", data, trial=trial)

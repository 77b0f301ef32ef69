"""Reading `cases.md`: the hand-worked cases as rows of named cells."""

from pathlib import Path
from typing import Any

TEXT = (Path(__file__).parent / "cases.md").read_text("utf-8")
CHOICES = {"+": "agree", "-": "oppose", "0": "abstain", "x": "invalid", ".": "silent"}
OUTCOMES: dict[str, bool | None] = {"✓": True, "✗": False, "?": None}
Row = dict[str, str]


def table(section: str) -> list[Row]:
    """Return the rows of the one table below a heading."""
    body = TEXT.split(f"\n## {section}\n")[1].split("\n## ")[0]
    lines = [_cells(line) for line in body.splitlines() if line.startswith("|")]
    names = lines[0]
    return [dict(zip(names, cells, strict=True)) for cells in lines[2:]]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def outcomes(marks: str) -> list[bool | None]:
    return [OUTCOMES[mark] for mark in marks]


def pair(cell: str) -> tuple[str | None, int | None]:
    """Return area and heads of `area / heads`."""
    area, heads = (part.strip() for part in cell.split("/"))
    return (None if area == "?" else area), (None if heads == "?" else int(heads))


def document_of_totals(row: Row) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for prefix, column in (("", "all"), ("participating_", "took part"), ("agree_", "agreed")):
        area, heads = pair(row[column])
        figures |= {f"{prefix}heads": heads, f"{prefix}area": area}
    return _head(row["matter"], row["profile"], "") | {"totals": figures}


def document_of_roll(row: Row) -> dict[str, Any]:
    ballots = [{"voter": part[:-1], "choice": CHOICES[part[-1]]} for part in row["ballots"].split()]
    return _head(row["matter"], "civil-code-278", row["flags"]) | {"roll": roll(row["roll"]), "ballots": ballots}


def roll(name: str) -> list[dict[str, str]]:
    """Return a named roll: `R: unit area voter; ...`."""
    line = next(line for line in TEXT.splitlines() if line.startswith(f"{name}: "))
    parts = [part.split() for part in line.removeprefix(f"{name}: ").split(";")]
    return [{"unit": unit, "area": area, "voter": voter} for unit, area, voter in parts]


def _head(matter: str, profile: str, flags: str) -> dict[str, Any]:
    return {
        "format": "anju-recount/1",
        "matter": matter,
        "profile": profile,
        "silent_counts_with_majority": "silent" in flags,
        "invalid_participates": "invalid" in flags,
    }

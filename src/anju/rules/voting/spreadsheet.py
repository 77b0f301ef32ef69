"""An owner's spreadsheet (房号, 面积, 业主, 意见) as a roll and its ballots.

It is tidied where only one thing can be meant, and never guessed at.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from anju.rules.voting.areas import parse_area
from anju.rules.voting.counting import Choice
from anju.rules.voting.recount_format import is_name

Row = Sequence[str]
COLUMNS = ("unit", "area", "voter", "choice")
MOST_FAULTS = 20
_HEAD_WITHIN = 5  # a title and a date may stand above the names of the columns
# Looked for in this order: 业主意见 is a choice, 表决人 a voter.
_HEADINGS = {
    "area": ("面积",),
    "choice": ("意见", "选择", "投票", "表决结果", "表决情况"),
    "voter": ("业主", "姓名", "产权人", "权利人", "表决人"),
    "unit": ("房号", "房屋", "门牌", "户号", "室号", "单元"),
}
_CHOICES = {
    Choice.AGREE: ("同意", "赞成"),
    Choice.OPPOSE: ("反对", "不同意"),
    Choice.ABSTAIN: ("弃权",),
    Choice.INVALID: ("废票", "无效", "无效票"),
    Choice.SILENT: ("未表决", "没表决", "未投", "没投", "未投票", "没投票", "未参加", "未交", "—", "-"),
}
_CHOICE_OF = {word: choice for choice, words in _CHOICES.items() for word in (choice.value, *words)}
_SUMS = frozenset({"合计", "总计", "小计"})
_AREA_UNIT = re.compile(r"(㎡|m2|平方米|平米)$", re.IGNORECASE)
_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")


class Fault(StrEnum):
    """What is wrong with a line, or with the table."""

    NO_LINES = "no_lines"
    COLUMN_MISSING = "column_missing"
    UNIT_WRONG = "unit_wrong"
    VOTER_WRONG = "voter_wrong"
    AREA_WRONG = "area_wrong"
    CHOICE_WRONG = "choice_wrong"
    UNIT_REPEATED = "unit_repeated"
    CHOICES_DIFFER = "choices_differ"


@dataclass(frozen=True, slots=True)
class Found:
    """A fault with the spreadsheet's own line number (0 is the whole table) and the text that stands there."""

    fault: Fault
    line: int
    text: str


class BadTable(ValueError):
    """A table that is no roll. `found` lists its faults, `MOST_FAULTS` at most."""

    def __init__(self, found: Sequence[Found]) -> None:
        super().__init__(found)
        self.found = tuple(found[:MOST_FAULTS])


@dataclass(slots=True)
class Table:
    """Roll and ballots in the words of the recount file; how many lines had no choice of their own beside another's."""

    roll: list[dict[str, str]] = field(default_factory=list)
    ballots: list[dict[str, str]] = field(default_factory=list)
    filled: int = 0


def read_table(rows: Sequence[Row]) -> Table:
    """Return the roll and one ballot for each voter who has a choice. Raises `BadTable`.

    The same text in the column of owners is one voter (解释 9 counts several units of one buyer as one person), whose lines
    must not differ: one owner has one opinion on a matter. A line without a choice goes with the owner's other lines.
    """
    places, first = _columns(rows)
    table, faults = Table(), list[Found]()
    choices: dict[str, Choice] = {}
    units: set[str] = set()
    blank: list[str] = []
    for number, row in enumerate(rows[first:], start=first + 1):
        cells = {name: _cell(row, place, name) for name, place in places.items()}
        if not any(cells.values()) or cells["unit"] in _SUMS:
            continue
        wrong = list(_faults(cells, number, units, choices))
        faults += wrong
        if wrong:
            continue
        units.add(cells["unit"])
        table.roll.append({"unit": cells["unit"], "area": _area(cells["area"]), "voter": cells["voter"]})
        if cells["choice"]:
            choices[cells["voter"]] = _CHOICE_OF[cells["choice"]]
        else:
            blank.append(cells["voter"])
    if faults or not table.roll:
        raise BadTable(faults or [Found(Fault.NO_LINES, 0, "")])
    table.ballots = [{"voter": voter, "choice": choice.value} for voter, choice in choices.items()]
    table.filled = sum(voter in choices for voter in blank)
    return table


def _columns(rows: Sequence[Row]) -> tuple[dict[str, int], int]:
    """Return where each column stands and the first line of the roll; without headings the order is that of `COLUMNS`."""
    for number, row in enumerate(rows[:_HEAD_WITHIN]):
        named: dict[str, int] = {}
        for place, cell in enumerate(row):
            if (name := _heading(_tidy(cell))) and name not in named:
                named[name] = place
        if len(named) > 1:
            missing = [name for name in COLUMNS if name not in named]
            if missing:
                raise BadTable([Found(Fault.COLUMN_MISSING, number + 1, name) for name in missing])
            return named, number + 1
    return {name: place for place, name in enumerate(COLUMNS)}, 0


def _cell(row: Row, place: int, name: str) -> str:
    if place >= len(row):
        return ""
    text = row[place]
    if "\t" in text or ("\n" in text and "," in text):  # a quotation mark that was left open swallowed other cells
        return text
    return _tidy(text, "NFC" if name == "voter" else "NFKC")


def _heading(text: str) -> str | None:
    for name, words in _HEADINGS.items():
        if any(word in text for word in words):
            return name
    return None


def _faults(cells: dict[str, str], line: int, units: set[str], choices: dict[str, Choice]) -> Iterator[Found]:
    unit, voter = cells["unit"], cells["voter"]
    if not is_name(unit):
        yield Found(Fault.UNIT_WRONG, line, unit)
    elif unit in units:
        yield Found(Fault.UNIT_REPEATED, line, unit)
    if not is_name(voter):
        yield Found(Fault.VOTER_WRONG, line, voter)
    if _area(cells["area"]) == "":
        yield Found(Fault.AREA_WRONG, line, cells["area"])
    choice = _CHOICE_OF.get(cells["choice"])
    if choice is None and cells["choice"]:
        yield Found(Fault.CHOICE_WRONG, line, cells["choice"])
    if choice is not None and choices.get(voter, choice) is not choice:
        yield Found(Fault.CHOICES_DIFFER, line, voter)


def _tidy(text: str, form: Literal["NFC", "NFKC"] = "NFKC") -> str:
    """Full-width digits and letters become plain ones (not in a person's name), runs of space one space."""
    return " ".join(unicodedata.normalize(form, text).split())


def _area(text: str) -> str:
    """Return the area as the recount file writes it, or nothing. 1,234.5 and 88.5㎡ can mean only one thing."""
    plain = _AREA_UNIT.sub("", text).strip()
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    try:
        parse_area(plain)
    except ValueError:
        return ""
    return plain

"""Where a list's heading is, one row or two, and which column means what: proposed with a confidence and its reason, never settled."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from anju.rules.lists.catalogue import Catalogue, Column, Indicator
from anju.rules.lists.cells import read_cell
from anju.rules.lists.points import system_of
from anju.rules.lists.readings import Doubtful, Known, Rejected
from anju.rules.lists.text import Cell, cell_text, plain

WITHIN: Final = 20
SAMPLES: Final = 200
REMEMBERED, SAME, SYNONYM, PART, ALIKE, CONTRADICTED, UNKNOWN = (
    "remembered", "same_name", "synonym", "part_of_name", "values_alike", "values_contradict", "unknown",
)  # fmt: skip
_CONFIDENCE: Final = {REMEMBERED: 99, SAME: 98, SYNONYM: 95, ALIKE: 50, CONTRADICTED: 65, UNKNOWN: 0}
_BOXED: Final = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_UNIT: Final = re.compile(r"万?(?:m2|平方米|平米)|亩|公顷|%")
_ORDINAL: Final = re.compile(r"^(?:[一二三四五六七八九十]+、|\d{1,2}[.、)])")
_ASKS: Final = re.compile("是否|有无|是不是")
_TELLING: Final = {
    "point": re.compile(r"\d{2,3}\.\d{3,}\s*,"),
    "fee": re.compile(r"元.{0,3}(?:m2|平)"),
    "phone": re.compile(r"^1[3-9]\d{9}$"),
}
_FORESEEN: Final = 2000  # the year that samples are read with: only their shape matters


@dataclass(frozen=True, slots=True)
class Match:
    """What one column is taken for: `code` of the catalogue, empty for none; `confidence` in hundredths, for `reason`.

    `unit` is what the heading says figures are in, or the system of coordinates.
    """

    position: int
    heading: str
    code: str
    confidence: int
    reason: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """The heading: its first row counted from 0, how many rows it takes, and its columns."""

    first: int
    height: int
    matches: tuple[Match, ...]

    @property
    def data(self) -> int:
        """The first row of data, counted from 0."""
        return self.first + self.height


def find_header(
    rows: Sequence[Sequence[Cell]], catalogue: Catalogue, remembered: Mapping[str, str] | None = None
) -> Header | None:
    """Return the heading among the first rows; None where nothing names compounds or at least two columns are unknown.

    `remembered`: what people corrected before, heading as `heading_key` makes it to code, "" for a column not to import.
    """
    best: tuple[int, int, int] | None = None
    for first in range(min(len(rows), WITHIN)):
        for height in (1, 2) if first + 1 < WITHIN else (1,):
            score = _score(rows, first, height, catalogue, remembered or {})
            if score and (best is None or score > best[0]):
                best = (score, first, height)
    if best is None:
        return None
    _, first, height = best
    headings = _headings(rows, first, height, catalogue, remembered or {})
    data = rows[first + height :]
    samples = data[:: len(data) // SAMPLES + 1]
    matches = [match_column(at, one, samples, catalogue, remembered) for at, one in enumerate(headings)]
    return Header(first, height, _without_weaker(matches))


def _without_weaker(matches: Sequence[Match]) -> tuple[Match, ...]:
    """Where one column bears a name outright, another that only contains it is something else: 商铺物业费 beside 物业费."""
    sure = {match.code for match in matches if match.reason in {REMEMBERED, SAME, SYNONYM}}
    return tuple(
        replace(match, code="", confidence=0, reason=UNKNOWN) if match.reason == PART and match.code in sure else match
        for match in matches
    )


def heading_key(heading: str) -> str:
    """Return a heading without spaces, colons, stars, ordinals and what stands in brackets: 容 积 率： is 容积率."""
    text = _BOXED.sub("", plain(heading))
    return _ORDINAL.sub("", re.sub(r"[\s*:·]", "", text)).lower()


def match_column(
    position: int,
    heading: str,
    samples: Sequence[Sequence[Cell]],
    catalogue: Catalogue,
    remembered: Mapping[str, str] | None = None,
) -> Match:
    """Return what a column is taken for, by its heading first and by its values second."""
    key = heading_key(heading)
    code, reason, confidence = _named(key, catalogue, remembered or {})
    texts = [cell_text(row[position]).strip() for row in samples if position < len(row)]
    filled = [text for text in texts if text]
    match = Match(position, heading.strip(), code, confidence, reason, _unit(heading, code, catalogue))
    if reason == REMEMBERED:
        return match
    if not code:
        return _by_values(match, filled, catalogue)
    column = catalogue.by_code[code]
    if column.type in {"name", "ignored"} or not _contradict(filled, column, match.unit):
        return match
    return replace(match, confidence=_CONFIDENCE[CONTRADICTED], reason=CONTRADICTED)


def _named(key: str, catalogue: Catalogue, remembered: Mapping[str, str]) -> tuple[str, str, int]:
    if key in remembered:
        return remembered[key], REMEMBERED, _CONFIDENCE[REMEMBERED]
    code = catalogue.headings.get(key, "")
    if code:
        reason = SAME if catalogue.by_code[code].headings[0].lower() == key else SYNONYM
        return code, reason, _CONFIDENCE[reason]
    return _part(key, catalogue)


def _part(key: str, catalogue: Catalogue) -> tuple[str, str, int]:
    """The longest known heading inside this one; the more of it that is, the surer. A heading ends in what it is about,
    and one that asks 是否 is about an answer.
    """
    inside = [known for known in catalogue.headings if len(known) > 1 and known in key]
    if not inside:
        return "", UNKNOWN, 0
    longest = max(inside, key=lambda known: (key.endswith(known), len(known), known))
    code = catalogue.headings[longest]
    confidence = 40 + 45 * len(longest) // len(key) + (5 if key.endswith(longest) else -10)
    if confidence < 60 or (_ASKS.match(key) and catalogue.by_code[code].type != "answer"):
        return "", UNKNOWN, 0
    return code, PART, confidence


def _unit(heading: str, code: str, catalogue: Catalogue) -> str:
    """Return what the heading says about figures: 总建筑面积(万㎡)."""
    if code and catalogue.by_code[code].type in {"point", "longitude", "latitude"}:
        return system_of(heading)
    boxed = _BOXED.search(plain(heading))
    found = _UNIT.fullmatch(boxed[1].strip()) if boxed else None
    return found[0] if found else ""


def _contradict(filled: Sequence[str], column: Column | Indicator, unit: str) -> bool:
    """Tell whether most of the values cannot be what the heading says."""
    readings = [read_cell(text, column.type, latest=_FORESEEN, unit=unit, zero=column.zero) for text in filled]
    said = [one for one in readings if isinstance(one, Known | Doubtful | Rejected)]
    wrong = [one for one in said if isinstance(one, Doubtful) and one.reason in {"wrong_kind", "unreadable"}]
    return len(said) > 2 and 2 * len(wrong) > len(said)


def _by_values(match: Match, filled: Sequence[str], catalogue: Catalogue) -> Match:
    """A column whose heading says nothing can still be told by values that look like nothing else."""
    for type_, shape in _TELLING.items():
        told = [text for text in filled if shape.search(plain(text))]
        code = next((one.code for one in catalogue.by_code.values() if one.type == type_), "")
        if code and len(told) > 2 and 5 * len(told) >= 4 * len(filled):
            return replace(match, code=code, confidence=_CONFIDENCE[ALIKE], reason=ALIKE)
    return match


def _score(
    rows: Sequence[Sequence[Cell]], first: int, height: int, catalogue: Catalogue, remembered: Mapping[str, str]
) -> int:
    """Count what the rows head, names known outright double. Two rows must head more than either alone."""
    headings = _headings(rows, first, height, catalogue, remembered)
    if not headings:
        return 0
    named = [_named(heading_key(heading), catalogue, remembered) for heading in headings]
    codes = {code for code, _, _ in named if code}
    sure = sum(reason in {REMEMBERED, SAME, SYNONYM} for _, reason, _ in named)
    if ("name" not in codes and len(codes) < 2) or not sure:
        return 0
    return 100 * (len(codes) + sure) - first - 10 * height


def _headings(
    rows: Sequence[Sequence[Cell]], first: int, height: int, catalogue: Catalogue, remembered: Mapping[str, str]
) -> list[str]:
    """Return the headings of one row, or of two: the lower one, with the merged one above it where that makes it known."""
    upper = [cell_text(cell) for cell in rows[first]]
    if height == 1:
        return upper
    if first + 1 >= len(rows):
        return []
    lower = [cell_text(cell) for cell in rows[first + 1]]
    if any(re.search(r"\d", text) for text in lower) or not any(text.strip() for text in lower):
        return []
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    headings, above = [], ""
    for up, low in zip(upper, lower, strict=True):
        above = up.strip() or above
        headings.append(_joined(up.strip(), above, low.strip(), catalogue, remembered))
    return headings


def _joined(up: str, above: str, low: str, catalogue: Catalogue, remembered: Mapping[str, str]) -> str:
    """A merged cell stands over several columns; where the lower row is blank the upper one speaks for its own column only."""
    if not low:
        return up
    both = f"{above}{low}"
    known = (catalogue.headings, remembered)
    keys = heading_key(both), heading_key(low)
    return both if any(keys[0] in names for names in known) or not any(keys[1] in names for names in known) else low

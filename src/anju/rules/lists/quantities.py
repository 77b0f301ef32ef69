"""Amounts with their units in a cell: floor area, households, buildings, bays, percentages, ratios, years of title.

A unit belongs to a family; a cell of one column that holds only amounts of another family (8栋 under 户数) was most likely shifted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from anju.rules.lists.figures import ABOUT, NEARLY, NUMBER, NUMERAL, TO, Figure, figure, numeral
from anju.rules.lists.readings import Doubtful, Known, Missing, Number, Placeholder, Reading, Unit
from anju.rules.lists.text import idle_words, is_spoiled, said_nothing, says_none

# Family -> unit as plain text writes it -> what one of it is in the steps of the family's `Unit`, as a fraction.
FAMILIES: Final[dict[str, dict[str, tuple[int, int]]]] = {
    "area": {
        **dict.fromkeys(("平方公里", "km2"), (10**8, 1)),
        "公顷": (10**6, 1),
        "亩": (200_000, 3),
        **dict.fromkeys(("平方米", "平米", "平方", "m2", "m²", "方", "平"), (100, 1)),
    },
    "households": dict.fromkeys(("住户", "户", "套", "家"), (1, 1)),
    "buildings": dict.fromkeys(("栋楼", "栋", "幢", "座", "号楼", "#楼", "#"), (1, 1)),
    "storeys": dict.fromkeys(("层楼", "层", "F"), (1, 1)),
    "bays": dict.fromkeys(("个停车位", "个车位", "停车位", "车位", "个", "位", "辆", "席"), (1, 1)),
    "lifts": dict.fromkeys(("台", "部"), (1, 1)),
    "persons": dict.fromkeys(("人", "名"), (1, 1)),
    "terms": dict.fromkeys(("届",), (1, 1)),
    "percent": dict.fromkeys(("%",), (100, 1)),
    "term": dict.fromkeys(("周年", "年"), (1, 1)),
    "money": dict.fromkeys(("元",), (100, 1)),
    "ratio": {},
}
UNITS: Final = {"area": Unit.AREA, "ratio": Unit.RATIO, "percent": Unit.PERCENT, "term": Unit.YEARS}
BARE: Final = {
    "area": (100, 1),
    "ratio": (1000, 1),
    "percent": (100, 1),
}  # what a figure without a unit is under its column

_FAMILY_OF: Final = {unit: family for family, units in FAMILIES.items() for unit in units}
_UNIT: Final = "|".join(re.escape(unit) for unit in sorted(_FAMILY_OF, key=len, reverse=True))
_AMOUNT: Final = re.compile(
    rf"(?P<about>{ABOUT})?\s*(?P<low>{NUMBER})(?:\s*(?:{_UNIT})?{TO}(?P<high>{NUMBER}))?\s*"
    rf"(?P<power>[百千万亿])?\s*(?P<nearly>{NEARLY})?\s*(?:\((?P<boxed>{_UNIT})\)|(?P<unit>{_UNIT}))?\s*(?P<after>{NEARLY})?"
)
_USUAL: Final = re.compile(rf"(?P<number>{NUMBER})\s*(?P<unit>{_UNIT})?")
# Possessive: 个停车位 is one unit or two, and trying both ways in a long run of them would never end.
_ONLY_UNITS: Final = re.compile(rf"(?:{_UNIT}|[()\s/·.万])++")
_NUMERALS: Final = re.compile(rf"{NUMERAL}(?=\s*(?:栋|幢|座|层))")
_TERM: Final = re.compile(
    rf"(?:第?(?:(?P<numeral>{NUMERAL})|(?P<figure>\d{{1,2}}))届|(?P<first>首届))(?:业主委员会|业委会)?"
)
_LETTERS: Final = re.compile(rf"(?=.*\d)([\dOoIl]*[OoIl][\dOoIl]*)\s*(?:{_UNIT})?")
_TOTAL: Final = re.compile("总|共|合计|规划")
_PART: Final = re.compile("其中|含|当期|首推|[一二三四五六七八九1-9]期|住宅|商[铺业住]|公寓|别墅|洋房|高层|多层")
_OPENS: Final = re.compile(r"[(:]|其中|含")
_IDLE: Final = re.compile(
    rf"{_PART.pattern}|住宅|普通|商品房|产权|从开发商拿地时算起|使用年限|[小高多]层|[电楼]梯?房?|板楼|塔楼|组成|[的由和及]"
)
_LONGEST_TERM: Final = 99
_FILLER: Final = re.compile(
    r"总(?:户|栋|幢|车位|建筑面积|面积)?数?量?|共有?|总共|合计|共计|为|达|约|有|户数|面积|楼?栋数|幢数|(?:小区|机动车?)?停?车位(?:总?数量?)?"
    r"|绿化率|容积率|得房率|建筑|占地|建面|[\s:、,;。.()~]"
)
_ORGANISATION: Final = re.compile("公司|集团|地产|房产|置业|投资|控股|开发商|实业|开发有|中心$")
_REMARK: Final = re.compile(r"\([^()\d]{1,20}\)$")


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount in a text: `family` is empty without a unit, `before` and `after` reach to the amounts beside it."""

    low: Figure
    high: Figure
    family: str
    unit: str
    power: str
    approximate: bool
    before: str
    after: str

    def number(self, family: str) -> Number:
        """Return the amount as a number of a family; without a unit of its own it takes the column's."""
        by, per = FAMILIES[family].get(self.unit, BARE.get(family, (1, 1)))
        low, high = sorted((self.low.scaled(by, per), self.high.scaled(by, per)))
        given = self.power + self.unit if family == "area" and (self.power or by != 100) else ""
        return Number(low, high, UNITS.get(family, Unit.COUNT), self.approximate or self.unit == "亩", given)


def read_quantity(text: str, family: str, *, zero: bool = False, none: bool = False) -> Reading:
    """Read a plain text as one amount of a family.

    `zero`: nought is an answer, not a placeholder; `none`: so is 无.
    """
    text = _ordinal(text) if family == "terms" else text
    if (usual := _USUAL.fullmatch(text)) and _FAMILY_OF.get(usual["unit"], family) == family:
        return _single(text, _usual(usual), family, "", zero=zero)
    if nothing := said_nothing(text, _ONLY_UNITS):
        other = _FAMILY_OF.get(text, family)
        return nothing if other == family else Doubtful("wrong_kind", found=other)
    if says_none(text):
        return Known(Number(0, 0, UNITS.get(family, Unit.COUNT))) if none else Missing(text)
    if doubt := idle_words(text) or _letters(text, family):
        return doubt
    if is_spoiled(text):
        return Doubtful("number_spoiled_here")
    if _ORGANISATION.search(text) and not re.search(rf"\d\s*(?:{_UNIT})", text):
        return Doubtful("wrong_kind", found="organisation")
    note = found[0] if (found := _REMARK.search(text)) else ""
    amounts, rest = amounts_of(text.removesuffix(note))
    return _among(text, amounts, rest, family, note, zero=zero)


def _ordinal(text: str) -> str:
    """第二届业委会 is the second; whatever is no ordinal stays as it is."""
    found = _TERM.fullmatch(text)
    if not found:
        return text
    number = 1 if found["first"] else found["figure"] or numeral(found["numeral"])
    return text if number is None else str(number)


def amounts_of(text: str) -> tuple[list[Amount], str]:
    """Return the amounts in a plain text, and what of it is neither amount nor filler."""
    text = _NUMERALS.sub(_as_digits, text)
    found = list(_AMOUNT.finditer(text))
    ends = [0, *(one.end() for one in found)]
    starts = [*(one.start() for one in found), len(text)]
    rest = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    amounts = [_amount(one, rest[at], rest[at + 1]) for at, one in enumerate(found)]
    return amounts, _ONLY_UNITS.sub("", _FILLER.sub("", " ".join(rest)))


def _as_digits(found: re.Match[str]) -> str:
    number = numeral(found[0])
    return found[0] if number is None else str(number)


def _amount(found: re.Match[str], before: str, after: str) -> Amount:
    unit = found["boxed"] or found["unit"] or ""
    power = found["power"] or ""
    low = figure(found["low"], power)
    high = figure(found["high"], power) if found["high"] else low
    return Amount(
        low,
        high,
        _FAMILY_OF.get(unit, ""),
        unit,
        power,
        approximate=bool(found["about"] or found["nearly"] or found["after"]),
        before=before,
        after=after,
    )


def _usual(found: re.Match[str]) -> Amount:
    """A figure with or without its unit and nothing else, as nearly all cells are."""
    low, unit = figure(found["number"]), found["unit"] or ""
    return Amount(low, low, _FAMILY_OF.get(unit, ""), unit, "", approximate=False, before="", after="")


def _letters(text: str, family: str) -> Doubtful | None:
    """3O is most likely 30."""
    found = _LETTERS.fullmatch(text)
    if not found:
        return None
    mended = found[1].translate(str.maketrans("OoIl", "0011")) + text[found.end(1) :]
    amounts, _ = amounts_of(mended)
    return Doubtful("letter_in_number", amounts[0].number(family))


def _among(text: str, amounts: list[Amount], rest: str, family: str, note: str, *, zero: bool) -> Reading:
    if not amounts:
        return Doubtful("unreadable")
    if text.startswith("-"):
        return Doubtful("negative")
    own = [amount for amount in amounts if amount.family == family]
    bare = [amount for amount in amounts if not amount.family]
    if not own and (not bare or amounts[0].family):
        return Doubtful("wrong_kind", found=amounts[0].family)
    if len(amounts) == 1 and not rest:
        return _single(text, amounts[0], family, note, zero=zero)
    if amounts[0] not in own:
        own = [amount for amount in amounts if amount in own or amount in bare]
    return _several(text, amounts, own, family, rest)


def _single(text: str, amount: Amount, family: str, note: str, *, zero: bool) -> Reading:
    if not zero and not amount.low.digits and not amount.high.digits:
        return Placeholder(text)
    if family not in UNITS and not all(end.is_whole(1) for end in (amount.low, amount.high)):
        return Doubtful("not_whole", amount.number(family))
    return Known(amount.number(family), note)


def _several(text: str, amounts: list[Amount], own: Sequence[Amount], family: str, rest: str) -> Reading:
    """Find the amount that stands for the whole: the only one, one called total, or one whose parts follow in brackets."""
    totals = [amount for amount in own if _TOTAL.search(amount.before)]
    if len(own) > 1 and not totals and not _agree(own, family) and not _opens_parts(own):
        return Doubtful("several_values")
    chosen = totals[0] if totals else own[0]
    number = chosen.number(family)
    if not number.high or (family == "term" and number.high > _LONGEST_TERM):
        return Doubtful("unreadable")
    others = [one for one in amounts if one is not chosen and not (family == "buildings" and one.family == "storeys")]
    told = chosen is amounts[0] and all(_PART.search(one.before) for one in others)
    if (told or _agree(amounts, family)) and not _IDLE.sub("", rest):
        return Known(number, text)
    return Doubtful("has_remark", number)


def _opens_parts(own: Sequence[Amount]) -> bool:
    """2394(一期738、住宅734) is one figure and its parts; 3栋多层和6栋高层 are two figures."""
    return _OPENS.search(own[1].before) is not None and not _PART.search(own[0].before)


def _agree(amounts: Sequence[Amount], family: str) -> bool:
    """Tell whether all say the same, as 17446.56㎡（约26.2亩） does: within two in a hundred. Two equal counts are not one."""
    if family != "area":
        return len(amounts) == 1
    numbers = [one.number(family) for one in amounts if one.family == family or not one.family]
    ends = [end for number in numbers for end in (number.low, number.high)]
    return len(numbers) == len(amounts) and 100 * (max(ends) - min(ends)) <= 2 * max(ends)

"""Parking bays are told in sentences: a total, parts above and below ground, bicycles beside cars, a ratio, a price."""

import re
from dataclasses import replace
from typing import Final

from anju.rules.lists.quantities import Amount, amounts_of, read_quantity
from anju.rules.lists.readings import Doubtful, Known, Missing, Number, Reading

_OPEN: Final = {"has_remark", "several_values", "unreadable"}
_RATIO: Final = re.compile(
    r"(?:车位|停车|人车|户)*(?:配?比例?|配置?)?(?:约为|约|为|是|接近|将近|达到|:)*\s*"
    r"\d+(?:\.\d+)?\s*(?::|/|比)\s*\d+(?:\.\d+)?(?:\s*个)?(?:的?车位配比|设计)?"
    r"|(?:平均)?每户(?:平均)?约?\s*\d+(?:\.\d+)?\s*个?(?:机动)?(?:停?车位)?"
)
_PRICE: Final = re.compile(r"\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)?\s*万?元(?:\s*[/每·]*\s*[个位月辆天年])*")
_CUT: Final = re.compile(r"[、;。,()+:/\s]+")
_MINOR: Final = re.compile("非机动|电动|电瓶|摩托|自行车|单车")
_TOTAL: Final = re.compile("总|共|合计")
_PLACE: Final = re.compile("地[上下面库]|室[内外]|露天|架空")
_TELLING: Final = re.compile(rf"{_MINOR.pattern}|{_TOTAL.pattern}|{_PLACE.pattern}|机动|车")
_PHASE: Final = re.compile("[一二三四五六七八九十1-9]期|组团|[每/]|首推|地块|产权|剩|户数")
_BAYS: Final = re.compile("车[位库]|停车|机动|[个位辆席]|地[上下面]|人车|比例")


def read_bays(text: str, *, zero: bool = False) -> Reading:
    """Read a plain text as the number of bays for cars. Parts by place add up to it; bicycles and ratios do not count.

    Where bays are described and not counted, nothing is known about their number.
    """
    first = read_quantity(text, "bays", zero=zero, none=zero)
    if (
        not isinstance(first, Doubtful)
        or first.reason not in _OPEN
        or not (_BAYS.search(text) or _RATIO.fullmatch(text))
    ):
        return first
    told = _PRICE.sub(" ", _RATIO.sub(" ", text))
    amounts = [one for one in amounts_of(told)[0] if one.family != "storeys" and not _MINOR.search(_label(one))]
    if not amounts:
        return Missing(text)
    if _PHASE.search(told) or any(one.family not in {"", "bays"} for one in amounts):
        return first
    chosen = _chosen([one.number("bays") for one in amounts], amounts)
    return Known(chosen, text) if chosen else Doubtful("several_values")


def _label(amount: Amount) -> str:
    """Return the words that tell what an amount counts: before it (地下停车位 62个) or, where none are, behind it (62个地下停车位)."""
    before = _CUT.split(amount.before.rstrip(" :"))[-1]
    return before if _TELLING.search(before) else _CUT.split(amount.after)[0]


def _chosen(numbers: list[Number], amounts: list[Amount]) -> Number | None:
    """Return the total where one is named, else the first that is no part, else the sum of parts that each lie elsewhere."""
    labels = [_label(one) for one in amounts]
    whole = [number for number, label in zip(numbers, labels, strict=True) if not _PLACE.search(label)]
    totals = [number for number, label in zip(numbers, labels, strict=True) if _TOTAL.search(label)]
    if totals or len(whole) == 1:
        return totals[0] if totals else whole[0]
    places = {place[0] for label in labels if (place := _PLACE.search(label))}
    if whole or len(places) < len(amounts):
        return None
    return replace(numbers[0], low=sum(one.low for one in numbers), high=sum(one.high for one in numbers))

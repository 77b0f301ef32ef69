"""The fee for property service, in fen a square metre a month; often a range, often per household or per year."""

import re
from typing import Final

from anju.rules.lists.figures import ABOUT, NUMBER, TO, Figure, figure
from anju.rules.lists.quantities import amounts_of
from anju.rules.lists.readings import Doubtful, Known, Missing, Number, Placeholder, Reading, Unit
from anju.rules.lists.text import idle_words, is_spoiled, said_nothing, says_none

_AREA: Final = r"(?:建筑)?(?:平方米|平米|平方|平|m2|m²)"
_EACH: Final = r"[/每·.*•‧∙⋅\s、()]*"
_UNIT: Final = (
    rf"(?:元|块|rmb)?{_EACH}(?P<per>{_AREA}|户|套|间|栋|位|个|人|年|月|季度?|天|日)?{_EACH}"
    rf"(?P<time>年|月|季度?|天|日|{_AREA})?{_EACH}"
)
_FEE: Final = re.compile(
    rf"(?:物业(?:服务|管理)?费(?:用)?[:\s]*)?[¥￥]?\s*(?P<about>{ABOUT})?\s*"
    rf"(?P<low>{NUMBER})\s*(?:元?{TO}(?P<high>{NUMBER}))?\s*{_UNIT}(?P<after>左右|起|以上|不等)?"
)
_UNITS_ONLY: Final = re.compile(rf"(?:元|块|rmb|{_AREA}|[/每·.*•‧∙⋅\s、()]|月|年|户)++")
_PRICE: Final = re.compile(rf"(?P<low>{NUMBER})(?:{TO}(?P<high>{NUMBER}))?\s*元?")
_MONTHS: Final = {"年": 12, "季": 3, "季度": 3}
_FOREIGN: Final = {"area", "households", "buildings", "storeys", "percent", "term"}


def read_fee(text: str) -> Reading:
    """Read a plain text as a fee, both ends of a range kept."""
    if (nothing := said_nothing(text, _UNITS_ONLY)) or says_none(text):
        return nothing or Missing(text)
    if doubt := idle_words(text):
        return doubt
    if is_spoiled(text):
        return Doubtful("number_spoiled_here")
    found = _FEE.fullmatch(text.lower())
    return _of(found, text) if found else _in_running_text(text)


def _of(found: re.Match[str], text: str) -> Reading:
    low = figure(found["low"])
    high = figure(found["high"]) if found["high"] else low
    if not low.digits and not high.digits:
        return Placeholder(text)
    parts = {part for part in (found["per"], found["time"]) if part}
    if "元" not in text and not found["time"] and (strange := _foreign(text)):
        return Doubtful("wrong_kind", found=strange)
    if parts & {"户", "套", "间", "栋", "位", "个", "人", "天", "日"}:
        return Doubtful("fee_basis", found=text)
    months = next((_MONTHS[part] for part in parts if part in _MONTHS), 1)
    return _fee(low, high, months, approximate=bool(found["about"] or found["after"]))


def _foreign(text: str) -> str:
    """Return the family of an amount that is no money: 52442㎡, 35%, 70年."""
    amounts, _ = amounts_of(text)
    return next((one.family for one in amounts if one.family in _FOREIGN), "")


def _fee(low: Figure, high: Figure, months: int, *, approximate: bool) -> Reading:
    ends = sorted((low.scaled(100, months), high.scaled(100, months)))
    number = Number(ends[0], ends[1], Unit.FEE, approximate or months > 1)
    if not ends[0]:
        return Doubtful("fee_from_nothing", number)
    if low.scaled(100, months) > ends[0]:
        return Doubtful("range_reversed", number)
    if months == 1 and not (low.is_whole(100) and high.is_whole(100)):
        return Doubtful("finer_than_fen", number)
    return Known(number)


def _in_running_text(text: str) -> Reading:
    """多层0.6元、高层1.2元 is a range whose ends stand for different houses: proposed, never taken."""
    if strange := _foreign(text) if "元" not in text else "":
        return Doubtful("wrong_kind", found=strange)
    prices = [figure(end) for one in _PRICE.finditer(text) for end in (one["low"], one["high"]) if end]
    fees = sorted(price.scaled(100) for price in prices)
    if not fees or "元" not in text or not fees[0]:
        return Doubtful("unreadable")
    return Doubtful("several_values" if len(fees) > 1 else "has_remark", Number(fees[0], fees[-1], Unit.FEE))

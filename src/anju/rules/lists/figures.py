"""Figures in running text, as integers: 1,308; 3.5; 万; Chinese numerals; ranges; about and more than. No float is ever made."""

from dataclasses import dataclass
from typing import Final

NUMERAL: Final = r"[零〇一二三四五六七八九十百两]{1,7}"
NUMBER: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
TO: Final = r"\s*(?:至|到|-|–|—|―|~|～)+\s*"
ABOUT: Final = "大约|约为?|接近|近|将近|大概|不足|不到|超过?|逾|[><≥≤≈]=?"
NEARLY: Final = "左右|上下|以上|以下|以内|多|余|来|几"
_DIGITS: Final = {sign: at for at, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS: Final = {"": 1, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_NOISE: Final = 10  # decimals behind which a spreadsheet's figure is only what binary arithmetic left over


@dataclass(frozen=True, slots=True)
class Figure:
    """`digits` / 10 ** `places`, as written."""

    digits: int
    places: int

    def scaled(self, by: int, per: int = 1) -> int:
        """Return the figure times `by` / `per` as an integer, a half rounded up."""
        bottom: int = per * 10**self.places
        return (2 * self.digits * by + bottom) // (2 * bottom)

    def is_whole(self, by: int) -> bool:
        """Tell whether the figure times `by` is an integer."""
        bottom: int = 10**self.places
        return self.digits * by % bottom == 0


def figure(text: str, power: str = "") -> Figure:
    """Return the figure that `NUMBER` matched, times 百, 千, 万 or 亿."""
    whole, _, decimals = text.replace(",", "").partition(".")
    decimals = decimals.rstrip("0")
    if len(decimals) > _NOISE:
        rounded = Figure(int(whole + decimals), len(decimals)).scaled(10**_NOISE)
        return figure(f"{rounded // 10**_NOISE}.{rounded % 10**_NOISE:0{_NOISE}}", power)
    return Figure(int((whole or "0") + decimals) * _POWERS[power], len(decimals))


def numeral(text: str) -> int | None:
    """Return a Chinese numeral below a thousand, such as 三十六 or 一百零二; None for what is none."""
    hundreds, _, rest = text.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    parts = (hundreds, tens.lstrip("零〇"), ones.lstrip("零〇"))
    if any(part and part not in _DIGITS for part in parts):
        return None
    total = 100 * _DIGITS.get(hundreds, 0) + 10 * _DIGITS.get(parts[1], 1 if ten else 0) + _DIGITS.get(parts[2], 0)
    return total if total or text in {"零", "〇"} else None


def written(scaled: int, by: int) -> str:
    """Return the shortest decimal of `scaled` / `by`, where `by` is a power of ten."""
    sign, size = ("-", -scaled) if scaled < 0 else ("", scaled)
    whole, rest = divmod(size, by)
    decimals = f"{rest:0{len(str(by)) - 1}}".rstrip("0") if rest else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"

"""Sheets of the 12345 hotline: which column says what, whatever order they come in, and one line of it as an order (工单)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WITHIN: Final = 10
LONGEST: Final = 4000
# What a column is, and the headings it goes by. The first that fits is taken.
HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "order": ("工单编号", "工单号", "诉求编号", "受理编号", "流水号", "编号"),
    "text": ("诉求内容", "问题描述", "反映内容", "工单内容", "诉求描述", "内容"),
    "title": ("诉求标题", "工单标题", "标题"),
    "place": ("小区名称", "小区", "诉求地址", "事发地址", "问题地址", "事发地点", "地址", "地点"),
    "name": ("诉求人", "来电人", "反映人", "姓名", "联系人"),
    "phone": ("联系电话", "来电号码", "联系方式", "手机号", "电话"),
    "secret": ("是否保密", "保密"),
    "reply": ("办理结果", "答复内容", "回复内容", "处理结果", "办理情况"),
    "done": ("办结时间", "回复时间", "答复时间"),
    "state": ("办理状态", "工单状态", "状态"),
}
NEEDED: Final = ("order", "text")
_BLANK: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the heading is, counted from 0, and the column of each thing that was found."""

    line: int
    columns: dict[str, int]


@dataclass(frozen=True, slots=True)
class Order:
    """One line of a sheet. `line` is counted as a spreadsheet does, from 1. `faults`: no_order, no_text, too_long, twice."""

    line: int
    order: str
    text: str
    place: str
    name: str
    phone: str
    secret: bool
    faults: tuple[str, ...]


def find_layout(rows: Sequence[Sequence[object]]) -> Layout | None:
    """Return the first line among the first ten that names an order and its content, or None."""
    for line, row in enumerate(rows[:WITHIN]):
        heads = [_plain(cell) for cell in row]
        columns = {what: place for what, names in HEADINGS.items() if (place := _place(heads, names)) is not None}
        if all(what in columns for what in NEEDED):
            return Layout(line, columns)
    return None


def read_orders(rows: Sequence[Sequence[object]], layout: Layout) -> list[Order]:
    """Return the orders below the heading; blank lines are left out."""
    seen: set[str] = set()
    found = []
    for number, row in enumerate(rows[layout.line + 1 :], layout.line + 2):
        if any(_text(cell) for cell in row):
            one = _order(number, row, layout.columns, seen)
            seen.add(one.order)
            found.append(one)
    return found


def _order(line: int, row: Sequence[object], columns: dict[str, int], seen: set[str]) -> Order:
    told = {what: _text(row[place]) if place < len(row) else "" for what, place in columns.items()}
    order, text = told["order"], told["text"]
    title = told.get("title", "")
    whole = text if not title or title in text else f"{title}。{text}"
    faults = [
        code
        for code, wrong in (
            ("no_order", not order),
            ("no_text", not text),
            ("too_long", len(whole) > LONGEST),
            ("twice", bool(order) and order in seen),
        )
        if wrong
    ]
    secret = told.get("secret", "") in ("是", "保密", "Y", "y", "1")
    return Order(
        line, order, whole, told.get("place", ""), told.get("name", ""), told.get("phone", ""), secret, tuple(faults)
    )


def _place(heads: Sequence[str], names: Sequence[str]) -> int | None:
    return next((heads.index(name) for name in names if name in heads), None)


def _plain(cell: object) -> str:
    return _BLANK.sub("", unicodedata.normalize("NFKC", str(cell)))


def _text(cell: object) -> str:
    """Return a cell in words; a number without its ".0", as order numbers and telephones come."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()

"""Files of an import: the list for correction and the blank form."""

from collections.abc import Iterator, Sequence

from anju.base.sheet_export import Column, stream_csv, stream_workbook
from anju.base.sheets import Sheet, write_workbook
from anju.registry.queries.catalogue import catalogue_here

_WIDTHS = (6, 20, 14, 20, 40, 4)
_PLACED = ("name", "alias", "town", "community", "address", "point")


def correction_book(rows: Iterator[list[str]]) -> Iterator[bytes]:
    """Yield the list for correction as .xlsx: every cell is text, memory does not grow with it."""
    return stream_workbook("存疑清单", _columns(next(rows)), rows)


def correction_text(rows: Iterator[list[str]]) -> Iterator[bytes]:
    """Yield the list for correction as .csv."""
    return stream_csv(_columns(next(rows)), rows)


def _columns(headings: Sequence[str]) -> list[Column]:
    widths = (*_WIDTHS, *(14 for _ in headings))
    return [Column(heading, width) for heading, width in zip(headings, widths, strict=False)]


def blank_form() -> bytes:
    """Return the form to fill in: one column for each thing that the one table asks, and what to write under it."""
    catalogue = catalogue_here()
    asked = [catalogue.by_code[code] for code in _PLACED] + list(catalogue.indicators)
    headings = [
        f"{one.name}（{unit}）" if (unit := getattr(one, "unit", "")) in {"平方米", "%"} else one.name for one in asked
    ]
    hints = [[one.name, _HINTS.get(one.type, "照实填写，不知道的留空")] for one in asked]
    return write_workbook(
        [
            Sheet("小区", [headings], [max(10, 2 * len(heading)) for heading in headings]),
            Sheet("怎样填", [["列", "填法"], *hints], [28, 60]),
        ]
    )


_HINTS = {
    "name": "必填。写全称，分期的写明几期",
    "answer": "有、无、未知、不适用，四选一",
    "service": "写企业全称；没有企业的写：业主自管、社区托管、单位自管、失管、无物业",
    "fee": "写单位，如 1.2元/平方米·月；有高低的写成 1.0-1.5元/平方米·月",
    "year": "如 2008年，或 2008-06",
    "date": "如 2026-11-24",
    "phone": "手机 11 位，固定电话带区号",
    "credit_code": "18 位，把该列设为文本",
    "point": "经度,纬度，如 111.5581,24.4011；列名里写明坐标系，如 百度坐标",
    "area": "平方米，只写数字",
    "percent": "如 30%",
}

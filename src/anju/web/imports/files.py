"""Files of an import: the list for correction and the blank form."""

import io
from collections.abc import Iterable, Iterator, Sequence

from anju.base.sheets import Sheet, write_workbook
from anju.registry.queries.catalogue import catalogue_here
from anju.web.trail.export import harmless

_WIDTHS = (6, 20, 14, 20, 40, 4)
_PLACED = ("name", "alias", "town", "community", "address", "point")


def harmless_rows(rows: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    """Yield rows for a text file that no spreadsheet will calculate. Numbers below nothing stay as they are."""
    for row in rows:
        yield [text if _is_number(text) else harmless(text) for text in row]


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


def workbook(rows: Iterable[Sequence[str]]) -> bytes:
    """Return the list for correction as .xlsx, in constant memory: every cell is text."""
    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    bold, text = book.add_format({"bold": True, "num_format": "@"}), book.add_format({"num_format": "@"})
    page = book.add_worksheet("存疑清单")
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width, text)
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            page.write_string(line, column, value[:32_000], text if line else bold)
    page.freeze_panes(1, 0)
    book.close()
    return target.getvalue()


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

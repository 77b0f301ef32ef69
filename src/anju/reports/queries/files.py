"""The table as a file: Excel, CSV or JSON, each a stream."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils import timezone

from anju.base.sheet_export import CSV_TYPE, XLSX_TYPE, Value, stream_csv, stream_workbook
from anju.base.sheet_export import Column as Wide
from anju.base.sheets import Sheet
from anju.reports.columns import Column, Columns
from anju.reports.queries.export import CHECK, ID, NAME, TOWN, export_rows, heading
from anju.reports.queries.rows import Found
from anju.reports.view import TableView

FORMS: Final = {"xlsx": XLSX_TYPE, "csv": CSV_TYPE, "json": "application/json"}
_WIDE = {"service": 26, "organisation": 26, "text": 18, "date": 12, "day": 12, "own": 12, "phone": 15}
_STEP = 64 * 1024


def stream_table(form: str, found: Found, view: TableView, columns: Columns, *, at: datetime) -> Iterator[bytes]:
    """Yield the rows of a view in one of `FORMS`."""
    chosen = columns.chosen(view.columns)
    rows = export_rows(found, view, columns, on=timezone.localdate(at))
    wide = [
        Wide(NAME, 24), Wide(TOWN, 14), *(Wide(heading(column), _WIDE.get(column.type, 11)) for column in chosen), Wide(ID, 9),
        Wide(CHECK, 16),
    ]  # fmt: skip
    if form == "csv":
        return stream_csv(wide, rows)
    if form == "json":
        return _json(rows, chosen, at)
    return stream_workbook("一张表", wide, rows, others=[_explained(chosen, view, at)])


def _explained(chosen: tuple[Column, ...], view: TableView, at: datetime) -> Sheet:
    """The second sheet: what this is, how it comes back, what each column means."""
    lines = [
        ["说明", ""],
        ["导出时间", timezone.localtime(at).strftime("%Y-%m-%d %H:%M")],
        ["视图", view.query() or "全部小区"],
        ["怎样带回", "在“一张表”这一页改格子，存成 .xlsx 或 .csv，回到“带回修改”上传。改动先核对，再登记。"],
        ["不要改", "“编号”和“校验”两列。行可以删、可以排序；列可以删、可以换位置。"],
        ["不会带回", "小区名称、乡镇、社区、类型、管理状态、完整率、最近核实。这些请在系统里改。"],
        ["空格", "没有查清。清空一格不会改变原值。"],
        ["电话", "已遮盖。"],
        ["", ""],
        ["列", "单位"],
        *([column.name, column.unit] for column in chosen),
    ]
    return Sheet("说明", lines, [16, 90])


def _json(rows: Iterator[list[Value]], chosen: tuple[Column, ...], at: datetime) -> Iterator[bytes]:
    """One object with the moment and the rows, each by the codes of its columns."""
    names = ["name", "town", *(column.code for column in chosen), "id", "check"]
    text = f'{{"at": "{at.isoformat()}", "rows": ['
    between = "\n"
    for row in rows:
        text += between + json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, default=_plain)
        between = ",\n"
        if len(text) > _STEP:
            yield text.encode()
            text = ""
    yield f"{text}\n]}}\n".encode()


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else str(value)

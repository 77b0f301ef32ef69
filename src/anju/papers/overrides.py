"""人工改派 of a month as a table to take along: text never becomes a formula."""

from collections.abc import Iterable, Iterator

from django.utils.timezone import localtime

from anju.base.sheet_export import Column, Value, stream_csv, stream_workbook
from anju.cases.queries.overrides import Overridden

COLUMNS = (
    Column("时间", 17),
    Column("编号", 18),
    Column("小区", 20, wrap=True),
    Column("事项编号", 8),
    Column("事项", 24, wrap=True),
    Column("建议单位", 20, wrap=True),
    Column("选定单位", 20, wrap=True),
    Column("办理", 10),
    Column("经办岗位", 26, wrap=True),
    Column("理由", 46, wrap=True),
    Column("归口表", 14),
)
FORMS = {"xlsx", "csv"}


def overrides_file(lines: Iterable[Overridden], form: str) -> Iterator[bytes]:
    """Yield the lines as .xlsx or .csv."""
    rows = (_cells(one) for one in lines)
    return stream_csv(COLUMNS, rows) if form == "csv" else stream_workbook("人工改派", COLUMNS, rows)


def _cells(one: Overridden) -> list[Value]:
    at = localtime(one.at).replace(tzinfo=None)
    code, _, version = one.route.partition(":")
    told = (
        one.number,
        one.compound,
        one.code,
        one.name,
        one.proposed,
        one.chosen,
        one.act,
        one.by,
        one.reason,
        f"{code} 第 {version} 版" if version else "",
    )
    return [at, *told]

"""What a returned table would change, and why rows and cells of it are refused, in words."""

from collections.abc import Mapping
from datetime import date

from anju.reports.columns import DAYS, Column
from anju.reports.models import ReturnedTable
from anju.rules.lists.canonical import canonical
from anju.rules.lists.cells import read_cell
from anju.rules.lists.readings import Known
from anju.rules.lists.reasons import REASONS, sentence

WORDS = {
    "id_missing": "没有编号，不知道是哪个小区。新小区请用“登记小区”或“导入”。",
    "id_unreadable": "编号不是数字，可能被改过。请从新导出的表里复制。",
    "id_twice": "同一个编号出现了几次，不知以哪一行为准。请只留一行。",
    "id_foreign": "编号和校验对不上：不是从这里导出的，或编号、校验被改过。请重新导出再改。",
    "id_outside": "这个小区不在您的范围内，或已经注销。请由所属乡镇或县住建局修改。",
    "cell_emptied": "格子清空了。清空不会改变原值；要改为没有查清，有无一类的请写“未知”。",
    "cell_masked": "电话是遮盖的，没有改动。要改请写完整号码。",
    "cell_derived": "这一列由系统从业务记录得出，不能在表里改。",
    "cell_elsewhere": "坐标请在小区页面上改。",
}


def change_rows(row: ReturnedTable, columns: Mapping[str, Column], today: date) -> list[dict[str, object]]:
    return [
        {
            "number": number,
            "name": name,
            "column": columns[code].name if code in columns else code,
            "old": old or "未知",
            "new": _read(new, columns[code], today) if code in columns else new,
            "line": line,
        }
        for number, (_, name, code, old, new, line) in enumerate(row.changes)
    ]


def _read(text: str, column: Column, today: date) -> str:
    """A day as we read it, with what stands in the file where that says it otherwise: an office program may have left its number."""
    reading = read_cell(text, column.type, latest=today.year, zero=True) if column.type in DAYS else None
    said = canonical(reading.value) if isinstance(reading, Known) else text
    return text if said == text else f"{said}（表里是 {text}）"


def refusal_rows(row: ReturnedTable) -> list[dict[str, object]]:
    return [
        {"line": line, "name": name, "column": column, "value": told.get("value", ""), "why": _why(reason, told)}
        for line, name, column, reason, told in row.refusals
    ]


def _why(reason: str, told: dict[str, str]) -> str:
    if reason in WORDS:
        return WORDS[reason]
    return sentence(reason, told, {}) if reason in REASONS else "看不懂，请改写。"

"""What a returned table would change, and why rows and cells of it are refused, in words."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from anju.reports.columns import DAYS, Column
from anju.reports.models import ReturnedOrder, ReturnedTable
from anju.rules.lists.canonical import canonical
from anju.rules.lists.cells import read_cell
from anju.rules.lists.readings import Known
from anju.rules.lists.reasons import REASONS, sentence
from anju.web.templatetags.look import demo

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


_GIVEN_BACK = {
    "denied": "登记时您已不在这个岗位，没有登记。",
    "fact.gone": "登记时有的小区已经不在您的范围内，或已经注销，没有登记。请去掉它们再登记。",
    "place.ended": "登记时有的小区已经注销，没有登记。请去掉它们再登记。",
}


def failure(row: ReturnedTable) -> str:
    """Return why the worker gave a table back, empty where it did not."""
    return _GIVEN_BACK.get(row.failure, "没有登记成，什么也没有改。请再试一次。") if row.failure else ""


def waited_for(row: ReturnedTable) -> dict[str, object]:
    """What the bar shows of a table that a worker writes."""
    order = ReturnedOrder.objects.filter(pk=row.pk).first()
    return {
        "wait_url": reverse("reports:returned_progress", args=[row.pk]),
        "wait_words": "正在登记",
        "wait_done": order.done if order else 0,
        "wait_whole": len(order.chosen) if order else 0,
        "wait_unit": "处",
    }


def change_rows(
    row: ReturnedTable, columns: Mapping[str, Column], today: date, chosen: Collection[int] = frozenset()
) -> SafeString:
    """Draw a line for each change, with a box while it can be chosen; all are, where none is named. Five thousand in a template take
    seconds, so every text is escaped here."""
    waiting = row.state == "waiting"
    return SafeString(
        "".join(_line(number, one, columns, today, waiting, chosen) for number, one in enumerate(row.changes))
    )


def _line(
    number: int,
    change: Sequence[Any],
    columns: Mapping[str, Column],
    today: date,
    waiting: bool,
    chosen: Collection[int],
) -> str:
    _, name, code, old, new, line = change
    column = columns.get(code)
    checked = " checked" if not chosen or number in chosen else ""
    box = f'<input type="checkbox" name="change" value="{number}"{checked}> ' if waiting else ""
    said = _read(new, column, today) if column else new
    return (
        f'<tr><th scope="row"><label>{box}{demo(name)}</label></th>'
        f'<td data-label="列">{escape(column.name if column else code)}</td><td data-label="现在">{escape(old or "未知")}</td>'
        f'<td data-label="改为"><b>{escape(said)}</b></td><td class="aj-num" data-label="行">{line}</td></tr>'
    )


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

"""今日 as the page shows it: the tasks in groups by their last day, the figures with the lists they open."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from anju.accounts.queries.today import Task
from anju.base.actor import Actor
from anju.web.home.row import Row
from anju.web.home.section import Way
from anju.web.home.sections import LINES, NUMBERS, shown_to
from anju.web.home.words import EMPTY
from anju.web.paths import page_path, row_path

WEEK = 7
GROUPS = ("已超期", "今天", "七日内", "三十日内", "没有定期限")


def groups_of(actor: Actor, tasks: Iterable[Task], today: date) -> list[dict[str, Any]]:
    """Return the groups that have rows, in their order."""
    rows: dict[str, list[Row]] = {label: [] for label in GROUPS}
    for task in tasks:
        rows[_group(task, today)].append(_row(actor, task, today))
    return [{"label": label, "rows": found} for label, found in rows.items() if found]


def headline(tasks: Iterable[Task], today: date) -> str:
    """Return the line under the title: how much there is, and how much of it is late."""
    counted = [task.left or 1 for task in tasks]
    late = sum(1 for task in tasks if task.due is not None and task.due < today)
    if not counted:
        return ""
    return f"待办 {sum(counted)} 项" + (f"，{late} 项已超期" if late else "") + "。按期限先后排列。"


def _group(task: Task, today: date) -> str:
    if task.due is None:
        return GROUPS[4]
    left = (task.due - today).days
    if left < 0:
        return GROUPS[0]
    return GROUPS[1] if left == 0 else GROUPS[2] if left <= WEEK else GROUPS[3]


def _row(actor: Actor, task: Task, today: date) -> Row:
    line = LINES[task.kind]
    if task.left and line.rest_way:
        url = _address(line.rest_way, task)
        return Row("", "", line.category, _title(task), url, "", "", "全部", url)
    url = _address((task.own and line.own_way) or line.way, task)
    may = line.permission is not None and actor.may(line.permission) and not task.own
    act_url = _address(line.act_way, task) if may and line.act_way else url
    due, state = _due(task, today)
    return Row(
        due, state, line.category, _title(task), url, task.place, task.other, line.act if may else "查看", act_url
    )


def _title(task: Task) -> str:
    line = LINES[task.kind]
    if task.left:
        return line.rest.format(left=task.left)
    return (task.own and line.own) or line.says.format(what=line.spell(task.what))


def _address(way: Way, task: Task) -> str:
    query = urlencode({key: value.format(task=task) for key, value in way.query})
    page = row_path(way.page, task.pk) if way.one and task.pk is not None else page_path(way.page)
    return page + (f"?{query}" if query else "")


def _due(task: Task, today: date) -> tuple[str, str]:
    """Return the words of a deadline and their weight. What only waits says how long."""
    if task.due is None:
        waited = (today - task.since).days if task.since else 0
        return (f"已等{waited}日" if waited > 0 else "未定", "far")
    left = (task.due - today).days
    if left < 0:
        return f"超期{-left}日", "late"
    return ("今天", "today") if left == 0 else (f"剩{left}日", "" if left <= WEEK else "far")


def quiet_numbers(actor: Actor, counted: Mapping[str, int]) -> list[dict[str, Any]]:
    return [_number(code, counted) for code in shown_to(actor)]


def _number(code: str, counted: Mapping[str, int]) -> dict[str, Any]:
    number = NUMBERS[code]
    address = page_path(number.url) + (f"?{number.query}" if number.query else "")
    note = number.note.format(counted[number.beside]) if number.beside else number.note
    return {"label": number.label, "figure": f"{counted[code]:,}", "unit": number.unit, "note": note, "url": address}


def empty_for(actor: Actor) -> dict[str, str]:
    """Return what the desk says when nothing is due."""
    found = EMPTY.get(actor.role, EMPTY[""])
    way = {"label": found.label, "url": page_path(found.url)} if actor.may(found.permission) else {}
    return {"title": found.title, "text": found.text, **way}

"""The items of a rectification on a form (what, how it is known to be done, by whom, by when) and on the case's page."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.utils import timezone

from anju.base.queries.calendar import calendar_in_force
from anju.cases.models import Case
from anju.cases.queries.items import ItemLine, items_of
from anju.rules.cases.facts import ItemState
from anju.web.cases.words import due_words
from anju.web.fields import DayField, NameField

MOST: Final = 8
_PARTS: Final = ("what", "mark", "who", "by")
STATES: Final = {
    ItemState.OPEN: ("warn", "待完成"),
    ItemState.DONE: ("go", "已完成，待核查"),
    ItemState.PASSED: ("done", "核查通过"),
}


def item_fields() -> dict[str, forms.Field]:
    """Return four fields for each item; the first must be filled in, the others may stay empty."""
    fields: dict[str, forms.Field] = {}
    for place in range(1, MOST + 1):
        first = place == 1
        fields[f"item_{place}_what"] = NameField(label="改什么", limit=200, required=first)
        fields[f"item_{place}_mark"] = NameField(label="怎样算完成", limit=200, required=first)
        fields[f"item_{place}_who"] = NameField(label="谁来办", limit=50, required=first)
        fields[f"item_{place}_by"] = DayField(label="哪天前", required=first)
    return fields


def check_items(form: forms.Form) -> None:
    """An item is written whole or not at all."""
    for place in range(2, MOST + 1):
        names = [f"item_{place}_{part}" for part in _PARTS]
        if any(form.cleaned_data.get(name) for name in names):
            for name in (name for name in names if not form.cleaned_data.get(name) and name not in form.errors):
                form.add_error(name, f"第 {place} 项请填写“{str(form.fields[name].label).rpartition('：')[2]}”。")


def told_items(data: Mapping[str, Any]) -> list[tuple[str, date]]:
    """Return each item as a line of the order, with its day."""
    rows = ([data.get(f"item_{place}_{part}") for part in _PARTS] for place in range(1, MOST + 1))
    return [
        (f"{what}；完成标准：{mark}；责任人：{who}；{by:%-m月%-d日}前", by)
        for what, mark, who, by in rows
        if what and by
    ]


def item_groups(form: forms.Form) -> list[tuple[int, list[forms.BoundField]]]:
    """Return the fields of each item together, as the page draws them."""
    return [(place, [form[f"item_{place}_{part}"] for part in _PARTS]) for place in range(1, MOST + 1)]


def item_choices(case: Case, state: ItemState) -> list[tuple[int, str]]:
    return [(line.place, f"{line.place}. {line.text}") for line in items_of(case) if line.item.state is state]


def item_rows(case: Case, at: datetime) -> list[dict[str, Any]]:
    """Return the items as the page shows them."""
    return [_row(line, at) for line in items_of(case)]


def _row(line: ItemLine, at: datetime) -> dict[str, Any]:
    late, text = due_words(calendar_in_force(), line.item.due, at)
    if line.done_at:
        late, text = ("", "按时") if line.done_at < line.item.due else ("", "过期后完成")
    look, state = STATES[line.item.state]
    failed = f"退回过 {line.item.failed} 次" if line.item.failed else ""
    return {
        "place": line.place, "text": line.text or f"第 {line.place} 项", "late": late, "due": text,
        "done": line.done_at and timezone.localtime(line.done_at), "passed": line.passed_at and timezone.localtime(line.passed_at),
        "look": look, "state": state, "failed": failed,
    }  # fmt: skip

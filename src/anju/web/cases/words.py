"""Cases in Chinese: how much time is left, how a state looks, the steps of a record."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.timezone import localtime

from anju.cases.models import Case
from anju.rules.cases.counting import days_left
from anju.rules.cases.workflow import Workflow
from anju.rules.workdays.calendar import Calendar

_INSTANT: Final = timedelta(seconds=1)
URGENCIES: Final = {"a": "紧急", "b": "一般", "c": "复杂"}
TYPES: Final = {
    "complaint": "投诉",
    "survey_problem": "排查问题",
    "enforcement_lead": "执法线索",
    "hazard": "隐患",
    "dispute": "纠纷",
}
DISSUASIONS: Final = (
    ("stopped", "已停止"),
    ("promised", "承诺限期改正"),
    ("refused", "拒绝"),
    ("in_vain", "无效"),
    ("danger", "现场危险"),
)
SCORES: Final = {5: "满意", 3: "基本满意", 1: "不满意"}
YES: Final = "是"
# A tick in the history, where the name of the evidence alone says nothing.
TICKED_BRIEF: Final = {
    "重复检索结果": "已查重复",
    "单位负责人签发": "单位负责人已签发",
    "公开前的预览核对": "已核对预览",
}
PICTURES: Final = {
    "before": "处置前", "after": "处置后", "scene": "现场", "dissuasion": "劝阻现场", "document": "材料",
}  # fmt: skip
TASKS: Final = {"lead": "主办", "helpers": "协办", "dissuade": "劝阻", "verify": "核查", "ruling": "裁定"}
TASK_STATES: Final = {
    "open": ("go", "办理中"),
    "done": ("done", "已完成"),
    "returned": ("warn", "已退回"),
    "reassigned": ("", "已改派"),
    "cancelled": ("", "已取消"),
}
CLOCK_STATES: Final = {"running": ("go", "计时中"), "paused": ("warn", "已暂停"), "stopped": ("done", "已停表")}
UNITS: Final = {"cm": "分钟", "ch": "小时", "wh": "工作小时", "wd": "个工作日", "cd": "日"}
_LOOKS: Final = {"open": "go", "waiting": "warn", "final": "done", "end": ""}
_PATH: Final = (
    ("提交", ("submitted", "info_needed")),
    ("受理", ("accepted", "dissuading")),
    ("派遣", ("dispatched",)),
    ("办理", ("handling", "rectifying", "mediating", "in_court", "suspended")),
    ("核查", ("verifying",)),
    ("评价", ("feedback",)),
    ("办结", ("closed", "archived")),
)


def due_words(calendar: Calendar, due: datetime | None, at: datetime) -> tuple[str, str]:
    """Return the look and the words of an end: 超期3个工作日, 17:30前, 剩2个工作日."""
    if due is None:
        return "far", "—"
    left = days_left(calendar, due, at)
    local, now = localtime(due), localtime(at)
    if left < 0:
        return "late", "今天已超时" if localtime(due - _INSTANT).date() == now.date() else f"超期{-left}个工作日"
    if local.date() == now.date() and local > now:
        return "today", f"今天{local:%H:%M}前"
    return ("today", "今天到期") if left == 0 else ("" if left <= 3 else "far", f"剩{left}个工作日")


def amount_words(amount: str) -> str:
    number, _, unit = amount.partition(" ")
    return f"{number}{UNITS[unit]}"


def state_words(workflow: Workflow, state: str) -> tuple[str, str]:
    found = workflow.states[state]
    return _LOOKS[found.kind], found.name


def steps_of(case: Case) -> list[dict[str, str]]:
    """Return the seven steps with the one the case stands at; what ended otherwise stands at none."""
    at = next((place for place, (_, states) in enumerate(_PATH) if case.state in states), None)
    if at is None:
        return []
    last = len(_PATH) - 1
    looks = ["done" if place < at or at == last else "now" if place == at else "" for place in range(len(_PATH))]
    return [{"label": label, "state": look} for (label, _), look in zip(_PATH, looks, strict=True)]


def row_words(row: dict[str, Any], workflow: Workflow, calendar: Calendar, at: datetime) -> dict[str, Any]:
    due_state, due = due_words(calendar, row["due_at"], at)
    look, state = state_words(workflow, row["state"])
    clock = workflow.clocks.get(row["due_clock"])
    level = next((one.name for one in workflow.levels if one.level == row["level"]), "")
    joined = f"{row['joined']}户附议" if row["joined"] else ""
    nudged = f"催单{row['nudges']}次" if row["nudges"] else ""
    return row | {
        "due_state": due_state,
        "due": due,
        "clock": clock.name + "，暂估" * bool(row["provisional"]) if clock else "",
        "title": f"{row['spot']} {row['matter__name'] or ''}".strip(),
        "look": look,
        "state_name": state,
        "type_name": TYPES.get(row["type"], row["type"]),
        "urgent": row["urgency"] == "a",
        "notes": tuple(note for note in (level, joined, nudged) if note),
    }

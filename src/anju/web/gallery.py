"""Constructed data for the gallery: every part of the look, once. Nothing here comes from the database."""

from datetime import datetime, timedelta, timezone
from typing import Any

from django import forms

from anju.base.actor import Actor
from anju.web.home.row import Row
from anju.web.navigation import Group, Item

_CHINA = timezone(timedelta(hours=8))
_CLERK = Actor(user_id=1, name="陈示例", post_name="县住建局房管所 · 经办")
_DAY = datetime(2026, 11, 24, 8, 30, tzinfo=_CHINA)


class _CompoundForm(forms.Form):
    name = forms.CharField(
        label="小区名称",
        max_length=40,
        help_text="写门牌上的全名，不写简称。",
        error_messages={"required": "请填写小区名称。"},
    )
    community = forms.ChoiceField(
        label="所属社区",
        choices=[("", "请选择"), ("1", "示例·城北社区"), ("2", "示例·城南社区")],
        error_messages={"required": "请选择所属社区。"},
    )
    built = forms.DateField(label="建成日期", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label="小区类型",
        widget=forms.RadioSelect,
        choices=[("a", "商品房小区"), ("b", "单位宿舍"), ("c", "安置小区")],
        error_messages={"required": "请选择小区类型。"},
    )
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    seen = forms.BooleanField(label="我到现场看过", error_messages={"required": "没有到现场看过的小区不能登记。"})


class _FilterForm(forms.Form):
    town = forms.ChoiceField(label="乡镇", choices=[("", "全部"), ("1", "城关镇")], required=False)
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), ("1", "失管")], required=False)
    name = forms.CharField(label="名称", required=False)


def page(paper: str) -> tuple[str, dict[str, Any]]:
    """The template and its values: the desk's parts, or those of the roomy pages."""
    refused = _CompoundForm({"refused-name": "", "refused-note": "北门在修路。"}, prefix="refused")
    if paper == "roomy":
        return "gallery_roomy.html", {"form": _CompoundForm(), "rows": _facts(), "place_name": "示例县"}
    return "gallery.html", {
        "actor": _CLERK,
        "place_name": "示例县",
        "nav": _nav(),
        "breadcrumb": [{"label": "样式", "url": ""}],
        "groups": _work(),
        "numbers": _numbers(),
        "tabs": _tabs(),
        "steps": _steps(),
        "rows": _facts(),
        "entries": _entries(),
        "form": _CompoundForm(),
        "refused": refused,
        "filter": _FilterForm(prefix="filter"),
        "day": _DAY,
    }


def _nav() -> tuple[Group, ...]:
    return (
        Group("我的", (Item("今日", "#work", current=True, late=2),)),
        Group("知底数", (Item("小区", "#table"), Item("单位与企业", "#table"))),
        Group("办事项", (Item("问题清单", "#work", count=47), Item("投诉", "#work", count=7))),
    )


def _work() -> list[dict[str, Any]]:
    lines = {
        "已超期": [
            (
                "late",
                "超期5日",
                "执法线索",
                "催县自然资源局出具规划核查意见",
                "示例·碧水花园 3幢",
                "县自然资源局",
                "催办",
            ),
            ("late", "超期1日", "投诉", "答复业主：停车费高于公示标准", "示例·城东雅苑", "示例嘉安物业公司", "答复"),
        ],
        "今天": [("today", "17:30前", "业委会", "批转成立筹备组的申请", "示例·荷塘小区", "城关镇人民政府", "批转")],
        "本周": [
            ("", "剩2工作日", "维修资金", "复核屋面防水使用申请", "示例·文昌公寓 1幢", "示例·文昌公寓业委会", "复核")
        ],
        "下周以后": [("far", "剩23工作日", "季报", "报送第四季度进展情况", "示例县", "县住建局房管所", "起草")],
    }
    names = ("due_state", "due", "kind", "title", "place", "other", "act")
    return [
        {
            "label": label,
            "rows": [Row(url="#work", act_url="#work", **dict(zip(names, row, strict=True))) for row in rows],
        }
        for label, rows in lines.items()
    ]


def _numbers() -> list[dict[str, Any]]:
    numbers = [
        ("小区", 22, "个", "分属4个镇"),
        ("台账完整率", 81, "%", "未知项 19"),
        ("未办结问题", 47, "件", "超期 4"),
        ("业委会组建率", 50, "%", "22个小区中11个"),
        ("90日内到期合同", 4, "份", "已启动续签 1"),
        ("失管小区", 3, "个", "均未定兜底单位"),
    ]
    return [dict(zip(("label", "figure", "unit", "note", "url"), (*row, "#work"), strict=True)) for row in numbers]


def _tabs() -> list[dict[str, Any]]:
    return [
        {"label": "底数", "url": "#table", "current": True},
        {"label": "未办结问题", "url": "#work", "count": 6},
        {"label": "变更记录", "url": "#line", "count": 12},
    ]


def _steps() -> list[dict[str, str]]:
    states = {"选文件": "done", "对列": "done", "预览": "now", "写入": ""}
    return [{"label": label, "state": state} for label, state in states.items()]


def _facts() -> list[tuple[str, str]]:
    return [
        ("届次", "第二届，2022-05至2027-05"),
        ("委员", "7人，党员3人"),
        ("备案", "2022-06-02，城关镇人民政府"),
        ("下一件事", "2027年2月前启动换届"),
    ]


def _entries() -> list[dict[str, Any]]:
    return [
        {"when": "2026-12-01", "text": "责令改正期满，次日复查", "next": True},
        {"at": _DAY, "text": "向县自然资源局发出第一次催办", "note": "系统自动，县住建局房管所可再次催办"},
        {"at": _DAY - timedelta(days=4), "text": "县消防救援大队回复查验结果", "note": "屋面疏散通道宽度不足"},
        {"at": _DAY - timedelta(days=11), "text": "示例物业公司报告移送", "note": "劝阻两次无效，附劝阻记录"},
    ]

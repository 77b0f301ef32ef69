"""What is typed on the pages of the working-day calendar. `based_on` is the version that was looked at."""

from datetime import date

from django import forms

from anju.base.services.calendar import Head
from anju.rules.workdays.notice import LONGEST_TEXT
from anju.rules.workdays.years import FIRST_YEAR, LAST_YEAR, Mark, Scope
from anju.web.fields import DayField, NameField

BESIDE: dict[str, str] = {
    "calendar.bad_hours": "spans",
    "calendar.bad_span": "last",
    "calendar.day_of_another_year": "first",
    "calendar.notice_contradicts": "text",
    "calendar.notice_span": "text",
    "calendar.notice_unread": "text",
    "calendar.notice_worked_weekday": "text",
    "calendar.worked_weekday": "mark",
    "calendar.year_range": "year",
}
TAKEN_OUT = "none"
_MOST_VERSIONS = 32_000


class YearField(forms.IntegerField):
    def __init__(self) -> None:
        wrong = f"年份要写成 {FIRST_YEAR} 到 {LAST_YEAR} 之间的四位数字。"
        errors = {"required": "请填写年份。", "invalid": wrong, "min_value": wrong, "max_value": wrong}
        super().__init__(label="年份", min_value=FIRST_YEAR, max_value=LAST_YEAR, error_messages=errors)


class VersionForm(forms.Form):
    """The version that was looked at, and nothing else to fill in."""

    based_on = forms.IntegerField(
        min_value=0,
        max_value=_MOST_VERSIONS,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), "页面不完整，请刷新后再办。"),
    )


class BeginForm(forms.Form):
    year = YearField()
    cite = NameField(label="依据", limit=200, help_text="放假通知的名称和文号。还没有印发的写“待印发”。")


class DaysForm(VersionForm):
    """Days in a row as one notice has them; to take some out again needs a notice too."""

    first = DayField(label="从哪天")
    last = DayField(label="到哪天", required=False, help_text="只有一天的留空。")
    mark = forms.ChoiceField(
        label="登记为",
        choices=[(Mark.OFF, "休：放假"), (Mark.WORK, "班：周末调休上班"), (TAKEN_OUT, "取消：按平日和周末算")],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选休、班或取消。"),
    )
    scope = forms.ChoiceField(
        label="谁的通知",
        choices=[(Scope.NATIONAL, "全国：国务院办公厅"), (Scope.REGION, "地方：自治区、省")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选谁的通知。"),
    )
    name = NameField(label="节日", limit=20)
    cite = NameField(label="依据", limit=50, help_text="通知的文号，例如 国办发明电〔2025〕7号。")

    def clean_last(self) -> date | None:
        last: date | None = self.cleaned_data["last"]
        return last or self.cleaned_data.get("first")

    def clean_mark(self) -> Mark | None:
        mark = self.cleaned_data["mark"]
        return None if mark == TAKEN_OUT else Mark(mark)

    def clean_scope(self) -> Scope:
        return Scope(self.cleaned_data["scope"])


class NoticeForm(VersionForm):
    """The whole notice, pasted."""

    text = forms.CharField(
        label="通知原文",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="国务院办公厅的通知，从“一、元旦：”起粘贴到最后一项。星期、天数与日期对不上的不会登记。",
        error_messages={"required": "请粘贴通知原文。", "max_length": f"通知太长，最多 {LONGEST_TEXT} 个字。"},
    )
    cite = NameField(label="依据", limit=50, help_text="通知的文号，例如 国办发明电〔2025〕7号。")


class DescribeForm(VersionForm):
    cite = NameField(label="依据", limit=200, help_text="全国和地方两份通知的名称、文号。")
    region_known = forms.BooleanField(label="地方放假日（如壮族三月三）已经登记齐，或通知写明没有", required=False)
    note = NameField(label="说明", limit=300, required=False)

    def head(self) -> Head:
        given = self.cleaned_data
        return Head(given["region_known"], given["cite"], given["note"])


class HoursForm(forms.Form):
    spans = forms.CharField(
        label="办公时间",
        max_length=100,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一段，例如 08:00-12:00。工作时按这些时段算，有业务时间的期限到最后一段结束为止。",
        error_messages={"required": "请填写办公时间。", "max_length": "办公时间太长，最多 100 个字符。"},
    )
    cite = NameField(label="依据", limit=200, help_text="规定办公时间的文件。没有文件的写“示例·需本县核定”。")

    def clean_spans(self) -> list[str]:
        return [part.strip() for part in str(self.cleaned_data["spans"]).splitlines() if part.strip()]


def day_of(text: str) -> date | None:
    """Return the day an address names, None where it names none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

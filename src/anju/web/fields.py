"""Form fields that know the house's rules, with their errors in Chinese words."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Model, QuerySet

from anju.rules.names import MAX_NAME, BadName, plain_words, tidy_name

_BAD_NAME = {
    "empty": "请填写{label}。",
    "too_long": "{label}太长，最多 {limit} 个字。",
    "control": "{label}里有看不见的控制字符，请删掉后重新输入。",
    "deceiving": "{label}里有会颠倒或隐藏文字的字符，请删掉后重新输入。",
}
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)


class NameField(forms.CharField):
    """A name tidied by `rules.names`; refused in words when it could deceive a reader."""

    def __init__(self, *, label: str, limit: int = MAX_NAME, **more: Any) -> None:
        self.limit = limit
        super().__init__(label=label, strip=False, **more)
        self.validators = []  # the rule below says what is wrong, a NUL included

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "maxlength": str(self.limit), "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        text = str(value or "")
        if not text.strip() and not self.required:
            return ""
        try:
            return tidy_name(text, limit=self.limit)
        except BadName as bad:
            words = _BAD_NAME[bad.code].format(label=self.label, limit=self.limit)
            raise forms.ValidationError(words, code=bad.code) from bad


class WordsField(forms.CharField):
    """Some lines of words, at most `limit` characters; refused where control characters hide in them."""

    def __init__(self, *, label: str, limit: int, rows: int = 4, **more: Any) -> None:
        self.limit = limit
        super().__init__(label=label, widget=forms.Textarea(attrs={"rows": str(rows)}), **more)
        self.error_messages["required"] = f"请填写{label}。"
        self.validators = []  # what is wrong is said below, a NUL included

    def clean(self, value: Any) -> str:
        text = plain_words(str(super().clean(value) or "")).replace("\r\n", "\n")
        if any(ord(sign) < 32 and sign not in "\n\t" for sign in text):
            raise forms.ValidationError(f"{self.label}里有看不见的控制字符，请删掉后重新输入。", code="control")
        if len(text) > self.limit:
            words = f"{self.label}最多 {self.limit} 个字，您写了 {len(text)} 个，请删短一些。"
            raise forms.ValidationError(words, code="too_long")
        return text


class DayField(forms.DateField):
    """One calendar day, typed or picked in the browser's own date input."""

    def __init__(self, *, label: str, **more: Any) -> None:
        errors = {"required": f"请填写{label}。", "invalid": f"{label}要写成 2026-11-24 这样的日期。"}
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(label=label, input_formats=["%Y-%m-%d"], widget=widget, error_messages=errors, **more)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(f"{self.label}应在 {EARLIEST} 和 {LATEST} 之间。", code="range")
        return day


class MomentField(forms.DateTimeField):
    """A day and a time, typed or picked in the browser's own input."""

    def __init__(self, *, label: str, **more: Any) -> None:
        errors = {"required": f"请填写{label}。", "invalid": f"{label}要写成 2026-11-24 09:30 这样的日期和时间。"}
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
        super().__init__(label=label, input_formats=formats, widget=widget, error_messages=errors, **more)

    def clean(self, value: Any) -> datetime | None:
        at: datetime | None = super().clean(value)
        if at is not None and not EARLIEST <= at.date() <= LATEST:
            raise forms.ValidationError(f"{self.label}应在 {EARLIEST} 和 {LATEST} 之间。", code="range")
        return at


if TYPE_CHECKING:
    _ModelChoice = forms.ModelChoiceField[Model]
else:
    _ModelChoice = forms.ModelChoiceField


class IdChoiceField(_ModelChoice):
    """One row out of those the actor may see: give it a scoped queryset and say which attribute names a row.

    An id outside the queryset is refused in the same words as one that does not exist.
    """

    def __init__(self, *, label: str, rows: "QuerySet[Any]", name: str = "name", **more: Any) -> None:
        errors = {"required": f"请选择{label}。", "invalid_choice": f"{label}没有这个选项，请重新选择。"}
        self.name_of_row = name
        super().__init__(label=label, queryset=rows, empty_label="请选择", error_messages=errors, **more)

    def to_python(self, value: Any) -> Any:
        if value not in self.empty_values and not _is_id(value):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)

    def label_from_instance(self, row: Model) -> str:
        return str(getattr(row, self.name_of_row))


def _is_id(value: Any) -> bool:
    text = str(value.pk if isinstance(value, Model) else value)
    return text.isascii() and text.isdigit() and 0 < len(text) <= 18

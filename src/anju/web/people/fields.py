"""Fields of the pages of people: a phone, and a row named by typing, with suggestions."""

from typing import Any

from django import forms
from django.db.models import Model, QuerySet

from anju.accounts.models import User
from anju.places.models import Compound, Division, Organisation
from anju.rules.phones import BadPhone, normalise_phone

MOST_SUGGESTED = 800
_BAD_PHONE = {
    "spoiled": "{label}已变成科学计数（如 1.38E+10），请重新填写完整号码。",
    "no_area_code": "固定电话要带区号，例如 0774-5280000。",
    "not_a_phone": "{label}要填 11 位手机号，或带区号的固定电话，例如 0774-5280000。",
}


class PhoneField(forms.CharField):
    """A mobile or a landline with its area code, in the form it is stored in."""

    def __init__(self, *, label: str = "手机号", **more: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "maxlength": "30"})
        super().__init__(label=label, widget=widget, required=False, **more)
        self.validators = []  # the rule below says what is wrong, a NUL included

    def clean(self, value: Any) -> str:
        try:
            return normalise_phone(str(value or ""))
        except BadPhone as bad:
            raise forms.ValidationError(_BAD_PHONE[bad.code].format(label=self.label), code=bad.code) from bad


class Suggested(forms.TextInput):
    """A line to type in that suggests names; the browser brings the list, no script is needed."""

    template_name = "people/suggested.html"

    def __init__(self, suggestions: list[str]) -> None:
        super().__init__(attrs={"autocomplete": "off", "maxlength": "220"})
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["suggestions"] = self.suggestions
        context["list_id"] = f"{context['widget']['attrs'].get('id', name)}-list"
        context["widget"]["attrs"]["list"] = context["list_id"]
        return context


class NamedField(forms.CharField):
    """One row out of those the actor may see, typed by name. Of several with one name the one in brackets is meant."""

    def __init__(self, *, label: str, rows: "QuerySet[Any]", **more: Any) -> None:
        self.rows = rows
        super().__init__(label=label, widget=Suggested([label_of(row) for row in rows[:MOST_SUGGESTED]]), **more)
        self.error_messages["required"] = f"请填写{label}。"
        self.validators = []  # what is not one of the rows is refused below, whatever it is

    def prepare_value(self, value: Any) -> Any:
        return label_of(value) if isinstance(value, Model) else value

    def clean(self, value: Any) -> Any:
        text = " ".join(str(value or "").split())
        if not text:
            return super().clean("") or None
        name = text.rsplit("（", 1)[0] if text.endswith("）") else text
        if "\x00" in text or len(text) > 220:
            raise forms.ValidationError(f"{self.label}没有找到，请从候选中选。", code="unknown")
        found = list(self.rows.filter(name__in={text, name})[:50])
        exact = [row for row in found if label_of(row) == text] or [row for row in found if row.name == text]
        if len(exact) == 1:
            return exact[0]
        if exact:
            raise forms.ValidationError(f"叫“{text}”的不止一个，请从候选中选带括号的全称。", code="several")
        raise forms.ValidationError(f"{self.label}“{text[:50]}”没有找到，请从候选中选。", code="unknown")


def label_of(row: Model) -> str:
    """A name with what tells it apart from others of the same name."""
    if isinstance(row, User):
        return f"{row.name}（{row.username}）"
    if isinstance(row, Organisation | Compound):
        return f"{row.name}（{row.division.name}）"
    if isinstance(row, Division):
        return f"{row.name}（{row.parent.name}）" if row.parent else row.name
    raise TypeError(row)

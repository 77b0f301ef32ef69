"""Fields of the pages of places."""

import re
from typing import Any

from django import forms
from django.db.models import Model

from anju.places.models import Compound, Division, Organisation
from anju.web.fields import IdChoiceField, NameField

_BETWEEN = re.compile(r"[\n、,，;；]+")
MOST_ALIASES = 20


class PlacedField(IdChoiceField):
    """One row, told apart from others of its name by where it lies: 城关镇 › 城北社区, 示例·碧水花园（城北社区）."""

    def label_from_instance(self, row: Model) -> str:
        if isinstance(row, Division):
            return f"{row.parent.name} › {row.name}" if row.level == "community" and row.parent else row.name
        if isinstance(row, Organisation | Compound):
            return f"{row.name}（{row.division.name}）"
        return super().label_from_instance(row)


class ReasonField(NameField):
    """Why: one line that stays in the trail."""

    def __init__(self, **more: Any) -> None:
        super().__init__(label="原因", limit=200, help_text="会记入变更记录，请不要写个人信息。", **more)


class AliasesField(forms.CharField):
    """Other names, one a line or with 、 between them."""

    def __init__(self) -> None:
        widget = forms.Textarea(attrs={"rows": 2})
        super().__init__(label="别名", required=False, widget=widget, help_text="一行一个，或用顿号隔开。")
        self.validators = []  # each name is judged by itself, a NUL included

    def clean(self, value: Any) -> list[str]:
        parts = [part for part in _BETWEEN.split(str(value or "")) if part.strip()]
        if len(parts) > MOST_ALIASES:
            raise forms.ValidationError(f"别名太多，最多 {MOST_ALIASES} 个。", code="too_many")
        name = NameField(label="别名")
        return [name.clean(part) for part in parts]

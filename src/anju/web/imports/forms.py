"""What is typed on the pages of imports."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from anju.base.actor import Actor
from anju.places.models import Compound, Division
from anju.places.queries.divisions import divisions_within
from anju.registry.models import Source
from anju.web.fields import DayField, IdChoiceField, NameField

BESIDE = {"import.bad_division": "division", "fact.observed_later": "observed_on", "fact.reason_missing": "reason"}
LARGEST = 50 * 1024 * 1024


class ListForm(forms.Form):
    """The file, who says so, where its compounds lie and of which day it is."""

    file = forms.FileField(
        label="名册文件",
        help_text=".xlsx、.xls 或 .csv，最多 200,000 行。列的先后不限，表头在前 20 行内即可。",
        error_messages={"required": "请选择文件。", "empty": "文件里没有内容。"},
    )
    source = NameField(label="来源名称", help_text="例如：2026年摸底排查、示例物业公司报送。同一来源每次写同一个名称。")
    source_kind = forms.ChoiceField(label="来源类型", choices=Source.Kind.choices, initial=Source.Kind.SURVEY)
    observed_on = DayField(label="数据日期", help_text="这份资料是哪一天的情况。")
    kind = forms.ChoiceField(
        label="新登记小区的类型",
        choices=Compound.Kind.choices,
        initial=Compound.Kind.UNKNOWN,
        help_text="只用于新登记的小区。",
    )

    def __init__(self, actor: Actor, data: Any = None, files: Any = None, *, today: date) -> None:
        super().__init__(data, files, initial={"observed_on": today})
        rows = divisions_within(actor).filter(awaiting=False)
        self.fields["division"] = IdChoiceField(
            label="默认区划", rows=rows, help_text="行里没写乡镇、社区的小区放在这里；选全县的，放在“待定乡镇”。"
        )
        self.fields["division"].label_from_instance = _chain  # type: ignore[attr-defined]
        self.order_fields(["file", "source", "source_kind", "division", "observed_on", "kind"])
        if first := rows.first():
            self.fields["division"].initial = first.pk

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST:
            raise forms.ValidationError("文件太大，最多 50 MB。请分成几份。", code="too_big")
        return upload


class UndoForm(forms.Form):
    reason = forms.CharField(
        label="撤回原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明原因，别人会看到。"},
    )


class TownForm(forms.Form):
    """Where rows without a town belong."""

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        rows: QuerySet[Division] = divisions_within(actor).filter(awaiting=False).exclude(level="county")
        self.fields["division"] = IdChoiceField(label="归到", rows=rows)
        self.fields["division"].widget.attrs["class"] = "aj-input"
        self.fields["division"].label_from_instance = _chain  # type: ignore[attr-defined]


def _chain(row: Any) -> str:
    parent = row.parent if row.parent_id and row.level == "community" else None
    return f"{parent.name} › {row.name}" if parent else str(row.name)

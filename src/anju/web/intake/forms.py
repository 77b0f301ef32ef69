"""代录: what somebody tells at the counter or by telephone, on one short page."""

from collections.abc import Sequence
from typing import Any

from django import forms

from anju.base.actor import Actor
from anju.places.models import OPEN
from anju.places.queries.scoped import compounds_for
from anju.rules.cases.facts import Mode
from anju.web.citizen.catalogue import Catalogue, kinds_of
from anju.web.fields import NameField, WordsField
from anju.web.people.fields import NamedField, PhoneField

MOST_BYTES = 5 * 1024 * 1024
LONGEST = 3000
SOURCES = (("phone", "打电话来"), ("counter", "到窗口来"))
MODES = (
    (Mode.HIDDEN.value, "保密：被反映的一方看不到"),
    (Mode.NAMED.value, "实名"),
    (Mode.ANONYMOUS.value, "匿名"),
)


class EnterForm(forms.Form):
    """In the order in which a call goes: where, what, what he says, how to reach him."""

    source = forms.ChoiceField(label="怎么来的", choices=SOURCES, widget=forms.RadioSelect())

    def __init__(self, actor: Actor, catalogue: Catalogue, typed: Any = None, **more: Any) -> None:
        super().__init__(typed, **more)
        rows = compounds_for(actor).filter(OPEN).select_related("division")
        self.fields["compound"] = NamedField(label="哪个小区", rows=rows)
        self.fields["matter"] = forms.ChoiceField(
            label="哪一类事",
            choices=_by_tile(catalogue),
            error_messages={"invalid_choice": "没有这一类，请重新选。", "required": "请选哪一类事。"},
        )
        self.fields["text"] = WordsField(label="说了什么", limit=LONGEST)
        self.fields["spot"] = NameField(label="在哪一处", limit=60, required=False, help_text="如 3 栋 2 单元楼道。")
        self.fields["phone"] = PhoneField(label="电话")
        self.fields["name"] = NameField(label="姓名", limit=30, required=False)
        self.fields["mode"] = forms.ChoiceField(label="身份", choices=MODES, help_text="问一声：要不要保密？")
        self.fields["key"] = forms.CharField(widget=forms.HiddenInput(), max_length=64)
        self.fields["seen"] = forms.CharField(widget=forms.HiddenInput(), max_length=4, required=False)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("mode") == Mode.NAMED and not found.get("name") and "name" not in self.errors:
            self.add_error("name", "实名要写姓名；不愿说就选保密或匿名。")
        return found


class SheetForm(forms.Form):
    file = forms.FileField(
        label="12345 工单表",
        help_text="Excel（.xlsx、.xls）或 CSV，最多 1000 行。要有“工单编号”和“诉求内容”两列，列的次序不限。",
        error_messages={"required": "请选一个文件。", "empty": "文件是空的，请重新选。"},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("文件超过 5 MB，请分成几个表。", code="too_big")
        return file


def _by_tile(catalogue: Catalogue) -> list[tuple[str, Any]]:
    """Return the matters under the words of the tiles, as they are asked on the telephone."""
    groups: list[tuple[str, Sequence[tuple[str, str]]]] = [
        (tile.name, kinds_of(catalogue, tile)) for tile in catalogue.tiles if not tile.danger
    ]
    return [("", "请选择"), *groups]

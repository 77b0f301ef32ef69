"""What a citizen types or presses. Nothing here is required: the words beside each field say what it is for."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms

from anju.rules.cases.facts import Mode
from anju.web.fields import NameField, WordsField
from anju.web.people.fields import PhoneField

MOST_PHOTOS = 3
LONGEST_NOTE = 1000
SPOTS = ("楼道", "电梯", "地下车库", "地面车位", "大门、道路", "屋顶、外墙", "绿地、广场", "别的地方")
MODES = (
    (Mode.HIDDEN.value, "保密：办理的单位知道是谁，被反映的一方看不到"),
    (Mode.ANONYMOUS.value, "匿名：不留姓名电话，没法打电话问您，您凭编号自己查"),
    (Mode.NAMED.value, "实名：办理的单位看得到您的姓名，被反映的一方仍然看不到"),
)


class SendForm(forms.Form):
    """看一眼，没错就发送. Everything stands behind 可不填."""

    d = forms.CharField(widget=forms.HiddenInput(), max_length=2000)
    matter = forms.ChoiceField(label="具体是哪一样", required=False)
    spot = forms.ChoiceField(label="在哪里", required=False, choices=[("", "不选"), *((one, one) for one in SPOTS)])
    building = NameField(label="几栋几单元", limit=30, required=False)
    note = WordsField(
        label="补充一句", limit=LONGEST_NOTE, rows=2, required=False, help_text="请不要写别人的姓名、电话、房号。"
    )
    phone = PhoneField(label="手机号", help_text="只用来告诉您办到哪了，物业看不到。")
    name = NameField(label="您的姓名", limit=30, required=False, help_text="选了实名才要写。")
    mode = forms.ChoiceField(
        label="要不要让人知道是您",
        required=False,
        choices=MODES,
        widget=forms.RadioSelect(),
        error_messages={"invalid_choice": "请在三样里选一样。"},
    )

    undisclosed = forms.BooleanField(label="不要公开这件事，只计数", required=False)

    # The sum that a full address is asked. Its question is new on every page, so the page writes these two itself.
    seal = forms.CharField(required=False, widget=forms.HiddenInput(), max_length=500)
    sum = forms.CharField(required=False, widget=forms.HiddenInput(), max_length=10)

    def __init__(self, kinds: Sequence[tuple[str, str]], typed: Any = None, **more: Any) -> None:
        super().__init__(typed, **more)
        self.fields["matter"].choices = kinds  # type: ignore[attr-defined]
        self.fields["matter"].error_messages["invalid_choice"] = "没有这一样，请重新选。"
        self.fields["spot"].error_messages["invalid_choice"] = "没有这个地方，请重新选。"

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        found["mode"] = mode = Mode(found.get("mode") or Mode.HIDDEN)
        if mode is Mode.NAMED and not found.get("name") and "name" not in self.errors:
            self.add_error("name", "选了实名，请写上您的姓名；不想写就选保密或匿名。")
        if mode is Mode.ANONYMOUS:
            found["name"] = found["phone"] = ""
        return found


class DangerForm(SendForm):
    """The same after 有危险: which danger, in plain words. None is chosen beforehand and none must be."""

    danger = forms.ChoiceField(label="是哪一种危险", required=False, widget=forms.RadioSelect())
    field_order = ("d", "danger")

    def __init__(self, dangers: Sequence[tuple[str, str]], typed: Any = None, **more: Any) -> None:
        super().__init__([], typed, **more)
        del self.fields["matter"]
        self.fields["danger"].choices = dangers  # type: ignore[attr-defined]
        self.fields["danger"].error_messages["invalid_choice"] = "没有这一种，请重新选。"


class OtherForm(SendForm):
    """The same after 说不清: whether it is a unit that does not do its work. Such a report never passes through that unit's hands."""

    about = forms.ChoiceField(
        label="是说哪个单位不管、不办？",
        required=False,
        widget=forms.RadioSelect(),
    )
    field_order = ("d", "about")

    def __init__(
        self, kinds: Sequence[tuple[str, str]], units: Sequence[tuple[str, str]], typed: Any = None, **more: Any
    ) -> None:
        super().__init__(kinds, typed, **more)
        self.fields["about"].choices = [("", "不是说单位"), *units]  # type: ignore[attr-defined]
        self.fields["about"].error_messages["invalid_choice"] = "没有这个单位，请重新选。"


class LookForm(forms.Form):
    number = NameField(label="编号", limit=40, help_text="例如 TS-2026-000123-7，横线不用输。")
    code = forms.CharField(
        label="查询码",
        max_length=20,
        help_text="六个数字。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "12"}),
        error_messages={"required": "请填写查询码。", "max_length": "查询码是六个数字。"},
    )

    def clean_code(self) -> str:
        """In any width of digits, as the number beside it."""
        return "".join(sign for sign in unicodedata.normalize("NFKC", self.cleaned_data["code"]) if sign not in " -—")


class OpinionForm(forms.Form):
    """One sentence, a photo, or both."""

    text = WordsField(
        label="您想说的", limit=LONGEST_NOTE, required=False, help_text="请不要写别人的姓名、电话、房号。"
    )
    key = forms.CharField(widget=forms.HiddenInput(), max_length=64)

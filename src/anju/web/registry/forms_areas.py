"""The form for a compound's management area: drawn, pasted or chosen as a file."""

from datetime import date
from typing import Any

from django import forms

from anju.registry.models import Source
from anju.rules.areas import LARGEST_TEXT, Area, BadArea, Box, read_area
from anju.rules.coordinates import CGCS2000
from anju.web.fields import DayField, NameField
from anju.web.places.forms import one_of
from anju.web.registry.area_words import SYSTEMS, said_bad


class GeoField(forms.CharField):
    """The text of an area. It may come as a file instead, so its emptiness is judged by the form."""

    def validate(self, value: Any) -> None:
        return


class AreaForm(forms.Form):
    """`drawn` is the area once the form is valid. `near`: where it has to lie."""

    area = GeoField(
        label="区域（GeoJSON）",
        strip=False,
        help_text="在图上画的会写在这里；也可以粘贴绘图软件、测绘单位给的 GeoJSON，一个 Polygon 或 MultiPolygon。",
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label="或者选一个文件",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".geojson,.json"}),
        help_text=".geojson 或 .json，最多 2 MB。",
    )
    system = one_of("坐标系", SYSTEMS)
    kind = one_of("来源", [("", "请选择"), *Source.Kind.choices])
    source = NameField(
        label="来源全称", required=False, limit=100, help_text="如划定方案、备案编号；不填就记作上面选的来源。"
    )
    observed_on = DayField(label="核实日期", help_text="区域属实的那一天。")
    filed_on = DayField(label="备案日期", required=False)
    reason = NameField(label="说明", limit=200, required=False, help_text="如：二期交付，按备案图重画。")

    def __init__(self, typed: Any = None, files: Any = None, *, today: date, near: Box) -> None:
        super().__init__(typed, files, initial={"observed_on": today, "system": CGCS2000})
        self.near = near
        self.drawn: Area | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        field = "file" if data.get("file") else "area"
        try:
            text = self._text(data)
            self.drawn = read_area(text, data.get("system") or CGCS2000, self.near)
        except BadArea as bad:
            self.add_error(field, said_bad(bad))
        return data

    def _text(self, data: dict[str, Any]) -> str:
        """Return what was pasted, else what the file holds, which then stands in the text box for the next step."""
        pasted, sent = data.get("area", ""), data.get("file")
        if not sent:
            return str(pasted)
        if pasted.strip():
            raise BadArea("both")
        if sent.size > LARGEST_TEXT:
            raise BadArea("too_long", most=LARGEST_TEXT // 1024 // 1024)
        try:
            text = sent.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadArea("not_text") from error
        self.data = {**dict(self.data.items()), "area": text}
        return str(text)

    def places(self) -> list[forms.BoundField]:
        return [self[name] for name in ("area", "file")]

    def frame(self) -> list[forms.BoundField]:
        return [self[name] for name in ("system", "kind", "source", "observed_on", "filed_on", "reason")]

    def source_name(self) -> str:
        return self.cleaned_data["source"] or Source.Kind(self.cleaned_data["kind"]).label

"""What is typed about facts: values in anybody's notation, read by the same parsers as the lists, with errors that say how to mend them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from anju.base.actor import Actor
from anju.places.queries.divisions import towns_for
from anju.registry.models import Indicator, Source
from anju.registry.queries.answering import answering
from anju.registry.queries.facts import indicators_for
from anju.registry.queries.progress import Gaps, asked_indicators
from anju.registry.services.statements import Saying
from anju.rules.lists.canonical import canonical
from anju.rules.lists.cells import read_cell
from anju.rules.lists.readings import Doubtful, Known, Missing, Placeholder, Reading
from anju.rules.lists.reasons import sentence
from anju.web.fields import DayField, IdChoiceField, NameField
from anju.web.places.forms import one_of
from anju.web.registry.words import ANSWERS, GROUPS, SHOWS, Shown

LONGEST = 500
PREFIX = "v_"
_HELP: dict[str, str] = {
    "area": "平方米、亩、万平方米都可以写，如 13.2万㎡",
    "fee": "每月每平方米，可写区间，如 1.2-1.5元/㎡·月",
    "year": "年份或年月，如 2014、2014-06",
    "date": "如 2024-07-05",
    "percent": "如 35%",
    "ratio": "如 2.5",
    "term": "如 70年",
    "service": "写企业全称；没有企业的写：业主自管、社区托管、单位自管、失管",
    "phone": "手机 11 位，座机带区号",
    "credit_code": "18 位，照营业执照",
    "point": "经度,纬度，如 111.3052,24.5288",
}


class ReasonForm(forms.Form):
    """Why: what the history and the trail keep."""

    reason = NameField(label="理由", limit=200, help_text="会留在这一项的记录里，别人会看到。")


class FactField(forms.CharField):
    """One value of an indicator as text; `clean` returns its saying, None where nothing was typed."""

    def __init__(self, indicator: Indicator, *, today: date, zero: bool, now: Shown | None) -> None:
        self.indicator, self.today, self.zero = indicator, today, zero
        widget = _widget(indicator)
        unit = f"单位：{indicator.unit}" if indicator.unit and not now else ""
        now_is = f"现在是 {now.text}" if now and now.text else ""
        told = "；".join(part for part in (_HELP.get(indicator.type, unit), now_is) if part)
        super().__init__(label=indicator.name, required=False, widget=widget, help_text=told, strip=True)
        self.validators = [MaxLengthValidator(LONGEST, f"{indicator.name}最多 {LONGEST} 个字。")]

    def clean(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        self.run_validators(text)
        reading = read_cell(text, self.indicator.type, latest=self.today.year, unit=self.indicator.unit, zero=self.zero)
        if isinstance(reading, Known):
            return Saying(reading.value, text, reading.note)
        raise forms.ValidationError(_said(reading, self.indicator), code="unread")


def _widget(indicator: Indicator) -> forms.Widget:
    if indicator.type == "answer":
        return forms.Select(choices=[("", "不改"), *ANSWERS])
    return forms.TextInput(attrs={"autocomplete": "off", "maxlength": str(LONGEST)})


def _said(reading: Reading, indicator: Indicator) -> str:
    if isinstance(reading, Missing):
        return "这不是值。不知道就留空，没有登记过的就是未知。"
    if isinstance(reading, Placeholder):
        return f"“{reading.marker}”只是占位，不是值。请填实际数字，不知道就留空。"
    assert not isinstance(reading, Known)
    words = sentence(reading.reason, {"column": indicator.name, "found": reading.found}, {})
    if isinstance(reading, Doubtful) and reading.proposed is not None:
        return f"{words}如果是这个意思，请改写成：{canonical(reading.proposed)}"
    return words


class RecordForm(forms.Form):
    """What one source says about one compound: where from, of which day, and any number of values."""

    kind = one_of("来源", [("", "请选择"), *Source.Kind.choices])
    source = NameField(
        label="来源全称",
        required=False,
        limit=100,
        help_text="如县消防救援大队、某次排查的名称；不填就记作上面选的来源。",
    )
    observed_on = DayField(label="核实日期", help_text="情况属实的那一天，不是登记的这一天。")
    reason = NameField(label="说明", limit=200, required=False, help_text="如：入户核对，补登4幢12户。")

    def __init__(
        self,
        indicators: Iterable[Indicator],
        *,
        today: date,
        zero: frozenset[str],
        now: Mapping[int, Shown],
        typed: Any = None,
    ) -> None:
        super().__init__(typed, initial={"observed_on": today})
        self.indicators = {f"{PREFIX}{row.code}": row for row in indicators}
        for name, row in self.indicators.items():
            self.fields[name] = FactField(row, today=today, zero=row.code in zero, now=now.get(row.pk))

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields of the values by group, in the policy's order."""
        found: dict[str, list[forms.BoundField]] = {}
        for name, row in self.indicators.items():
            found.setdefault(GROUPS.get(row.group, row.group), []).append(self[name])
        return list(found.items())

    def frame(self) -> list[forms.BoundField]:
        return [self[name] for name in ("kind", "source", "observed_on", "reason")]

    def sayings(self) -> dict[Indicator, Saying]:
        return {row: said for name, row in self.indicators.items() if (said := self.cleaned_data[name]) is not None}

    def source_name(self) -> str:
        return self.cleaned_data["source"] or Source.Kind(self.cleaned_data["kind"]).label


def _towns(actor: Actor) -> IdChoiceField:
    field = IdChoiceField(label="乡镇", rows=towns_for(actor), required=False)
    field.empty_label = "全部"
    return field


def _indicators(rows: Any) -> IdChoiceField:
    field = IdChoiceField(label="项目", rows=rows, required=False)
    field.empty_label = "全部"
    return field


class GapFilter(forms.Form):
    """Which cells to look at: of a town, of whoever answers for them, of one item."""

    def __init__(self, actor: Actor, asked: Any) -> None:
        super().__init__(asked)
        self.fields["town"] = _towns(actor)
        self.fields["unit"] = one_of("责任单位", [("", "全部"), *_answering(actor)], required=False)
        self.fields["indicator"] = _indicators(asked_indicators(actor))

    def gaps(self) -> Gaps | None:
        if not self.is_valid():
            return None
        data = self.cleaned_data
        return Gaps(data["town"], int(data["unit"]) if data["unit"] else None, data["indicator"])


class CellFilter(GapFilter):
    """The same, and what is the matter with them."""

    def __init__(self, actor: Actor, asked: Any) -> None:
        super().__init__(actor, asked)
        self.fields["show"] = one_of("看", tuple(SHOWS.items()), required=False, widget=forms.HiddenInput())
        self.fields["indicator"] = _indicators(indicators_for(actor))

    def show(self) -> str:
        return self.cleaned_data.get("show") or "conflict"


def _answering(actor: Actor) -> list[tuple[str, str]]:
    """Return the units that answer for anything, by id and name."""
    who = answering()
    codes = {code for row in asked_indicators(actor) for code in row.answers}
    units = [unit for code, unit in who.units.items() if code in codes and code not in who.of_town]
    units += who.towns.values() if who.of_town & codes else ()
    return [(str(unit.pk), unit.name) for unit in dict.fromkeys(units) if unit.pk is not None]

"""What is typed at the table: a value with who says it and of which day, for one cell or for several rows."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms

from anju.base.actor import Actor
from anju.places.models import Compound
from anju.places.queries.divisions import divisions_within
from anju.registry.models import Indicator, Source
from anju.registry.services.statements import Saying, source_named
from anju.reports.columns import HIDDEN, Column, Columns
from anju.reports.services.edits import Word
from anju.rules.lists.canonical import canonical
from anju.rules.lists.cells import read_cell
from anju.rules.lists.readings import Known, value_of
from anju.rules.lists.reasons import sentence as reason_words
from anju.web.fields import DayField, NameField
from anju.web.places.fields import PlacedField
from anju.web.places.forms import one_of
from anju.web.reports.words import ANSWERS

_KIND_OF_ROLE = {"town_officer": "town", "community_worker": "town", "bureau_officer": "department"}
STATES = [(code, name) for code, name in Compound.ServiceState.choices if code != "unknown"]
BESIDE = {"fact.observed_later": "observed_on"}


class WordForm(forms.Form):
    """Who says so, and of which day it is true."""

    source = NameField(label="来源", limit=100, help_text="谁说的、哪份材料，例如：城关镇摸底排查表。")
    source_kind = one_of("来源类型", Source.Kind.choices)
    observed_on = DayField(label="核实日期", help_text="这个值是哪一天的情况。")
    reason = NameField(label="说明", limit=200, required=False)

    def __init__(self, actor: Actor, typed: Any = None, *, today: date) -> None:
        unit = actor.post_name.split(" · ")[0]
        kind = _KIND_OF_ROLE.get(actor.role, "survey")
        super().__init__(typed, initial={"source": unit, "source_kind": kind, "observed_on": today})

    def word(self, actor: Actor, at: datetime) -> Word:
        data = self.cleaned_data
        source = source_named(actor=actor, name=data["source"], kind=data["source_kind"], at=at)
        return Word(source, data["observed_on"], data["reason"])


class CellForm(WordForm):
    """The value of one column, read as the table reads lists."""

    field_order = ["value", "state", "source", "source_kind", "observed_on", "reason"]

    def __init__(self, actor: Actor, column: Column, typed: Any = None, *, today: date, now: str = "") -> None:
        super().__init__(actor, typed, today=today)
        self.column, self.year = column, today.year
        self.fields["value"] = value_field(column, now)
        self.order_fields(self.field_order)

    def clean_value(self) -> str:
        text = str(self.cleaned_data["value"])
        self.saying = self._read(text)
        return text

    def _read(self, text: str) -> Saying:
        reading = read_cell(text, self.column.type, latest=self.year, zero=True)
        if isinstance(reading, Known):
            return Saying(reading.value, text, reading.note)
        reason = getattr(reading, "reason", "unreadable")
        told = {"column": self.column.name, "found": getattr(reading, "found", "")}
        proposed = value_of(reading)
        hint = f"是不是“{canonical(proposed)}”？" if proposed and self.column.type not in HIDDEN else ""
        words = _words(reason, told)
        named = "" if self.column.name in words else f"“{self.column.name}”"
        raise forms.ValidationError(f"{named}{words}{hint}", code=reason)


def _words(reason: str, told: dict[str, str]) -> str:
    try:
        return reason_words(reason, told, {})
    except KeyError:
        return "看不懂，请改写。"


def value_field(column: Column, now: str = "") -> forms.Field:
    label = column.name + (f"（{column.unit}）" if column.unit else "")
    if column.type == "answer":
        choices = [("", "请选择"), *((name, name) for name in ANSWERS.values())]
        return one_of(label, choices, initial=now)
    hints = {
        "date": "写成 2026-05-31，只知道年月的写 2026-05。",
        "year": "写成 2014，知道年月的写 2014-06。",
        "service": "有企业的写企业全称，没有的写业主自管、社区托管、单位自管或失管。",
        "phone": "手机 11 位，座机带区号。",
        "point": "写成 经度,纬度。",
    }
    field = NameField(label=label, limit=500, help_text=hints.get(column.type, ""))
    field.initial = now
    return field


class SelectionForm(WordForm):
    """What to do with the chosen rows. Only what the act needs has to be filled in."""

    NEEDS = {"indicator": {"column", "value"}, "division": {"division"}, "kind": {"kind"}}
    ACTS = (("indicator", "写同一个值"), ("division", "改所属乡镇、社区"), ("kind", "改小区类型"))

    def __init__(self, actor: Actor, columns: Columns, typed: Any = None, *, today: date, may_move: bool) -> None:
        super().__init__(actor, typed, today=today)
        self.columns, self.year = columns, today.year
        acts = self.ACTS if may_move else self.ACTS[:1]
        choices = [("", "请选择"), *((column.code, column.name) for column in _told(columns.every))]
        self.fields["act"] = one_of("怎样改", acts, initial="indicator", widget=forms.RadioSelect())
        self.fields["column"] = one_of("哪一列", choices, required=False)
        value = NameField(
            label="值", limit=500, required=False, help_text="写成导入名册时的样子：有无写 有、无、未知、不适用。"
        )
        self.fields["value"] = value
        if may_move:
            self.fields["division"] = PlacedField(
                label="乡镇、社区", rows=divisions_within(actor).exclude(level="county"), required=False
            )
            self.fields["kind"] = one_of("小区类型", [("", "请选择"), *Compound.Kind.choices], required=False)
        self.order_fields(
            ["act", "column", "value", "division", "kind", "source", "source_kind", "observed_on", "reason"]
        )
        chosen = typed.get("act", "") if typed is not None else ""
        for act, names in self.NEEDS.items():
            for name in names & self.fields.keys():
                self.fields[name].required = typed is None or act == chosen

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("act") == "indicator" and data.get("column") and data.get("value"):
            self._read(self.columns.by_code[data["column"]], data["value"])
        return data

    def _read(self, column: Column, text: str) -> None:
        reading = read_cell(text, column.type, latest=self.year, zero=True)
        if isinstance(reading, Known):
            self.saying = Saying(reading.value, text, reading.note)
        else:
            told = {"column": column.name, "found": getattr(reading, "found", "")}
            self.add_error("value", f"“{column.name}”{_words(getattr(reading, 'reason', 'unreadable'), told)}")


def _told(columns: Sequence[Column]) -> list[Column]:
    return [column for column in columns if column.pk is not None and not column.derived and column.type != "point"]


class ViewForm(forms.Form):
    name = NameField(label="名称", limit=30)


def indicator_of(column: Column) -> Indicator:
    assert column.pk is not None
    return Indicator.objects.get(pk=column.pk)

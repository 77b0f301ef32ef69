"""Editing a matter: its parts, why and by which document; filters of the catalogue and of the routing table."""

import re
from typing import Any, Final

from django import forms

from anju.base.actor import Actor
from anju.cases.models import Matter, MatterCatalogue
from anju.cases.queries.matters import item_choices
from anju.places.queries.divisions import towns_for
from anju.rules.cases.matter_changes import plain
from anju.rules.cases.matters import Matter as MatterRow
from anju.rules.cases.matters import When
from anju.rules.cases.workflow import Amount, Urgency
from anju.web.cases.words import TYPES, URGENCIES
from anju.web.fields import IdChoiceField, NameField, WordsField
from anju.web.matters.words import FIRST, SOURCES, Named
from anju.web.places.forms import one_of

_PACES: Final = {"wd": "工作日", "cd": "自然日", "wh": "工作小时", "ch": "小时"}
_SPARE: Final = 2  # empty lines for further circumstances
_MOST_WHENS: Final = 8
BESIDE: Final = {"matter.code_taken": "code"}


_STALE: Final = "页面不完整，请刷新后再办。"


def _version() -> forms.IntegerField:
    errors = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _STALE)
    return forms.IntegerField(min_value=0, max_value=10**9, widget=forms.HiddenInput(), error_messages=errors)


class WhyForm(forms.Form):
    """Why, by which document, and which version was on the page."""

    based_on = _version()
    reason = NameField(label="理由", limit=200)
    cite = NameField(label="依据（文号、会议纪要或法条）", limit=100)

    def __init__(self, data: Any, version: int) -> None:
        super().__init__(data, initial={"based_on": version})

    def why(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("based_on", "reason", "cite")}


class AnswerForm(WhyForm):
    """Take what the policy file says, or keep what the bureau wrote."""

    take = one_of("怎么办", (("keep", "保留本县的写法"), ("take", "采用方案文件的写法")), widget=forms.RadioSelect())
    field_order = ("take", "reason", "cite")


class MatterForm(forms.Form):
    """All parts of a matter. `row` gives what was typed; the service works out which units the plan does not list."""

    def __init__(
        self, data: Any, catalogue: MatterCatalogue, named: Named, matter: MatterRow | None, version: int
    ) -> None:
        super().__init__(data, initial=_initial(matter, version))
        self.code = matter.code if matter else ""
        units = list(named.units.items())
        self._add_names(catalogue)
        self.fields["lead"] = one_of("主办单位", [("", "请选择"), *units])
        self.fields["joint"] = forms.MultipleChoiceField(
            label="协办单位", choices=units, required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "aj-many"}),
            error_messages={"invalid_choice": "协办单位没有这个选项，请重新选择。"},
        )  # fmt: skip
        self.fields["source"] = one_of("主办单位从哪里来", SOURCES.items())
        self.fields["first"] = one_of("先由谁负责", [("", "没有"), *FIRST.items()], required=False)
        self.fields["dissuade"] = forms.BooleanField(label="物业服务企业、业主组织要先劝阻", required=False)
        self._add_limits()
        self._add_whens(catalogue, units, len(matter.when) if matter else 0)
        self._add_conditions()

    def _add_names(self, catalogue: MatterCatalogue) -> None:
        self.fields["based_on"] = _version()
        if not self.code:
            self.fields["code"] = NameField(label="编号（两个大写字母加两位数字，例如 WL11）", limit=4)
        self.fields["name"] = NameField(label="名称", limit=40)
        self.fields["item"] = one_of("方案条目", [("", "请选择"), *item_choices(catalogue.items)])
        self.fields["refers"] = NameField(label="出处（方案条目和法条）", limit=100)
        self.fields["type"] = one_of("类型", TYPES.items())
        self.fields["urgency"] = one_of("紧急程度", URGENCIES.items())

    def _add_limits(self) -> None:
        errors = {"invalid": "办理时限要写整数。", "min_value": "办理时限至少是 1。", "max_value": "办理时限最多 999。"}
        self.fields["handle"] = forms.IntegerField(
            label="办理时限", min_value=1, max_value=999, required=False, error_messages=errors,
            help_text="不填就按流程的一般时限。",
        )  # fmt: skip
        self.fields["pace"] = one_of("时限的单位", _PACES.items(), required=False)
        self.fields["emergency"] = NameField(label="紧急电话（几个的用顿号隔开）", limit=60, required=False)
        self.fields["private"] = forms.BooleanField(label="不公开，只计数", required=False)

    def _add_whens(self, catalogue: MatterCatalogue, units: list[tuple[str, str]], there: int) -> None:
        names = [("", "没有"), *catalogue.circumstances.items()]
        for number in range(min(there + _SPARE, _MOST_WHENS)):
            self.fields[f"when{number}"] = one_of(f"情形 {number + 1}", names, required=False)
            self.fields[f"lead{number}"] = one_of("改由谁主办", [("", "不变"), *units], required=False)
            self.fields[f"urgency{number}"] = one_of("紧急程度", [("", "不变"), *URGENCIES.items()], required=False)
            self.fields[f"first{number}"] = one_of("先由谁负责", [("", "不变"), *FIRST.items()], required=False)

    def _add_conditions(self) -> None:
        self.fields["file_when"] = WordsField(label="立案条件", limit=200, rows=2)
        self.fields["close_when"] = WordsField(label="结案条件", limit=200, rows=2)
        self.fields["confirm"] = NameField(label="待县里确认的事", limit=200, required=False)
        self.fields["reason"] = NameField(label="改动的理由", limit=200)
        self.fields["cite"] = NameField(label="改动的依据（文号、会议纪要或法条）", limit=100)

    @property
    def parts(self) -> list[Any]:
        """The fields above the circumstances, hidden ones left out."""
        return [self[name] for name in self.fields if name not in {*self._lower, "based_on"} and not _is_when(name)]

    @property
    def whens(self) -> list[list[Any]]:
        numbers = [name.removeprefix("when") for name in self.fields if name.startswith("when")]
        return [[self[f"{part}{number}"] for part in ("when", "lead", "urgency", "first")] for number in numbers]

    @property
    def lower(self) -> list[Any]:
        return [self[name] for name in self._lower]

    _lower = ("file_when", "close_when", "confirm", "reason", "cite")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = [data.get(field[0].name) for field in self.whens if data.get(field[0].name)]
        if len(set(chosen)) != len(chosen):
            self.add_error(None, "同一种情形只写一次。")
        for fields in self.whens:
            said = [field for field in fields[1:] if data.get(field.name)]
            if said and not data.get(fields[0].name):
                self.add_error(fields[0].name, "请选择是什么情形。")
        return data

    def row(self) -> MatterRow:
        data = self.cleaned_data
        return MatterRow(
            code=self.code or data["code"].upper(),
            name=data["name"],
            item=data["item"],
            cite=data["refers"],
            type=data["type"],
            urgency=Urgency(data["urgency"]),
            lead=data["lead"],
            joint=tuple(code for code in data["joint"] if code != data["lead"]),
            source=data["source"],
            file_when=" ".join(data["file_when"].split()),
            close_when=" ".join(data["close_when"].split()),
            confirm=data["confirm"],
            dissuade=data["dissuade"],
            first=data["first"],
            emergency=tuple(dict.fromkeys(part for part in re.split(r"[、，,；; ]+", data["emergency"]) if part)),
            private=data["private"],
            handle=Amount.of(f"{data['handle']} {data['pace'] or 'wd'}") if data["handle"] else None,
            when=tuple(self._when(fields) for fields in self.whens if data[fields[0].name]),
        )

    def _when(self, fields: list[Any]) -> When:
        circumstance, lead, urgency, first = (self.cleaned_data[field.name] for field in fields)
        return When(circumstance, lead, Urgency(urgency) if urgency else None, first)

    def why(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("reason", "cite")}


def _is_when(name: str) -> bool:
    return bool(re.fullmatch(r"(when|lead|urgency|first)\d", name))


def _initial(matter: MatterRow | None, version: int) -> dict[str, Any]:
    if matter is None:
        return {"based_on": 0, "urgency": "b", "source": "manual", "pace": "wd"}
    told = plain(matter) | {"based_on": version, "refers": matter.cite, "emergency": "、".join(matter.emergency)}
    told |= {"handle": matter.handle.number if matter.handle else None}
    told["pace"] = matter.handle.unit if matter.handle else "wd"
    told["cite"] = ""
    for number, one in enumerate(told.pop("when")):
        told |= {f"when{number}": one["circumstance"]}
        told |= {f"{part}{number}": one[part] for part in ("lead", "urgency", "first")}
    return told


class CatalogueFilter(forms.Form):
    """What is looked for in the catalogue."""

    SHOW = (
        ("", "现有的"),
        ("open", "待确认的"),
        ("gaps", "方案没有列全的"),
        ("auto", "自动派遣的"),
        ("ended", "已停用的"),
    )

    def __init__(self, asked: Any, named: Named) -> None:
        super().__init__(asked)
        self.fields["show"] = one_of("范围", self.SHOW, required=False)
        self.fields["unit"] = one_of("主办或协办", [("", "全部"), *named.units.items()], required=False)
        self.fields["type"] = one_of("类型", [("", "全部"), *TYPES.items()], required=False)
        self.fields["q"] = NameField(label="名称或编号", limit=40, required=False)


class RouteFilter(forms.Form):
    """Whose routes, seen from which town."""

    def __init__(self, actor: Actor, asked: Any, named: Named) -> None:
        super().__init__(asked)
        town = IdChoiceField(label="属地按哪个乡镇看", rows=towns_for(actor), required=False)
        town.empty_label = "不指定"
        self.fields["town"] = town
        self.fields["unit"] = one_of("主办或协办", [("", "全部"), *named.units.items()], required=False)
        states = (("", "全部"), ("open", "待确认"), ("confirmed", "已确认"), ("auto", "自动派遣"))
        self.fields["state"] = one_of("状态", states, required=False)


class ConfirmManyForm(forms.Form):
    """Several routes confirmed by one document: each box says matter and version."""

    reason = NameField(label="理由", limit=200)
    cite = NameField(label="依据（文号、会议纪要或法条）", limit=100)

    def __init__(self, data: Any, rows: list[Matter]) -> None:
        super().__init__(data)
        choices = [(f"{one.pk}:{one.version}", one.name) for one in rows]
        self.fields["route"] = forms.MultipleChoiceField(
            label="确认哪些", choices=choices, required=False, widget=forms.CheckboxSelectMultiple(),
            error_messages={"invalid_choice": "选中的事项里有刚刚被改过或确认过的，请看清最新的再选。"},
        )  # fmt: skip

    def routes(self) -> dict[int, int]:
        pairs = [one.split(":") for one in self.cleaned_data["route"]]
        return {int(pk): int(version) for pk, version in pairs}

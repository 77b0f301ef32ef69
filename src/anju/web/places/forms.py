"""What is typed on the pages of places. The choices are what the actor may see and reach; the services decide."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from anju.base.actor import Actor
from anju.places.models import OPEN, Compound, Division, Organisation
from anju.places.queries.divisions import divisions_within
from anju.places.queries.scoped import compounds_for, organisations_for
from anju.places.services.compounds import NOT_SUPERVISING, CompoundFacts
from anju.places.services.organisations import OrganisationFacts
from anju.web.fields import NameField
from anju.web.places.fields import AliasesField, PlacedField, ReasonField

# Which field a service's refusal stands beside.
BESIDE: dict[str, str] = {
    "compound.needs_town": "division",
    "compound.supervisor_ended": "supervising_unit",
    "compound.supervisor_unfit": "supervising_unit",
    "division.bad_code": "code",
    "division.code_taken": "code",
    "organisation.bad_credit_code": "credit_code",
    "organisation.credit_code_taken": "credit_code",
    "organisation.division_held": "division",
    "organisation.kind_held": "kind",
    "organisation.parent_circle": "parent",
    "place.alias_is_name": "alias",
    "place.alias_taken": "alias",
    "place.bad_name": "name",
    "place.name_is_alias": "name",
    "place.name_taken": "name",
}


def one_of(label: str, choices: Any, **more: Any) -> forms.ChoiceField:
    errors = {"required": f"请选择{label}。", "invalid_choice": f"{label}没有这个选项，请重新选择。"}
    return forms.ChoiceField(label=label, choices=choices, error_messages=errors, **more)


class NameForm(forms.Form):
    """A new name for something."""

    name = NameField(label="新名称")


class AliasForm(forms.Form):
    alias = NameField(label="别名")


class EndForm(forms.Form):
    reason = ReasonField()


class MergeForm(forms.Form):
    """What it goes into, and why."""

    def __init__(self, rows: "QuerySet[Any]", typed: Any = None) -> None:
        super().__init__(typed)
        self.fields["into"] = PlacedField(label="并入", rows=rows)
        self.fields["reason"] = ReasonField()


class DivisionForm(forms.Form):
    name = NameField(label="名称")
    code = forms.CharField(
        label="区划代码",
        max_length=12,
        help_text="按统计用区划代码：乡镇 9 位，社区（村）12 位，前几位和上级一致。",
        error_messages={"required": "请填写区划代码。", "max_length": "区划代码最多 12 位。"},
    )


class OrganisationForm(forms.Form):
    """An organisation without its name: that changes by renaming."""

    kind = one_of("类型", [("", "请选择"), *Organisation.Kind.choices])

    def __init__(self, actor: Actor, typed: Any = None, *, row: Organisation | None = None) -> None:
        super().__init__(typed, initial=_of_organisation(row))
        units = organisations_for(actor).select_related("division")
        if row is None:
            self.fields = {"name": NameField(label="名称"), **self.fields}
        else:
            units = units.exclude(pk=row.pk)
        self.fields["division"] = PlacedField(label="所属区划", rows=divisions_within(actor))
        current = row.parent_id if row else None
        self.fields["parent"] = PlacedField(label="上级单位", rows=units.filter(OPEN | Q(pk=current)), required=False)
        self.fields["credit_code"] = forms.CharField(
            label="统一社会信用代码", max_length=40, required=False, help_text="18 位，企业请照营业执照填写。"
        )
        if row is None:
            self.fields["aliases"] = AliasesField()

    def facts(self) -> OrganisationFacts:
        names = ("kind", "division", "parent", "credit_code")
        return OrganisationFacts(**{name: self.cleaned_data[name] for name in names})


class CompoundForm(forms.Form):
    """A compound; without its name once it has one: that changes by renaming."""

    def __init__(self, actor: Actor, typed: Any = None, *, row: Compound | None = None) -> None:
        super().__init__(typed, initial=_of_compound(row))
        if row is None:
            self.fields["name"] = NameField(label="小区名称", help_text="写门牌或登记的全名，简称写在别名里。")
        towns = divisions_within(actor).exclude(level=Division.Level.COUNTY)
        self.fields["division"] = PlacedField(label="所在社区（村）", rows=towns, help_text=_WHERE)
        self.fields["kind"] = one_of("小区类型", Compound.Kind.choices)
        self.fields["service_state"] = one_of("管理状态", Compound.ServiceState.choices, help_text=_STATE)
        current = row.supervising_unit_id if row else None
        units = organisations_for(actor).filter(OPEN | Q(pk=current)).exclude(kind__in=NOT_SUPERVISING)
        self.fields["supervising_unit"] = PlacedField(
            label="主管（兜底）单位", rows=units.select_related("division"), required=False
        )
        if row is None:
            self.fields["aliases"] = AliasesField()

    def facts(self) -> CompoundFacts:
        names = ("division", "kind", "service_state", "supervising_unit")
        return CompoundFacts(**{name: self.cleaned_data[name] for name in names})


class PlaceForm(forms.Form):
    """Where compounds lie of which no town was known."""

    def __init__(self, actor: Actor, typed: Any = None) -> None:
        super().__init__(typed)
        towns = divisions_within(actor).filter(awaiting=False).exclude(level=Division.Level.COUNTY)
        self.fields["division"] = PlacedField(label="归到", rows=towns)
        self.fields["division"].widget.attrs["class"] = "aj-input"


_WHERE = "不知道社区的选乡镇；连乡镇也不知道的，选“待定乡镇”。"
_STATE = "没有查清的选“待核实”，不要选“失管”。"


def compounds_beside(actor: Actor, row: Compound) -> "QuerySet[Compound]":
    """Return the compounds in force that a compound could go into."""
    return compounds_for(actor).filter(OPEN).exclude(pk=row.pk).select_related("division")


def organisations_beside(actor: Actor, row: Organisation) -> "QuerySet[Organisation]":
    return organisations_for(actor).filter(OPEN, kind=row.kind).exclude(pk=row.pk).select_related("division")


def divisions_beside(actor: Actor, row: Division) -> "QuerySet[Division]":
    return divisions_within(actor).filter(level=row.level, awaiting=False).exclude(pk=row.pk)


def _of_organisation(row: Organisation | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "kind": row.kind,
        "division": row.division_id,
        "parent": row.parent_id,
        "credit_code": row.credit_code,
    }


def _of_compound(row: Compound | None) -> dict[str, Any]:
    if row is None:
        return {"kind": Compound.Kind.UNKNOWN, "service_state": Compound.ServiceState.UNKNOWN}
    return {
        "division": row.division_id,
        "kind": row.kind,
        "service_state": row.service_state,
        "supervising_unit": row.supervising_unit_id,
    }

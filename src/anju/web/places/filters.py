"""What is asked of the lists: by whoever looks, in the address of the page."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from anju.base.actor import Actor
from anju.places.models import Compound, Organisation
from anju.places.queries.compounds import CompoundsSought
from anju.places.queries.divisions import towns_for
from anju.places.queries.organisations import OrganisationsSought
from anju.places.queries.policy import editions_for, units_of
from anju.places.queries.scoped import divisions_for
from anju.web.fields import IdChoiceField, NameField
from anju.web.places.forms import one_of

_SHOW = (("", "现有的"), ("ended", "已停用的"))
_UNSETTLED = (
    ("", "不限"),
    ("awaiting", "待定乡镇"),
    ("unmanaged", "失管，没有兜底单位"),
    ("unknown", "类型或状态待核实"),
)


def _any_of(label: str, choices: Any) -> forms.ChoiceField:
    return one_of(label, [("", "全部"), *choices], required=False)


def _within(actor: Actor) -> IdChoiceField:
    """A division, chosen by a link and not by hand."""
    return IdChoiceField(label="区划", rows=divisions_for(actor), required=False, widget=forms.HiddenInput())


def _refuse_wrong_link(form: forms.Form) -> None:
    """What was typed wrongly the form says in words; what only a link can ask, and is not there, is simply no page."""
    if any(field.name in form.errors for field in form.hidden_fields()):
        raise Http404


def _all_or_one(label: str, rows: "QuerySet[Any]") -> IdChoiceField:
    field = IdChoiceField(label=label, rows=rows, required=False)
    field.empty_label = "全部"
    return field


class PageForm(forms.Form):
    """Where in the list: the id of the row before or after. Anything else begins at the top."""

    before = forms.IntegerField(min_value=1, max_value=10**18, required=False)
    after = forms.IntegerField(min_value=1, max_value=10**18, required=False)

    def place(self) -> dict[str, int | None]:
        return dict(self.cleaned_data) if self.is_valid() else {}


class CompoundFilter(forms.Form):
    def __init__(self, actor: Actor, asked: Any) -> None:
        super().__init__(asked)
        self.fields["town"] = _within(actor)
        self.fields["kind"] = _any_of("类型", Compound.Kind.choices)
        self.fields["service_state"] = _any_of("管理状态", Compound.ServiceState.choices)
        self.fields["unsettled"] = one_of("待办", _UNSETTLED, required=False)
        self.fields["show"] = one_of("范围", (("", "现有的"), ("ended", "已注销的")), required=False)
        self.fields["q"] = NameField(label="名称或拼音", limit=50, required=False)

    def sought(self) -> CompoundsSought | None:
        """Return what is sought, None where the question makes no sense."""
        if self.is_valid():
            data = self.cleaned_data
            return CompoundsSought(
                text=data["q"],
                town=data["town"],
                kind=data["kind"],
                service_state=data["service_state"],
                unsettled=data["unsettled"],
                ended=data["show"] == "ended",
            )
        _refuse_wrong_link(self)
        return None


class OrganisationFilter(forms.Form):
    def __init__(self, actor: Actor, asked: Any) -> None:
        super().__init__(asked)
        self.fields["town"] = _within(actor)
        kinds = one_of("类型", Organisation.Kind.choices, required=False, widget=forms.HiddenInput())
        self.fields["kind"] = kinds  # the tabs above the list choose it
        self.fields["show"] = one_of("范围", _SHOW, required=False)
        self.fields["q"] = NameField(label="名称、拼音或信用代码", limit=50, required=False)

    def sought(self) -> OrganisationsSought | None:
        if not self.is_valid():
            _refuse_wrong_link(self)
            return None
        data = self.cleaned_data
        return OrganisationsSought(text=data["q"], town=data["town"], kind=data["kind"], ended=data["show"] == "ended")


class DivisionFilter(forms.Form):
    def __init__(self, actor: Actor, asked: Any) -> None:
        super().__init__(asked)
        self.fields["town"] = _all_or_one("乡镇", towns_for(actor))
        self.fields["show"] = one_of("范围", (("", "现有的"), ("ended", "连已停用的")), required=False)


class PolicyFilter(forms.Form):
    """Which edition, and whose items."""

    def __init__(self, actor: Actor, asked: Any) -> None:
        super().__init__(asked)
        editions = editions_for(actor)
        self.fields["edition"] = EditionField(label="版本", rows=editions, required=False)
        asked_for = editions.filter(pk=asked["edition"]) if _is_id(asked.get("edition")) else editions.none()
        chosen = asked_for.first() or editions.first()
        self.edition = chosen
        units = units_of(chosen) if chosen else Organisation.objects.none()
        self.fields["unit"] = _all_or_one("责任单位", units)


class EditionField(IdChoiceField):
    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.empty_label = "现行版本"

    def label_from_instance(self, row: Any) -> str:
        return f"{row.number} 第 {row.version} 版"


def _is_id(text: str | None) -> bool:
    return bool(text) and str(text).isascii() and str(text).isdigit() and len(str(text)) <= 18


def address(request: HttpRequest, **changes: object) -> str:
    """Return this list's address with some of its questions changed; a change to nothing drops the question."""
    asked = {key: value for key, value in request.GET.items() if key not in {"before", "after"}}
    asked |= {key: str(value) if value else "" for key, value in changes.items()}
    return "?" + urlencode({key: value for key, value in asked.items() if value})

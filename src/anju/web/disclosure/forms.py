"""What is typed about what is public: by citizens on their phones, and by those who decide and answer."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from anju.base.actor import Actor
from anju.disclosure.models import MAX_REASON, Correction, Release
from anju.disclosure.queries.cards import LONGEST, open_compounds
from anju.disclosure.queries.releases import candidates, releases_in_force
from anju.disclosure.services.releases import Place
from anju.places.models import OPEN
from anju.places.queries.compounds import CompoundsSought
from anju.places.queries.divisions import divisions_within, towns_for
from anju.places.queries.scoped import compounds_for
from anju.registry.models import Indicator
from anju.rules.disclosure import read_code
from anju.web.disclosure.words import PublicLine
from anju.web.fields import IdChoiceField, NameField
from anju.web.people.fields import NamedField, PhoneField
from anju.web.places.fields import PlacedField
from anju.web.places.forms import one_of
from anju.web.registry.forms import FactField

MOST_POSTERS = 100


class FindForm(forms.Form):
    q = NameField(label="小区名称", limit=LONGEST, required=False, help_text="名称、别名、拼音或首字母都行")


class ReportForm(forms.Form):
    """这里写错了: two taps, and what one knows better. `lines` are those the card shows."""

    def __init__(self, lines: Sequence[PublicLine], typed: Any = None, *, sum_asked: str = "") -> None:
        super().__init__(typed, initial={"item": lines[0].code if len(lines) == 1 else None})
        shown = [(line.code, f"{line.name}：{line.text}") for line in lines]
        self.fields["item"] = one_of("哪一项写错了", shown, widget=forms.RadioSelect())
        self.fields["wrong"] = one_of("哪里不对", Correction.Wrong.choices, widget=forms.RadioSelect())
        self.fields["right_value"] = NameField(
            label="应该是", limit=100, required=False, help_text="知道就写，不知道不用写。请不要写别人的姓名、电话。"
        )
        self.fields["phone"] = PhoneField(
            label="您的电话", help_text="留了电话，要核对时才好问您。只有答复的人看得到，答复 30 天后删除。"
        )
        self.fields["seal"] = forms.CharField(required=False, widget=forms.HiddenInput(), max_length=500)
        if sum_asked:
            self.fields["sum"] = forms.CharField(label=sum_asked, required=False, max_length=10)

    def ask_again(self, seal: str) -> None:
        """Put the seal of a new sum into a form that may have been sent already."""
        if self.is_bound:
            self.data = {**self.data.dict(), "seal": seal, "sum": ""}  # type: ignore[attr-defined]  # a QueryDict
        self.initial["seal"] = seal


class CodeForm(forms.Form):
    code = NameField(label="纠错编号", limit=20, help_text="发送纠错后给您的 10 位编号")

    def clean_code(self) -> str:
        if not (code := read_code(self.cleaned_data["code"])):
            raise forms.ValidationError("编号是 10 位字母和数字，请照原样再输一次。", code="no_code")
        return code


class ProposeForm(forms.Form):
    """Which items may be public, where, and why they may."""

    def __init__(self, actor: Actor, typed: Any = None, *, initial: Any = None) -> None:
        super().__init__(typed, initial=initial)
        places = divisions_within(actor).filter(level__in=("county", "town"))
        self.fields["division"] = PlacedField(label="在哪里公开", rows=places, help_text="全县，或一个乡镇的全部小区。")
        self.fields["compound"] = NamedField(
            label="只公开一个小区",
            rows=compounds_for(actor).filter(OPEN).select_related("division"),
            required=False,
            help_text="填了小区，就只在这个小区公开，上面选的不算。",
        )
        free = [row.indicator for row in candidates(actor) if not row.bars]
        self.fields["items"] = forms.MultipleChoiceField(
            label="公开哪些项目",
            choices=[(one.code, one.name) for one in free],
            widget=forms.CheckboxSelectMultiple(),
            error_messages={"required": "请至少选一项。", "invalid_choice": "有的项目不能公开，请重新选。"},
        )
        self.fields["basis"] = NameField(
            label="审查情况和依据",
            limit=MAX_REASON,
            help_text="审了什么、依据哪一条可以公开，如“已按政府信息公开条例第十七条审查，不涉密、不含个人信息”。",
        )

    def place(self) -> Place:
        compound = self.cleaned_data["compound"]
        return Place(compound=compound) if compound else Place(division=self.cleaned_data["division"])


class DecideForm(forms.Form):
    """Agree, or send back with a reason: two buttons of one form."""

    decision = forms.ChoiceField(choices=[("agree", "同意公开"), ("send_back", "退回")], widget=forms.HiddenInput())
    reason = NameField(
        label="退回的原因", limit=MAX_REASON, required=False, help_text="同意不用写；退回要写明，提出人会看到。"
    )


class RevokeForm(forms.Form):
    reason = NameField(label="停止公开的原因", limit=MAX_REASON, help_text="会留在公开审查记录里。")


class ReleasesChosen(forms.Form):
    """Which releases a link names; what is not there or has ended is not chosen."""

    def __init__(self, actor: Actor, asked: Any) -> None:
        super().__init__(asked)
        self.fields["release"] = forms.ModelMultipleChoiceField(queryset=releases_in_force(actor), required=False)

    def chosen(self) -> list[Release]:
        return list(self.cleaned_data["release"]) if self.is_valid() else []


class PosterFilter(forms.Form):
    def __init__(self, actor: Actor, asked: Any) -> None:
        super().__init__(asked)
        town = IdChoiceField(label="乡镇", rows=towns_for(actor), required=False)
        town.empty_label = "全部"
        self.fields["town"] = town
        self.fields["q"] = NameField(label="名称或拼音", limit=50, required=False)

    def sought(self) -> CompoundsSought:
        """Return what is sought; everything where the question makes no sense."""
        asked = self.cleaned_data if self.is_valid() else {}
        return CompoundsSought(text=asked.get("q", ""), town=asked.get("town"))


class PosterForm(forms.Form):
    """Which compounds on which paper."""

    def __init__(self, actor: Actor, asked: Any) -> None:
        super().__init__(asked)
        seen = compounds_for(actor).values("id")
        self.fields["compound"] = forms.ModelMultipleChoiceField(
            queryset=open_compounds(actor).filter(pk__in=seen),
            error_messages={
                "required": "请至少选一个小区。",
                "invalid_choice": "有的小区还没有公开的项目，或不在您的范围内。",
                "invalid_pk_value": "没有选对小区，请回上一页重选。",
            },
        )
        self.fields["paper"] = one_of("纸张", [("a4", "A4"), ("a3", "A3")])

    def clean_compound(self) -> Any:
        rows = self.cleaned_data["compound"]
        if len(rows) > MOST_POSTERS:
            raise forms.ValidationError(f"一次最多 {MOST_POSTERS} 张，请分乡镇打印。", code="too_many")
        return rows


class RevealForm(forms.Form):
    reason = NameField(label="用途", limit=MAX_REASON, help_text="会记入审计记录。")


class HandoverForm(forms.Form):
    reason = NameField(label="原因", limit=MAX_REASON, help_text="接手的单位看得到，也会记入审计记录。")


class AcceptForm(forms.Form):
    """What is right, and a sentence for the asker."""

    def __init__(self, indicator: Indicator, proposed: str, *, today: date, zero: bool, typed: Any = None) -> None:
        super().__init__(typed, prefix="accept", initial={"value": proposed, "words": "已核实，按正确的改。"})
        value = FactField(indicator, today=today, zero=zero, now=None)
        value.label, value.required = f"正确的{indicator.name}", True
        self.fields["value"] = value
        self.fields["words"] = _words()


class RejectForm(forms.Form):
    """Why the figure stays."""

    def __init__(self, typed: Any = None) -> None:
        super().__init__(typed, prefix="reject")
        self.fields["words"] = _words()


def _words() -> NameField:
    return NameField(label="答复", limit=MAX_REASON, help_text="纠错人凭编号能看到，请不要写个人信息。")

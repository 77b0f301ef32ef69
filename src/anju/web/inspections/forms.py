"""What staff fill in to ask residents, to enter what they say and to sort it."""

from collections.abc import Sequence
from typing import Any

from django import forms

from anju.base.actor import Actor
from anju.cases.models import Matter
from anju.inspections.models import MAX_OPINION, MAX_QUESTION, MAX_TITLE, Channel, Opinion, Problem, Round
from anju.inspections.services.surveys import MOST_SLIPS
from anju.places.models import OPEN, Compound
from anju.places.queries.divisions import divisions_within
from anju.places.queries.scoped import compounds_for
from anju.rules.surveys import WORDS
from anju.web.fields import DayField, IdChoiceField, NameField, WordsField
from anju.web.people.fields import NamedField
from anju.web.places.fields import PlacedField
from anju.web.places.forms import one_of

ENTERED = [(one.value, one.label) for one in (Channel.COUNTER, Channel.PHONE, Channel.PAPER)]


class RoundForm(forms.Form):
    """Whom to ask what until when. One compound, or all of a division."""

    def __init__(self, actor: Actor, typed: Any = None, **more: Any) -> None:
        super().__init__(typed, **more)
        open_to = compounds_for(actor).filter(OPEN)
        self.rows = open_to
        self.fields["kind"] = one_of("做什么", Round.Kind.choices, widget=forms.RadioSelect())
        self.fields["title"] = NameField(label="标题", limit=MAX_TITLE, help_text="印在海报上，如“小区问题大家提”。")
        self.fields["question"] = NameField(
            label="要问的一句话", limit=MAX_QUESTION, help_text="如“您觉得小区里最该先解决的是什么”。"
        )
        self.fields["compound"] = NamedField(
            label="只问一个小区",
            rows=open_to.select_related("division"),
            required=False,
            help_text="不填就问下面一片的全部小区。",
        )
        self.fields["division"] = PlacedField(label="问哪一片", rows=divisions_within(actor), required=False)
        self.fields["opens_on"] = DayField(label="哪天开始")
        self.fields["closes_on"] = DayField(label="哪天截止", help_text="到这一天夜里 12 点。")

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not found.get("compound") and not found.get("division") and "division" not in self.errors:
            self.add_error("division", "请写一个小区，或选一片。")
        return found

    def compounds(self) -> list[Compound]:
        if self.cleaned_data["compound"]:
            return [self.cleaned_data["compound"]]
        below = self.cleaned_data["division"].path
        return list(self.rows.filter(division__path__startswith=below).order_by("id"))


class EnterForm(forms.Form):
    """An opinion told at the counter or by telephone."""

    channel = forms.ChoiceField(label="怎么来的", choices=ENTERED)
    text = WordsField(label="居民说了什么", limit=MAX_OPINION, help_text="照原话记，不要写姓名、电话、房号。")
    key = forms.CharField(widget=forms.HiddenInput(), max_length=64)


class SurveyForm(forms.Form):
    """One question a line, four answers each; none is chosen beforehand, any may be left out."""

    def __init__(self, questions: Sequence[str], typed: Any = None, *, entering: bool, **more: Any) -> None:
        super().__init__(typed, **more)
        if entering:
            self.fields["channel"] = forms.ChoiceField(label="怎么来的", choices=ENTERED)
        for number, question in enumerate(questions):
            self.fields[f"q{number}"] = forms.ChoiceField(
                label=question,
                required=False,
                choices=list(WORDS.items()),
                widget=forms.RadioSelect(),
                error_messages={"invalid_choice": "请在四样里选一样。"},
            )
        self.fields["slip"] = NameField(
            label="住户码",
            limit=20,
            required=False,
            help_text="通知单上的 10 位字母和数字，一户一次；没有通知单就不填。",
        )
        self.fields["key"] = forms.CharField(widget=forms.HiddenInput(), max_length=64)


class SortForm(forms.Form):
    """Opinions, and where they go: an existing problem, a new one, or aside."""

    def __init__(
        self, opinions: Sequence[Opinion], problems: Sequence[Problem], matters: Sequence[Matter], typed: Any = None
    ) -> None:
        super().__init__(typed)
        self.fields["opinion"] = forms.ModelMultipleChoiceField(
            label="意见",
            queryset=Opinion.objects.filter(pk__in=[one.pk for one in opinions]),
            error_messages={
                "required": "请先勾上意见。",
                "invalid_pk_value": "有的意见已经归过，请重新选。",
                "invalid_choice": "有的意见已经归过，请重新选。",
            },
        )
        self.fields["problem"] = IdChoiceField(
            label="归到已有的问题",
            rows=Problem.objects.filter(pk__in=[one.pk for one in problems]),
            name="title",
            required=False,
        )
        self.fields["title"] = NameField(label="或新写一个问题", limit=MAX_TITLE, required=False)
        self.fields["matter"] = IdChoiceField(
            label="属于哪个事项", rows=Matter.objects.filter(pk__in=[one.pk for one in matters]), required=False
        )
        self.fields["reason"] = NameField(label="或不算问题，原因", limit=100, required=False)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        ways = [name for name in ("problem", "title", "reason") if found.get(name)]
        if len(ways) != 1 and not self.errors:
            raise forms.ValidationError("归到已有的问题、新写一个问题、不算问题，请选其中一样填。", code="one_way")
        if found.get("title") and not found.get("matter") and "matter" not in self.errors:
            self.add_error("matter", "新写的问题要选属于哪个事项。")
        return found


class SlipsForm(forms.Form):
    count = forms.IntegerField(
        label="印多少张",
        min_value=1,
        max_value=MOST_SLIPS,
        help_text="一户一张。每张的码只能用一次。",
        error_messages={
            "required": "请填写张数。",
            "invalid": "张数要写成整数。",
            "min_value": "至少印 1 张。",
            "max_value": f"一个小区最多 {MOST_SLIPS} 张。",
        },
    )

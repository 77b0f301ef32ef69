"""What is asked of the list of problems and of the figures, in the address of the page."""

from typing import Any

from django import forms

from anju.base.actor import Actor
from anju.cases.queries.figures import Period
from anju.cases.queries.ledger import STATES, ProblemsSought
from anju.places.queries.divisions import towns_for
from anju.places.queries.scoped import compounds_for
from anju.web.fields import DayField, IdChoiceField, NameField
from anju.web.places.forms import one_of


def _all_or_one(label: str, rows: Any) -> IdChoiceField:
    field = IdChoiceField(label=label, rows=rows, required=False)
    field.empty_label = "全部"
    return field


class NamingForm(forms.Form):
    """Which document approves it. `on` is what the page offered, so that a second press changes nothing."""

    on = forms.CharField(required=False, max_length=1, widget=forms.HiddenInput())
    document = NameField(label="批准文件（名称和文号）", limit=100)

    def wish(self) -> dict[str, Any]:
        return {"on": self.cleaned_data["on"] == "1", "document": self.cleaned_data["document"]}


class PlaceInForm(forms.Form):
    after = forms.IntegerField(min_value=1, max_value=10**18, required=False)


class ProblemFilter(forms.Form):
    """A compound comes by a link from its page; a town is chosen."""

    def __init__(self, actor: Actor, asked: Any) -> None:
        super().__init__(asked)
        self.fields["compound"] = IdChoiceField(
            label="小区", rows=compounds_for(actor), required=False, widget=forms.HiddenInput()
        )
        self.fields["state"] = one_of("状态", [("", "全部"), *STATES.items()], required=False)
        self.fields["town"] = _all_or_one("乡镇", towns_for(actor))
        self.fields["first"] = DayField(label="登记从", required=False)
        self.fields["last"] = DayField(label="到", required=False)

    def sought(self) -> ProblemsSought | None:
        return ProblemsSought(**self.cleaned_data) if self.is_valid() else None


class PeriodFilter(forms.Form):
    first = DayField(label="交办从", required=False)
    last = DayField(label="到", required=False)

    def period(self) -> Period | None:
        return Period(**self.cleaned_data) if self.is_valid() else None

"""What is asked of the list of cases."""

from typing import Any

from django import forms

from anju.base.actor import Actor
from anju.cases.queries.listing import CasesSought, searches_spots
from anju.places.queries.scoped import compounds_for
from anju.rules.cases.workflow import Kind, Workflow
from anju.web.cases.words import TYPES, URGENCIES
from anju.web.fields import IdChoiceField, NameField
from anju.web.places.forms import one_of

_VIEWS = (("", "在办的"), ("mine", "交给本单位的"), ("late", "已超期"), ("ended", "已结束的"))


class CaseFilter(forms.Form):
    def __init__(self, actor: Actor, asked: Any, workflow: Workflow) -> None:
        super().__init__(_fitting(asked, workflow))
        states = [(one.code, one.name) for one in workflow.states.values()]
        hidden = forms.HiddenInput()
        self.fields["type"] = one_of("类型", [("", "全部"), *TYPES.items()], required=False, widget=hidden)
        rows = compounds_for(actor)
        self.fields["compound"] = IdChoiceField(label="小区", rows=rows, required=False, widget=forms.HiddenInput())
        self.fields["view"] = one_of("范围", _VIEWS, required=False)
        self.fields["state"] = one_of("状态", [("", "全部"), *states], required=False)
        self.fields["urgency"] = one_of("紧急程度", [("", "全部"), *URGENCIES.items()], required=False)
        label = "编号、小区、事项或位置" if searches_spots(actor) else "编号、小区或事项"
        self.fields["q"] = NameField(label=label, limit=50, required=False)

    def sought(self) -> CasesSought:
        data = self.cleaned_data
        return CasesSought(
            type=data["type"],
            view=data["view"],
            state=data["state"],
            urgency=data["urgency"],
            text=data["q"],
            compound=data["compound"],
        )


def _fitting(asked: Any, workflow: Workflow) -> Any:
    """Return what is asked with the view that the state is in: 已办结 is not among 在办的, and who chooses it wants to see it."""
    state = workflow.states.get(asked.get("state", ""))
    if state is None:
        return asked
    over, ended = state.kind in (Kind.FINAL, Kind.END), asked.get("view") == "ended"
    return {**asked.dict(), "view": "ended" if over else ""} if over != ended else asked

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from anju.accounts.queries.naming import people_called
from anju.base.actor import Actor
from anju.base.trail import Sought
from anju.web.fields import DayField, NameField
from anju.web.trail.words import ACTIONS, OUTCOMES, SUBJECTS

_KEY = r"\A[1-9][0-9]{0,17}\Z"


class SearchForm(forms.Form):
    """What to look for in the trail. `subject` is a kind of row, or one row as `places.compound:12`."""

    person = NameField(label="人员", limit=50, required=False)
    action = forms.ChoiceField(label="做了什么", required=False, choices=[("", "全部"), *ACTIONS.items()])
    outcome = forms.ChoiceField(label="结果", required=False, choices=[("", "全部"), *OUTCOMES.items()])
    subject = forms.CharField(label="对象", required=False, max_length=60)
    since = DayField(label="从", required=False)
    until = DayField(label="到", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one = str(self.data.get("subject", "")) if self.is_bound else ""
        chosen = [(one, "只看这一个")] if ":" in one else []
        self.fields["subject"].widget = forms.Select(choices=[("", "全部"), *SUBJECTS.items(), *chosen])

    def clean_subject(self) -> tuple[str, int | None]:
        kind, _, number = str(self.cleaned_data["subject"]).partition(":")
        if kind and kind not in SUBJECTS:
            raise forms.ValidationError("没有这类对象，请重新选择。", code="unknown")
        if number and not (number.isascii() and number.isdigit() and len(number) <= 18):
            raise forms.ValidationError("没有这个对象，请重新选择。", code="unknown")
        return kind, int(number) if number else None

    def sought(self, actor: Actor) -> Sought:
        """Return what was asked for; only after `is_valid`."""
        asked = self.cleaned_data
        kind, number = asked["subject"]
        return Sought(
            users=people_called(actor, asked["person"]) if asked["person"] else None,
            action=asked["action"],
            outcome=asked["outcome"],
            subject_type=kind,
            subject_id=number,
            since=_morning(asked["since"]),
            before=_morning(asked["until"], later=1),
        )


def _morning(day: Any, later: int = 0) -> datetime | None:
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day, time())) + timedelta(days=later)


class PlaceForm(forms.Form):
    """From where to read on: the key of the last entry shown, or of the first. Anything else begins at the newest."""

    below = forms.RegexField(_KEY, required=False)
    above = forms.RegexField(_KEY, required=False)

    def place(self) -> dict[str, int]:
        if not self.is_valid():
            return {}
        return {name: int(key) for name, key in self.cleaned_data.items() if key}

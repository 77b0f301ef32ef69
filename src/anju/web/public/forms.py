from typing import Any

from django import forms

from anju.accounts.services.setup import founding_policies


class PersonaForm(forms.Form):
    """Whom of the demo county to become."""

    persona = forms.RegexField(r"^[0-9]{1,18}$", strip=False)


class FoundingForm(forms.Form):
    """Which county document to begin with."""

    policy = forms.ChoiceField(
        label="实施方案",
        help_text="区划、单位和责任清单都从方案里来。",
        error_messages={"required": "请选择方案。", "invalid_choice": "没有这个方案，请重新选择。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policies, self.faults = founding_policies()
        choices = [(policy.code, f"{policy.title}（{policy.number}）") for policy in policies]
        self.fields["policy"].widget = forms.Select(choices=choices)
        self.fields["policy"].choices = choices  # type: ignore[attr-defined]  # it is a ChoiceField


class TypeForm(forms.Form):
    """Large type on (1) or off (0), and the page to go back to."""

    large = forms.ChoiceField(choices=[("0", "标准字"), ("1", "大字版")])
    next = forms.CharField(required=False, max_length=2000)

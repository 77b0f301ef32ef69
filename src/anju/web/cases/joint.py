"""A joint session on its forms: what else is called with a case (一并会商), and who came, unit by unit (到场记录)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from anju.cases.models import Case
from anju.cases.queries.sessions import last_session
from anju.rules.cases.sessions import Came, Session
from anju.web.fields import NameField

CAME: Final = {Came.CAME: "到场", Came.EXCUSED: "请假", Came.ABSENT: "未到"}
_CAME: Final = "came_"
_AT: Final = "at_"
_WHO: Final = "who_"
_PARTS: Final = (_CAME, _AT, _WHO)
BESIDE: Final = "beside"
MOVED_ON: Final = "已经不在办理中，或者后来又召集过会商，请打开看最新的。"


class _CameField(forms.ChoiceField):
    """Whether one unit came; whoever records it says so of each."""

    def __init__(self, unit: str) -> None:
        label = "来了没有"
        super().__init__(
            label=label,
            choices=[("", "请选择"), *CAME.items()],
            error_messages={"required": f"请选择{unit}{label}。", "invalid_choice": f"请重新选择{unit}{label}。"},
        )
        self.unit = unit


def beside_field(others: Iterable[Case]) -> dict[str, forms.Field]:
    """Return the choice of other cases for the same session, where there are any."""
    choices = [(row.number, _named(row)) for row in others]
    if not choices:
        return {}
    field = forms.MultipleChoiceField(
        label="一并会商的（同一小区正在办理的）",
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        help_text="勾选的在同一时间、地点一起会商，每件都记这一次，参加的单位都成为它的协办单位。最多列 10 件，先到期的在前。",
        error_messages={"invalid_choice": "%(value)s 现在不能一并会商，可能刚刚办过，请重新勾选。"},
    )
    return {BESIDE: field}


def _named(row: Case) -> SafeString:
    """Nobody calls a case of which he reads only what was cleared, so the place is told whole."""
    what = f"{row.spot} {row.matter.name}".strip()
    lead = f"，主办{row.lead.name}" if row.lead else ""
    return format_html('<span>{}{} <small class="aj-2 aj-nb">{}</small></span>', what, lead, row.number)


def attendance_fields(units: Iterable[tuple[int, str]]) -> dict[str, forms.Field]:
    """Return three fields for each unit that was called: whether it came, when, and who came or why nobody did."""
    fields: dict[str, forms.Field] = {}
    for pk, name in units:
        fields[f"{_CAME}{pk}"] = _CameField(name)
        fields[f"{_AT}{pk}"] = forms.TimeField(
            label="几点到的",
            required=False,
            input_formats=["%H:%M"],
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            error_messages={"invalid": f"{name}几点到的，要写成 09:20 这样。"},
        )
        fields[f"{_WHO}{pk}"] = NameField(label="来了几人、什么职务；没来的写原因", limit=100, required=False)
    fields["others"] = NameField(label="其他到场的，例如社区、物业（不写反映人）", limit=200, required=False)
    return fields


def attendance_groups(form: forms.Form) -> dict[str, Any]:
    """Return the fields of each unit together, and the rest of them, as the page draws them."""
    groups = [(name, *(form[f"{part}{pk}"] for part in _PARTS)) for pk, name in _units(form)]
    grouped = {f"{part}{pk}" for pk, _ in _units(form) for part in _PARTS}
    return {"groups": groups, "rest": [field for field in form if field.name not in grouped]}


def check_attendance(form: forms.Form) -> None:
    """Who is excused says why."""
    data = form.cleaned_data
    for pk, name in _units(form):
        if data.get(f"{_CAME}{pk}") == Came.EXCUSED and not data.get(f"{_WHO}{pk}"):
            form.add_error(f"{_WHO}{pk}", f"{name}请假的请写明原因。")


def attendance_of(form: forms.Form) -> tuple[tuple[str, str], ...]:
    """Return of each unit of the form whether it came, as the act says it."""
    return tuple((pk, form.cleaned_data[f"{_CAME}{pk}"]) for pk, _ in _units(form))


def arrivals_of(form: forms.Form, case: Case) -> tuple[tuple[str, datetime], ...]:
    """Return when units came, of those of which it was written, on the day of the session."""
    session = last_session(case)
    day = timezone.localdate(session.meets_at if session else None)
    times = ((pk, form.cleaned_data[f"{_AT}{pk}"]) for pk, _ in _units(form))
    return tuple((pk, timezone.make_aware(datetime.combine(day, at))) for pk, at in times if at)


def told_attendance(form: forms.Form, case: Case) -> str:
    """Return the record in words, a unit a part."""
    data = form.cleaned_data
    session = last_session(case)
    session = session and replace(session, arrived=dict(arrivals_of(form, case)))
    lines = [_told(data, session, pk, name) for pk, name in _units(form)]
    return "；".join([*lines, *([f"其他：{data['others']}"] if data["others"] else [])])


def _told(data: dict[str, Any], session: Session | None, pk: str, name: str) -> str:
    at, late = data[f"{_AT}{pk}"], session.minutes_late(pk) if session else 0
    when = (f"{at:%H:%M}" + (f"（晚 {late} 分钟）" if late else "")) if at else ""
    return "，".join(
        part for part in (f"{name}：{CAME[Came(data[f'{_CAME}{pk}'])]}", when, data[f"{_WHO}{pk}"]) if part
    )


def _units(form: forms.Form) -> Iterator[tuple[str, str]]:
    for name, field in form.fields.items():
        if isinstance(field, _CameField):
            yield name.removeprefix(_CAME), field.unit

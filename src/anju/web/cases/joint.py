"""Who came to a joint session, unit by unit, on its form (会商的到场记录)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils import timezone

from anju.cases.models import Case
from anju.cases.queries.sessions import last_session, session_units
from anju.rules.cases.sessions import Came, Session
from anju.web.fields import NameField
from anju.web.places.forms import one_of

CAME: Final = {Came.CAME: "到场", Came.EXCUSED: "请假", Came.ABSENT: "未到"}
_CAME: Final = "came_"
_AT: Final = "at_"
_WHO: Final = "who_"


def attendance_fields(case: Case) -> dict[str, forms.Field]:
    """Return three fields for each unit that was called: whether it came, when, and who came or why nobody did."""
    fields: dict[str, forms.Field] = {}
    for pk, name in session_units(case):
        fields[f"{_CAME}{pk}"] = one_of(name, [("", "请选择"), *CAME.items()])  # whoever records it says so of each
        fields[f"{_AT}{pk}"] = forms.TimeField(
            label="几点到的",
            required=False,
            input_formats=["%H:%M"],
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            error_messages={"invalid": "到场时间要写成 09:20 这样。"},
        )
        fields[f"{_WHO}{pk}"] = NameField(label="来了几人、什么职务；没来的写原因", limit=100, required=False)
    fields["others"] = NameField(label="其他到场的，例如社区、物业（不写反映人）", limit=200, required=False)
    return fields


def check_attendance(form: forms.Form) -> None:
    """Who is excused says why."""
    data = form.cleaned_data
    for pk, _ in _units(form):
        if data.get(f"{_CAME}{pk}") == Came.EXCUSED and not data.get(f"{_WHO}{pk}"):
            form.add_error(f"{_WHO}{pk}", "请假的请写明原因。")


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
        if name.startswith(_CAME):
            yield name.removeprefix(_CAME), str(field.label)

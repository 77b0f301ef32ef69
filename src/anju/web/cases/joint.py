"""Who came to a joint session, unit by unit, on its form (会商的到场记录)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms

from anju.cases.models import Case
from anju.cases.queries.sessions import session_units
from anju.rules.cases.sessions import Came
from anju.web.fields import NameField
from anju.web.places.forms import one_of

CAME: Final = {Came.CAME: "到场", Came.EXCUSED: "请假", Came.ABSENT: "未到"}
_CAME: Final = "came_"


def attendance_fields(case: Case) -> dict[str, forms.Field]:
    """Return two fields for each unit that was called: whether it came, and who came or why nobody did."""
    fields: dict[str, forms.Field] = {}
    for pk, name in session_units(case):
        fields[f"{_CAME}{pk}"] = one_of(name, [("", "请选择"), *CAME.items()])  # whoever records it says so of each
        fields[f"who_{pk}"] = NameField(label="来了几人、什么职务；没来的写原因", limit=100, required=False)
    fields["others"] = NameField(label="其他到场的，例如社区、物业（不写反映人）", limit=200, required=False)
    return fields


def attendance_of(form: forms.Form) -> tuple[tuple[str, str], ...]:
    """Return of each unit of the form whether it came, as the act says it."""
    return tuple((pk, form.cleaned_data[f"{_CAME}{pk}"]) for pk, _ in _units(form))


def told_attendance(form: forms.Form) -> str:
    """Return the record in words, a unit a part."""
    data: Mapping[str, Any] = form.cleaned_data
    lines = [
        f"{name}：{CAME[Came(data[f'{_CAME}{pk}'])]}" + (f"，{data[f'who_{pk}']}" if data[f"who_{pk}"] else "")
        for pk, name in _units(form)
    ]
    return "；".join([*lines, *([f"其他：{data['others']}"] if data["others"] else [])])


def _units(form: forms.Form) -> Iterator[tuple[str, str]]:
    for name, field in form.fields.items():
        if name.startswith(_CAME):
            yield name.removeprefix(_CAME), str(field.label)

"""Who came to a joint session, unit by unit, on its form (联合处置的到场记录)."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from anju.cases.models import Case
from anju.cases.queries.places import session_units
from anju.web.fields import NameField
from anju.web.places.forms import one_of

CAME: Final = {"came": "到场", "excused": "请假", "absent": "未到"}


def attendance_fields(case: Case) -> dict[str, forms.Field]:
    """Return two fields for each unit that was called: whether it came, and who came or why nobody did."""
    fields: dict[str, forms.Field] = {}
    for pk, name in session_units(case):
        fields[f"came_{pk}"] = one_of(name, [("", "请选择"), *CAME.items()])  # whoever records it says so of each
        fields[f"who_{pk}"] = NameField(label="来了几人、什么职务；没来的写原因", limit=100, required=False)
    fields["others"] = NameField(label="其他到场的，例如社区、物业（不写反映人）", limit=200, required=False)
    return fields


def told_attendance(case: Case, data: Mapping[str, Any]) -> str:
    """Return the record in words, a unit a line; empty where the form asked nothing of the kind."""
    lines = [
        f"{name}：{CAME[data[f'came_{pk}']]}" + (f"，{data[f'who_{pk}']}" if data.get(f"who_{pk}") else "")
        for pk, name in session_units(case)
        if data.get(f"came_{pk}")
    ]
    return "；".join([*lines, *([f"其他：{data['others']}"] if lines and data.get("others") else [])])

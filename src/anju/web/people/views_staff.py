from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from anju.accounts.queries.staff_verdicts import State, Verdict, digest_of_verdicts, judge_staff
from anju.accounts.services.staff_import import import_staff
from anju.base.actor import Refused
from anju.base.sheets import BadSheet
from anju.rules.permissions import Permission
from anju.rules.roles import ROLES
from anju.rules.staff_list import StaffRow
from anju.web.doors import ActorRequest, door
from anju.web.people.forms import open_units
from anju.web.people.staff_file import packed, read_file, template, unpacked
from anju.web.people.words import SHEETS, STATES, said_option, said_remark
from anju.web.sheet_words import said_sheet
from anju.web.words import sentence

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OVER = "预览已超过两小时，或不是您上传的名册。请重新选择文件。"
_AGAIN = "已按您的选择重新核对，请看清后再写入。"


@never_cache
@door(Permission.PERSON_IMPORT)
def staff(request: ActorRequest) -> HttpResponse:
    """Upload, preview, write: each step is one POST to this page."""
    if request.method != "POST":
        return _upload_page(request)
    if upload := request.FILES.get("file"):
        try:
            return _preview(request, read_file(upload.read()))
        except BadSheet as bad:
            return _upload_page(request, said_sheet(bad, SHEETS))
    rows = unpacked(request.POST.get("rows", ""), request.actor.user_id or 0)
    if rows is None:
        return _upload_page(request, _OVER if "rows" in request.POST else "请选择文件。")
    if "write" in request.POST:
        return _write(request, rows)
    return _preview(request, rows, _choices(request, rows))


def _choices(request: ActorRequest, rows: Sequence[StaffRow]) -> dict[int, str]:
    return {row.line: request.POST.get(f"line-{row.line}", "")[:200] for row in rows}


def _write(request: ActorRequest, rows: list[StaffRow]) -> HttpResponse:
    choices = _choices(request, rows)
    try:
        done = import_staff(
            actor=request.actor,
            rows=rows,
            choices=choices,
            digest=request.POST.get("digest", ""),
            reason="人员名册导入",
            at=timezone.now(),
        )
    except Refused as refusal:
        words = _AGAIN if refusal.code == "staff.changed" else sentence(refusal)
        return _preview(request, rows, choices, words)
    context = {"done": done, "roles": ROLES, "breadcrumb": _trail("已写入")}
    return render(request, "people/staff_done.html", context)


def _preview(
    request: ActorRequest, rows: list[StaffRow], choices: dict[int, str] | None = None, problem: str = ""
) -> HttpResponse:
    verdicts = judge_staff(request.actor, rows, choices or {}, on=timezone.localdate())
    counts = Counter(verdict.state for verdict in verdicts)
    context = {
        "groups": [
            (
                state.value,
                STATES[state],
                [_line(verdict, choices or {}) for verdict in verdicts if verdict.state is state],
            )
            for state in (State.DOUBTFUL, State.REFUSED, State.NEW, State.SAME)
        ],
        "counts": [(STATES[state], counts[state], state.value) for state in State],
        "ready": counts[State.NEW],
        "rows": packed(rows, request.actor.user_id or 0),
        "digest": digest_of_verdicts(verdicts),
        "problem": problem,
        "settled": _settled(verdicts, choices or {}),
        "breadcrumb": _trail("预览"),
    }
    return render(request, "people/staff_preview.html", context)


def _settled(verdicts: Sequence[Verdict], choices: dict[int, str]) -> list[tuple[int, str]]:
    """Choices that have done their work travel on unseen; the others stand in their line's list."""
    lines = [verdict.row.line for verdict in verdicts if verdict.state is not State.DOUBTFUL]
    return [(line, choices[line]) for line in lines if choices.get(line)]


def _line(verdict: Verdict, choices: dict[int, str]) -> dict[str, Any]:
    row, plan = verdict.row, verdict.plan
    does = []
    if plan and plan.creates:
        does.append("登记人员")
    if plan and plan.appoint:
        does.append("任命岗位")
    return {
        "row": row,
        "role": ROLES[row.role].name if row.role else "",
        "does": "、".join(does),
        "remarks": [said_remark(remark) for remark in verdict.remarks],
        "options": [(option.value, said_option(option)) for option in verdict.options],
        "chosen": choices.get(row.line, ""),
    }


def _upload_page(request: ActorRequest, problem: str = "") -> HttpResponse:
    context = {
        "problem": problem,
        "may_edit": request.actor.may(Permission.PERSON_EDIT),
        "may_appoint": request.actor.may(Permission.POST_APPOINT),
        "breadcrumb": _trail("选择文件"),
    }
    return render(request, "people/staff.html", context, status=422 if problem else 200)


@door(Permission.PERSON_IMPORT)
@require_safe
def staff_template(request: ActorRequest) -> HttpResponse:
    units = list(open_units(request.actor).values_list("name", flat=True)[:2000])
    headers = {"Content-Disposition": 'attachment; filename="anju-staff.xlsx"'}
    return HttpResponse(template(units), content_type=XLSX, headers=headers)


def _trail(label: str) -> list[dict[str, str]]:
    return [{"label": "人员", "url": reverse("people:people")}, {"label": f"导入名册：{label}"}]

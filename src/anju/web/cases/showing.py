"""One case put together for its page: steps, clocks, division of work, evidence, history, and what this post may do."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime

from anju.base.actor import Actor
from anju.base.queries.calendar import calendar_in_force
from anju.cases.models import Case, CaseClock, CaseTask
from anju.cases.queries.catalogue import matter_row_of_case, workflow_of_case
from anju.cases.queries.joint import sessions_beside
from anju.cases.queries.parties import is_outsider, may_reveal_reporter, reporter_of
from anju.cases.queries.photos import REVIEW, kind_of
from anju.cases.queries.record import (
    BACK,
    enterable_acts,
    files_for,
    history_of,
    merge_targets,
    offered_acts,
    place_for,
    relatives_of,
    text_for,
    verifier_roles,
)
from anju.cases.services.filing import SOURCES
from anju.rules.cases.identity import Sight
from anju.rules.cases.roles import CASE_ROLES
from anju.rules.cases.workflow import Workflow
from anju.rules.permissions import Permission
from anju.rules.workdays.calendar import Calendar
from anju.web.cases.items import item_rows
from anju.web.cases.words import (
    CLOCK_STATES,
    DISSUASIONS,
    PICTURES,
    TASK_STATES,
    TASKS,
    TICKED_BRIEF,
    URGENCIES,
    YES,
    amount_words,
    due_words,
    state_words,
    steps_of,
)

# The acts that bring a case forward: the first of them that is open stands out.
_MAIN = frozenset(
    {
        "accept", "dispatch", "sign",
        "item_done", "item_pass", "report_result", "verify_pass", "verify_close", "dissuade_ok", "rectify_done", "extend",
        "suspend", "uphold", "mediation_ok", "court_result", "adjudicate", "task_done", "answer_oversight",
    }
)  # fmt: skip
# What is said of a clock that ran out and made the system act.
_OVER = {
    "sign": "到期，系统签收", "transfer": "期满移送", "lapse": "到期未补正", "rectify_fail": "到期未整改",
    "resume": "到期，恢复办理", "rate_timeout": "到期未评价",
}  # fmt: skip
_BUREAU_KEEPS_OUT = {
    "submitted": "等乡镇或社区受理。",
    "accepted": "等县级督查指定由谁办理。",
    "verifying": "等乡镇或县级督查核查。",
}
_VERIFY = {
    ("community", "town"): "等社区、乡镇到现场核查；承办单位自己不能核查。",
    ("town", "supervisor"): "县住建局参与了办理，等乡镇或县级督查核查。",
    ("supervisor",): "县住建局和乡镇都参与了办理，等县级督查核查。",
}
_MOVED = 5
_REQUESTS = frozenset({"ask_extension", "ask_suspension"})
_RARE = frozenset({"milestone", "derive", "reclassify", "excuse_helper", "merge", "unmerge", "oversee", "recompute"})


def record_context(actor: Actor, case: Case, at: datetime) -> dict[str, Any]:
    workflow = workflow_of_case(case)
    kind, matter = workflow.types[case.type].name, matter_row_of_case(case)
    look, state = state_words(workflow, case.state)
    place = place_for(actor, case)
    return {
        "case": case,
        "title": f"{place} {case.matter.name}".strip(),
        "place": place,
        "sub": f"{kind} {case.number}，{SOURCES.get(case.source, '')}",
        "kind": kind,
        "look": look,
        "state": state,
        "urgency": URGENCIES[case.urgency],
        "steps": steps_of(case),
        "matter": matter,
        "text": text_for(actor, case),
        "outsider": is_outsider(actor, case),
        "clocks": _clocks(case, workflow, at),
        "items": item_rows(case, at),
        "tasks": _tasks(case),
        "entries": [_entry(line) for line in history_of(actor, case)],
        "files": [_file(case, row) for row in files_for(actor, case)],
        "relatives": relatives_of(actor, case),
        "similar": merge_targets(actor, case)[:5],
        "sessions": sessions_beside(actor, case),
        "workflow_version": workflow.version,
        "breadcrumb": [{"label": "问题清单", "url": reverse("cases:list")}, {"label": f"{kind} {case.number}"}],
        **_acts(actor, case, at),
        **_reporter(actor, case),
    }


def moved_since(actor: Actor, case: Case, seen: int) -> list[dict[str, Any]]:
    """Return what was done after the version somebody saw, the newest first, at most a handful."""
    return [_entry(line) for line in islice(history_of(actor, case), min(max(case.version - max(seen, 0), 0), _MOVED))]


def request_of(actor: Actor, case: Case) -> list[dict[str, Any]]:
    """Return what was asked last, 延期 or 挂账, as the history tells it: whoever decides reads it beside the form."""
    lines = (line for line in history_of(actor, case) if line.transition in _REQUESTS)
    return [_entry(line) for line in islice(lines, 1)]


def _clocks(case: Case, workflow: Workflow, at: datetime) -> list[dict[str, Any]]:
    """The newest of each kind: those that run, the next to end first, then those that stand."""
    rows = {row.code: row for row in CaseClock.objects.filter(case=case).order_by("position")}
    shown = sorted(rows.values(), key=lambda row: (row.state == "stopped", row.due_at))
    calendar = calendar_in_force()
    return [_clock(row, workflow, calendar, at) for row in shown]


def _clock(row: CaseClock, workflow: Workflow, calendar: Calendar, at: datetime) -> dict[str, Any]:
    late, text = due_words(calendar, row.due_at, at)
    if row.state == "stopped":
        met = row.stopped_at is not None and row.stopped_at < row.due_at
        late, text = "", "已按时" if met else _OVER.get(workflow.clocks[row.code].fires, "已过期限后办")
    look, state = CLOCK_STATES[row.state]
    clock, amount = workflow.clocks[row.code], amount_words(row.amount)
    return {
        "name": clock.name, "late": late, "text": text, "due": row.due_at, "look": look, "state": state,
        "amount": f"不超过{amount}" if clock.given else amount, "provisional": row.provisional,
    }  # fmt: skip


def _tasks(case: Case) -> list[dict[str, Any]]:
    rows = list(CaseTask.objects.filter(case=case).select_related("unit").order_by("-position"))
    silent = _run_out(case) if any(row.kind == "dissuade" for row in rows) else frozenset()
    return [
        {
            "unit": row.unit.name if row.unit else {"verify": "属地社区、乡镇", "ruling": "县级督查"}.get(row.kind, ""),
            "kind": TASKS[row.kind],
            "lead": row.kind == "lead",
            "binding": row.binding,
            "opened": row.opened_at,
            "settled": row.settled_at,
            "look": look,
            "state": state,
        }
        for row in rows
        for look, state in [_task_state(row, silent)]
    ]


def _run_out(case: Case) -> frozenset[datetime]:
    """When the clock referred the case, because nobody had said how the dissuasion went."""
    return frozenset(case.events.filter(transition="transfer", role="system").values_list("at", flat=True))


def _task_state(row: CaseTask, silent: frozenset[datetime]) -> tuple[str, str]:
    if row.kind == "dissuade" and row.state == "done" and row.settled_at in silent:
        return "warn", "期满移送"
    return TASK_STATES[row.state]


def _entry(line: Any) -> dict[str, Any]:
    typed = f"{localtime(line.entered_at):%m-%d %H:%M} " if line.entered_at else ""
    by = f"{line.by}（{typed}代录）" if line.entered else line.by
    note = "；".join(
        f"{label}：{text}" if text != YES else TICKED_BRIEF.get(label, label) for label, text in line.texts
    )
    name = "期满移送" if line.transition == "transfer" and line.by == "系统" else line.name
    told = "，".join([name, *_chosen(line.chosen), *([f"交{'、'.join(line.units)}"] if line.units else [])])
    if line.route == BACK:
        note = "反映人不满意，系统派回原主办单位重办"
    elif line.route:
        code, _, version = line.route.partition(":")
        note = f"按归口表自动派遣：{code} 第 {version} 版"
    return {"at": line.at, "text": f"{told}（{by}）", "note": note}


def _chosen(chosen: Mapping[str, str]) -> Iterator[str]:
    for name, value in chosen.items():
        match name:
            case "dissuasion":
                yield dict(DISSUASIONS)[value]
            case "until":
                yield f"到{localtime(datetime.fromisoformat(value) - timedelta(seconds=1)):%Y-%m-%d}为止"
            case "meets_at":
                yield f"定于{localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
            case _:
                yield value


def _file(case: Case, row: Any) -> dict[str, Any]:
    workflow = workflow_of_case(case)
    return {
        "url": reverse("cases:file", args=[case.pk, row.attachment.public_name]),
        "picture": bool(row.attachment.thumbnail_digest),
        "kind": PICTURES[kind_of(row.kind, row.event.transition)],
        "name": workflow.evidence.get(row.evidence, row.evidence),
        "at": row.attachment.kept_at,
        "by": row.event.made_as or "反映人",
        "shared": row.shared_at is not None,
        "original_url": reverse("cases:original", args=[case.pk, row.attachment.public_name])
        if row.attachment.sealed_digest
        else "",
    }


def _acts(actor: Actor, case: Case, at: datetime) -> dict[str, Any]:
    if not actor.may(Permission.CASE_ACT):
        return {"acts": [], "rare": [], "entered": []}
    open_now = offered_acts(actor, case, at)
    rare = _RARE | {one.code for one in workflow_of_case(case).measures}
    offered = [
        {"name": one.name, "url": _act_url(case, one.code), "rare": one.code in rare, "main": one.code in _MAIN}
        for one in open_now
    ]
    return {
        "acts": sorted((one for one in offered if not one["rare"]), key=lambda one: not one["main"]),
        "rare": [one for one in offered if one["rare"]],
        "entered": [
            {"name": one.name, "for": CASE_ROLES[one.role], "url": f"{_act_url(case, one.code)}?for={one.role}"}
            for one in enterable_acts(actor, case, at)
        ],
        "rest": _who_is_next(case),
        "reviews": any(one.code in REVIEW for one in open_now),
    }


def _act_url(case: Case, code: str) -> str:
    return reverse("cases:act", args=[case.pk, code])


def _who_is_next(case: Case) -> str:
    lead = case.lead.name if case.lead else ""
    if case.state in _BUREAU_KEEPS_OUT and case.parties.filter(role="respondent", organisation__kind="bureau").exists():
        return f"被反映的是住建部门，由它回避。{_BUREAU_KEEPS_OUT[case.state]}"
    if case.state == "handling":
        return f"由{lead}办理并反馈结果。{_pending_helpers(case)}"
    if case.state == "verifying":
        return _VERIFY[verifier_roles(case)]
    return {
        "submitted": "等受理员（房管所、乡镇或社区）受理。",
        "info_needed": "等反映人补充材料，期满未补的自动终止。",
        "accepted": "等房管所派遣。",
        "dissuading": "等物业企业或业主组织劝阻，期满自动移送。",
        "dispatched": f"等{lead}签收，期满自动签收。",
        "rectifying": "等整改完成，期满未完成的转回办理。",
        "mediating": "正在调解。",
        "in_court": "司法程序中，等结果。",
        "suspended": "已挂账，到复查日自动恢复。",
        "feedback": "等反映人评价，期满按未评价办结。",
    }.get(case.state, "")


def _pending_helpers(case: Case) -> str:
    """The lead cannot give a result before they have: say whom it waits for."""
    rows = CaseTask.objects.filter(case=case, kind="helpers", state="open", unit__isnull=False).order_by("position")
    names = "、".join(rows.values_list("unit__name", flat=True))
    return f"先等协办完成：{names}。" if names else ""


def _reporter(actor: Actor, case: Case) -> dict[str, Any]:
    seen = reporter_of(actor, case)
    return {
        "reporter": None if seen.sight is Sight.NOTHING else seen,
        "may_reveal": may_reveal_reporter(actor, case),
        "respondents": list(case.parties.filter(role="respondent").values_list("organisation__name", flat=True)),
    }

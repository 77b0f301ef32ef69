"""Acts on a case: one form each, made from the workflow; filing by staff."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.base.actor import Refused
from anju.base.file_kinds import BadFile
from anju.cases.models import Case
from anju.cases.queries.catalogue import is_loaded, workflow_of_case
from anju.cases.queries.photos import shows_photos
from anju.cases.queries.places import units_by_code
from anju.cases.queries.published import preview_of
from anju.cases.queries.record import Offered, case_record, enterable_acts, merge_targets, offered_acts
from anju.cases.queries.routes import proposed_route, routed, sent_at_once, suggested_lead
from anju.cases.queries.sessions import last_session
from anju.cases.services.acting import act_on_case
from anju.cases.services.filing import submit_case
from anju.cases.services.joint import Seen, call_session, record_session
from anju.rules.cases.roles import CASE_ROLES
from anju.rules.cases.routing import WAITS
from anju.rules.cases.routing import WORDS as ROUTE_WORDS
from anju.rules.cases.sessions import CALLED, HELD
from anju.rules.permissions import Permission
from anju.web.cases.forms import ActForm, FilingForm, typed_in
from anju.web.cases.items import item_groups
from anju.web.cases.joint import MOVED_ON, attendance_groups
from anju.web.cases.showing import moved_since, request_of
from anju.web.doors import ActorRequest, door
from anju.web.files import FILE_WORDS
from anju.web.refusals import refusals
from anju.web.words import sentence

_BESIDE: Final = {  # what a service refuses, and the field it is about
    "case.dispatch_why": "reason",
    "case.dissuade_why": "reason",
    "case.paper_ahead": "happened",
    "case.paper_early": "happened",
}
_DECIDES: Final = frozenset({"extension_open", "suspension_open", "request_open"})  # guards of who grants or refuses


@door(Permission.CASE_ACT)
def act(request: ActorRequest, pk: int, code: str) -> HttpResponse:
    row = case_record(request.actor, pk)
    if row is None:
        raise Http404
    at = timezone.now()
    offered, enter_for = _offered(request, row, code, at)
    if offered is None:
        return _not_offered(request, row, code, enter_for)
    transition = workflow_of_case(row).transitions[code]
    form = ActForm(request.actor, row, transition, request.POST or None, request.FILES or None, enter_for=enter_for)
    if request.method == "POST" and form.is_valid():
        left: list[Case] = []
        if _done(form, lambda: left.extend(_act(request, form, at))):
            messages.success(request, f"已办：{offered.name}。{_sent_on(row, code)}{_with_others(form, left)}")
            if left:
                messages.warning(request, f"没有记入{_numbers(left)}：{MOVED_ON}")
            return redirect("cases:case", pk=pk)
    elif _is_stale(request, row):
        form.add_error(None, sentence(Refused("case.changed", number=row.number)))
    context = _shell(row, offered.name, enter_for) | _proposal(row, code) | _duplicates(request, row, code)
    context |= {"moved": _moved(request, row)} | _beside(request, row, form)
    return render(request, "cases/act.html", context | {"form": form, "submit": offered.name, "version": row.version})


def _act(request: ActorRequest, form: ActForm, at: datetime) -> list[Case]:
    """Do it; a joint session for all its cases. Return those of a session that have moved on without its record."""
    actor, row, wish = request.actor, form.case, form.wish()
    seen = Seen(row, _version(request))
    if wish.transition == CALLED:
        others = [Seen(one, _version(request, one.number)) for one in form.ticked()]
        call_session(actor=actor, seen=seen, others=others, wish=wish, at=at)
    elif wish.transition == HELD:
        versions = {one.number: _version(request, one.number) for one in form.peers}
        _, left = record_session(actor=actor, seen=seen, versions=versions, wish=wish, at=at)
        return left
    else:
        act_on_case(actor=actor, case=row, wish=wish, version=seen.version, at=at)
    return []


def _with_others(form: ActForm, left: Sequence[Case]) -> str:
    others = [row for row in form.peers if row not in left] if form.transition.code == HELD else form.ticked()
    return f"{_numbers(others)}一并记入。" if others else ""


def _numbers(cases: Iterable[Case]) -> str:
    return "、".join(row.number for row in cases)


def _beside(request: ActorRequest, row: Case, form: ActForm) -> dict[str, Any]:
    """What stands beside the form, by what the act asks for."""
    needs, found = form.transition.needs, dict[str, Any]()
    if "attendance" in needs:
        found |= {"session": last_session(row), "moved_on": form.moved_on} | attendance_groups(form)
    if "preview" in needs:
        found |= _preview(row)
    if _DECIDES & set(form.transition.guards):
        found["asked"] = request_of(request.actor, row)
    if "items" in needs:
        found["items"] = item_groups(form)
    return found


def _preview(row: Case) -> dict[str, Any]:
    """What everyone would read and see of a case, for whoever confirms having looked at it."""
    told = preview_of(row)
    return {
        "preview": told,
        "shots": [reverse("cases:file", args=[row.pk, name]) for name, _ in told.photos],
        "photos_url": reverse("cases:photos", args=[row.pk]) if shows_photos(row) else "",
    }


def _offered(request: ActorRequest, row: Case, code: str, at: datetime) -> tuple[Offered | None, str]:
    """Return the act that is asked for if it is open to this post, and the role it is entered for (代录)."""
    enter_for = request.GET.get("for", "")
    found = (enterable_acts if enter_for else offered_acts)(request.actor, row, at)
    return next((one for one in found if one.code == code and one.role in (enter_for or one.role,)), None), enter_for


def _not_offered(request: ActorRequest, row: Case, code: str, enter_for: str) -> HttpResponse:
    """Lead back to the case. Who sends a form filled in before the case moved on reads what happened, and keeps what was typed."""
    transition = workflow_of_case(row).transitions.get(code)
    if transition is None or not _is_stale(request, row):
        messages.error(request, "这一步现在不能办，或不由您的岗位办理。")
        return redirect("cases:case", pk=row.pk)
    form = ActForm(request.actor, row, transition, request.POST, request.FILES, enter_for=enter_for)
    context = _shell(row, transition.name, "") | {
        "moved": _moved(request, row),
        "typed": typed_in(form),
        "had_files": bool(request.FILES),
    }
    return render(request, "cases/too_late.html", context, status=409)


def _is_stale(request: ActorRequest, row: Case) -> bool:
    return request.method == "POST" and _version(request) != row.version


def _moved(request: ActorRequest, row: Case) -> list[dict[str, Any]]:
    return moved_since(request.actor, row, _version(request)) if _is_stale(request, row) else []


def _sent_on(row: Case, code: str) -> str:
    """Say where the system sent a case that was just accepted, so that nobody looks for the next step."""
    lead = sent_at_once(row) if code == "accept" else ""
    return f"系统已按归口表派给{lead}。" if lead else ""


def _version(request: ActorRequest, number: str = "") -> int:
    """Return the version that the page showed, of the case itself or of another one on it."""
    told = request.POST.get(f"version-{number}" if number else "version", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 9 else -1


def _done(form: BaseForm, work: Callable[[], object]) -> bool:
    """Do it; what a service or a file refuses is said in the form."""
    try:
        with refusals(form, _BESIDE) as outcome:
            work()
    except BadFile as bad:
        form.add_error(None, FILE_WORDS[bad.code])
        return False
    return outcome.ok


def _shell(row: Case, name: str, enter_for: str) -> dict[str, Any]:
    entered = f"代{CASE_ROLES[enter_for]}录入：" if enter_for else ""
    back = reverse("cases:case", args=[row.pk])
    return {
        "case": row,
        "title": entered + name,
        "sub": f"{row.number}，{row.compound.name}，{row.matter.name}",
        "back_url": back,
        "breadcrumb": [
            {"label": "问题清单", "url": reverse("cases:list")},
            {"label": row.number, "url": back},
            {"label": name},
        ],
    }


def _proposal(row: Case, code: str) -> dict[str, Any]:
    """What the routing table says, and why; dispatching otherwise is allowed and counted."""
    if code not in ("dispatch", "adjudicate", "transfer", "reassign"):
        return {}
    way, units = proposed_route(row, on=timezone.localdate()), units_by_code()
    suggested = suggested_lead(row, on=timezone.localdate())
    lead = next((unit for unit in units.values() if str(unit.pk) == suggested), None)
    joint = [units[one] for one in way.joint if one in units and units[one] != lead]
    return {
        "route": [unit.name for unit in (lead, *joint) if unit] if lead else [],
        "route_returned": units[way.lead].name if way.lead in units and units[way.lead] != lead else "",
        "route_reasons": [ROUTE_WORDS[reason] for reason in way.reasons],
        "route_pending": way.pending,
        "route_missing": way.lead if way.lead not in units else "",
        "route_waits": [WAITS[reason] for reason in routed(row, on=timezone.localdate()).waits if row.matter.auto],
    }


def _duplicates(request: ActorRequest, row: Case, code: str) -> dict[str, Any]:
    return {"duplicates": merge_targets(request.actor, row)} if code == "accept" else {}


@door(Permission.CASE_FILE)
def new(request: ActorRequest) -> HttpResponse:
    if not is_loaded():
        return render(request, "cases/unready.html", {"breadcrumb": [{"label": "问题清单"}]})
    initial = {"key": uuid4().hex, "compound": request.GET.get("compound", "")}
    form = FilingForm(request.actor, request.POST or None, request.FILES or None, initial)
    if request.method == "POST" and form.is_valid():
        receipts: list[Any] = []
        work = form.filing
        if _done(form, lambda: receipts.append(submit_case(actor=request.actor, filing=work(), at=timezone.now()))):
            receipt = receipts[0]
            told = f"，查询码 {receipt.code}，请抄给反映人，以后不再显示" if receipt.code else ""
            messages.success(request, f"已登记，编号 {receipt.number}{told}。")
            return _after_filing(request, receipt.case)
    context = {
        "form": form,
        "title": "登记一件事",
        "sub": "代居民登记，或登记巡查、排查发现的问题。",
        "submit": "登记",
        "back_url": reverse("cases:list"),
        "breadcrumb": [{"label": "问题清单", "url": reverse("cases:list")}, {"label": "登记一件事"}],
    }
    return render(request, "base/confirm.html", context)


def _after_filing(request: ActorRequest, case: Case) -> HttpResponse:
    """A department sees a case once it is given to it; until then it has its number."""
    seen = case_record(request.actor, case.pk) is not None
    return redirect("cases:case", pk=case.pk) if seen else redirect("cases:list")

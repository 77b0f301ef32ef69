"""One act on several cases of the list: signed for at once; dispatched or overseen after a look at what will happen to each.

Each case is acted on by itself, by the service that applies any act: those that cannot be are left, and said with the reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.base.actor import Actor, Refused
from anju.cases.models import Case
from anju.cases.queries.catalogue import workflow_in_force
from anju.cases.queries.listing import CasesSought, find_cases
from anju.cases.queries.places import leads
from anju.cases.queries.record import offered_acts
from anju.cases.queries.routes import routed
from anju.cases.services.acting import Wish, act_on_case
from anju.rules.cases.facts import Payload
from anju.rules.cases.roles import played_by_post
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.fields import NameField
from anju.web.places.forms import one_of
from anju.web.words import sentence

MOST_AT_ONCE: Final = 50
NOT_NOW: Final = "这一步现在不能办，或不由您的岗位办理。"
NO_ROUTE: Final = "归口表没有给出能派的单位，请打开这件事单独派。"


@dataclass(frozen=True, slots=True)
class Together:
    """An act that several cases take together: which cases the list must show for it, and what its button says."""

    code: str
    view: str
    state: str
    label: str
    done: str

    @property
    def sought(self) -> CasesSought:
        return CasesSought(view=self.view, state=self.state)


SIGN: Final = Together("sign", "mine", "dispatched", "签收勾选的", "已签收")
DISPATCH: Final = Together("dispatch", "", "accepted", "按归口表派遣勾选的", "已派遣")
OVERSEE: Final = Together("oversee", "late", "", "督办勾选的", "已督办")
ALL: Final = {one.code: one for one in (SIGN, DISPATCH, OVERSEE)}


class OverseeForm(forms.Form):
    def __init__(self, levels: Iterable[tuple[int, str]], data: Any) -> None:
        super().__init__(data)
        self.fields["level"] = one_of("督办级别", list(levels))
        self.fields["reason"] = NameField(label="督办的理由", limit=200)


@dataclass(slots=True)
class Plan:
    """What would be done: each case with its act and the units it names; and those left, each with the reason."""

    acts: list[tuple[Case, Wish, str]] = field(default_factory=list)
    left: list[tuple[Case, str]] = field(default_factory=list)


def together_in(actor: Actor, sought: CasesSought) -> Together | None:
    """Return the act that the cases of a list can take together by this post, if there is one."""
    roles = played_by_post(actor.role)
    for one in ALL.values():
        shown = (sought.view, sought.state) == (one.view, one.state)
        if shown and roles & set(workflow_in_force().transitions[one.code].roles):
            return one
    return None


@door(Permission.CASE_ACT)
def together(request: ActorRequest, code: str) -> HttpResponse:
    """Do it to the chosen cases; dispatching and overseeing are shown first and done when confirmed (`sure`)."""
    if code not in ALL:
        raise Http404
    one, at = ALL[code], timezone.now()
    back = reverse("cases:list") + f"?view={one.view}&state={one.state}"
    if request.method != "POST":
        return redirect(back)
    rows = find_cases(request.actor, one.sought, at).select_related("compound", "matter")
    chosen = list(rows.filter(pk__in=_ids(request.POST))[:MOST_AT_ONCE])
    if not chosen:
        messages.error(request, "请先勾选要办的事；勾选的可能已经有人办了。")
        return redirect(back)
    sure = "sure" in request.POST
    form = _form(one, request.POST if sure else None)
    plan = _plan(request.actor, one, chosen, at)
    if one is SIGN or (sure and form.is_valid()):
        _tell(request, one, _done(request, plan, form, at))
        return redirect(back)
    return render(request, "cases/together.html", _shown(one, plan, form, back))


def _shown(one: Together, plan: Plan, form: forms.Form, back: str) -> dict[str, Any]:
    title = one.label.removesuffix("勾选的")
    return {
        "title": f"{title} {len(plan.acts)} 件",
        "submit": f"{title}这 {len(plan.acts)} 件",
        "acts": plan.acts,
        "left": plan.left,
        "to_units": one is DISPATCH,
        "form": form,
        "back_url": back,
        "breadcrumb": [{"label": "问题清单", "url": reverse("cases:list")}, {"label": title}],
    }


def _ids(posted: QueryDict) -> list[int]:
    return [int(pk) for pk in posted.getlist("case") if pk.isascii() and pk.isdigit() and len(pk) < 19]


def _form(one: Together, data: Any) -> forms.Form:
    if one is not OVERSEE:
        return forms.Form(data)
    return OverseeForm(((level.level, level.name) for level in workflow_in_force().levels), data)


def _plan(actor: Actor, one: Together, rows: list[Case], at: datetime) -> Plan:
    plan = Plan()
    names = {str(pk): unit.name for pk, unit in leads().items()} if one is DISPATCH else {}
    for row in rows:
        if one.code not in {offered.code for offered in offered_acts(actor, row, at)}:
            plan.left.append((row, NOT_NOW))
        elif one is not DISPATCH:
            plan.acts.append((row, Wish(one.code), ""))
        elif (way := routed(row, on=timezone.localdate(at))).lead in names:
            units = "、".join(names[unit] for unit in (way.lead, *way.helpers) if unit in names)
            plan.acts.append((row, Wish(one.code, Payload(lead=way.lead, helpers=way.helpers)), units))
        else:
            plan.left.append((row, NO_ROUTE))
    return plan


def _done(request: ActorRequest, plan: Plan, form: forms.Form, at: datetime) -> tuple[int, list[tuple[Case, str]]]:
    """Act on each by itself. A case that changed since it was shown is left: its version came along with the form."""
    done, left = 0, list(plan.left)
    for row, wish, _ in plan.acts:
        seen = request.POST.get(f"version-{row.pk}", str(row.version))
        version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1
        if isinstance(form, OverseeForm):
            level, reason = int(form.cleaned_data["level"]), form.cleaned_data["reason"]
            wish = replace(wish, payload=Payload(level=level), note={"reason": reason})
        try:
            act_on_case(actor=request.actor, case=row, wish=wish, version=version, at=at)
            done += 1
        except Refused as refusal:
            left.append((row, sentence(refusal)))
    return done, left


def _tell(request: ActorRequest, one: Together, told: tuple[int, list[tuple[Case, str]]]) -> None:
    done, left = told
    if done:
        messages.success(request, f"{one.done} {done} 件。")
    for row, why in left:
        messages.error(request, f"{row.number}：{why}")

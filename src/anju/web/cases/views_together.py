"""One act on several cases of the list: signed for at once; dispatched or overseen after a look at what will happen to each."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.cases.queries.catalogue import workflow_in_force
from anju.cases.queries.together import DISPATCH, OVERSEE, SIGN, TOGETHER, Plan, plan_together
from anju.cases.services.together import act_together
from anju.rules.cases.facts import Payload
from anju.rules.permissions import Permission
from anju.web.cases.forms import level_field
from anju.web.doors import ActorRequest, door
from anju.web.fields import NameField
from anju.web.words import sentence

NAMES: Final = {SIGN: "签收", DISPATCH: "按归口表派遣", OVERSEE: "督办"}
LEFT: Final = {
    "moved": "已经不在这张单子上，可能刚刚有别人办过，请打开看最新的。",
    "not_now": "这一步现在不能办，或不由您的岗位办理。",
    "no_route": "归口表没有给出能派的单位，请打开这件事单独派。",
    "dissuade_first": "要先由物业服务企业或业主自治组织劝阻，请打开这件事交办劝阻。",
}


class OverseeForm(forms.Form):
    """What is said to all of them."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["level"] = level_field(workflow_in_force())
        self.fields["reason"] = NameField(label="督办的理由", limit=200)

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"payload": Payload(level=int(data["level"])), "note": {"reason": data["reason"]}}


@door(Permission.CASE_ACT)
def together(request: ActorRequest, code: str) -> HttpResponse:
    """Do it to the chosen cases; dispatching and overseeing are shown first and done when confirmed (`sure`)."""
    if code not in TOGETHER:
        raise Http404
    back = f"{reverse('cases:list')}?view={TOGETHER[code].view}&state={TOGETHER[code].state}"
    if request.method != "POST":
        return redirect(back)
    plan = plan_together(request.actor, code, _ids(request.POST), timezone.now())
    if not plan.planned and not plan.left:
        messages.error(request, "请先勾选要办的事；勾选的可能已经有人办了。")
        return redirect(back)
    sure = code == SIGN or "sure" in request.POST
    form = OverseeForm(request.POST if sure else None) if code == OVERSEE else None
    if sure and (form is None or form.is_valid()):
        _done(request, plan, form.said() if form else {})
        return redirect(back)
    context = {
        "title": f"{NAMES[code]} {len(plan.planned)} 件",
        "submit": f"{NAMES[code]}这 {len(plan.planned)} 件",
        "planned": plan.planned,
        "left": [(row, LEFT[why]) for row, why in plan.left],
        "to_units": code == DISPATCH,
        "form": form or forms.Form(),
        "back_url": back,
        "breadcrumb": [{"label": "问题清单", "url": reverse("cases:list")}, {"label": NAMES[code]}],
    }
    return render(request, "cases/together.html", context)


def _done(request: ActorRequest, plan: Plan, said: dict[str, Any]) -> None:
    seen = {
        one.case.pk: version for one in plan.planned if (version := _version(request.POST, one.case.pk)) is not None
    }
    done, refused = act_together(actor=request.actor, plan=plan, seen=seen, at=timezone.now(), **said)
    if done:
        messages.success(request, f"已{NAMES[plan.act]} {done} 件。")
    left = [(row, LEFT[why]) for row, why in plan.left] + [(row, sentence(refusal)) for row, refusal in refused]
    for row, why in left:
        messages.error(request, f"{row.number}：{why}")


def _ids(posted: QueryDict) -> list[int]:
    return [int(pk) for pk in posted.getlist("case") if pk.isascii() and pk.isdigit() and len(pk) < 19]


def _version(posted: QueryDict, pk: int) -> int | None:
    """The version of a case as the page showed it; None for a list, which shows none."""
    told = posted.get(f"version-{pk}")
    if told is None:
        return None
    return int(told) if told.isascii() and told.isdigit() and len(told) < 9 else -1

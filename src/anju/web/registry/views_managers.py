"""项目负责人核对: the project managers that lists name, company by company, confirmed by a person, one by one or many with one reason."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from anju.base.actor import Refused
from anju.registry.queries.facts import facts_for
from anju.registry.queries.managers import NamedManager, named_managers
from anju.registry.services.decisions import decide_facts
from anju.rules.masking import mask_name, mask_phones
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.registry.forms import ReasonForm
from anju.web.registry.views_cells import free_to_confirm
from anju.web.registry.views_companies import tabs
from anju.web.words import sentence

_MOST, _FEW = 500, 3


@door(Permission.FACT_CONFIRM)
def managers(request: ActorRequest) -> HttpResponse:
    found = named_managers(request.actor, on=timezone.localdate())
    if request.method == "POST" and _confirmed(request, found):
        return redirect("registry:managers")
    context = {
        "rows": [_line(one) for one in found[:_MOST]],
        "waiting": len(found),
        "left": max(0, len(found) - _MOST),
        "tabs": tabs(request, "managers"),
        "breadcrumb": [{"label": "项目负责人核对"}],
    }
    return render(request, "registry/managers.html", context)


def _line(one: NamedManager) -> dict[str, object]:
    return {
        "key": one.key,
        "company": one.company,
        "name": mask_name(one.name),
        "phone": mask_phones(one.phone),
        "compounds": one.compounds[:_FEW],
        "more": max(0, len(one.compounds) - _FEW),
        "count": len(one.compounds),
        "hints": _hints(one),
    }


def _hints(one: NamedManager) -> list[str]:
    hints = []
    if one.posted:
        hints.append("这家企业在岗的人里有同名的")
    if one.phones > 1:
        hints.append(f"同名的有 {one.phones} 个电话，可能是两个人，也可能换了号码")
    if one.elsewhere:
        hints.append(f"{'、'.join(one.elsewhere[:_FEW])}也有同名的")
    return hints


def _confirmed(request: ActorRequest, found: list[NamedManager]) -> bool:
    """Stand up for what lists say of the chosen; the actor's own words are left for another person."""
    actor, form = request.actor, ReasonForm(request.POST)
    chosen = set(request.POST.getlist("manager"))
    wanted = [fact for one in found if one.key in chosen for fact in one.facts]
    facts = facts_for(actor).filter(pk__in=wanted).select_related("statement").order_by("pk")
    free, own = free_to_confirm(actor, facts, timezone.localdate())
    if not form.is_valid() or not free:
        own_words = f"所选的 {own} 项都是您自己登记或导入的，请由别人确认。" if own else "请先勾选。"
        messages.warning(request, "请写明依据。" if not form.is_valid() else own_words)
        return False
    try:
        decide_facts(actor=actor, facts=free, reason=form.cleaned_data["reason"], at=timezone.now())
    except Refused as refusal:
        messages.warning(request, sentence(refusal))
        return False
    left = f"另有 {own} 项是您自己登记或导入的，留给别人确认。" if own else ""
    messages.success(request, f"已确认 {len(free):,} 项。{left}")
    return True

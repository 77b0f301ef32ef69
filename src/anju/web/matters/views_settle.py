"""What the county has yet to settle: gaps of the plan's unit lists, routes to confirm, what a newer policy file says otherwise."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.cases.queries.catalogue import is_loaded, matter_row
from anju.cases.queries.matters import (
    MatterLine,
    gaps_of,
    matter_lines,
    may_confirm,
    offer_changes,
    pending_offer,
    pending_offers,
)
from anju.cases.services.matters import answer_offer, confirm_routes
from anju.rules.cases.matter_changes import PARTS, ROUTE
from anju.rules.permissions import Permission
from anju.web.cases.words import amount_words
from anju.web.doors import ActorRequest, door
from anju.web.matters.forms import AnswerForm, ConfirmManyForm, WhyForm
from anju.web.matters.views_catalogue import UNREADY, matter_or_404, trail
from anju.web.matters.words import Named, facts_of, title_of
from anju.web.refusals import refusals

_ROUTE_PARTS = tuple(part for part in PARTS if part in ROUTE)  # all that a confirmation stands for


@door(Permission.MATTER_VIEW)
def gaps(request: ActorRequest) -> HttpResponse:
    if not is_loaded():
        return render(request, "matters/unready.html", UNREADY)
    named, may = Named.now(), may_confirm(request.actor, timezone.localdate())
    lines = [line for line in matter_lines(request.actor) if line.matter.ended_on is None and line.gaps]
    form = ConfirmManyForm(request.POST or None, [line.matter for line in lines if not line.matter.confirmed])
    if request.method == "POST":
        request.actor.require(Permission.MATTER_CONFIRM)
        if form.is_valid() and _confirmed(request, form, form.routes()):
            return redirect("matters:gaps")
    context = {
        "form": form,
        "offers": pending_offers(),
        "lacking": [_line(line, named) for line in lines if line.open_in_the_plan],
        "others": [_line(line, named) for line in lines if not line.open_in_the_plan],
        "may": may,
        "may_edit": request.actor.may(Permission.MATTER_EDIT),
        "breadcrumb": trail("待确认"),
    }
    return render(request, "matters/gaps.html", context)


def _line(line: MatterLine, named: Named) -> dict[str, Any]:
    row = line.row
    return {
        "matter": line.matter,
        "lead": named.unit(row.lead),
        "joint": named.unit_list(row.joint),
        "limit": amount_words(str(row.handle)) if row.handle else "",
        "gaps": [named.gap(gap) for gap in line.gaps if gap.kind != "route"],
        "route": not line.matter.confirmed,
    }


@door(Permission.MATTER_CONFIRM)
def confirm(request: ActorRequest, pk: int) -> HttpResponse:
    found = matter_or_404(request.actor, pk)
    named, form = Named.now(), WhyForm(request.POST or None, found.version)
    posted = request.method == "POST" and form.is_valid()
    if posted and _confirmed(request, form, {pk: form.cleaned_data["based_on"]}):
        return redirect("matters:matter", pk=pk)
    context = {
        "form": form,
        "title": f"确认：{found.name}",
        "sub": f"{title_of(found)}，第 {found.version} 版",
        "submit": "确认",
        "facts": facts_of(matter_row(found), named, _ROUTE_PARTS),
        "gaps": [named.gap(gap) for gap in gaps_of(found) if gap.kind != "route"],
        "consequences": [
            "您的姓名、岗位、理由和依据记入这个事项的变更记录。",
            "公示牌、归口表和派遣建议不再标“待确认”；以后改了主办、协办或时限，要重新确认。",
        ],
        "back_url": reverse("matters:matter", args=[pk]),
        "breadcrumb": trail("确认", found),
    }
    return render(request, "matters/confirm.html", context)


def _confirmed(request: ActorRequest, form: WhyForm | ConfirmManyForm, routes: dict[int, int]) -> bool:
    data = form.cleaned_data
    with refusals(form) as done:
        made = confirm_routes(
            actor=request.actor, routes=routes, reason=data["reason"], cite=data["cite"], at=timezone.now()
        )
    if done.ok:
        alone = "（单人办理，已记明）" if any(one.alone for one in made) else ""
        messages.success(request, f"已确认 {len(made)} 项{alone}。")
    return done.ok


@door(Permission.MATTER_EDIT)
def offer(request: ActorRequest, pk: int) -> HttpResponse:
    found = matter_or_404(request.actor, pk)
    waiting = pending_offer(found)
    if waiting is None:
        messages.success(request, "方案文件没有等您处理的新写法。")
        return redirect("matters:matter", pk=pk)
    form = AnswerForm(request.POST or None, found.version)
    if request.method == "POST" and form.is_valid():
        take = form.cleaned_data["take"] == "take"
        with refusals(form) as done:
            answer_offer(actor=request.actor, offer=waiting, take=take, at=timezone.now(), **form.why())
        if done.ok:
            messages.success(request, f"已{'采用方案文件' if take else '保留本县'}的写法。")
            return redirect("matters:matter", pk=pk)
    context = {
        "form": form,
        "title": f"方案文件的新写法：{found.name}",
        "sub": f"方案文件的事项目录第 {waiting.catalogue.version} 版；本县现在是第 {found.version} 版",
        "submit": "办理",
        "gone": waiting.body is None,
        "changes": Named.now().changes(offer_changes(waiting)),
        "back_url": reverse("matters:matter", args=[pk]),
        "breadcrumb": trail("方案文件的新写法", found),
    }
    return render(request, "matters/offer.html", context)

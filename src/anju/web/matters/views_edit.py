"""Changing the catalogue: every page is one form with its reason and its document, and goes back to the matter."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.cases.models import Matter, MatterVersion
from anju.cases.queries.catalogue import catalogue_in_force, is_loaded, matter_row
from anju.cases.queries.matters import running_by_version
from anju.cases.services.matters import add_matter, edit_matter, restore_matter, retire_matter, switch_route
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.matters.forms import BESIDE, MatterForm, WhyForm
from anju.web.matters.views_catalogue import UNREADY, matter_or_404, trail
from anju.web.matters.words import Named, title_of
from anju.web.refusals import refusals


@door(Permission.MATTER_EDIT)
def new(request: ActorRequest) -> HttpResponse:
    if not is_loaded():
        return render(request, "matters/unready.html", UNREADY)
    form = MatterForm(request.POST or None, catalogue_in_force(), Named.now(), None, 0)
    if request.method == "POST" and form.is_valid():
        with refusals(form, BESIDE) as done:
            made = add_matter(actor=request.actor, row=form.row(), at=timezone.now(), **form.why())
        if done.ok:
            messages.success(request, "已新增。主办、协办和时限确认以后，才可以自动派遣。")
            return redirect("matters:matter", pk=made.matter_id)
    shell = {"title": "新增事项", "submit": "新增事项", "back_url": reverse("matters:matters")}
    return render(request, "matters/edit.html", shell | {"form": form, "breadcrumb": trail("新增事项")})


@door(Permission.MATTER_EDIT)
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    found = matter_or_404(request.actor, pk)
    form = MatterForm(request.POST or None, catalogue_in_force(), Named.now(), matter_row(found), found.version)
    if request.method == "POST" and form.is_valid():
        with refusals(form) as done:
            based_on, why = form.cleaned_data["based_on"], form.why()
            edit_matter(actor=request.actor, matter=found, row=form.row(), based_on=based_on, at=timezone.now(), **why)
        if done.ok:
            messages.success(request, "已改。在办的事仍按各自立案时的那一版办。")
            return redirect("matters:matter", pk=pk)
    shell = {"title": f"修改{found.name}", "sub": _says(found), "submit": "保存这一版", "back_url": _back(pk)}
    return render(request, "matters/edit.html", shell | {"form": form, "breadcrumb": trail("修改", found)})


@door(Permission.MATTER_EDIT)
def retire(request: ActorRequest, pk: int) -> HttpResponse:
    found = matter_or_404(request.actor, pk)
    running = sum(count for _, count in running_by_version(found))
    told = (
        "以后登记、扫码反映都选不到它，公示牌和归口表上也不再有。",
        f"在办的 {running} 件照常办完。" if running else "现在没有在办的事。",
        "改动都留着，以后可以恢复。",
    )
    return _one_act(request, found, "停用", retire_matter, told)


@door(Permission.MATTER_EDIT)
def restore(request: ActorRequest, pk: int) -> HttpResponse:
    found = matter_or_404(request.actor, pk)
    return _one_act(request, found, "恢复", restore_matter, ("按停用前的写法恢复，又可以登记。",))


@door(Permission.MATTER_EDIT)
def auto(request: ActorRequest, pk: int) -> HttpResponse:
    """On where it is off, off where it is on."""
    found = matter_or_404(request.actor, pk)
    on = not found.auto

    def switch(**told: Any) -> MatterVersion:
        return switch_route(on=on, **told)

    if not on:
        return _one_act(request, found, "关闭自动派遣", switch, ("受理以后等派遣员派遣。",))
    told = (
        "受理以后，系统立刻按这条路由派给主办单位和协办单位，记作系统办理，写明用的是第几版。",
        "要先劝阻的、被反映的就是主办单位的、有单位没有登记的，仍等派遣员派遣。",
        "路由改动以后自动关闭，要重新确认再开。",
    )
    return _one_act(request, found, "开启自动派遣", switch, told)


def _one_act(
    request: ActorRequest, found: Matter, name: str, work: Callable[..., object], told: tuple[str, ...]
) -> HttpResponse:
    form = WhyForm(request.POST or None, found.version)
    if request.method == "POST" and form.is_valid():
        with refusals(form) as done:
            work(actor=request.actor, matter=found, at=timezone.now(), **form.why())
        if done.ok:
            messages.success(request, f"已{name}：{found.name}。")
            return redirect("matters:matter", pk=found.pk)
    context = {
        "form": form,
        "title": f"{name}：{found.name}",
        "sub": _says(found),
        "submit": name,
        "consequences": told,
        "back_url": _back(found.pk),
        "breadcrumb": trail(name, found),
    }
    return render(request, "base/confirm.html", context)


def _says(found: Matter) -> str:
    return f"{title_of(found)}，现在是第 {found.version} 版"


def _back(pk: int) -> str:
    return reverse("matters:matter", args=[pk])

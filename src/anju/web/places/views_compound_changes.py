"""The pages that change one compound. Merging and ending are proposed here and done by the second person's consent."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from anju.accounts.services.proposals import propose
from anju.base.actor import Refused
from anju.places.queries.scoped import compounds_for
from anju.places.services.compounds import (
    add_compound_alias,
    edit_compound,
    place_compounds,
    remove_compound_alias,
    rename_compound,
)
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.places.forms import (
    BESIDE,
    AliasForm,
    CompoundForm,
    EndForm,
    MergeForm,
    NameForm,
    PlaceForm,
    compounds_beside,
)
from anju.web.places.pages import NEEDS_TWO, PROPOSED, aliases_page, chosen_alias, form_page
from anju.web.refusals import refusals
from anju.web.signin.fresh import fresh
from anju.web.words import sentence


@door(Permission.COMPOUND_EDIT)
def compound_edit(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(compounds_for(request.actor), pk=pk)
    form = CompoundForm(request.actor, request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        with refusals(form, BESIDE) as done:
            edit_compound(actor=request.actor, compound=row, facts=form.facts(), at=timezone.now())
        if done.ok:
            messages.success(request, "已修改。")
            return redirect("places:compound", pk=row.pk)
    return form_page(request, form, row, title=f"修改{row.name}", submit="保存")


@require_POST
@door(Permission.COMPOUND_EDIT)
def compounds_place(request: ActorRequest) -> HttpResponse:
    """Give the ticked compounds of 待定乡镇 their town or community."""
    form = PlaceForm(request.actor, request.POST)
    back = redirect(f"{reverse('places:compounds')}?unsettled=awaiting")
    ticked = [int(pk) for pk in request.POST.getlist("compound") if pk.isascii() and pk.isdigit() and len(pk) <= 18]
    rows = list(compounds_for(request.actor).filter(pk__in=ticked, division__awaiting=True).order_by("pk"))
    if not rows or not form.is_valid():
        messages.warning(request, "请选择归到哪个乡镇或社区（村）。" if rows else "没有选中小区。请先勾选。")
        return back
    town = form.cleaned_data["division"]
    try:
        placed = place_compounds(actor=request.actor, compounds=rows, division=town, at=timezone.now())
    except Refused as refusal:
        messages.warning(request, sentence(refusal))
        return back
    if placed.moved:
        messages.success(request, f"{len(placed.moved)} 个小区已归到{town.name}。")
    if placed.left:
        names = "、".join(row.name for row in placed.left[:5]) + (" 等" if len(placed.left) > 5 else "")
        messages.warning(request, _NAMESAKES.format(town=town.name, names=names, count=len(placed.left)))
    return back


_NAMESAKES = (
    "{names}没有归过去，共 {count} 个：{town}已有同名小区，系统不会合成一个。"
    "是同一个的，在小区页提出合并；不是的，请先更名，或归到别处。"
)


@door(Permission.COMPOUND_EDIT)
def compound_rename(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(compounds_for(request.actor), pk=pk)
    form = NameForm(request.POST or None, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        with refusals(form, BESIDE) as done:
            rename_compound(actor=request.actor, compound=row, at=timezone.now(), **form.cleaned_data)
        if done.ok:
            messages.success(request, "已更名，原来的名称留作曾用名。")
            return redirect("places:compound", pk=row.pk)
    return form_page(request, form, row, title=f"{row.name}更名", submit="更名")


@door(Permission.COMPOUND_EDIT)
def compound_aliases(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(compounds_for(request.actor), pk=pk)
    form = AliasForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form, BESIDE) as done:
            add_compound_alias(actor=request.actor, compound=row, name=form.cleaned_data["alias"], at=timezone.now())
        if done.ok:
            messages.success(request, "已增加别名。")
            return redirect("places:compound_aliases", pk=row.pk)
    return aliases_page(request, form, row, "places:compound_alias_remove")


@require_POST
@door(Permission.COMPOUND_EDIT)
def compound_alias_remove(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(compounds_for(request.actor), pk=pk)
    alias = chosen_alias(request, row)
    try:
        remove_compound_alias(actor=request.actor, alias=alias, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, f"已删除别名“{alias.name}”。")
    return redirect("places:compound_aliases", pk=row.pk)


@door(Permission.COMPOUND_MERGE)
@fresh
def compound_merge(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(compounds_for(request.actor), pk=pk)
    form = MergeForm(compounds_beside(request.actor, row), request.POST or None)
    if request.method == "POST" and form.is_valid():
        payload, reason = {"compound": row.pk, "into": form.cleaned_data["into"].pk}, form.cleaned_data["reason"]
        with refusals(form) as done:
            propose(actor=request.actor, act="compound.merge", payload=payload, reason=reason, at=timezone.now())
        if done.ok:
            messages.success(request, PROPOSED)
            return redirect("places:compound", pk=row.pk)
    told = (
        NEEDS_TWO,
        f"生效后{row.name}注销，记录全部保留，页面上写明并入哪里。",
        "它的名称和别名成为并入小区的别名，照样搜得到。",
    )
    return form_page(request, form, row, title=f"合并{row.name}", submit="提出合并", consequences=told)


@door(Permission.COMPOUND_MERGE)
@fresh
def compound_end(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(compounds_for(request.actor), pk=pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        payload, reason = {"compound": row.pk}, form.cleaned_data["reason"]
        with refusals(form) as done:
            propose(actor=request.actor, act="compound.end", payload=payload, reason=reason, at=timezone.now())
        if done.ok:
            messages.success(request, PROPOSED)
            return redirect("places:compound", pk=row.pk)
    told = (NEEDS_TWO, f"生效后{row.name}不再列入现有小区，记录全部保留。重复登记的请用“合并”。")
    return form_page(request, form, row, title=f"注销{row.name}", submit="提出注销", consequences=told)

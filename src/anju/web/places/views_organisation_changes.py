"""The pages that change one organisation. Merging is proposed here and done by the second person's consent."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from anju.accounts.services.proposals import propose
from anju.base.actor import Refused
from anju.places.queries.scoped import organisations_for
from anju.places.services.organisations import (
    add_organisation_alias,
    edit_organisation,
    end_organisation,
    remove_organisation_alias,
    rename_organisation,
)
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.places.forms import (
    BESIDE,
    AliasForm,
    EndForm,
    MergeForm,
    NameForm,
    OrganisationForm,
    organisations_beside,
)
from anju.web.places.pages import NEEDS_TWO, PROPOSED, aliases_page, chosen_alias, form_page
from anju.web.refusals import refusals
from anju.web.signin.fresh import fresh
from anju.web.words import sentence


@door(Permission.ORGANISATION_EDIT)
def organisation_edit(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(organisations_for(request.actor), pk=pk)
    form = OrganisationForm(request.actor, request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        with refusals(form, BESIDE) as done:
            edit_organisation(actor=request.actor, organisation=row, facts=form.facts(), at=timezone.now())
        if done.ok:
            messages.success(request, "已修改。")
            return redirect("places:organisation", pk=row.pk)
    return form_page(request, form, row, title=f"修改{row.name}", submit="保存")


@door(Permission.ORGANISATION_EDIT)
def organisation_rename(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(organisations_for(request.actor), pk=pk)
    form = NameForm(request.POST or None, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        with refusals(form, BESIDE) as done:
            rename_organisation(actor=request.actor, organisation=row, at=timezone.now(), **form.cleaned_data)
        if done.ok:
            messages.success(request, "已更名，原来的名称留作曾用名。")
            return redirect("places:organisation", pk=row.pk)
    return form_page(request, form, row, title=f"{row.name}更名", submit="更名")


@door(Permission.ORGANISATION_EDIT)
def organisation_aliases(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(organisations_for(request.actor), pk=pk)
    form = AliasForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["alias"]
        with refusals(form, BESIDE) as done:
            add_organisation_alias(actor=request.actor, organisation=row, name=name, at=timezone.now())
        if done.ok:
            messages.success(request, "已增加别名。")
            return redirect("places:organisation_aliases", pk=row.pk)
    return aliases_page(request, form, row, "places:organisation_alias_remove")


@require_POST
@door(Permission.ORGANISATION_EDIT)
def organisation_alias_remove(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(organisations_for(request.actor), pk=pk)
    alias = chosen_alias(request, row)
    try:
        remove_organisation_alias(actor=request.actor, alias=alias, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, f"已删除别名“{alias.name}”。")
    return redirect("places:organisation_aliases", pk=row.pk)


@door(Permission.ORGANISATION_EDIT)
@fresh
def organisation_merge(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(organisations_for(request.actor), pk=pk)
    form = MergeForm(organisations_beside(request.actor, row), request.POST or None)
    if request.method == "POST" and form.is_valid():
        payload, reason = {"organisation": row.pk, "into": form.cleaned_data["into"].pk}, form.cleaned_data["reason"]
        with refusals(form) as done:
            propose(actor=request.actor, act="organisation.merge", payload=payload, reason=reason, at=timezone.now())
        if done.ok:
            messages.success(request, PROPOSED)
            return redirect("places:organisation", pk=row.pk)
    told = (
        NEEDS_TWO,
        f"生效后{row.name}停用，记录全部保留；下属单位、主管的小区、方案任务都归并入的单位。",
        "它的名称和别名成为并入单位的别名，照样搜得到。",
    )
    return form_page(request, form, row, title=f"合并{row.name}", submit="提出合并", consequences=told)


@door(Permission.ORGANISATION_EDIT)
def organisation_end(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(organisations_for(request.actor), pk=pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form) as done:
            end_organisation(actor=request.actor, organisation=row, at=timezone.now(), **form.cleaned_data)
        if done.ok:
            messages.success(request, f"{row.name}已停用。")
            return redirect("places:organisation", pk=row.pk)
    told = (f"{row.name}今天停用，不能再选，历史都保留。", "还有人在岗、主管着小区或有下属单位的，不能停用。")
    return form_page(request, form, row, title=f"停用{row.name}", submit="停用", consequences=told)

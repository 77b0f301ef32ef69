"""The pages of divisions."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from anju.places.models import Division
from anju.places.queries.divisions import division_record, division_rows
from anju.places.queries.history import history_of
from anju.places.queries.scoped import divisions_for
from anju.places.services.division_merge import merge_divisions
from anju.places.services.divisions import create_division, end_division, rename_division
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.places.filters import DivisionFilter
from anju.web.places.forms import BESIDE, DivisionForm, EndForm, MergeForm, NameForm, divisions_beside
from anju.web.places.history import timeline
from anju.web.places.pages import form_page, trail
from anju.web.places.rows import division_acts
from anju.web.refusals import refusals


@door(Permission.DIVISION_VIEW)
def divisions(request: ActorRequest) -> HttpResponse:
    form = DivisionFilter(request.actor, request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    ended = asked.get("show") == "ended"
    rows = division_rows(request.actor, below=asked.get("town"), ended=ended)
    county = divisions_for(request.actor).filter(level=Division.Level.COUNTY, ended_on=None).first()
    context = {
        "form": form,
        "rows": rows if form.is_valid() else [],
        "shows_ended": ended,
        "sees_compounds": request.actor.may(Permission.COMPOUND_VIEW),
        "acts": division_acts(request.actor, county) if county else [],
        "breadcrumb": [{"label": "行政区划"}],
    }
    return render(request, "places/divisions.html", context)


@door(Permission.DIVISION_VIEW)
def division(request: ActorRequest, pk: int) -> HttpResponse:
    row = division_record(request.actor, pk)
    if row is None:
        raise Http404
    rows = division_rows(request.actor, below=row)
    context = {
        "division": row,
        "sees_compounds": request.actor.may(Permission.COMPOUND_VIEW),
        "own": next((found for found in rows if found["id"] == row.pk), None),
        "below": [found for found in rows if found["parent_id"] == row.pk],
        "acts": division_acts(request.actor, row),
        "entries": timeline("places.division", history_of(request.actor, row)),
        "breadcrumb": trail(row),
    }
    return render(request, "places/division.html", context)


@door(Permission.DIVISION_EDIT)
def division_new(request: ActorRequest, pk: int) -> HttpResponse:
    above = get_object_or_404(divisions_for(request.actor), pk=pk)
    form = DivisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form, BESIDE) as done:
            row = create_division(actor=request.actor, parent=above, at=timezone.now(), **form.cleaned_data)
        if done.ok:
            messages.success(request, f"已新增{row.name}。")
            return redirect("places:division", pk=above.pk)
    title = f"在{above.name}新增{'乡镇' if above.level == Division.Level.COUNTY else '社区（村）'}"
    return form_page(request, form, above, title=title, submit="新增")


@door(Permission.DIVISION_EDIT)
def division_rename(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(divisions_for(request.actor), pk=pk)
    form = NameForm(request.POST or None, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        with refusals(form, BESIDE) as done:
            rename_division(actor=request.actor, division=row, at=timezone.now(), **form.cleaned_data)
        if done.ok:
            messages.success(request, "已更名，原来的名称留作曾用名。")
            return redirect("places:division", pk=row.pk)
    return form_page(request, form, row, title=f"{row.name}更名", submit="更名")


@door(Permission.DIVISION_EDIT)
def division_merge(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(divisions_for(request.actor), pk=pk)
    form = MergeForm(divisions_beside(request.actor, row), request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form) as done:
            into = merge_divisions(actor=request.actor, division=row, at=timezone.now(), **form.cleaned_data)
        if done.ok:
            messages.success(request, f"{row.name}已并入{into.name}。")
            return redirect("places:division", pk=into.pk)
    told = (
        f"{row.name}今天停用，名称和代码留作历史。",
        "下面的社区（村）、小区和单位都改到并入的区划。",
        "以它为辖区的岗位要先结束，合并后再任命。",
    )
    return form_page(request, form, row, title=f"合并{row.name}", submit="合并", consequences=told)


@door(Permission.DIVISION_EDIT)
def division_end(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(divisions_for(request.actor), pk=pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form) as done:
            end_division(actor=request.actor, division=row, at=timezone.now(), **form.cleaned_data)
        if done.ok:
            messages.success(request, f"{row.name}已停用。")
            return redirect("places:divisions")
    told = (f"{row.name}今天停用，不能再选，历史都保留。", "下面还有区划、小区、单位或岗位的，不能停用。")
    return form_page(request, form, row, title=f"停用{row.name}", submit="停用", consequences=told)

"""The page on which one compound's management area is looked at, checked, saved as a new version and ended."""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.base.actor import Actor
from anju.places.models import Compound
from anju.places.queries.scoped import compounds_for, reaches
from anju.registry.models import ManagementArea
from anju.registry.queries.areas import (
    Shared,
    areas_for,
    areas_within,
    history_of_area,
    overlaps_for,
    point_of,
    shared_ground,
    surroundings_for,
)
from anju.registry.services.areas import end_area, set_area
from anju.registry.services.statements import source_named
from anju.rules.areas import Area, Box, as_geojson, fault_of, from_geojson, meeting, size_fault, square_metres
from anju.rules.coordinates import STEPS, to_wgs84
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.places.pages import form_page, trail
from anju.web.refusals import refusals
from anju.web.registry.area_words import SIZES, said_fault, square_words
from anju.web.registry.forms import ReasonForm
from anju.web.registry.forms_areas import AreaForm

_BESIDE = {"fact.observed_later": "observed_on", "area.filed_later": "filed_on", "fact.reason_missing": "reason"}
_MOST = 200
_AROUND = 50_000  # half a kilometre: the neighbours that are drawn


@door(Permission.FACT_VIEW)
def area(request: ActorRequest, pk: int) -> HttpResponse:
    """Look at it, or at an earlier version; who may edit finds the form."""
    row = get_object_or_404(compounds_for(request.actor), pk=pk)
    edit = (
        row.ended_on is None and request.actor.may(Permission.FACT_EDIT) and reaches(request.actor.scope, row.division)
    )
    near = surroundings_for(request.actor)
    form = _form(request, near) if edit else None
    if request.method == "POST":
        request.actor.require(Permission.FACT_EDIT)
    if form and request.method == "POST" and form.is_valid() and "save" in request.POST and _saved(request, row, form):
        return redirect("registry:area", pk=row.pk)
    return render(request, "registry/area.html", _page(request, row, form, near))


def _form(request: ActorRequest, near: Box) -> AreaForm:
    typed, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return AreaForm(typed, files, today=timezone.localdate(), near=near)


def _saved(request: ActorRequest, row: Compound, form: AreaForm) -> bool:
    actor, at, data = request.actor, timezone.now(), form.cleaned_data
    assert form.drawn is not None
    told = {name: data[name] for name in ("observed_on", "filed_on", "reason")}
    with refusals(form, _BESIDE) as done:
        source = source_named(actor=actor, name=form.source_name(), kind=data["kind"], at=at)
        made = set_area(actor=actor, compound=row, area=form.drawn, source=source, at=at, **told)
    if done.ok:
        messages.success(request, f"已保存为第 {made.version} 版，面积 {square_words(made.size or 0)}。")
    return done.ok


def _page(request: ActorRequest, row: Compound, form: AreaForm | None, near: Box) -> dict[str, Any]:
    actor, history = request.actor, history_of_area(request.actor, row)
    newest = history[0][0] if history else None
    now = newest if newest and newest.geometry else None
    past = next((one for one, _ in history if str(one.version) == request.GET.get("version") and one.geometry), None)
    draft = form.drawn if form else None
    looked = draft or _restored(past or now)
    shared = shared_ground(actor, looked, but=row) if looked else []
    standing = {"now": now.geometry if now and looked != _restored(now) else None, "centre": _degrees(near.middle)}
    drawing = _drawing(actor, row, looked, shared) | standing
    return {
        "compound": row,
        "form": form,
        "now": now,
        "past": past if past is not now else None,
        "draft": draft,
        "size": square_words(square_metres(looked)) if looked else "",
        "points": sum(1 for _ in looked.places) if looked else 0,
        "faults": _faults(looked) if looked else [],
        "shared": [(one, square_words(one.size)) for one in shared],
        "history": [(one, by, square_words(one.size) if one.size else "") for one, by in history],
        "next_version": newest.version + 1 if newest else 1,
        "drawing": json.dumps(drawing, ensure_ascii=False),
        "tiles": settings.TILES,
        "breadcrumb": trail(row, {"label": "物业管理区域"}),
    }


def _restored(row: ManagementArea | None) -> Area | None:
    return from_geojson(row.geometry, row.system) if row and row.geometry else None


def _faults(area: Area) -> list[str]:
    fault, size = fault_of(area), size_fault(area)
    return [*([said_fault(fault)] if fault else []), *([SIZES[size]] if size else [])]


def _drawing(actor: Actor, row: Compound, looked: Area | None, shared: list[Shared]) -> dict[str, Any]:
    """What the script draws, as plain values: degrees in CGCS2000."""
    point, fault = point_of(actor, row), fault_of(looked) if looked else None
    place = to_wgs84(point) if point else None
    box = looked.box if looked else Box(place[0], place[1], place[0], place[1]) if place else None
    others = areas_within(actor, box.wider(_AROUND), but=row)[:_MOST] if box else []
    return {
        "draft": as_geojson(looked) if looked else None,
        "others": [{"name": one.compound.name, "geometry": one.geometry} for one in others],
        "shared": [meeting(looked, from_geojson(one.geometry)) for one in shared] if looked else [],
        "faults": [_degrees(fault.place)] if fault and fault.place else [],
        "point": _degrees(place[:2]) if place else None,
        "rough": bool(place and place.approximate),
    }


def _degrees(place: tuple[int, int]) -> list[float]:
    return [place[0] / STEPS, place[1] / STEPS]


@door(Permission.FACT_VIEW)
def overlaps(request: ActorRequest) -> HttpResponse:
    """Which areas claim the same ground: what two sides have to settle."""
    found = overlaps_for(request.actor)
    context = {
        "rows": [(one, square_words(one.size)) for one in found[:_MOST]],
        "count": len(found),
        "most": _MOST,
        "areas": areas_for(request.actor).count(),
        "breadcrumb": [
            {"label": "全县一张表", "url": reverse("reports:table")},
            {"label": "地图", "url": reverse("reports:map")},
            {"label": "区域重叠"},
        ],
    }
    return render(request, "registry/overlaps.html", context)


@door(Permission.FACT_EDIT)
def end(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(compounds_for(request.actor), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor, at = request.actor, timezone.now()
        with refusals(form, _BESIDE) as done:
            end_area(actor=actor, compound=row, reason=form.cleaned_data["reason"], at=at)
        if done.ok:
            messages.success(request, "已注销这个小区的管理区域。原来的各版留在历史里。")
            return redirect("registry:area", pk=row.pk)
    told = (
        "地图上不再显示这个小区的区域，原来的各版和注销的理由留在历史里。",
        "“物业管理区域是否划定”不会跟着改。如果其实没有划定，请另外登记。",
    )
    return form_page(request, form, row, title=f"注销{row.name}的管理区域", submit="注销区域", consequences=told)

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from anju.base import audit
from anju.base.actor import Refused
from anju.base.trail import (
    NOTHING,
    Sought,
    entries_for,
    last_verification,
    note_export,
    note_reading,
    page_of,
    verify_trail,
)
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.trail.export import as_csv
from anju.web.trail.forms import PlaceForm, SearchForm
from anju.web.trail.reading import detail, lines
from anju.web.trail.words import said_verification
from anju.web.words import sentence


@door(Permission.AUDIT_READ)
@require_safe
def entries(request: ActorRequest) -> HttpResponse:
    note_reading(actor=request.actor, at=timezone.now())
    form = SearchForm(request.GET)
    sought = form.sought(request.actor) if form.is_valid() else NOTHING
    page = page_of(entries_for(request.actor, sought), **PlaceForm(request.GET).place())
    length, head = audit.chain_head()
    checked = last_verification(request.actor)
    context = {
        "form": form,
        "asked": _without_place(request),
        "lines": lines(request.actor, page.rows),
        "newer_url": _going_on(request, "above", page.newer),
        "older_url": _going_on(request, "below", page.older),
        "length": length,
        "head": head[:12],
        "checked": checked,
        "checked_words": said_verification(checked) if checked else "",
    }
    return render(request, "trail/entries.html", context)


@door(Permission.AUDIT_READ)
@require_safe
def entry(request: ActorRequest, pk: int) -> HttpResponse:
    note_reading(actor=request.actor, at=timezone.now())
    row = get_object_or_404(entries_for(request.actor, Sought()), pk=pk)
    crumbs = [{"label": "审计记录", "url": reverse("trail:entries")}, {"label": f"第 {pk} 条"}]
    return render(request, "trail/entry.html", {"detail": detail(request.actor, row), "breadcrumb": crumbs})


@door(Permission.AUDIT_READ)
@require_safe
def export(request: ActorRequest) -> StreamingHttpResponse | HttpResponse:
    form = SearchForm(request.GET)
    if not form.is_valid():
        return redirect("trail:entries")
    rows = entries_for(request.actor, form.sought(request.actor))
    note_export(actor=request.actor, rows=rows.count(), at=timezone.now())
    name = f"anju-audit-{timezone.localdate():%Y%m%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(as_csv(request.actor, rows), content_type="text/csv; charset=utf-8", headers=headers)


@door(Permission.AUDIT_READ)
@require_POST
def verify(request: ActorRequest) -> HttpResponse:
    try:
        found = verify_trail(actor=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        (messages.error if found.problem else messages.success)(request, said_verification(found))
    return redirect("trail:entries")


def _without_place(request: ActorRequest) -> str:
    asked = request.GET.copy()
    for key in ("below", "above"):
        asked.pop(key, None)
    return asked.urlencode()


def _going_on(request: ActorRequest, key: str, value: int | None) -> str:
    asked = _without_place(request)
    return f"?{asked}{'&' if asked else ''}{key}={value}" if value else ""

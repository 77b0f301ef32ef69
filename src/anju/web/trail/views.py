from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from anju.base import audit
from anju.base.actor import Refused
from anju.base.trail import Sought, entries_for, last_verification, note_export, note_reading, page_of, verify_trail
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.trail.export import as_csv
from anju.web.trail.forms import PlaceForm, SearchForm
from anju.web.trail.reading import detail, lines
from anju.web.trail.words import said_verification
from anju.web.words import sentence


@door(Permission.AUDIT_READ)
def entries(request: ActorRequest) -> HttpResponse:
    note_reading(actor=request.actor, at=timezone.now())
    form, place = SearchForm(request.GET), PlaceForm(request.GET)
    rows = entries_for(request.actor, form.sought(request.actor) if form.is_valid() else Sought())
    where = place.cleaned_data if place.is_valid() else {}
    page = page_of(rows if form.is_valid() else rows.none(), **where)
    length, head = audit.chain_head()
    context = {
        "form": form,
        "asked": _without_place(request),
        "page": page,
        "lines": lines(request.actor, page.rows),
        "length": length,
        "head": head[:12],
        "checked": last_verification(request.actor),
    }
    return render(request, "trail/entries.html", context)


@door(Permission.AUDIT_READ)
def entry(request: ActorRequest, pk: int) -> HttpResponse:
    note_reading(actor=request.actor, at=timezone.now())
    row = get_object_or_404(entries_for(request.actor, Sought()), pk=pk)
    return render(request, "trail/entry.html", {"detail": detail(request.actor, row)})


@door(Permission.AUDIT_READ)
def export(request: ActorRequest) -> StreamingHttpResponse | HttpResponse:
    form = SearchForm(request.GET)
    if not form.is_valid():
        return redirect("trail:entries")
    rows = entries_for(request.actor, form.sought(request.actor))
    note_export(actor=request.actor, rows=rows.count(), at=timezone.now())
    name = f"anju-audit-{timezone.localdate():%Y%m%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(as_csv(request.actor, rows), content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
@door(Permission.AUDIT_READ)
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

"""通知: what staff are told in the system, and the calls to make where no short message can be sent."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from anju.base.actor import Refused
from anju.base.installation import installation, is_trial
from anju.base.outbox import mark_read, settle_call, unread_for
from anju.cases.queries.calls import call_rows, calls_for
from anju.cases.services.printing import note_calls
from anju.papers.calls import calls_pdf
from anju.papers.notices import said_notice
from anju.rules.permissions import Permission
from anju.web.disclosure.views_posters import public_base
from anju.web.doors import ActorRequest, door
from anju.web.words import sentence

_MOST = 100
_ACTS = {"reached": True, "gave_up": False}


@door(Permission.DESK_VIEW)
def notices(request: ActorRequest) -> HttpResponse:
    """Unread notices; a post marks those that were shown as read."""
    at = timezone.now()
    rows = unread_for(request.actor, at=at)
    if request.method == "POST":
        ids = [
            int(text) for text in request.POST.getlist("notice") if text.isascii() and text.isdigit() and len(text) < 19
        ]
        count = mark_read(actor=request.actor, ids=ids, at=at)
        messages.success(request, f"已读 {count} 条。")
        return redirect("notices:notices")
    shown = [
        {
            "pk": row.pk,
            "at": row.queued_at,
            "text": said_notice(row.template, row.values),
            "case": row.about.removeprefix("case:") if row.about.startswith("case:") else "",
        }
        for row in rows[:_MOST]
    ]
    context = {
        "rows": shown,
        "count": rows.count(),
        "may_call": request.actor.may(Permission.CASE_REVEAL),
        "breadcrumb": [{"label": "通知"}],
    }
    return render(request, "notices/notices.html", context)


@door(Permission.CASE_REVEAL)
def calls(request: ActorRequest) -> HttpResponse:
    at = timezone.now()
    rows = [{"call": row, "text": said_notice(row.template, row.values)} for row in call_rows(request.actor, at=at)]
    context = {"rows": rows, "count": calls_for(request.actor, at=at).count(), "breadcrumb": [{"label": "电话通知"}]}
    return render(request, "notices/calls.html", context)


@door(Permission.CASE_REVEAL)
@require_POST
def calls_file(request: ActorRequest) -> HttpResponse:
    """The list with whole numbers, which the trail notes."""
    at, county = timezone.now(), installation()
    rows = call_rows(request.actor, at=at)
    note_calls(actor=request.actor, cases=[row.number for row in rows], at=at)
    printed = calls_pdf(
        rows,
        county=county.county_name if county else "",
        on=timezone.localdate(),
        trial=is_trial(),
        look=public_base(request) + reverse("citizen:look"),
    )
    headers = {"Content-Disposition": 'inline; filename="calls.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(printed, content_type="application/pdf", headers=headers)


@door(Permission.CASE_REVEAL)
@require_POST
def settle(request: ActorRequest) -> HttpResponse:
    """Somebody has telephoned: reached, or given up."""
    at, asked = timezone.now(), request.POST.get("call", "")
    outcome = _ACTS.get(request.POST.get("outcome", ""))
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
    if outcome is None or not wanted:
        messages.warning(request, "没有登记：请从列表里选一个结果。")
        return redirect("notices:calls")
    row = get_object_or_404(calls_for(request.actor, at=at), pk=wanted)
    try:
        settle_call(actor=request.actor, notice=row, reached=outcome, at=at)
        messages.success(request, "已登记为告知。" if outcome else "已登记为没有联系上。")
    except Refused as refusal:
        messages.warning(request, sentence(refusal))
    return redirect("notices:calls")

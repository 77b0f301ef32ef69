"""人工改派: what people dispatched otherwise than proposed, by month, with the way to mend the route."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from anju.base.sheet_export import CSV_TYPE, XLSX_TYPE
from anju.cases.queries.overrides import Month, first_month, overrides_in
from anju.cases.services.printing import note_overrides
from anju.papers.overrides import FORMS, overrides_file
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.matters.views_catalogue import trail
from anju.web.places.forms import one_of

MOST_SHOWN = 200
MOST_MONTHS = 36


class MonthForm(forms.Form):
    def __init__(self, asked: Any, months: list[Month]) -> None:
        super().__init__(asked)
        choices = [(str(one), f"{one.year}年{one.month}月") for one in months]
        self.fields["month"] = one_of("月份", choices, required=False)


@door(Permission.MATTER_VIEW)
@require_safe
def overrides(request: ActorRequest) -> HttpResponse:
    months = _months(request)
    form = MonthForm(request.GET, months)
    month = _month(request) if form.is_valid() else None
    found = overrides_in(request.actor, month) if month else None
    context = {
        "form": form,
        "month": month,
        "found": found,
        "lines": found.lines[:MOST_SHOWN] if found else (),
        "most": MOST_SHOWN,
        "may_edit": request.actor.may(Permission.MATTER_EDIT),
        "breadcrumb": trail("人工改派"),
    }
    return render(request, "matters/overrides.html", context)


@door(Permission.MATTER_VIEW)
@require_safe
def overrides_out(request: ActorRequest, form: str) -> HttpResponseBase:
    month = _month(request)
    if form not in FORMS or month is None:
        raise Http404
    found = overrides_in(request.actor, month)
    note_overrides(actor=request.actor, form=form, month=str(month), rows=len(found.lines), at=timezone.now())
    kind = CSV_TYPE if form == "csv" else XLSX_TYPE
    response = StreamingHttpResponse(overrides_file(found.lines, form), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="rengonggaipai-{month}.{form}"'
    return response


def _month(request: ActorRequest) -> Month | None:
    asked = request.GET.get("month", "")
    return Month.of(asked) if asked else Month.holding(timezone.localdate())


def _months(request: ActorRequest) -> list[Month]:
    """This month and those before it, back to the first act, three years at most; the newest first."""
    found = [Month.holding(timezone.localdate())]
    first = first_month(request.actor)
    while first and found[-1].begins > first.begins and len(found) < MOST_MONTHS:
        found.append(found[-1].before)
    return found

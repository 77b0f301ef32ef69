"""执法进小区公示牌: as a page and for the wall, and the numbers of the offices on it."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.base.installation import is_trial
from anju.cases.queries.boards import Board, board_of
from anju.papers.board import board_pdf
from anju.places.models import Compound
from anju.places.queries.phones import offices_for, past_phones, phone_of, phones_of
from anju.places.services.phones import set_organisation_phone
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.fields import NameField
from anju.web.refusals import refusals


@door(Permission.COMPOUND_VIEW)
def board(request: ActorRequest, pk: int) -> HttpResponse:
    found = _board(request, pk)
    context = {
        "board": found,
        "may_edit": request.actor.may(Permission.ORGANISATION_EDIT),
        "breadcrumb": [
            {"label": "小区", "url": reverse("places:compounds")},
            {"label": found.compound.name, "url": reverse("places:compound", args=[pk])},
            {"label": "执法进小区公示牌"},
        ],
    }
    return render(request, "board/board.html", context)


@door(Permission.COMPOUND_VIEW)
def board_file(request: ActorRequest, pk: int) -> HttpResponse:
    found = _board(request, pk)
    address = request.build_absolute_uri(citizens_path(found.compound))
    printed = board_pdf(found, address=address, on=timezone.localdate(), trial=is_trial())
    headers = {"Content-Disposition": f'inline; filename="board-{pk}.pdf"'}
    return HttpResponse(printed, content_type="application/pdf", headers=headers)


def citizens_path(compound: Compound) -> str:
    """Return where a citizen of this compound begins: its public card once it has a code, the front page until then."""
    card = getattr(compound, "card", None)
    return reverse("card:card", args=[card.code]) if card else reverse("public:front")


def _board(request: ActorRequest, pk: int) -> Board:
    found = board_of(request.actor, pk)
    if found is None:
        raise Http404
    return found


_HELP = "固定电话带区号，例如 0774-5280000；也可以填 12345 这样的热线。清空表示待填。"


class PhoneForm(forms.Form):
    phone = NameField(label="投诉受理电话", limit=30, required=False, help_text=_HELP)


@door(Permission.ORGANISATION_VIEW)
def phones(request: ActorRequest) -> HttpResponse:
    rows = list(offices_for(request.actor))
    known = phones_of(row.pk for row in rows)
    context = {
        "rows": [{"row": row, "phone": known.get(row.pk, "")} for row in rows],
        "missing": sum(row.pk not in known for row in rows),
        "may_edit": request.actor.may(Permission.ORGANISATION_EDIT),
        "breadcrumb": [{"label": "受理电话"}],
    }
    return render(request, "board/phones.html", context)


@door(Permission.ORGANISATION_EDIT)
def phone(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(offices_for(request.actor), pk=pk)
    form = PhoneForm(request.POST or None, initial={"phone": phone_of(row)})
    if request.method == "POST" and form.is_valid():
        with refusals(form, {"organisation.bad_phone": "phone"}) as done:
            said = form.cleaned_data["phone"]
            set_organisation_phone(actor=request.actor, organisation=row, phone=said, at=timezone.now())
        if done.ok:
            messages.success(request, f"已改{row.name}的受理电话，新印的公示牌用新号码。")
            return redirect("board:phones")
    trail = [{"label": "受理电话", "url": reverse("board:phones")}, {"label": row.name}]
    return render(
        request, "board/phone.html", {"form": form, "row": row, "past": past_phones(row), "breadcrumb": trail}
    )

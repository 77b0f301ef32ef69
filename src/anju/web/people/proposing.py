"""From a form with a reason to a proposal that waits for the second person."""

from collections.abc import Mapping

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from anju.accounts.services.proposals import propose
from anju.web.doors import ActorRequest
from anju.web.people.forms import BESIDE
from anju.web.refusals import refusals


def propose_act(request: ActorRequest, form: Form, act: str, payload: Mapping[str, object]) -> HttpResponse | None:
    """Propose and go to the proposal's page; None where the form is still to be filled or mended."""
    if request.method != "POST" or not form.is_valid():
        return None
    with refusals(form, BESIDE) as done:
        reason = form.cleaned_data["reason"]
        row = propose(actor=request.actor, act=act, payload=payload, reason=reason, at=timezone.now())
    if not done.ok:
        return None
    messages.success(request, "申请已提出，复核同意后才生效。")
    return redirect("people:proposal", pk=row.pk)

"""公开超期: one page that says whether the public ledger names what ended late, since when and by which document, and switches it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.cases.queries.naming import late_naming, namings
from anju.cases.services.naming import switch_late_naming
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.ledger.forms import NamingForm
from anju.web.refusals import refusals


@door(Permission.RELEASE_VIEW)
def naming(request: ActorRequest) -> HttpResponse:
    held = late_naming()
    on = held is not None and held.on
    may = request.actor.may(Permission.RELEASE_REVOKE if on else Permission.RELEASE_GRANT)
    form = NamingForm(request.POST or None, initial={"on": "" if on else "1"})
    if request.method == "POST" and form.is_valid():
        with refusals(form) as done:
            switch_late_naming(actor=request.actor, at=timezone.now(), **form.wish())
        if done.ok:
            messages.success(request, "已停止公开超期。" if on else "从现在起公开超期。")
            return redirect("ledger:naming")
    context = {
        "form": form if may else None,
        "held": held,
        "history": namings(),
        "submit": "停止公开超期" if on else "开始公开超期",
        "back_url": reverse("disclosure:releases"),
        "breadcrumb": [{"label": "公开审查", "url": reverse("disclosure:releases")}, {"label": "公开超期"}],
    }
    return render(request, "ledger/naming.html", context)

"""来源不一致与待确认: the cells that wait for somebody, settled one by one, a selection at a time or a whole column with one reason."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from anju.accounts.queries.seconds import second_confirmers
from anju.base.actor import Actor, Refused
from anju.places.queries.paging import page_of
from anju.registry.models import Fact
from anju.registry.queries.facts import facts_for
from anju.registry.queries.progress import Gaps, cells_to_look_at
from anju.registry.services.decisions import decide_facts
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.places.filters import PageForm, address
from anju.web.registry.cells import COLUMNS, lines_of
from anju.web.registry.forms import CellFilter, ReasonForm
from anju.web.registry.views_record import ids_in
from anju.web.registry.words import SHOWS
from anju.web.words import sentence


@door(Permission.FACT_VIEW)
def settle(request: ActorRequest) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    form = CellFilter(actor, request.GET)
    gaps = form.gaps()
    context: dict[str, Any] = {"form": form, "rows": [], "breadcrumb": [{"label": "来源不一致与待确认"}]}
    context["managers_url"] = reverse("registry:managers") if actor.may(Permission.FACT_CONFIRM) else ""
    if gaps is not None:
        show = form.show()
        found = cells_to_look_at(actor, show, on=today, gaps=gaps)
        page = page_of(found, COLUMNS, **PageForm(request.GET).place())
        context |= {
            "rows": lines_of(actor, page.rows, today),
            "count": found.count(),
            "tabs": _tabs(request, show, gaps),
            "show": show,
            "gaps": gaps,
            "may": actor.may(Permission.FACT_CONFIRM) and show != "stale",
            "newer_url": address(request, before=page.before) if page.before else "",
            "older_url": address(request, after=page.after) if page.after else "",
        }
    return render(request, "registry/settle.html", context)


def _tabs(request: ActorRequest, shown: str, gaps: Gaps) -> list[dict[str, Any]]:
    today = timezone.localdate()
    counts = {show: cells_to_look_at(request.actor, show, on=today, gaps=gaps).count() for show in SHOWS}
    return [
        {
            "label": name,
            "count": f"{counts[show]:,}",
            "url": address(request, show=show),
            "current": show == shown,
        }
        for show, name in SHOWS.items()
    ]


@door(Permission.FACT_CONFIRM)
@require_POST
def accept(request: ActorRequest) -> HttpResponse:
    """Take the proposed source for the ticked cells, or for all that the filter finds, with one reason."""
    actor = request.actor
    asked = CellFilter(actor, request.POST)
    gaps, form = asked.gaps(), ReasonForm(request.POST)
    back = redirect(f"{reverse('registry:settle')}?{_same(request)}")
    if gaps is None or asked.show() == "stale":
        return back
    if not form.is_valid():
        messages.warning(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return back
    facts, own = _chosen(request, asked.show(), gaps)
    if not facts:
        messages.warning(request, _nothing(own))
        return back
    try:
        made = decide_facts(actor=actor, facts=facts, reason=form.cleaned_data["reason"], at=timezone.now())
    except Refused as refusal:
        messages.warning(request, sentence(refusal))
        return back
    left = f"另有 {own} 项是您自己登记的，留给别人确认。" if own else ""
    messages.success(request, f"已核定 {len(made):,} 项。{left}")
    return back


def _same(request: ActorRequest) -> str:
    return urlencode(
        {name: request.POST[name] for name in ("show", "town", "unit", "indicator") if request.POST.get(name)}
    )


def _nothing(own: int) -> str:
    return f"所选的 {own} 项都是您自己登记的，请由别人确认。" if own else "没有选中任何一项。请先勾选，或用“全部采用”。"


def _chosen(request: ActorRequest, show: str, gaps: Gaps) -> tuple[list[Fact], int]:
    """Return the facts to stand up for, and how many of the chosen another person must confirm."""
    actor, today = request.actor, timezone.localdate()
    found = cells_to_look_at(actor, show, on=today, gaps=gaps)
    if "all" in request.POST:
        wanted = facts_for(actor).filter(pk__in=found.values("fact_id"))
    else:
        wanted = facts_for(actor).filter(pk__in=ids_in(request.POST.getlist("fact")))
    return free_to_confirm(actor, wanted.select_related("statement").order_by("pk"), today)


def free_to_confirm(actor: Actor, facts: Iterable[Fact], today: date) -> tuple[list[Fact], int]:
    """Return those of some facts, with their statements, that the actor may stand up for, and how many another person must confirm."""
    rows = list(facts)
    mine = {fact.statement.compound_id for fact in rows if fact.statement.recorder_id == actor.user_id}
    others = second_confirmers(mine, apart=actor.user_id, on=today) if mine else {}
    free = [
        fact
        for fact in rows
        if fact.statement.recorder_id != actor.user_id or not others.get(fact.statement.compound_id)
    ]
    return free, len(rows) - len(free)

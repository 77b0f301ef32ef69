"""公开审查: what is public, by whom, since when; proposing, deciding, stopping; the card as the public sees it or will see it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from anju.base.actor import Actor
from anju.disclosure.models import ReleaseProposal
from anju.disclosure.queries.cards import preview_card
from anju.disclosure.queries.releases import (
    candidates,
    proposals_for,
    releases_ended,
    releases_in_force,
    waiting_proposals,
)
from anju.disclosure.services.releases import decide_release, propose_release, revoke_releases
from anju.places.models import OPEN
from anju.places.queries.divisions import divisions_within
from anju.places.queries.scoped import compounds_for
from anju.rules.permissions import Permission
from anju.web.disclosure.forms import DecideForm, ProposeForm, ReleasesChosen, RevokeForm
from anju.web.disclosure.views_public import card_context
from anju.web.disclosure.words import items_named, reasons
from anju.web.doors import ActorRequest, door
from anju.web.refusals import refusals

_MOST = 100
_BESIDE = {"release.basis_missing": "basis", "release.reason_missing": "reason", "release.already": "items"}


@door(Permission.RELEASE_VIEW)
def releases(request: ActorRequest) -> HttpResponse:
    actor = request.actor
    context = {
        "live": releases_in_force(actor),
        "ended": releases_ended(actor)[:_MOST],
        "waiting": [_told(row) for row in waiting_proposals(actor)],
        "sent_back": [_told(row) for row in proposals_for(actor).filter(verdict__agreed=False)[:20]],
        "barred": _barred(actor),
        "may_propose": actor.may(Permission.RELEASE_PROPOSE),
        "may_grant": actor.may(Permission.RELEASE_GRANT),
        "may_revoke": actor.may(Permission.RELEASE_REVOKE),
        "breadcrumb": [{"label": "公开审查"}],
    }
    return render(request, "disclosure/releases.html", context)


@door(Permission.RELEASE_PROPOSE)
def propose(request: ActorRequest) -> HttpResponse:
    county = divisions_within(request.actor).filter(level="county").first()
    form = ProposeForm(request.actor, request.POST or None, initial={"division": county.pk if county else None})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        told = {"place": form.place(), "items": data["items"], "basis": data["basis"]}
        with refusals(form, _BESIDE) as done:
            row = propose_release(actor=request.actor, at=timezone.now(), **told)
        if done.ok:
            messages.success(request, "已提请公开审查，等复核人审。")
            return redirect("disclosure:proposal", pk=row.pk)
    context = {
        "form": form,
        "title": "提请公开",
        "sub": "只列出方案允许公开的项目。复核人同意后，居民不登录就能看到。",
        "submit": "提请审查",
        "back_url": reverse("disclosure:releases"),
        "breadcrumb": _trail("提请公开"),
    }
    return render(request, "base/confirm.html", context)


@door(Permission.RELEASE_VIEW)
def proposal(request: ActorRequest, pk: int) -> HttpResponse:
    actor = request.actor
    row = get_object_or_404(proposals_for(actor), pk=pk)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        agreed = data["decision"] == "agree"
        with refusals(form, _BESIDE) as done:
            decide_release(actor=actor, proposal=row, agreed=agreed, reason=data["reason"], at=timezone.now())
        if done.ok:
            messages.success(request, "已同意，从现在起公开。" if agreed else "已退回。")
            return redirect("disclosure:releases")
    context = {
        "form": form,
        "told": _told(row),
        "row": row,
        "sample": _sample(actor, row),
        "may_grant": actor.may(Permission.RELEASE_GRANT) and not hasattr(row, "verdict"),
        "own": row.by_id == actor.user_id,
        "breadcrumb": _trail("公开申请"),
    }
    return render(request, "disclosure/proposal.html", context)


@door(Permission.RELEASE_REVOKE)
def revoke(request: ActorRequest) -> HttpResponse:
    chosen = ReleasesChosen(request.actor, request.GET).chosen()
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and chosen and form.is_valid():
        with refusals(form, _BESIDE) as done:
            reason = form.cleaned_data["reason"]
            revoke_releases(actor=request.actor, releases=chosen, reason=reason, at=timezone.now())
        if done.ok:
            messages.success(request, f"已停止公开 {len(chosen)} 项，居民现在就看不到了。")
            return redirect("disclosure:releases")
    context = {"form": form, "chosen": chosen, "breadcrumb": _trail("停止公开")}
    return render(request, "disclosure/revoke.html", context)


@door(Permission.RELEASE_VIEW)
@never_cache
def preview(request: ActorRequest, pk: int) -> HttpResponse:
    """Show the card of a compound as the public sees it, with a proposal's items where the address names one."""
    asked = request.GET.get("proposal", "")
    row = proposals_for(request.actor).filter(pk=int(asked)).first() if _is_id(asked) else None
    found = preview_card(request.actor, pk, also=row.items if row else ())
    if found is None:
        raise Http404
    back = reverse("disclosure:proposal", args=[row.pk]) if row else reverse("disclosure:releases")
    context = {"preview": True, "with_proposal": row, "back_url": back}
    return render(request, "disclosure/card.html", card_context(request, found) | context)


def _told(row: ReleaseProposal) -> dict[str, Any]:
    place = row.compound.name if row.compound else f"{row.division.name}全部小区" if row.division else ""
    return {"row": row, "place": place, "items": items_named(row.items), "count": len(row.items)}


def _barred(actor: Actor) -> list[tuple[str, str]]:
    """Return why items may not be public, each reason with all its items."""
    found: dict[str, list[str]] = {}
    for one in candidates(actor):
        if one.bars:
            found.setdefault(reasons(one.bars), []).append(one.indicator.name)
    return [(why, "、".join(names)) for why, names in found.items()]


def _sample(actor: Actor, row: ReleaseProposal) -> int | None:
    """Return a compound on which the proposal can be looked at: the one that has most of what is asked."""
    if row.compound_id:
        return row.compound_id
    path = row.division.path if row.division else ""
    known = compounds_for(actor).filter(OPEN, division__path__startswith=path)
    told = known.filter(cells__indicator__code__in=row.items).values_list("id", flat=True).order_by("id")
    return told.first() or known.values_list("id", flat=True).order_by("id").first()


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _trail(last: str) -> list[dict[str, str]]:
    return [{"label": "公开审查", "url": reverse("disclosure:releases")}, {"label": last}]

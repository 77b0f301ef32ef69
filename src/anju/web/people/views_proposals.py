from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from anju.accounts.acts import ACTS as SPECS
from anju.accounts.acts import acts_decided_by
from anju.accounts.models import Proposal, User
from anju.accounts.queries.proposals import digest_of, proposals_for, waiting_for
from anju.accounts.services.proposals import (
    CarriedOut,
    approve,
    carry_out_alone,
    may_decide,
    reject,
    seconds_for,
    withdraw,
)
from anju.base.actor import Refused
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.people.forms import BESIDE, SendBackForm, ShownForm
from anju.web.people.words import ACTS, AREAS, PROPOSAL_MARKS, said_facts
from anju.web.places.filters import PageForm, address
from anju.web.refusals import refusals
from anju.web.signin.fresh import fresh
from anju.web.words import sentence

PAGE = 50


@door(Permission.POST_VIEW)
def proposals(request: ActorRequest) -> HttpResponse:
    shown = request.GET.get("show", "")
    waiting = _to_decide(request)
    rows = {"waiting": waiting, "own": proposals_for(request.actor).filter(proposed_by=request.actor.user_id)}.get(
        shown, proposals_for(request.actor)
    )
    before = PageForm(request.GET).place().get("before")
    page = list((rows.filter(pk__lt=before) if before else rows).order_by("-id")[: PAGE + 1])
    tabs = [("waiting", "待我复核", waiting.count()), ("own", "我提出的", None), ("", "全部", None)]
    context = {
        "rows": [(row, ACTS[row.act], said_facts(row.payload["facts"]), _mark(row)) for row in page[:PAGE]],
        "tabs": [
            {"label": label, "url": f"?show={code}", "current": code == shown, "count": count}
            for code, label, count in tabs
        ],
        "older_url": address(request, before=page[PAGE - 1].pk) if len(page) > PAGE else "",
        "breadcrumb": [{"label": "双人复核"}],
    }
    return render(request, "people/proposals.html", context)


def _to_decide(request: ActorRequest) -> "QuerySet[Proposal]":
    able = request.actor.may(Permission.PROPOSAL_DECIDE)
    return waiting_for(request.actor, acts_decided_by(request.actor.role) if able else frozenset())


def _mark(row: Proposal) -> str:
    return PROPOSAL_MARKS[row.state]


@door(Permission.POST_VIEW)
def proposal(request: ActorRequest, pk: int) -> HttpResponse:
    row = _asked(request, pk)
    return _page(request, row, SendBackForm())


def _page(request: ActorRequest, row: Proposal, form: Form) -> HttpResponse:
    """The page that is read before deciding: everything the digest covers, and who may do what about it."""
    today, spec = timezone.localdate(), SPECS[row.act]
    waiting, own = row.state == Proposal.State.WAITING, row.proposed_by_id == request.actor.user_id
    seconds = seconds_for(spec, row.payload["args"], proposer=row.proposed_by_id, on=today) if waiting else None
    named = User.objects.filter(pk__in=seconds.users).order_by("pinyin") if seconds else User.objects.none()
    context = {
        "row": row,
        "act": ACTS[row.act],
        "facts": said_facts(row.payload["facts"]),
        "mark": _mark(row),
        "form": form,
        "back_form": form if isinstance(form, SendBackForm) else SendBackForm(),
        "digest": digest_of(row),
        "own": own and waiting,
        "may_decide": may_decide(request.actor, row, on=today),
        "alone": bool(own and seconds and not seconds.possible),
        "seconds": [person.name for person in named],
        "needed": AREAS[spec.area],
        "breadcrumb": [{"label": "双人复核", "url": reverse("people:proposals")}, {"label": ACTS[row.act]}],
    }
    return render(request, "people/proposal.html", context)


@require_POST
@never_cache
@door(Permission.PROPOSAL_DECIDE)
@fresh
def agree(request: ActorRequest, pk: int) -> HttpResponse:
    row, form = _asked(request, pk), ShownForm(request.POST)
    if form.is_valid():
        with refusals(form) as done:
            digest = form.cleaned_data["digest"]
            carried = approve(actor=request.actor, proposal=row, digest=digest, at=timezone.now())
        if done.ok:
            return _carried_out(request, carried)
    return _page(request, row, form)


@require_POST
@door(Permission.PROPOSAL_DECIDE)
@fresh
def send_back(request: ActorRequest, pk: int) -> HttpResponse:
    row, form = _asked(request, pk), SendBackForm(request.POST)
    if form.is_valid():
        with refusals(form, BESIDE) as done:
            reject(actor=request.actor, proposal=row, reason=form.cleaned_data["reason"], at=timezone.now())
        if done.ok:
            messages.success(request, "已退回，提出人会看到原因。")
            return redirect("people:proposal", pk=row.pk)
    return _page(request, row, form)


@require_POST
@never_cache
@door(Permission.POST_VIEW)
@fresh
def alone(request: ActorRequest, pk: int) -> HttpResponse:
    """The proposer carries it out because the county has no second person today."""
    row, form = _asked(request, pk), ShownForm(request.POST)
    if form.is_valid():
        with refusals(form) as done:
            digest = form.cleaned_data["digest"]
            carried = carry_out_alone(actor=request.actor, proposal=row, digest=digest, at=timezone.now())
        if done.ok:
            return _carried_out(request, carried)
    return _page(request, row, form)


@require_POST
@door(Permission.POST_VIEW)
def take_back(request: ActorRequest, pk: int) -> HttpResponse:
    row = _asked(request, pk)
    try:
        withdraw(actor=request.actor, proposal=row, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, "申请已撤回。")
    return redirect("people:proposal", pk=row.pk)


def _asked(request: ActorRequest, pk: int) -> Proposal:
    return get_object_or_404(proposals_for(request.actor), pk=pk)


def _carried_out(request: ActorRequest, carried: CarriedOut) -> HttpResponse:
    """A reset gives a one-time password, which is in this answer and nowhere else."""
    row = carried.proposal
    if row.act == "person.reset_administrator":
        person = get_object_or_404(User, pk=row.payload["args"]["person"])
        return render(request, "people/slip.html", {"person": person, "password": carried.result})
    messages.success(request, "已单人办理，记录里已注明。" if row.alone else "已同意，已经生效。")
    return redirect("people:proposal", pk=row.pk)

"""What people do about their own posts: see them, hand them to a stand-in, keep out of something."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from anju.accounts.models import Post, User
from anju.accounts.queries.people import record_of, spell_of
from anju.accounts.queries.posts import delegations_for, posts_for
from anju.accounts.queries.recusals import recusals_for
from anju.accounts.services.posts import delegate_post, end_delegation
from anju.accounts.services.recusals import end_recusal, record_recusal
from anju.base.actor import Refused
from anju.rules.permissions import Permission
from anju.rules.posts import may_delegate
from anju.web.doors import ActorRequest, door, signed_in
from anju.web.people.forms import BESIDE, DelegateForm, RecusalForm, after
from anju.web.people.views_posts import post_page
from anju.web.refusals import refusals
from anju.web.words import sentence


@signed_in
def mine(request: ActorRequest) -> HttpResponse:
    today = timezone.localdate()
    user = get_object_or_404(User, pk=request.actor.user_id)
    spells = [spell for spell in record_of(user, on=today) if spell.state != "over"]
    given = delegations_for(request.actor).filter(delegated_from__user=user, ends_on__gt=today)
    context = {
        "spells": [(spell, _delegable(request, spell.post)) for spell in spells],
        "given": [spell_of(post, on=today) for post in given.order_by("ends_on", "id")],
        "person": user,
        "may_recuse": request.actor.may(Permission.POST_RECUSE),
        "breadcrumb": [{"label": "我的岗位"}],
    }
    return render(request, "people/mine.html", context)


def _delegable(request: ActorRequest, post: Post) -> bool:
    able = may_delegate(post.role, delegated=post.delegated_from_id is not None)
    return able and request.actor.may(Permission.POST_DELEGATE)


@door(Permission.POST_DELEGATE)
def delegate(request: ActorRequest, pk: int) -> HttpResponse:
    held = posts_for(request.actor).filter(user=request.actor.user_id)
    post, today = get_object_or_404(held, pk=pk), timezone.localdate()
    form = DelegateForm(post, today, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refusals(form, BESIDE) as done:
            delegate_post(
                actor=request.actor,
                post=post,
                to=data["to"],
                starts_on=data["starts_on"],
                ends_on=after(data["last_day"]) or today,
                reason=data["reason"],
                at=timezone.now(),
            )
        if done.ok:
            messages.success(request, f"已交{data['to'].name}代理，到 {data['last_day']} 为止。")
            return redirect("people:mine")
    return post_page(request, form, post, "交人代理", "交人代理", _DELEGATED, back=reverse("people:mine"))


_DELEGATED = ["代理人能办这个岗位的事，但不能再转交，也不能任命岗位。", "到期自动失效，也可以随时收回。"]


@signed_in
@require_POST
def recall(request: ActorRequest, pk: int) -> HttpResponse:
    post = get_object_or_404(delegations_for(request.actor), pk=pk)
    try:
        end_delegation(actor=request.actor, post=post, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, "代理已收回，立即失效。")
    return redirect("people:mine")


@signed_in
def recusals(request: ActorRequest) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "recusals": recusals_for(request.actor, on=today)[:500],
        "today": today,
        "may_recuse": request.actor.may(Permission.POST_RECUSE),
        "may_appoint": request.actor.may(Permission.POST_APPOINT),
        "breadcrumb": [{"label": "回避"}],
    }
    return render(request, "people/recusals.html", context)


@door(Permission.POST_RECUSE)
def recuse(request: ActorRequest) -> HttpResponse:
    """Record that one keeps out oneself."""
    form = RecusalForm(request.actor, timezone.localdate(), request.POST or None)
    user = get_object_or_404(User, pk=request.actor.user_id)
    return _record(request, form, "登记我的回避", user)


@door(Permission.POST_APPOINT)
def recuse_other(request: ActorRequest) -> HttpResponse:
    """Record it for another, as whoever appoints posts."""
    form = RecusalForm(request.actor, timezone.localdate(), request.POST or None, other=True)
    return _record(request, form, "登记回避", None)


def _record(request: ActorRequest, form: RecusalForm, title: str, person: User | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refusals(form, BESIDE) as done:
            record_recusal(
                actor=request.actor,
                person=person or data["person"],
                organisation=data["organisation"],
                compound=data["compound"],
                reason=data["reason"],
                starts_on=data["starts_on"],
                ends_on=after(data["last_day"]),
                at=timezone.now(),
            )
        if done.ok:
            messages.success(request, "回避已登记。")
            return redirect("people:recusals")
    context = {
        "form": form,
        "title": title,
        "submit": "登记回避",
        "consequences": ["不能提出、也不能复核与它有关的双人办理事项。", "自己的回避不能由自己解除。"],
        "back_url": reverse("people:recusals"),
        "breadcrumb": [{"label": "回避", "url": reverse("people:recusals")}, {"label": title}],
    }
    return render(request, "base/confirm.html", context)


@require_POST
@door(Permission.POST_APPOINT)
def end_recusing(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(recusals_for(request.actor, on=timezone.localdate()), pk=pk)
    try:
        end_recusal(actor=request.actor, recusal=row, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, "回避已解除。")
    return redirect("people:recusals")

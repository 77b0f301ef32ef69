from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.accounts.models import Post
from anju.accounts.queries.people import people_for, spell_of
from anju.accounts.queries.posts import passing_of, posts_for, successor_of, unit_rows, units_for
from anju.accounts.queries.separation import check_separation
from anju.accounts.services.handover import hand_over_post
from anju.accounts.services.posts import appoint_post, end_post
from anju.places.models import Organisation
from anju.places.queries.paging import page_of
from anju.places.queries.scoped import organisations_for
from anju.rules.permissions import Permission
from anju.rules.roles import ADMINISTRATORS, ROLES
from anju.rules.separation import STAFFING, stands_in
from anju.web.doors import ActorRequest, door
from anju.web.people.forms import BESIDE, AppointForm, EndForm, HandOverForm, PostsFilter, after
from anju.web.people.proposing import propose_act
from anju.web.people.words import ACTS, GAPS, said_roles
from anju.web.places.filters import PageForm, address
from anju.web.refusals import refusals
from anju.web.signin.fresh import fresh


@door(Permission.POST_VIEW)
def posts(request: ActorRequest) -> HttpResponse:
    form, today = PostsFilter(request.GET), timezone.localdate()
    context: dict[str, Any] = {"form": form, "units": [], "breadcrumb": [{"label": "岗位"}]}
    if form.is_valid():
        found = units_for(request.actor, text=form.cleaned_data["q"], show=form.cleaned_data["show"], on=today)
        page = page_of(found, (), **PageForm(request.GET).place())
        bodies = Organisation.objects.in_bulk([row["id"] for row in page.rows])
        context |= {
            "units": unit_rows(request.actor, [bodies[row["id"]] for row in page.rows], on=today),
            "newer_url": address(request, before=page.before) if page.before else "",
            "older_url": address(request, after=page.after) if page.after else "",
        }
    context["may_appoint"] = request.actor.may(Permission.POST_APPOINT)
    return render(request, "people/posts.html", context)


@door(Permission.POST_APPOINT)
def appoint(request: ActorRequest) -> HttpResponseBase:
    today = timezone.localdate()
    form = AppointForm(request.actor, today, request.POST or None, initial=_named(request, today))
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["role"] in ADMINISTRATORS:
            return _appoint_administrator(request, form)
        with refusals(form, BESIDE) as done:
            post = appoint_post(
                actor=request.actor,
                **{key: form.cleaned_data[key] for key in _WISHED},
                ends_on=after(form.cleaned_data["last_day"]),
                at=timezone.now(),
            )
        if done.ok:
            messages.success(request, f"{post.user.name}已任{post.organisation.name}{ROLES[post.role].name}。")
            return redirect("people:person", pk=post.user_id)
    return _appoint_page(request, form)


_WISHED = ("person", "role", "organisation", "division", "compound", "starts_on", "reason")


@fresh
def _appoint_administrator(request: ActorRequest, form: AppointForm) -> HttpResponse:
    """Three administrators watch each other, so two persons make one."""
    data, ends_on = form.cleaned_data, after(form.cleaned_data["last_day"])
    payload = {
        "person": data["person"].pk,
        "role": data["role"],
        "organisation": data["organisation"].pk,
        "starts_on": str(data["starts_on"]),
        "ends_on": str(ends_on or ""),
    }
    return propose_act(request, form, "post.appoint_administrator", payload) or _appoint_page(request, form)


def _appoint_page(request: ActorRequest, form: AppointForm) -> HttpResponse:
    context = {
        "form": form,
        "roles": ROLES.values(),
        "stand_in": stands_in(request.actor.role, Permission.POST_APPOINT),
        "breadcrumb": [{"label": "岗位", "url": reverse("people:posts")}, {"label": "任命岗位"}],
    }
    return render(request, "people/appoint.html", context)


def _named(request: ActorRequest, today: date) -> dict[str, Any]:
    """What a link to the form has filled in: `person` and `organisation`, out of those the actor may see."""
    initial: dict[str, Any] = {}
    seen = {
        "person": people_for(request.actor, on=today),
        "organisation": organisations_for(request.actor).select_related("division"),
    }
    for key, rows in seen.items():
        asked = request.GET.get(key, "")
        if asked.isascii() and asked.isdigit() and len(asked) <= 18:
            initial[key] = rows.filter(pk=int(asked)).first()
    return initial


@door(Permission.POST_APPOINT)
def end(request: ActorRequest, pk: int) -> HttpResponseBase:
    post = get_object_or_404(posts_for(request.actor), pk=pk)
    if post.role in ADMINISTRATORS:
        return _end_administrator(request, post)
    form = EndForm(timezone.localdate(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refusals(form, BESIDE) as done:
            end_post(actor=request.actor, post=post, ends_on=data["ends_on"], reason=data["reason"], at=timezone.now())
        if done.ok:
            messages.success(request, f"{post.user.name}从 {data['ends_on']} 起不再任{ROLES[post.role].name}。")
            return redirect("people:person", pk=post.user_id)
    return _end_page(request, form, post)


@fresh
def _end_administrator(request: ActorRequest, post: Post) -> HttpResponse:
    form = EndForm(timezone.localdate(), request.POST or None)
    payload = {"post": post.pk, "ends_on": str(form.cleaned_data["ends_on"])} if _filled(request, form) else {}
    return propose_act(request, form, "post.end_administrator", payload) or _end_page(request, form, post)


def _end_page(request: ActorRequest, form: EndForm, post: Post) -> HttpResponse:
    told = [
        "到那一天立即失去这个岗位的全部权限，正在登录的也一样。",
        "由它交出去的代理同时结束。",
        "办过的事和任职记录保留。",
    ]
    administrator = post.role in ADMINISTRATORS
    submit = "提出结束" if administrator else "结束岗位"
    return post_page(request, form, post, "结束岗位", submit, told, needs_two=administrator)


@door(Permission.POST_APPOINT)
def hand_over(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Two steps: the first asks (GET), the second shows what passes over and does it (POST)."""
    post, today = get_object_or_404(posts_for(request.actor), pk=pk), timezone.localdate()
    if post.role in ADMINISTRATORS:
        return _hand_over_administrator(request, post)
    form = HandOverForm(request.actor, today, request.POST or (request.GET or None))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refusals(form, BESIDE) as done:
            hand_over_post(actor=request.actor, post=post, **data, at=timezone.now())
        if done.ok:
            messages.success(request, f"已办交接，{data['on']} 起由{data['to'].name}担任。")
            return redirect("people:handover_sheet", pk=post.pk)
    return _hand_over_page(request, form, post)


@fresh
def _hand_over_administrator(request: ActorRequest, post: Post) -> HttpResponse:
    form = HandOverForm(request.actor, timezone.localdate(), request.POST or (request.GET or None))
    payload: dict[str, object] = {}
    if _filled(request, form):
        payload = {"post": post.pk, "to": form.cleaned_data["to"].pk, "on": str(form.cleaned_data["on"])}
    answer = propose_act(request, form, "post.hand_over_administrator", payload)
    return answer or _hand_over_page(request, form, post)


def _filled(request: ActorRequest, form: Any) -> bool:
    return request.method == "POST" and form.is_valid()


def _hand_over_page(request: ActorRequest, form: HandOverForm, post: Post) -> HttpResponse:
    shown = form.is_bound and form.is_valid()
    context = {
        "form": form,
        "spell": spell_of(post, on=timezone.localdate()),
        "preview": passing_of(post, on=form.cleaned_data["on"]) if shown else None,
        "wish": form.cleaned_data if shown else None,
        "needs_two": post.role in ADMINISTRATORS,
        "acts": ACTS,
        "breadcrumb": _trail_to(post, "交接岗位"),
    }
    return render(request, "people/hand_over.html", context)


@door(Permission.POST_VIEW)
def handover_sheet(request: ActorRequest, pk: int) -> HttpResponse:
    post = get_object_or_404(posts_for(request.actor), pk=pk)
    successor = successor_of(post)
    if successor is None or post.ends_on is None:
        raise Http404
    context = {
        "spell": spell_of(post, on=timezone.localdate()),
        "successor": successor,
        "passing": passing_of(successor, on=post.ends_on),
        "waiting": passing_of(post, on=post.ends_on).waiting,
        "acts": ACTS,
        "breadcrumb": _trail_to(post, "岗位交接单"),
    }
    return render(request, "people/handover_sheet.html", context)


@door(Permission.POST_VIEW)
def separation(request: ActorRequest) -> HttpResponse:
    check = check_separation(request.actor, on=timezone.localdate())
    context = {
        "holders": check.holders,
        "gaps": [GAPS[gap] for gap in check.gaps],
        "acts": ACTS.values(),
        "staffing": [(size, [said_roles(roles) for roles in people]) for size, people in STAFFING.items()],
        "breadcrumb": [{"label": "岗位", "url": reverse("people:posts")}, {"label": "岗位配置检查"}],
    }
    return render(request, "people/separation.html", context)


def post_page(
    request: ActorRequest,
    form: Any,
    post: Post,
    title: str,
    submit: str,
    told: list[str],
    *,
    needs_two: bool = False,
    back: str = "",
) -> HttpResponse:
    """The page of an act on one post."""
    spell = spell_of(post, on=timezone.localdate())
    context = {
        "form": form,
        "title": title,
        "sub": f"{post.user.name}，{post.organisation.name}{spell.role}{'，' + spell.place if spell.place else ''}",
        "submit": submit,
        "consequences": told,
        "needs_two": needs_two,
        "back_url": back or reverse("people:person", args=[post.user_id]),
        "breadcrumb": _trail_to(post, title),
    }
    return render(request, "base/confirm.html", context)


def _trail_to(post: Post, title: str) -> list[dict[str, str]]:
    return [{"label": "岗位", "url": reverse("people:posts")}, {"label": f"{post.user.name} {title}"}]

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from anju.accounts.models import User
from anju.accounts.queries.people import COLUMNS, find_people, free_username, people_for, person_rows, record_of
from anju.accounts.queries.recusals import recusals_for
from anju.accounts.services.passwords import is_administrator, remove_second_factor, reset_password
from anju.accounts.services.people import create_person, disable_person, edit_person, enable_person, reveal_phone
from anju.accounts.services.sessions import end_sessions
from anju.base.actor import Refused
from anju.places.queries.paging import page_of
from anju.places.services.spelling import spell
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.people.forms import BESIDE, EditForm, PeopleFilter, PersonForm, ReasonForm
from anju.web.people.proposing import propose_act
from anju.web.places.filters import PageForm, address
from anju.web.refusals import refusals
from anju.web.signin.fresh import fresh
from anju.web.words import sentence


@door(Permission.PERSON_VIEW)
def people(request: ActorRequest) -> HttpResponse:
    form, today = PeopleFilter(request.GET), timezone.localdate()
    context: dict[str, Any] = {"form": form, "rows": [], "breadcrumb": [{"label": "人员"}]}
    if form.is_valid():
        sought = {"text": form.cleaned_data["q"], "state": form.cleaned_data["state"]}
        page = page_of(find_people(request.actor, on=today, **sought), COLUMNS, **PageForm(request.GET).place())
        context |= {
            "rows": person_rows(page.rows, on=today),
            "newer_url": address(request, before=page.before) if page.before else "",
            "older_url": address(request, after=page.after) if page.after else "",
        }
    return render(request, "people/people.html", context | _may(request))


@door(Permission.PERSON_VIEW)
def person(request: ActorRequest, pk: int) -> HttpResponse:
    row, today = _person(request, pk), timezone.localdate()
    context = {
        "person": row,
        "spells": record_of(row, on=today),
        "recusals": recusals_for(request.actor, on=today).filter(user=row),
        "administrator": is_administrator(row, timezone.now()),
        "oneself": row.pk == request.actor.user_id,
        "breadcrumb": trail_to(row),
    }
    return render(request, "people/person.html", context | _may(request))


@never_cache
@door(Permission.PERSON_EDIT)
def create(request: ActorRequest) -> HttpResponse:
    """The one-time password is in the answer itself: it is kept nowhere, so it cannot be shown after a redirect."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        username = data["username"] or free_username(spell(data["name"]).pinyin)
        with refusals(form, BESIDE) as done:
            made = create_person(
                actor=request.actor, name=data["name"], username=username, phone=data["phone"], at=timezone.now()
            )
        if done.ok:
            return render(request, "people/slip.html", {"person": made.person, "password": made.password, "new": True})
    context = {
        "form": form,
        "title": "登记人员",
        "sub": "登记后得到一次性密码；能办什么，由任命的岗位决定。",
        "submit": "登记人员",
        "back_url": reverse("people:people"),
        "breadcrumb": [{"label": "人员", "url": reverse("people:people")}, {"label": "登记人员"}],
    }
    return render(request, "base/confirm.html", context)


@door(Permission.PERSON_EDIT)
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    row = _person(request, pk)
    form = EditForm(request.POST or None, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        with refusals(form, BESIDE) as done:
            edit_person(
                actor=request.actor,
                person=row,
                name=form.cleaned_data["name"],
                phone=form.phone_wanted(),
                at=timezone.now(),
            )
        if done.ok:
            messages.success(request, "已修改。")
            return redirect("people:person", pk=row.pk)
    return form_page(request, form, row, "修改人员信息", "保存")


@door(Permission.PERSON_EDIT)
def disable(request: ActorRequest, pk: int) -> HttpResponseBase:
    row = _person(request, pk)
    if is_administrator(row, timezone.now()):
        return _disable_administrator(request, row)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form) as done:
            disable_person(actor=request.actor, person=row, reason=form.cleaned_data["reason"], at=timezone.now())
        if done.ok:
            messages.success(request, f"{row.name}的账号已停用，岗位今天结束，登录已收回。")
            return redirect("people:person", pk=row.pk)
    return form_page(request, form, row, f"停用{row.name}的账号", "停用账号", _DISABLED)


@fresh
def _disable_administrator(request: ActorRequest, row: User) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if answer := propose_act(request, form, "person.disable_administrator", {"person": row.pk}):
        return answer
    return form_page(request, form, row, f"停用{row.name}的账号", "提出停用", _DISABLED, needs_two=True)


_DISABLED = (
    "立即退出所有登录，不能再登录。",
    "岗位今天结束，恢复账号时不会自动恢复岗位。",
    "办过的事和审计记录全部保留。",
)


@require_POST
@door(Permission.PERSON_EDIT)
def enable(request: ActorRequest, pk: int) -> HttpResponse:
    row = _person(request, pk)
    try:
        enable_person(actor=request.actor, person=row, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, f"{row.name}的账号已恢复，登录后要改密码。岗位要重新任命。")
    return redirect("people:person", pk=row.pk)


@never_cache
@door(Permission.PERSON_REVEAL)
def phone(request: ActorRequest, pk: int) -> HttpResponse:
    row = _person(request, pk)
    form, shown = ReasonForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        with refusals(form) as done:
            reason = form.cleaned_data["reason"]
            shown = reveal_phone(actor=request.actor, person=row, reason=reason, at=timezone.now())
        if done.ok:
            return render(request, "people/phone.html", {"person": row, "phone": shown, "breadcrumb": trail_to(row)})
    told = ["查看的人、时间和用途会记入审计记录。"]
    return form_page(request, form, row, f"查看{row.name}的完整号码", "查看号码", told)


@never_cache
@door(Permission.PERSON_RESET)
@fresh
def reset(request: ActorRequest, pk: int) -> HttpResponse:
    row = _person(request, pk)
    if is_administrator(row, timezone.now()):
        return _reset_administrator(request, row)
    form = Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals(form) as done:
            password = reset_password(actor=request.actor, person=row, at=timezone.now())
        if done.ok:
            return render(request, "people/slip.html", {"person": row, "password": password})
    return form_page(request, form, row, f"重置{row.name}的密码", "重置密码", _RESET)


def _reset_administrator(request: ActorRequest, row: User) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if answer := propose_act(request, form, "person.reset_administrator", {"person": row.pk}):
        return answer
    return form_page(request, form, row, f"重置{row.name}的密码", "提出重置", _RESET, needs_two=True)


_RESET = ("原来的密码立即失效，所有登录被收回。", "得到一次性密码，只显示一次，本人登录后要改。")


@require_POST
@door(Permission.PERSON_RESET)
@fresh
def take_back(request: ActorRequest, pk: int) -> HttpResponse:
    """End every sign-in of a person, or remove a lost second factor."""
    row, at = _person(request, pk), timezone.now()
    try:
        if request.POST.get("what") == "factor":
            remove_second_factor(actor=request.actor, person=row, at=at)
            messages.success(request, f"已解除{row.name}的二次验证，请本人登录后重新开启。")
        else:
            ended = end_sessions(actor=request.actor, person=row, at=at)
            messages.success(request, f"已收回{row.name}的 {ended} 个登录。")
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    return redirect("people:person", pk=row.pk)


def form_page(
    request: ActorRequest,
    form: Any,
    row: User,
    title: str,
    submit: str,
    told: "list[str] | tuple[str, ...]" = (),
    *,
    needs_two: bool = False,
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "sub": f"用户名 {row.username}",
        "submit": submit,
        "consequences": told,
        "needs_two": needs_two,
        "back_url": reverse("people:person", args=[row.pk]),
        "breadcrumb": [*trail_to(row), {"label": title}],
    }
    return render(request, "base/confirm.html", context)


def trail_to(row: User) -> list[dict[str, str]]:
    link = reverse("people:person", args=[row.pk])
    return [{"label": "人员", "url": reverse("people:people")}, {"label": row.name, "url": link}]


def _person(request: ActorRequest, pk: int) -> User:
    return get_object_or_404(people_for(request.actor, on=timezone.localdate()), pk=pk)


def _may(request: ActorRequest) -> dict[str, bool]:
    """Which acts to show: those the actor's post permits."""
    wanted = {
        "may_edit": Permission.PERSON_EDIT,
        "may_import": Permission.PERSON_IMPORT,
        "may_reset": Permission.PERSON_RESET,
        "may_reveal": Permission.PERSON_REVEAL,
        "may_appoint": Permission.POST_APPOINT,
    }
    return {name: request.actor.may(permission) for name, permission in wanted.items()}

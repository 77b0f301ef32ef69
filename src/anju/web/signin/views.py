"""Sign-in and sign-out, own password, proof of who sits there: allauth's views with our forms, our doors and the trail."""

from typing import Any

from allauth.account import views as account
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.mfa.base import views as mfa
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from anju.accounts.models import User
from anju.accounts.queries.signin import own_second_factor, own_sessions
from anju.accounts.services.passwords import profile_in_force
from anju.accounts.services.sessions import end_other_sessions, end_own_session
from anju.web.doors import ActorRequest, public, signed_in
from anju.web.refusals import refusals
from anju.web.signin.browsers import in_words
from anju.web.signin.forms import (
    AuthenticateForm,
    ChangePasswordForm,
    ReauthenticateCodeForm,
    ReauthenticateForm,
    SignInForm,
)
from anju.web.signin.fresh import take_held
from anju.web.signin.middleware import must_change
from anju.web.signin.validators import ProfileValidator


class _SignIn(account.LoginView):  # type: ignore[misc]  # allauth carries no types
    form_class = SignInForm
    template_name = "signin/sign_in.html"


class _SignOut(account.LogoutView):  # type: ignore[misc]
    template_name = "signin/sign_out.html"


class _Code(mfa.AuthenticateView):  # type: ignore[misc]
    form_class = AuthenticateForm
    template_name = "signin/code.html"


class _ChangePassword(account.PasswordChangeView):  # type: ignore[misc]
    form_class = ChangePasswordForm
    template_name = "signin/change_password.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_usable_password():  # type: ignore[union-attr]  # the door has seen to it
            messages.info(request, "演示人物没有密码，不用修改。")
            return redirect("account_home")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    def form_valid(self, form: ChangePasswordForm) -> HttpResponse:
        response: HttpResponse
        with refusals(form) as done:
            response = super().form_valid(form)
        if not done.ok:
            return self.form_invalid(form)  # type: ignore[no-any-return]
        messages.success(self.request, "密码已改好，其他地方的登录都已收回。")
        return response

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)
        return context | {"forced": must_change(self.request), "rule": ProfileValidator().get_help_text()}


class _Resuming:
    """After the proof: what had been posted is shown again with one button, instead of being done behind the scenes."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not get_reauthentication_flows(request.user):
            return redirect("account_home")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc,no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        path = self.get_next_url()  # type: ignore[attr-defined]
        held = take_held(self.request, path) if path else None
        if held is None:
            return response
        return render(self.request, "signin/continue.html", {"path": path, "fields": held})


class _Reauthenticate(_Resuming, account.ReauthenticateView):  # type: ignore[misc]
    form_class = ReauthenticateForm
    template_name = "signin/reauthenticate.html"


class _ReauthenticateByCode(_Resuming, mfa.ReauthenticateView):  # type: ignore[misc]
    form_class = ReauthenticateCodeForm
    template_name = "signin/reauthenticate.html"


sign_in = public(never_cache(_SignIn.as_view()))
sign_out = public(never_cache(_SignOut.as_view()))
code = public(never_cache(_Code.as_view()))
change_password = signed_in(never_cache(_ChangePassword.as_view()))
reauthenticate = signed_in(never_cache(_Reauthenticate.as_view()))
reauthenticate_by_code = signed_in(never_cache(_ReauthenticateByCode.as_view()))


@public
@require_safe
def inactive(request: HttpRequest) -> HttpResponse:
    return render(request, "signin/inactive.html")


@signed_in
@never_cache
@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """My account: my password's age, my second factor, where I am signed in."""
    person, now = request.user, timezone.now()
    assert isinstance(person, User)
    profile, changed_at = profile_in_force(), person.password_changed_at
    expires_at = changed_at + profile.max_age if changed_at and profile.max_age else None
    listed = [
        {"row": row, "device": in_words(row.user_agent), "current": row.session_key == request.session.session_key}
        for row in own_sessions(request.actor, now)
    ]
    factor = own_second_factor(request.actor)
    subtitle = " · ".join(filter(None, (person.name, person.username, request.actor.post_name)))
    context = {"person": person, "subtitle": subtitle, "expires_at": expires_at, "factor": factor, "sessions": listed}
    return render(request, "signin/home.html", context)


@signed_in
@require_POST
def end_sessions(request: ActorRequest) -> HttpResponse:
    """Take back one of one's own other sign-ins, or all of them."""
    person, now = request.user, timezone.now()
    assert isinstance(person, User)
    keep = request.session.session_key or ""
    chosen = request.POST.get("session", "")
    if not chosen:
        ended = end_other_sessions(actor=request.actor, person=person, keep=keep, at=now)
        messages.success(request, f"已收回其他 {ended} 处登录。" if ended else "没有别处的登录。")
        return redirect("account_home")
    others = own_sessions(request.actor, now).exclude(session_key=keep)
    row = get_object_or_404(others, pk=int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else 0)
    end_own_session(actor=request.actor, session=row, at=now)
    messages.success(request, "已收回这一处登录。")
    return redirect("account_home")

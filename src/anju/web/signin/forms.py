"""The forms of signing in: allauth's, in Chinese, with our counters and our password rule."""

import unicodedata
from typing import Any, cast

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from anju.accounts.models import User
from anju.accounts.services import passwords, signin
from anju.base.actor import Refused
from anju.rules.passwords import MAX_LENGTH
from anju.web.signin.adapter import acting, visit_of
from anju.web.words import sentence

NAME_LENGTH = 40
CODE_LENGTH = 32


def password_field(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    """Takes what a password safe pastes: long, spaced, Chinese. Nothing is cut off."""
    attributes = {"autocomplete": autocomplete, "spellcheck": "false"}
    return forms.CharField(
        label=label, max_length=MAX_LENGTH, strip=False, help_text=help_text, widget=forms.PasswordInput(attributes)
    )


def code_field(label: str, help_text: str) -> forms.CharField:
    attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
    return forms.CharField(label=label, max_length=CODE_LENGTH, help_text=help_text, widget=forms.TextInput(attributes))


class SignInForm(account.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attributes = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "autofocus": True,
        }
        self.fields["login"] = forms.CharField(
            label="用户名", max_length=NAME_LENGTH, widget=forms.TextInput(attributes)
        )
        self.fields["password"] = password_field("密码", "current-password")

    def clean_login(self) -> str:
        """A Chinese input method may leave full-width letters behind."""
        return unicodedata.normalize("NFKC", self.cleaned_data["login"]).strip()


class ReauthenticateForm(account.ReauthenticateForm):  # type: ignore[misc]
    password = password_field("密码", "current-password")


class ChangePasswordForm(account.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = password_field(
            "现在的密码", "current-password", "刚重置过的，填管理员给您的一次性密码。"
        )
        self.fields["password1"] = password_field("新密码", "new-password")
        self.fields["password2"] = password_field("再输一遍新密码", "new-password")

    def clean_oldpassword(self) -> str:
        """Counted like a sign-in: an unattended desk is no place to guess a password at."""
        typed: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, typed):
            raise get_adapter().validation_error("enter_current_password")
        return typed

    def clean_password1(self) -> str:
        typed: str = self.cleaned_data["password1"]
        get_adapter().clean_password(typed, self.user)
        return typed

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] = forms.Form.clean(self) or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "两次输入的新密码不一样，请再输一遍。")
        return cleaned

    def save(self) -> None:
        passwords.change_password(
            actor=acting(context.request),
            person=self.user,
            new=self.cleaned_data["password1"],
            keep=context.request.session.session_key,
            at=timezone.now(),
        )


class _CountedCode(mfa.BaseAuthenticateForm):  # type: ignore[misc]
    """A code is counted before it is looked at, and works once on any of our processes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field("验证码", "手机验证应用里的六位数，或一个恢复码。")

    def clean_code(self) -> str:
        self.cleaned_data["code"] = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        at, request, person = timezone.now(), context.request, cast(User, self.user)
        visit = visit_of(request, person)
        try:
            closing = signin.take_code_attempt(actor=acting(request), visit=visit, at=at)
        except Refused as refusal:
            raise ValidationError(sentence(refusal), code="locked") from refusal
        try:
            code: str = super().clean_code()
            self._use(code)
        except ValidationError:
            signin.record_failed_sign_in(actor=acting(request), person=person, reason="code", closed=closing, at=at)
            raise
        signin.clear_code_attempts(actor=acting(request), visit=visit, at=at)
        return code

    def _use(self, code: str) -> None:
        if self.authenticator.type != Authenticator.Type.TOTP:
            return
        actor = acting(context.request)
        digits = "".join(sign for sign in code if sign.isdigit())
        if not signin.use_code(actor=actor, person=self.user, code=digits, at=timezone.now()):
            raise get_adapter().validation_error("incorrect_code")


class AuthenticateForm(_CountedCode, mfa.AuthenticateForm):  # type: ignore[misc]
    pass


class ReauthenticateCodeForm(_CountedCode, mfa.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateCodeForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field("应用里显示的六位数", "输一次，确认手机已经绑好。")

    def clean_code(self) -> str:
        self.cleaned_data["code"] = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        return cast(str, super().clean_code())

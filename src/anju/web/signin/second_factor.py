"""One's own second factor: turning it on and off, and the recovery codes. Each step needs a fresh sign-in and leaves a trace."""

from typing import Any

from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from anju.accounts.queries.signin import own_second_factor
from anju.accounts.services.signin import FactorChange, record_second_factor
from anju.web.doors import ActorRequest, View, signed_in
from anju.web.signin.forms import ActivateCodeForm
from anju.web.signin.fresh import fresh


class _Traced:
    """The change and its line in the trail are one transaction."""

    request: ActorRequest
    change: FactorChange
    sentence: str

    def form_valid(self, form: Any) -> HttpResponse:
        person = self.request.user
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            record_second_factor(actor=self.request.actor, person=person, change=self.change, at=timezone.now())  # type: ignore[arg-type]
        messages.success(self.request, self.sentence)
        return response


class _NeedsOne:
    """Pages about a second factor that is not there lead back to where it is turned on."""

    def dispatch(self, request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not own_second_factor(request.actor).active:
            return redirect("account_home")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc,no-any-return]


class _Activate(_Traced, totp.ActivateTOTPView):  # type: ignore[misc]
    form_class = ActivateCodeForm
    template_name = "signin/factor_on.html"
    change, sentence = "added", "二次验证已开启。请把下面的恢复码抄在纸上收好，只显示这一次。"


class _Deactivate(_NeedsOne, _Traced, totp.DeactivateTOTPView):  # type: ignore[misc]
    template_name = "signin/factor_off.html"
    change, sentence = "dropped", "二次验证已关闭。"


class _Codes(_NeedsOne, codes.ViewRecoveryCodesView):  # type: ignore[misc]
    template_name = "signin/codes.html"


class _NewCodes(_NeedsOne, _Traced, codes.GenerateRecoveryCodesView):  # type: ignore[misc]
    template_name = "signin/codes_new.html"
    change, sentence = "codes_renewed", "已换新的恢复码，旧的全部作废。请抄在纸上收好，只显示这一次。"


def _guarded(view: Any) -> View:
    return signed_in(fresh(never_cache(view.as_view())))


activate, deactivate = _guarded(_Activate), _guarded(_Deactivate)
recovery_codes, new_recovery_codes = _guarded(_Codes), _guarded(_NewCodes)

"""The account pages. The names are allauth's, which asks for them by name; no app name, for the same reason."""

from django.urls import path

from anju.web.signin import second_factor, views

urlpatterns = [
    path("", views.home, name="account_home"),
    path("", views.home, name="mfa_index"),  # where allauth returns to
    path("sign-in/", views.sign_in, name="account_login"),
    path("sign-in/code/", views.code, name="mfa_authenticate"),
    path("sign-out/", views.sign_out, name="account_logout"),
    path("inactive/", views.inactive, name="account_inactive"),
    path("password/", views.change_password, name="account_change_password"),
    path("proof/", views.reauthenticate, name="account_reauthenticate"),
    path("proof/code/", views.reauthenticate_by_code, name="mfa_reauthenticate"),
    path("sessions/end/", views.end_sessions, name="account_end_sessions"),
    path("second-factor/on/", second_factor.activate, name="mfa_activate_totp"),
    path("second-factor/off/", second_factor.deactivate, name="mfa_deactivate_totp"),
    path("second-factor/codes/", second_factor.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", second_factor.new_recovery_codes, name="mfa_generate_recovery_codes"),
]

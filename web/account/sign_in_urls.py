"""The sign-in library's pages, dressed and tested by us; those about the address are our own under its names."""

from django.urls import URLPattern, URLResolver, include, path

from web.account import proving, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("email/", views.address, name="account_email"),
    path("confirm-email/<str:key>/", views.confirm_address, name="account_confirm_email"),
    path("reauthenticate/", proving.by_password, name="account_reauthenticate"),
    path("2fa/reauthenticate/", proving.by_code, name="mfa_reauthenticate"),
    path("2fa/webauthn/reauthenticate/", proving.by_passkey, name="mfa_reauthenticate_webauthn"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]

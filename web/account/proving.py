"""Proving again who one is: the library's three pages, and another session afterwards."""

from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as ByCode
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.http import HttpRequest, HttpResponse

from accounts import services


class _OtherSession:
    """Who proved it goes on in another session: whoever had taken the one before is not let in by the proof."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        """Change the session's key, then do what was waiting for the proof."""
        before = str(self.request.session.session_key)
        self.request.session.cycle_key()
        services.carry_session(before=before, after=str(self.request.session.session_key))
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # of the view beside it
        return answer


class ByPassword(_OtherSession, ReauthenticateView):  # type: ignore[misc]  # the library has no types
    """By the password."""


class ByAppCode(_OtherSession, ByCode):  # type: ignore[misc]  # the library has no types
    """By a code of the second step."""


class ByPasskey(_OtherSession, ReauthenticateWebAuthnView):  # type: ignore[misc]  # the library has no types
    """By a passkey."""


by_password, by_code, by_passkey = ByPassword.as_view(), ByAppCode.as_view(), ByPasskey.as_view()

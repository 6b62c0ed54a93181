"""How the sign-in library behaves here: nobody signs themselves up; letters name the configured address."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    """Closed sign-up; links in letters never come from the request's Host header (H01)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the library's signature
        """Refuse: people come by invitation."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the address in the letter, built on the configured origin."""
        from django.urls import reverse

        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_ORIGIN + path.replace("UID-KEY", key)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:  # noqa: ARG002 - see above
        """Return the address in the letter, built on the configured origin."""
        from django.urls import reverse

        return settings.SITE_ORIGIN + reverse("account_confirm_email", args=[emailconfirmation.key])

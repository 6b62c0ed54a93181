"""How the sign-in library behaves here: nobody signs themselves up; letters name the configured address."""

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from accounts import services
from accounts.models import User
from common import clock
from common.text import _


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    """Closed sign-up; links in letters never come from the request's Host header (H01)."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This email and password do not fit together. Look at both, then try again."),
        "too_many_login_attempts": _("That was tried too often. Wait a few minutes, then try again."),
        "incorrect_password": _("That is not your password. Look at it, then try again."),
        "incorrect_code": _("That code does not fit. Wait for the next one, then try again."),
        "rate_limited": _("That was tried too often. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the library's signature
        """Refuse: people come by invitation."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the address in the letter, built on the configured origin."""
        from django.urls import reverse

        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_ORIGIN + path.replace("UID-KEY", key)

    def set_password(self, user: User, password: str) -> None:
        """Keep a new password."""
        services.choose_password(person=user, password=password, at=clock.now())


def address_behind_proxy(request: HttpRequest) -> str:
    """Return the client's address as our own proxy wrote it (it overwrites what a client sends)."""
    return str(request.headers.get("X-Real-IP") or request.META.get("REMOTE_ADDR", ""))


def name_tried(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Return the address that was tried, in lower case ("" when none was).

    The sign-in library calls it "email", the form and the lock-out "login". Counting without it would lock everybody
    behind one address of a college out at once (H07).
    """
    given = credentials or {}
    tried = given.get("email") or given.get("login") or given.get("username") or request.POST.get("login", "")
    return str(tried).strip().lower()[:255]

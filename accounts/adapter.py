"""How the sign-in library behaves here: nobody signs themselves up; letters name the configured address.

Who tries too often is decided here as well. One person's failures must not keep others out, and a class of two hundred
at one address must get in at nine o'clock, so what is right is never counted:

* wrong passwords count for one account from one network address (django-axes, `AXES_…` in the settings);
* wrong codes of the second step count for one account (`login_failed` in `ACCOUNT_RATE_LIMITS`);
* an address with very many failures, whatever the names tried, is held back for a while, except for people who have
  signed in from there before: somebody who tries a stolen list stops, a college goes on working.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from allauth.core.internal.ratelimit import truncate_ip
from axes.utils import reset
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from accounts import queries, services
from accounts.models import User
from common import clock
from common.text import _

#: Failures from one address, and within how many seconds they count together.
MOST_FAILURES, FAILURES_WITHIN = 600, 600


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
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_ORIGIN + path.replace("UID-KEY", key)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the network address that letters and the list of sessions name."""
        return client_address(request) or str(super().get_client_ip(request))

    def set_password(self, user: User, password: str) -> None:
        """Keep a new password; whoever may choose one is not locked out by the wrong ones that were tried before."""
        services.choose_password(person=user, password=password, at=clock.now())
        reset(username=user.email)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Hold an address back that has failed very often, but nobody who has signed in from there before."""
        if cache.get(_failures_of(request), 0) < MOST_FAILURES:
            return
        if not queries.signed_in_from(str(credentials.get("email", "")), client_address(request)):
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ARG002 - the library's signature
        """Count a failure of this address. What was right is never counted."""
        key = _failures_of(request)
        if not cache.add(key, 1, FAILURES_WITHIN):
            with suppress(ValueError):  # the time ran out in between
                cache.incr(key)


def _failures_of(request: HttpRequest) -> str:
    return f"accounts.failures:{counted_address(request)}"


def client_address(request: HttpRequest) -> str:
    """Return where a request comes from.

    Behind our own proxy everybody would come from its address; it overwrites one header, which is believed then and
    only then (`ALLAUTH_TRUSTED_CLIENT_IP_HEADER`).
    """
    return get_client_ip(request) or str(request.META.get("REMOTE_ADDR", ""))


def counted_address(request: HttpRequest) -> str:
    """Return the address by which tries are counted: of IPv6 the first half, the rest of which one household has."""
    return str(truncate_ip(client_address(request)))


def name_tried(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Return the address that was tried, in lower case ("" when none was).

    The sign-in library calls it "email", the form and the lock-out "login". Counting without it would lock everybody
    behind one address of a college out at once (H07).
    """
    given = credentials or {}
    tried = given.get("email") or given.get("login") or given.get("username") or request.POST.get("login", "")
    return str(tried).strip().lower()[:255]

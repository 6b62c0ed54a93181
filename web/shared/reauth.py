"""Asking again who it is before a signature (R85). The sign-in library keeps the times; the window is its setting.

Nothing is done by it: the form's key stays unused, and what was typed waits in the session for the page it came from.
"""

import time
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpResponse
from django.urls import reverse

from web.shared.http import PersonRequest, see_other


def recently(request: PersonRequest) -> bool:
    """Say whether this person proved again who they are within the window. Signing in does not count as again."""
    again = [m for m in get_authentication_records(request, request.user) if m.get("reauthenticated")]
    return bool(again) and time.time() - again[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def ask_again(request: PersonRequest, next_url: str, typed: Mapping[str, str] | None = None) -> HttpResponse:
    """Send the person to prove who they are, then back to `next_url` (a page, never a post) with what they typed."""
    if typed:
        request.session[_place(urlsplit(next_url).path)] = dict(typed)
    return see_other(f"{reverse('account_reauthenticate')}?{urlencode({'next': next_url})}")


def typed_before(request: PersonRequest) -> dict[str, str]:
    """Return what was typed on this page before its person was asked again who they are; once."""
    found: dict[str, str] = request.session.pop(_place(request.path), {})
    return found


def _place(path: str) -> str:
    return f"typed:{path}"

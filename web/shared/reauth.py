"""Asking again who it is before a signature (R85). The sign-in library keeps the times; the window is its setting."""

import time
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpResponse
from django.urls import reverse

from web.shared.http import PersonRequest, see_other


def recently(request: PersonRequest) -> bool:
    """Say whether this person proved again who they are within the window. Signing in does not count as again."""
    again = [m for m in get_authentication_records(request, request.user) if m.get("reauthenticated")]
    return bool(again) and time.time() - again[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def ask_again(_request: PersonRequest, next_url: str) -> HttpResponse:
    """Send the person to prove who they are and then back to `next_url` (a page, never a post)."""
    return see_other(f"{reverse('account_reauthenticate')}?{urlencode({'next': next_url})}")

"""Whose password somebody tried to guess: what the lock-out counts by."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest


def name_tried(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Return the address that was tried, in lower case ("" when none was).

    The sign-in library calls it "email", the form and the lock-out "login". Counting without it would lock everybody
    behind one address of a college out at once (H07).
    """
    given = credentials or {}
    tried = given.get("email") or given.get("login") or given.get("username") or request.POST.get("login", "")
    return str(tried).strip().lower()[:255]

"""The rail around the assessor's pages: a page under an item lights that item, and nothing is counted twice."""

import dataclasses
from typing import Any

from django.urls import reverse

from web.shared import nav
from web.shared.http import ActorRequest


def frame(request: ActorRequest, current: str, waiting: int | None = None) -> dict[str, Any]:
    """Return the context of the rail with `current` lit. `waiting`: the queue's length where the page knows it."""
    centre = request.actor.centre_number
    here, work = reverse(current, args=[centre]), reverse("assessor:work", args=[centre])
    items = [dataclasses.replace(item, current=item.url == here) for item in nav.shell(request)["nav"]]
    if waiting is None:
        return {"nav": items}
    return {"nav": [dataclasses.replace(item, count=waiting) if item.url == work else item for item in items]}

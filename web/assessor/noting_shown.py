"""Noting what was shown of a version, for the pages of assessors and countersigners (R69, R127)."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse

from common import clock
from portfolio.queries.shown import shown_to
from portfolio.services import show
from web.shared.http import ActorRequest, looks_ahead, see_other

if TYPE_CHECKING:
    from portfolio.models import EvidenceVersion


def note_shown(request: ActorRequest, version: "EvidenceVersion", page: str) -> HttpResponse:
    """Note what the post names as shown, and answer a script with what waits, a form with the page again."""
    if looks_ahead(request):
        return HttpResponseBadRequest()
    file_id = request.POST.get("file", "")
    show(actor=request.actor, version=version, file_id=file_id, at=clock.now())
    if request.headers.get("X-Requested-With") != "fetch":
        return see_other(f"{page}?{urlencode({'v': version.number, 'file': file_id})}")
    found = shown_to(request.actor.person_id, version)
    return JsonResponse({"waits": [public_id for public_id, _name in found.waits], "seen": found.all})

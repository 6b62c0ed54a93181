"""The signatures of a registration: who signed what, whether it is unaltered, the chain to take away (R127)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments.queries.proof import chain_lines, proof_of
from common import clock
from web.shared.http import ActorRequest, allow, page_number


@require_safe
@allow(lambda actor: actor.is_staff)
def proof(request: ActorRequest, centre: str, registration: str) -> HttpResponse:
    """Show every act of a registration and say, looked at just now, whether all that they rest on is unaltered."""
    found = proof_of(request.actor, registration, page_number(request))
    area = "centre:learner" if request.actor.is_admin else "assessor:learner"
    back = reverse(area, args=[centre, found.learner_id])
    return render(request, "web_centre/proof.html", {"found": found, "back": back, "checked_at": clock.now()})


@require_safe
@allow(lambda actor: actor.is_staff)
def chain(request: ActorRequest, centre: str, registration: str) -> HttpResponse:
    """Hand out the chain of a registration as JSON lines, for checking without Attest. It holds nothing personal."""
    lines = "".join(chain_lines(request.actor, registration))
    name = f"chain-{centre}-{registration}.jsonl"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(lines, content_type="application/jsonl; charset=utf-8", headers=headers)

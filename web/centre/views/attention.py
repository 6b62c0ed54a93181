"""Background work that broke off or was refused: what it is, and another try."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from centres import services
from centres.queries.attention import attention_page
from common import clock
from common.refusals import Refused, Stale
from web.shared.http import ActorRequest, allow, page_number, seen_of
from web.shared.idempotency import done, new_key, once


@require_safe
@allow(lambda actor: actor.is_admin)
def attention(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls read the centre
    """List what needs attention, the newest first."""
    return _listed(request)


def _listed(request: ActorRequest, refused: Refused | None = None) -> HttpResponse:
    rows, page = attention_page(request.actor, page_number(request))
    context = {
        "rows": rows,
        "page": page,
        "refusals": [r.sentence for r in refused.refusals] if refused else [],
        "idempotency_key": new_key(),
    }
    status = 200 if refused is None else 409 if isinstance(refused, Stale) else 422
    return render(request, "web_centre/attention.html", context, status=status)


@require_POST
@allow(lambda actor: actor.is_admin)
@once
def try_again(request: ActorRequest, centre: str, job: str) -> HttpResponse:
    """Try one of them again."""
    try:
        services.try_again(actor=request.actor, job=job, seen=seen_of(request), at=clock.now())
    except Refused as refused:
        return _listed(request, refused)
    return done(request, reverse("centre:attention", args=[centre]), _("It is tried again now."))

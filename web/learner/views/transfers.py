"""What a learner brings along from other registrations, and what their units count towards elsewhere."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assessments.queries.transferring import carry_offers, offers_of, sources
from assessments.services import accept_offers
from centres.access import learner_of_actor, registration_for
from centres.queries.progression import progression_of
from centres.queries.seen import registration_mark
from common import clock
from common.refusals import NotFound, Refused, Stale
from web.learner import learner_words as words
from web.shared.http import ActorRequest, allow, page_number, seen_of
from web.shared.idempotency import done, new_key, once

PIECES = 10


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_learner)
@once
def moved(request: ActorRequest, centre: str, registration: str) -> HttpResponse:
    """Show the pieces of other registrations with what they may show here; a post offers those that were ticked."""
    actor = request.actor
    row = registration_for(actor, registration)
    if row.learner_id != actor.learner_id or not sources(actor, row).exists():
        raise NotFound("registration.view", registration)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            ticked = request.POST.getlist("offers")
            count = accept_offers(actor=actor, registration=row, values=ticked, seen=seen_of(request), at=clock.now())
        except Refused as said:
            refused = said
        else:
            offered = ngettext(
                "%(n)d thing is offered again. Your assessor looks at it again.",
                "%(n)d things are offered again. Your assessor looks at them again.",
                count,
            )
            return done(request, reverse("learner:moved", args=[centre, registration]), offered % {"n": count})
    page = Paginator(offers_of(actor, row), PIECES).get_page(page_number(request))
    context = {
        "registration": row,
        "page": page,
        "carried": carry_offers(actor, row),
        "ticked": request.POST.getlist("offers"),
        "problems": words.sentences(refused) if refused else [],
        "idempotency_key": new_key(),
        "seen": registration_mark(row),
    }
    status = 200 if refused is None else 409 if isinstance(refused, Stale) else 422
    return render(request, "web_learner/moved.html", context, status=status)


@require_safe
@allow(lambda actor: actor.is_learner)
def next_steps(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - every view in a centre gets its number
    """Show towards what else the learner's units count (R38): to talk about, not to buy."""
    found = progression_of(request.actor, learner_of_actor(request.actor))
    return render(request, "web_learner/next.html", {"found": found, "audience": "learner"})

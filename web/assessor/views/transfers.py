"""What a learner brought along from other registrations: units to let count, pieces to judge again (R34)."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assessments.queries.transferring import carry_offers, offers_of, sources
from assessments.services import accept_offers, carry_over, decline_carry
from centres.access import may_assess_in, registration_for, unit_for
from centres.queries.seen import registration_mark
from common import clock
from common.refusals import Forbidden, NotFound, Refused, Stale
from web.assessor.lookups import staff
from web.shared.http import ActorRequest, allow, page_number, seen_of
from web.shared.idempotency import done, new_key, once
from web.shared.kept import overtaken
from web.shared.reauth import ask_again, recently

PIECES = 10


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.assesses or actor.assures)
@once
def moved(request: ActorRequest, centre: str, registration: str) -> HttpResponse:
    """Show what may count and what may be offered again; a post offers pieces, as the learner could."""
    if request.method != "POST":
        return _page(request, registration)
    row = registration_for(staff(request.actor), registration)
    try:
        ticked = request.POST.getlist("offers")
        count = accept_offers(
            actor=request.actor, registration=row, values=ticked, seen=seen_of(request), at=clock.now()
        )
    except Refused as refused:
        return _page(request, registration, refused=refused)
    said = ngettext(
        "%(n)d criterion is offered and waits for you.", "%(n)d criteria are offered and wait for you.", count
    )
    return done(request, reverse("assessor:moved", args=[centre, registration]), said % {"n": count})


@require_POST
@allow(lambda actor: actor.assesses)
@once
def carry(request: ActorRequest, centre: str, unit: str) -> HttpResponse:
    """Let one unit count that is word for word the same: a signature, so the person proves again who they are (R85)."""
    learner_unit = _unit_to_decide(request, unit)
    registration = learner_unit.registration.public_id
    here = reverse("assessor:moved", args=[centre, registration])
    if not recently(request):
        return ask_again(request, here)
    try:
        carry_over(
            actor=request.actor,
            learner_unit=learner_unit,
            reauthenticated=True,
            seen=seen_of(request),
            at=clock.now(),
        )
    except Refused as refused:
        return _page(request, registration, refused=refused)
    return done(request, here, _("“%(unit)s” counts here now.") % {"unit": learner_unit.unit.title})


@require_POST
@allow(lambda actor: actor.assesses)
@once
def decline(request: ActorRequest, centre: str, unit: str) -> HttpResponse:
    """Say why a unit that reads the same is judged again; the learner reads it."""
    learner_unit = _unit_to_decide(request, unit)
    registration = learner_unit.registration.public_id
    try:
        decline_carry(
            actor=request.actor,
            learner_unit=learner_unit,
            reason=_reason(request),
            seen=seen_of(request),
            at=clock.now(),
        )
    except Stale as stale:
        return overtaken(request, reverse("assessor:moved", args=[centre, registration]), stale=stale)
    except Refused as refused:
        return _page(request, registration, refused=refused, declining=unit)
    return done(
        request,
        reverse("assessor:moved", args=[centre, registration]),
        _("“%(unit)s” is judged again.") % {"unit": learner_unit.unit.title},
    )


def _unit_to_decide(request: ActorRequest, unit: str) -> Any:
    """Return the unit whose carrying over this assessor decides: their own learner's, else it is not their act."""
    learner_unit = unit_for(staff(request.actor), unit)
    if not may_assess_in(request.actor, learner_unit.registration_id):
        raise Forbidden("unit.carry", unit)
    return learner_unit


def _reason(request: ActorRequest) -> str:
    return request.POST.get("reason", "")


def _page(
    request: ActorRequest, public_id: str, *, refused: Refused | None = None, declining: str = ""
) -> HttpResponse:
    row = registration_for(staff(request.actor), public_id)
    if not sources(request.actor, row).exists():
        raise NotFound("registration.view", public_id)
    page = Paginator(offers_of(request.actor, row), PIECES).get_page(page_number(request))
    context = {
        "registration": row,
        "learner": row.learner,
        "carried": [(offer, new_key()) for offer in carry_offers(request.actor, row)],
        "page": page,
        "ticked": request.POST.getlist("offers"),
        "declining": declining,
        "reason": _reason(request),
        "mine": may_assess_in(request.actor, row.pk),
        "proved": recently(request),
        "refusals": [r.sentence for r in refused.refusals] if refused else [],
        "idempotency_key": new_key(),
        "seen": registration_mark(row),
    }
    status = 200 if refused is None else 409 if isinstance(refused, Stale) else 422
    return render(request, "web_assessor/moved.html", context, status=status)

"""What everybody is told before they send for the first time; the learner says that they have read it (R41)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from centres.queries.gates import induction_of
from centres.rules import INDUCTION
from centres.services import acknowledge_induction
from common import clock
from common.refusals import Refused, Stale
from portfolio.queries.learner import own_evidence
from web.learner.forms import InductionForm, show_refusals
from web.shared.http import ActorRequest, allow, seen_of
from web.shared.idempotency import done, new_key, once


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_learner)
@once
def induction(request: ActorRequest, centre: str) -> HttpResponse:
    """Show what is told at the start and take the learner's own ticks; then back to the piece they came from."""
    piece = request.GET.get("then", "")
    there = reverse("learner:today", args=[centre])
    if piece:
        there = reverse("learner:send", args=[centre, own_evidence(request.actor, piece).public_id])
    form, status = InductionForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        status = 422
        ticked = [name for name in form.fields if form.data.get(name)]
        form.is_valid()
        try:
            acknowledge_induction(actor=request.actor, ticked=ticked, seen=seen_of(request), at=clock.now())
        except Refused as refused:
            show_refusals(form, refused)
            status = 409 if isinstance(refused, Stale) else 422
        else:
            return done(request, there, _("Thank you. You can read it again at any time."))
    context = {
        "form": form,
        "before": induction_of(request.actor.centre_id, request.actor.learner_id or 0),
        "there": there,
        "wording": f"web_learner/{INDUCTION}.html",
        "seen": INDUCTION,
        "idempotency_key": new_key(),
    }
    return render(request, "web_learner/induction.html", context, status=status)

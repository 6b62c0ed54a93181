"""Asking to have a version removed that shows personal data of others (R60)."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from assessments.access import may_send_back_alone
from assessments.services import ask_purge
from centres.actor import Actor
from centres.enums import Role
from common import clock
from common.refusals import Forbidden, Refused, Stale
from portfolio.access import may_assess_piece
from portfolio.queries.purges import is_waiting, left_files
from portfolio.queries.seen import piece_mark
from portfolio.rules.purging import LONGEST_REASON
from web.assessor.lookups import piece_for, staff, version_shown, version_typed
from web.shared.http import ActorRequest, allow, seen_of
from web.shared.idempotency import done, new_key, once
from web.shared.texts import Words


class PurgeForm(forms.Form):
    """What was found, without repeating it."""

    words = forms.BooleanField(label=gettext_lazy("What the learner wrote shows it too"), required=False)
    reason = Words(
        label=gettext_lazy("What it shows, and where"),
        longest=LONGEST_REASON,
        required=True,
        widget=forms.Textarea,
        help_text=gettext_lazy("The kind of data and the place, not the data itself. The learner reads it."),
        error_messages={"required": gettext_lazy("Say what kind of data it is and where, without repeating it.")},
    )


def _finds(actor: Actor) -> bool:
    return actor.assesses or actor.holds(Role.IQA, Role.LEAD_IQA)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(_finds)
@once
def purge(request: ActorRequest, centre: str, evidence: str) -> HttpResponse:
    """Send a piece back and ask to remove one version of it; a second person agrees before anything is gone."""
    posted = request.method == "POST"
    piece = piece_for(request, evidence)
    if not (request.actor.holds(Role.IQA, Role.LEAD_IQA) or may_assess_piece(staff(request.actor), piece)):
        raise Forbidden("evidence.purge", evidence)
    version = version_typed(request, piece) if posted else version_shown(request, evidence)
    form, status = PurgeForm(request.POST if posted else None), 200
    there = f"{reverse('assessor:assess', args=[centre, evidence])}?v={version.number}"
    if posted:
        status = 422
        if form.is_valid():
            try:
                ask_purge(
                    actor=request.actor,
                    evidence=piece,
                    version_number=version.number,
                    reason=form.cleaned_data["reason"],
                    words=form.cleaned_data["words"],
                    seen=seen_of(request),
                    at=clock.now(),
                )
            except Refused as refused:
                status = 409 if isinstance(refused, Stale) else 422
                for one in refused.refusals:
                    form.add_error(one.field if one.field in form.fields else None, one.sentence)
            else:
                return done(request, there, _("A second person is asked to have it removed."))
    context = {
        "piece": piece,
        "version": version,
        "learner": piece.learner,
        "files": left_files(version),
        "waiting": is_waiting(version),
        "at_once": may_send_back_alone(staff(request.actor), piece),
        "form": form,
        "there": there,
        "seen": piece_mark(piece),
        "idempotency_key": new_key(),
    }
    return render(request, "web_assessor/purge.html", context, status=status)

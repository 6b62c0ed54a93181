"""A signed unit, for whoever leads its quality assurance or runs the centre: reopen it, or confirm it for a leaver."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.queries.sign_off import signatures
from assessments.queries.unit_acts import unit_acts
from assessments.services import confirm_for_absent, reopen_unit
from centres.access import unit_for
from centres.enums import FROZEN_UNITS, RegistrationState, Role
from centres.queries.seen import unit_mark
from common import clock
from common.refusals import Refusal, Refused, Stale
from web.shared.http import ActorRequest, allow, seen_of
from web.shared.idempotency import done, new_key, once
from web.shared.kept import overtaken
from web.shared.reauth import ask_again, recently, typed_before
from web.shared.texts import too_long

LONGEST = 2000
ACTS = {"reopen": reopen_unit, "absent": confirm_for_absent}


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_admin or actor.holds(Role.LEAD_IQA))
@once
def signed(request: ActorRequest, centre: str, unit: str) -> HttpResponse:
    """Show who signed a unit; a post reopens it or confirms it for a learner who left, having proved who one is."""
    row = unit_for(request.actor, unit)
    if request.method != "POST":
        before = typed_before(request)
        return _page(request, row, before.get("act", ""), before.get("reason", ""))
    asked, reason = request.POST.get("act", ""), request.POST.get("reason", "").replace("\r\n", "\n")
    here = reverse("centre:signed", args=[centre, unit])
    wrong = _wrong(asked, reason)
    if wrong is not None:
        return _page(request, row, asked, reason, refused=Refused(wrong), status=422)
    if not recently(request):
        return ask_again(request, here, {"act": asked, "reason": reason})
    try:
        ACTS[asked](
            actor=request.actor,
            learner_unit=row,
            reason=reason,
            reauthenticated=True,
            seen=seen_of(request),
            at=clock.now(),
        )
    except Stale as stale:
        return overtaken(request, here, stale=stale)
    except Refused as refused:
        return _page(request, unit_for(request.actor, unit), asked, reason, refused=refused, status=422)
    said = _("The unit is open again. The reason stays in its history.")
    return done(request, here, said if asked == "reopen" else _("The unit is confirmed and counts."))


def _wrong(asked: str, reason: str) -> Refusal | None:
    """Return what is wrong with what was sent before anybody is asked who they are; nothing typed is cut off."""
    if asked not in ACTS:
        return Refusal("no-act", _("Choose what to do with this unit."))
    if len(reason) > LONGEST:
        return Refusal("long-reason", too_long(_("Why?"), len(reason), LONGEST), "reason")
    return None


def _page(
    request: ActorRequest, row: Any, asked: str, reason: str, *, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    actor, whose = request.actor, [row.learner.public_id, row.registration.public_id]
    context: dict[str, Any] = {
        "unit": row,
        "completed": row.registration.state == RegistrationState.COMPLETED,
        "state_page": reverse("centre:state", args=[actor.centre_number, *whose]) if actor.is_admin else "",
        "learner": row.learner,
        "frozen": row.state in FROZEN_UNITS,
        "acts": signatures(actor, row),
        "may": unit_acts(row, actor),
        "asked": asked,
        "reason": reason,
        "refusals": refused.refusals if refused else (),
        "proved": recently(request),
        "back": reverse("centre:learner", args=[actor.centre_number, row.learner.public_id])
        if actor.is_admin
        else reverse("assessor:sign_off", args=[actor.centre_number, row.public_id]),
        "idempotency_key": new_key(),
        "seen": unit_mark(row),
    }
    return render(request, "web_centre/signed.html", context, status=status)

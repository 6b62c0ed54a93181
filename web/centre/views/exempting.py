"""Certificates that stand for units (R79): recorded by an admin, decided by somebody else, read by quality assurers."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.access import exemption_for
from assessments.enums import ExemptionState
from assessments.queries.exempting import exemption_row, exemptions_page
from assessments.rules.exempting import DECIDERS
from assessments.services import Certificate, record_exemption, revoke_exemption, settle_exemption
from centres import access
from centres.queries.seen import unit_mark
from common import clock
from common.refusals import Forbidden, NotFound, Refusal, Refused, Stale
from web.centre.certificate_forms import CertificateForm
from web.centre.forms import add_refusals, posted
from web.shared.http import ActorRequest, allow, page_number, seen_of
from web.shared.idempotency import done, new_key, once
from web.shared.kept import overtaken


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_admin)
@once
def certificate(request: ActorRequest, centre: str, learner: str, unit: str) -> HttpResponse:
    """Ask what stands on a certificate; a post puts it on record for a second person."""
    who = access.learner_for(request.actor, learner)
    row = access.unit_for(request.actor, unit)
    if row.learner_id != who.pk:
        raise NotFound("unit.view", unit)
    first = {"unit_reference": row.unit.reference or "", "unit_title": row.unit.title}
    form = CertificateForm(posted(request), initial=first)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            made = record_exemption(
                actor=request.actor,
                learner_unit=row,
                certificate=Certificate(**form.cleaned_data),
                seen=seen_of(request),
                at=clock.now(),
            )
        except Refused as refused:
            status = add_refusals(form, refused)
        else:
            return done(
                request,
                reverse("exemptions:item", args=[centre, made.public_id]),
                _("The certificate is on record. Somebody else has to look at it."),
            )
    context = {"form": form, "learner": who, "unit": row, "idempotency_key": new_key(), "seen": unit_mark(row)}
    return render(request, "web_centre/certificate.html", context, status=status)


@require_safe
@allow(lambda actor: actor.is_admin or actor.assures)
def exemptions(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls read the centre
    """List certificates with the two people; for admins, quality assurers and the external one."""
    state = request.GET.get("state", "")
    found = exemptions_page(request.actor, state, page_number(request))
    states = [(value, label, found.counts[value]) for value, label in ExemptionState.choices]
    state = state if state in ExemptionState.values else ""
    context = {"found": found, "states": states, "state": state, "query": f"state={state}" if state else ""}
    return render(request, "web_centre/exemptions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_admin or actor.assures)
@once
def exemption(request: ActorRequest, centre: str, exemption: str) -> HttpResponse:
    """Show a certificate beside its unit; a post approves it, turns it down or withdraws it, as the second person."""
    row = exemption_for(request.actor, exemption)
    if request.method != "POST":
        return _page(request, exemption)
    if not request.actor.holds(*DECIDERS):
        raise Forbidden("exemption.settle", exemption)
    reason = request.POST.get("reason", "")
    try:
        said = _decided(request, row, reason)
    except Stale as stale:
        return overtaken(request, reverse("exemptions:item", args=[centre, exemption]), stale=stale)
    except Refused as refused:
        return _page(request, exemption, refused=refused, reason=reason, status=422)
    return done(request, reverse("exemptions:item", args=[centre, exemption]), said)


def _decided(request: ActorRequest, row: Any, reason: str) -> str:
    """Call the one service that was asked for and return what happened in words."""
    asked, now = request.POST.get("decision", ""), clock.now()
    if asked == "withdraw":
        revoke_exemption(actor=request.actor, exemption=row, reason=reason, seen=seen_of(request), at=now)
        return _("The exemption is withdrawn. The unit is open again.")
    approves = asked == "approve"
    if not approves and asked != "refuse":
        raise Refused(Refusal("no-decision", _("Approve it, or turn it down.")))
    settle_exemption(
        actor=request.actor, exemption=row, approves=approves, reason=reason, seen=seen_of(request), at=now
    )
    return _("The unit is exempt.") if approves else _("The certificate is turned down. The unit stays as it was.")


def _page(
    request: ActorRequest, public_id: str, *, refused: Refused | None = None, reason: str = "", status: int = 200
) -> HttpResponse:
    row = exemption_for(request.actor, public_id)
    context: dict[str, Any] = {
        "row": exemption_row(request.actor, row),
        "refusals": refused.refusals if refused else (),
        "reason": reason,
        "idempotency_key": new_key(),
    }
    return render(request, "web_centre/exemption.html", context, status=status)

"""Certificates that stand for units (R79): recorded by an admin, decided by somebody else, read by quality assurers."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.access import exemption_for
from assessments.enums import ExemptionState
from assessments.queries.certificates import exemption_item, unit_facts, uses_of
from assessments.queries.exempting import exemptions_page
from assessments.rules.exempting import DECIDERS
from assessments.services import record_exemption, revoke_exemption, settle_exemption
from centres import access
from centres.queries.seen import unit_mark
from common import clock
from common.refusals import Forbidden, NotFound, Refusal, Refused, Stale
from web.centre.certificate_forms import CertificateForm
from web.centre.forms import add_refusals, posted
from web.shared.http import ActorRequest, allow, page_number, seen_of
from web.shared.idempotency import done, new_key, once
from web.shared.kept import overtaken
from web.shared.reauth import ask_again, recently, typed_before

TYPED = ("reason", "reused")


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_admin)
@once
def certificate(request: ActorRequest, centre: str, learner: str, unit: str) -> HttpResponse:
    """Ask what stands on a certificate; a post puts it on record for a second person."""
    who = access.learner_for(request.actor, learner)
    row = access.unit_for(request.actor, unit)
    if row.learner_id != who.pk:
        raise NotFound("unit.view", unit)
    form = CertificateForm(posted(request))
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            made = record_exemption(
                actor=request.actor,
                learner_unit=row,
                certificate=form.certificate(),
                reused=form.cleaned_data["reused"],
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
    context = {
        "form": form,
        "learner": who,
        "unit": row,
        "facts": unit_facts(row, request.actor.on),
        "uses": uses_of(request.actor, form["certificate_number"].value() or ""),
        "idempotency_key": new_key(),
        "seen": unit_mark(row),
    }
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
    typed = {name: request.POST.get(name, "").replace("\r\n", "\n") for name in TYPED}
    here = reverse("exemptions:item", args=[centre, exemption])
    if request.POST.get("decision") in {"approve", "withdraw"} and not recently(request):
        return ask_again(request, here, typed)
    try:
        said = _decided(request, row, typed)
    except Stale as stale:
        return overtaken(request, here, stale=stale)
    except Refused as refused:
        return _page(request, exemption, refused=refused, typed=typed, status=422)
    return done(request, here, said)


def _decided(request: ActorRequest, row: Any, typed: Mapping[str, str]) -> str:
    """Call the one service that was asked for and return what happened in words."""
    asked, now = request.POST.get("decision", ""), clock.now()
    if asked == "withdraw":
        revoke_exemption(
            actor=request.actor,
            exemption=row,
            reason=typed["reason"],
            reauthenticated=True,  # it came here only after the question who it is
            seen=seen_of(request),
            at=now,
        )
        return _("The exemption is withdrawn. The unit is open again.")
    approves = asked == "approve"
    if not approves and asked != "refuse":
        raise Refused(Refusal("no-decision", _("Approve it, or turn it down.")))
    settle_exemption(
        actor=request.actor,
        exemption=row,
        approves=approves,
        **typed,
        reauthenticated=approves,  # an approval came here only after the question who it is
        seen=seen_of(request),
        at=now,
    )
    return _("The unit is exempt.") if approves else _("The certificate is turned down. The unit stays as it was.")


def _page(
    request: ActorRequest,
    public_id: str,
    *,
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    item = exemption_item(request.actor, exemption_for(request.actor, public_id), page_number(request, "uses"))
    context: dict[str, Any] = {
        "item": item,
        "row": item.row,
        "refusals": refused.refusals if refused else (),
        "typed": typed or typed_before(request),
        "proved": recently(request),
        "admin": request.actor.is_admin,
        "idempotency_key": new_key(),
    }
    return render(request, "web_centre/exemption.html", context, status=status)

"""Approvals, a learner's identity, and what the centre asks for (R1, R37, R41)."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centres import access, services
from centres.actor import Actor
from centres.permissions import may_set_rules
from centres.queries import gates as reads
from centres.rules import Policy
from common import clock
from common.refusals import Forbidden, Refused
from web.centre.forms import add_refusals, posted
from web.centre.gate_forms import ApprovalForm, IdentityForm, PolicyForm
from web.shared.http import ActorRequest, allow, page_number, seen_of
from web.shared.idempotency import done, new_key, once

#: state → status cell, whose shape and colour stand beside the word.
CELLS: Final = {
    "active": "met",
    "ending": "part",
    "later": "provisional",
    "missing": "todo",
    "suspended": "notyet",
    "withdrawn": "notyet",
    "lapsed": "notyet",
}


def _words() -> Mapping[str, str]:
    return {
        "active": _("Approved"),
        "ending": _("Approved, ends soon"),
        "later": _("Approved from a later day"),
        "missing": _("Not on record"),
        "suspended": _("Suspended"),
        "withdrawn": _("Withdrawn"),
        "lapsed": _("Lapsed"),
    }


def _oversees(actor: Actor) -> bool:
    return actor.is_admin or actor.assures


@require_safe
@allow(_oversees)
def approvals(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls read the centre
    """List the qualifications with what the awarding bodies have approved. Quality assurers read it too."""
    rows, page = reads.approvals_page(request.actor, page_number(request))
    words = _words()
    context = {"rows": [(row, CELLS[row.state], words[row.state]) for row in rows], "page": page}
    return render(request, "web_centre/approvals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(_oversees)
@once
def approval(request: ActorRequest, centre: str, qualification: str) -> HttpResponse:
    """Show what was recorded about the approval for a qualification; an admin records the next letter."""
    one = reads.qualification_here(request.actor, qualification)
    form, status = ApprovalForm(posted(request), initial={"approved_on": request.actor.on}), 200
    if request.method == "POST":
        if not request.actor.is_admin:
            raise Forbidden("approval.record", qualification)
        status = 422
        if form.is_valid():
            try:
                services.record_approval(
                    actor=request.actor, qualification=one, said=form.said(), seen=seen_of(request), at=clock.now()
                )
            except Refused as refused:
                status = add_refusals(form, refused)
            else:
                there = reverse("centre:approval", args=[centre, qualification])
                return done(request, there, _("Recorded. It counts from now on."))
    page = reads.approvals_of(request.actor, one, page_number(request))
    newest = reads.newest_approval(request.actor.centre_id, one.awarding_body, one.entry_code)
    row = reads.approval_row(request.actor, one, newest)
    context = {
        "row": row,
        "cell": CELLS[row.state],
        "word": _words()[row.state],
        "page": page,
        "form": form,
        "may_record": request.actor.is_admin,
        "seen": reads.approval_mark(newest),
        "idempotency_key": new_key(),
    }
    return render(request, "web_centre/approval.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_admin or actor.assesses)
@once
def identity(request: ActorRequest, centre: str, learner: str) -> HttpResponse:
    """Show the checks of a learner's identity and record one: for the office and whoever judges this learner."""
    who = access.learner_for(request.actor, learner)
    if not (request.actor.is_admin or access.may_assess(request.actor, who)):
        raise Forbidden("identity.record", learner)
    form, status = IdentityForm(posted(request), initial={"seen_on": request.actor.on}), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                row = services.record_identity(
                    actor=request.actor, learner=who, said=form.said(), seen=seen_of(request), at=clock.now()
                )
            except Refused as refused:
                status = add_refusals(form, refused)
            else:
                said = _("Recorded. Units can be signed off.") if row.matches else _("Recorded as not matching.")
                return done(request, reverse("centre:identity", args=[centre, learner]), said)
    rows, page = reads.identities(who, page_number(request))
    newest = reads.identity_of(who.centre_id, who.pk)
    context = {
        "learner": who,
        "rows": rows,
        "page": page,
        "form": form,
        "seen": reads.identity_mark(newest),
        "back": reverse("centre:learner" if request.actor.is_admin else "assessor:learner", args=[centre, learner]),
        "idempotency_key": new_key(),
    }
    return render(request, "web_centre/identity.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_set_rules)
@once
def policy(request: ActorRequest, centre: str) -> HttpResponse:
    """Show and change what the centre asks for, with the reason; show who changed it before."""
    now = reads.policy_of(request.actor.centre_id)
    form, status = PolicyForm(posted(request), initial=asdict(now)), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                services.change_policy(
                    actor=request.actor,
                    wanted=form.wanted(),
                    reason=form.cleaned_data["reason"],
                    seen=seen_of(request),
                    at=clock.now(),
                )
            except Refused as refused:
                status = add_refusals(form, refused)
            else:
                return done(request, reverse("centre:policy", args=[centre]), _("Saved. It counts from now on."))
    page = reads.policy_changes(request.actor.centre_id, page_number(request))
    context = {
        "form": form,
        "page": page,
        "changes": [(row, _changed(row.before, row.after)) for row in page.object_list],
        "seen": reads.policy_mark(now),
        "idempotency_key": new_key(),
    }
    return render(request, "web_centre/policy.html", context, status=status)


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return what a change was about, a sentence each."""
    named = {
        "asks_approval": _("Approval before registering"),
        "asks_identity": _("Identity before signing off"),
        "asks_induction": _("Induction before sending"),
    }
    usual = asdict(Policy())
    said = [
        (_("%(what)s: on") if after.get(name) else _("%(what)s: off")) % {"what": what}
        for name, what in named.items()
        if before.get(name, usual[name]) != after.get(name, usual[name])
    ]
    if before.get("currency_days") != after.get("currency_days"):
        days = {"old": before.get("currency_days"), "new": after.get("currency_days")}
        said.append(_("Age of evidence: %(new)s days, before %(old)s") % days)
    return said

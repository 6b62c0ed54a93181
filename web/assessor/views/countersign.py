"""Countersigning a trainee's decisions, and the units that rest on them (R6, R7, R83)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.access import judgement_for, unit_to_countersign
from assessments.queries.countersigning import countersign_page, next_to_countersign, others_wait
from assessments.queries.seen import decision_mark
from assessments.queries.workbench import workbench
from assessments.services import countersign, countersign_unit
from centres.enums import Role
from common import clock
from common.refusals import Refusal, Refused, Stale
from web.assessor.assess_page import left_side
from web.assessor.forms import AgreeForm
from web.assessor.lookups import staff
from web.assessor.noting_shown import note_shown
from web.shared.http import ActorRequest, allow, page_number, seen_of
from web.shared.idempotency import done, new_key, once
from web.shared.kept import overtaken
from web.shared.reauth import ask_again, recently, typed_before

if TYPE_CHECKING:
    from assessments.models import Judgement


@require_safe
@allow(lambda actor: actor.holds(Role.ASSESSOR))
def waiting(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls have read it
    """List what waits for this countersigner: decisions one by one, and units."""
    before = typed_before(request)
    return _list(request, unit=before.get("unit", ""), reason=before.get("reason", ""))


def _list(
    request: ActorRequest, *, refusals: Sequence[Refusal] = (), unit: str = "", reason: str = "", status: int = 200
) -> HttpResponse:
    pages = {name: page_number(request, name) for name in ("page", "units")}
    found = countersign_page(request.actor, pages["page"], pages["units"], asked=unit)
    context = {
        "rows": found.rows,
        "units": [(row, new_key()) for row in found.units],
        "page": found.page,
        "units_page": found.units_page,
        "queries": {name: f"{name}={number}" if number > 1 else "" for name, number in pages.items()},
        "refusals": refusals,
        "asked": unit,
        "reason": reason,
        "proved": recently(request),
    }
    return render(request, "web_assessor/countersign_list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.holds(Role.ASSESSOR))
@once
def item(request: ActorRequest, centre: str, judgement: str) -> HttpResponse:
    """Show the evidence beside one decision and take the answer. What is shown is noted by `shown` (R69)."""
    decision = judgement_for(staff(request.actor), judgement, "countersign")
    if request.method != "POST":
        return _item(request, decision, AgreeForm())
    form = AgreeForm(request.POST)
    if not form.is_valid():
        return _item(request, decision, form, status=422)
    agrees, reason = form.answer()
    try:
        countersign(
            actor=request.actor,
            judgement=decision,
            agrees=agrees,
            reason=reason,
            seen=seen_of(request),
            at=clock.now(),
        )
    except Stale as stale:
        return _item(request, decision, form, stale=stale, status=409)
    except Refused as refused:
        return _item(request, decision, _with(form, refused.refusals), status=422)
    return done(
        request,
        _next_url(request, centre, decision),
        _("Countersigned.") if agrees else _("Noted. It waits to be judged again."),
    )


@require_POST
@allow(lambda actor: actor.holds(Role.ASSESSOR))
def shown(request: ActorRequest, centre: str, judgement: str) -> HttpResponse:
    """Note that a file, or the words, of the version decided on were shown to this countersigner (R69)."""
    decision = judgement_for(staff(request.actor), judgement, "countersign")
    version = decision.version
    version.evidence = decision.mapping.evidence
    return note_shown(request, version, reverse("assessor:countersign_item", args=[centre, judgement]))


def _with(form: AgreeForm, refusals: Sequence[Refusal]) -> AgreeForm:
    for refusal in refusals:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    return form


def _next_url(request: ActorRequest, centre: str, done: "Judgement") -> str:
    public_id = next_to_countersign(request.actor, done)
    if public_id:
        return reverse("assessor:countersign_item", args=[centre, public_id])
    return reverse("assessor:countersign", args=[centre])


def _item(
    request: ActorRequest, decision: "Judgement", form: AgreeForm, *, stale: Stale | None = None, status: int = 200
) -> HttpResponse:
    bench = workbench(request.actor, decision.mapping.evidence, decision.version)
    context = left_side(request, bench)
    context |= {
        "decision": decision,
        "code": next(
            (c.code for c in bench.mappings if c.public_id == decision.mapping.public_id), decision.criterion.number
        ),
        "form": form,
        "stale": stale,
        "url": reverse("assessor:countersign_item", args=[request.actor.centre_number, decision.public_id]),
        "shown_url": reverse("assessor:countersign_shown", args=[request.actor.centre_number, decision.public_id]),
        "others_waiting": others_wait(request.actor, decision),
        "seen": decision_mark(decision, decision.mapping),
        "idempotency_key": new_key(),
    }
    part = request.headers.get("HX-Target", "")
    if request.method == "GET" and part in {"stage", "about"}:
        return render(request, f"web_assessor/_{part}.html", context)
    return render(request, "web_assessor/countersign_item.html", context, status=status)


@require_POST
@allow(lambda actor: actor.holds(Role.ASSESSOR))
@once
def unit(request: ActorRequest, centre: str, unit: str) -> HttpResponse:
    """Countersign a unit, or refuse to with a reason; it is a signature, so it asks again who signs (R85)."""
    learner_unit = unit_to_countersign(staff(request.actor), unit)
    here = reverse("assessor:countersign", args=[centre])
    form = AgreeForm(request.POST)
    reason = request.POST.get("reason", "")
    if not recently(request):
        return ask_again(request, here, {"unit": unit, "reason": reason} if reason else None)
    if not form.is_valid():
        found = [Refusal(name, str(text)) for name, texts in form.errors.items() for text in texts]
        return _list(request, refusals=found, unit=unit, reason=reason, status=422)
    agrees, reason = form.answer()
    try:
        countersign_unit(
            actor=request.actor,
            learner_unit=learner_unit,
            agrees=agrees,
            reason=reason,
            reauthenticated=True,
            seen=seen_of(request),
            at=clock.now(),
        )
    except Stale as stale:
        return overtaken(request, here, stale=stale)
    except Refused as refused:
        return _list(request, refusals=refused.refusals, unit=unit, reason=reason, status=422)
    return done(request, here, _("Countersigned.") if agrees else _("Noted. The unit is open again."))

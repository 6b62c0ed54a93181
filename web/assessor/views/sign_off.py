"""Signing a unit off (S14): what blocks, who signs in which order, the declaration, reopening."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.enums import Act
from assessments.queries import readiness
from assessments.queries.readiness import version_warnings
from assessments.queries.seen import decisions_mark
from assessments.queries.sign_off import (
    CriterionLine,
    Signature,
    criterion_lines,
    in_force,
    signatures,
    undone,
    units_page,
)
from assessments.rules.signing import progress_words
from assessments.services import answer_dispute, reopen_unit, sign_off
from centres.access import may_assess_in, unit_for
from centres.enums import DONE_UNITS, FROZEN_UNITS, RegistrationState, Role, Standing, UnitState
from centres.permissions import may_set_rules
from centres.queries.leading import leads
from centres.queries.seen import unit_mark
from common import clock
from common.refusals import Forbidden, Refusal, Refused, Stale
from qualifications.queries import unit_wording
from web.assessor.forms import AnswerForm, ReasonForm, SignForm
from web.assessor.lookups import staff
from web.shared.http import ActorRequest, allow, page_number, seen_of
from web.shared.idempotency import done, new_key, once
from web.shared.kept import overtaken
from web.shared.reauth import ask_again, recently, typed_before

if TYPE_CHECKING:
    from centres.models import LearnerUnit

OPEN_FIRST = ("sent", "provisional", "back", "notyet", "todo", "part", "met", "seal", "exempt")
#: Acts that settle a unit at one stroke, with nobody to sign after them.
WHOLE = (Act.CARRIED_OVER, Act.EXEMPTED)
SIGNED = frozenset({Act.ASSESSOR_SIGNED, Act.CARRIED_OVER})


@dataclass(frozen=True, slots=True)
class Blocker:
    """A reason against signing with the act that removes it."""

    sentence: str
    cell: str
    href: str
    act: str


@dataclass(frozen=True, slots=True)
class Step:
    """A signature in its order: done, now, or to come."""

    role: str | Promise
    who: str
    state: str


@require_safe
@allow(lambda actor: actor.assesses)
def units(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls have read it
    """List the caseload's units: ready, nearly, signed and waiting for others, done."""
    group = request.GET.get("group", "ready")
    found = units_page(request.actor, group, page_number(request))
    names = {
        "not_agreed": _("Not agreed"),
        "ready": _("Ready"),
        "near": _("Nearly there"),
        "signed": _("Waiting for others"),
        "done": _("Signed off"),
    }
    group = group if group in names else "ready"
    shown = {key for key in names if key != "not_agreed" or found.counts[key] or group == key}
    context = {
        "rows": [(row, progress_words(row.met, row.total, exempt=row.exempt)) for row in found.rows],
        "page": found.page,
        "group": group,
        "query": f"group={group}",
        "chips": [(key, name, found.counts[key]) for key, name in names.items() if key in shown],
    }
    return render(request, "web_assessor/sign_off_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.assesses or actor.assures)
@once
def unit(request: ActorRequest, centre: str, unit: str) -> HttpResponse:
    """Show what blocks a unit and take the signature: re-authentication first, then the declaration (R82, R85)."""
    learner_unit = unit_for(staff(request.actor), unit)
    if request.method != "POST":
        return _page(request, learner_unit)
    if not may_assess_in(request.actor, learner_unit.registration_id):
        raise Forbidden("unit.sign", unit)
    here = reverse("assessor:sign_off", args=[centre, unit])
    form = SignForm(request.POST)
    form.is_valid()
    if not recently(request):
        return ask_again(request, f"{here}?declared=1" if form.cleaned_data["declared"] else here)
    try:
        sign_off(
            actor=request.actor,
            learner_unit=learner_unit,
            declared=form.cleaned_data["declared"],
            reauthenticated=True,
            seen=seen_of(request),
            at=clock.now(),
        )
    except Stale as stale:
        return _page(request, unit_for(staff(request.actor), unit), stale=stale, status=409)
    except Refused as refused:
        return _page(request, learner_unit, refusals=refused.refusals, status=422)
    name = learner_unit.learner.given_names
    return done(request, here, _("Signed. %(name)s is asked to confirm.") % {"name": name})


@require_POST
@allow(lambda actor: actor.assesses)
@once
def reopen(request: ActorRequest, centre: str, unit: str) -> HttpResponse:
    """Open a signed unit again, with a reason; later signatures are void (R84)."""
    learner_unit = unit_for(staff(request.actor), unit)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, learner_unit, reason=form, status=422)
    reason = form.cleaned_data["reason"]
    if not recently(request):
        return ask_again(request, f"{reverse('assessor:sign_off', args=[centre, unit])}#reopen", {"reason": reason})
    try:
        reopen_unit(
            actor=request.actor,
            learner_unit=learner_unit,
            reason=reason,
            reauthenticated=True,
            seen=seen_of(request),
            at=clock.now(),
        )
    except Stale as stale:
        return overtaken(request, reverse("assessor:sign_off", args=[centre, unit]), stale=stale)
    except Refused as refused:
        return _page(request, learner_unit, refusals=refused.refusals, reason=form, status=422)
    return done(
        request,
        reverse("assessor:sign_off", args=[centre, unit]),
        _("The unit is open again. The reason stays in its history."),
    )


@require_POST
@allow(lambda actor: actor.assesses or actor.holds(Role.LEAD_IQA))
@once
def answer(request: ActorRequest, centre: str, unit: str) -> HttpResponse:
    """Answer a learner who did not agree with a signature (R83)."""
    learner_unit = unit_for(staff(request.actor), unit)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, learner_unit, answer=form, status=422)
    words, here = form.cleaned_data["answer"], reverse("assessor:sign_off", args=[centre, unit])
    try:
        answer_dispute(
            actor=request.actor, learner_unit=learner_unit, answer=words, seen=seen_of(request), at=clock.now()
        )
    except Stale as stale:
        return overtaken(request, here, stale=stale)
    except Refused as refused:
        now = unit_for(staff(request.actor), unit)
        if not now.disputed:  # somebody has answered: there is no form for these words any more
            return overtaken(request, here, stale=Stale(sentence=refused.refusals[0].sentence))
        return _page(request, now, refusals=refused.refusals, answer=form, status=422)
    name = learner_unit.learner.given_names
    return done(request, here, _("Answered. %(name)s reads it with the unit.") % {"name": name})


def _page(
    request: ActorRequest,
    unit: "LearnerUnit",
    *,
    refusals: Sequence[Refusal] = (),
    reason: ReasonForm | None = None,
    answer: AnswerForm | None = None,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    ready = readiness(unit, request.actor)
    lines = criterion_lines(request.actor, unit, ready.measured)
    acts = signatures(request.actor, unit)
    signed = unit.state in FROZEN_UNITS
    mine = not {"not-allocated", "own-unit"} & {refusal.code for refusal in ready.blockers}
    met = ready.total if unit.state == UnitState.ACHIEVED else ready.met  # a unit carried over counts whole
    context: dict[str, Any] = {
        "unit": unit,
        "learner": unit.learner,
        "ready": ready,
        "met": met,
        "progress": progress_words(met, ready.total, exempt=unit.state == UnitState.EXEMPT),
        "strip": [(line.status, line.outcome) for line in lines],
        "lines": sorted(lines, key=lambda line: OPEN_FIRST.index(line.status)),
        "blockers": [] if signed else [_blocker(one, request.actor.centre_number) for one in ready.blockers],
        "steps": _steps(request, unit, lines, in_force(acts), mine=mine),
        "acts": acts,
        "look": [line.code for one, line in zip(ready.measured, lines, strict=True) if one.look],
        "may_except": may_set_rules(request.actor) and any(one.target[0] == "criterion" for one in ready.blockers),
        "wording": unit_wording(
            unit.unit, body=unit.registration.qualification.awarding_body, centre=request.actor.centre_name
        ),
        "signed": signed,
        "achieved": unit.state in DONE_UNITS,
        "exempt": unit.state == UnitState.EXEMPT,
        "carried": any(act.act == Act.CARRIED_OVER for act in in_force(acts)),
        "mine": mine,
        "reopens": mine
        and unit.registration.state == RegistrationState.ACTIVE
        and any(act.mine and act.act in SIGNED for act in in_force(acts)),
        "leads": signed and not mine and leads(request.actor, unit.registration),
        "refusals": refusals,
        "reason": reason or _reason_kept(request),
        "answer": answer or AnswerForm(),
        "answer_key": new_key(),
        "undone": undone(acts),
        "stale": stale,
        "warnings": [] if signed else version_warnings(unit, request.actor.on),
        "proved": recently(request),
        "declared": request.GET.get("declared") == "1",
        "idempotency_key": new_key(),
        "reopen_key": new_key(),
        "seen": unit_mark(unit) if signed else decisions_mark(unit),
        "seen_unit": unit_mark(unit),
    }
    return render(request, "web_assessor/sign_off.html", context, status=status)


def _reason_kept(request: ActorRequest) -> ReasonForm:
    kept = typed_before(request).get("reason", "") if request.method == "GET" else ""
    return ReasonForm({"reason": kept}) if kept else ReasonForm()


def _blocker(refusal: Refusal, centre: str) -> Blocker:
    """Give a reason the link that mends it, from what the rule names as its target."""
    kind, public_id = refusal.target
    if kind == "answer":
        return Blocker(refusal.sentence, "back", "#answer", _("Answer"))
    if kind == "criterion":
        href = f"{reverse('assessor:matrix', args=[centre, public_id])}?criterion={refusal.params['criterion']}"
        return Blocker(refusal.sentence, "part", href, _("See its pieces"))
    known: dict[str, tuple[str, str, str]] = {
        "evidence": ("assessor:assess", "sent", _("Judge it")),
        "countersign": ("assessor:countersign_item", "provisional", _("Countersign")),
        "unit": ("assessor:matrix", "notyet", _("Find the gap")),
        "learner": ("assessor:learner", "action", _("See the learner")),
        "identity": ("centre:identity", "action", _("Record it")),
    }
    if kind not in known:
        return Blocker(refusal.sentence, "action", "", "")
    name, cell, act = known[kind]
    return Blocker(
        refusal.sentence, "back" if refusal.code == "sent-back" else cell, reverse(name, args=[centre, public_id]), act
    )


def _steps(
    request: ActorRequest,
    unit: "LearnerUnit",
    lines: Sequence[CriterionLine],
    acts: Sequence[Signature],
    *,
    mine: bool,
) -> list[Step]:
    """Return who signs in which order; the first without a signature is now (R83)."""
    whole = [act for act in acts if act.act in WHOLE]
    if whole:
        return [Step(act.word, act.who, "done") for act in whole[-1:]]
    order = [(Act.ASSESSOR_SIGNED, _("Assessor"), _("You") if mine else "")]
    signs_as_trainee = any(act.by_trainee for act in acts) or (mine and request.actor.standing == Standing.TRAINEE)
    if signs_as_trainee or any(line.by_trainee for line in lines):
        order.append((Act.COUNTERSIGNED, _("Countersigner"), ""))
    order.append((Act.LEARNER_CONFIRMED, _("Learner"), unit.learner.given_names))
    done = {act.act: act.who for act in acts}
    steps, now = [], True
    for act, role, who in order:
        state = "done" if act in done else "now" if now else ""
        now = now and act in done
        steps.append(Step(role, done.get(act, who), state))
    return steps

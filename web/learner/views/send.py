"""Check and send: what is in it, when and where it was, whose work it is (R57, R58, R60)."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from centres.queries.gates import SendingGate, sending_gate
from common import clock
from common.refusals import Refused, Stale
from portfolio.enums import EvidenceKind, EvidenceState
from portfolio.queries.learner import Item, captured_day, item, latest_setting, my_assessor, own_evidence
from portfolio.rules import FileFact, SendFacts, send_warnings
from portfolio.services import Declaration, save_draft, send_draft
from qualifications.enums import Kind
from web.learner import learner_words as words
from web.learner.forms import DeclarationForm, SendForm, sentence_of, show_refusals
from web.learner.views.draft import clash, revision_of, sent_already
from web.shared.http import ActorRequest, allow, see_other
from web.shared.idempotency import done, new_key, once
from web.shared.nav import takes_work

if TYPE_CHECKING:
    from portfolio.models import Evidence

#: Which page mends what no field of these pages does.
STEPS = {"criteria": "shows", "induction": "induction"}
#: Which field of these pages a reason belongs to, where its own name is another page's.
WHERE = {"no_customer_named": "declared"}


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_learner)
@once
def send(request: ActorRequest, centre: str, evidence: str) -> HttpResponse:
    """Show a draft as it would be sent; a post freezes and sends it."""
    piece = own_evidence(request.actor, evidence)
    if request.method != "POST" and (piece.state != EvidenceState.DRAFT or not takes_work(request)):
        return see_other(reverse("learner:evidence", args=[centre, evidence]))
    if piece.state != EvidenceState.DRAFT:
        return sent_already(request, piece, SendForm(request.POST))
    if request.method == "POST":
        return _send(request, centre, piece)
    found = item(piece)
    return _page(request, piece, found, SendForm(initial=_answers(request, piece, found)), DeclarationForm())


def _answers(request: ActorRequest, piece: "Evidence", found: Item) -> dict[str, Any]:
    """Return what stands in the form first: what was said before, else what the files and the last piece say."""
    return {
        "title": piece.title or words.suggested_title(piece.kind, found.family, request.actor.on),
        "description": piece.description or _what_it_shows(found),
        "activity_date": piece.activity_date or captured_day(found.files) or _today(request, piece),
        "place": piece.place,
        "setting": piece.setting or latest_setting(request.actor),
        "people": piece.people,
        "organisation": piece.organisation,
        "ai_use": piece.ai_use,  # a declaration: nobody's answer stands there before they gave it (R58)
        "ai_note": piece.ai_note,
    }


def _today(request: ActorRequest, piece: "Evidence") -> dt.date | None:
    """Return today, the usual day of a piece; what is from before has a day that only its learner knows (R79)."""
    return None if piece.kind == EvidenceKind.PRIOR else request.actor.on


def _what_it_shows(found: Item) -> str:
    """Return a first sentence about what it shows, from what was ticked; the learner reads it and may change it."""
    said = [mapping.text for mapping in found.mappings if mapping.key != "met"][:3]
    return _("It shows: %(things)s.") % {"things": "; ".join(said)} if said else ""


def _send(request: ActorRequest, centre: str, piece: "Evidence") -> HttpResponse:
    form, declaration = SendForm(request.POST), DeclarationForm(request.POST)
    shape_is_right = form.is_valid() and declaration.is_valid()
    if not shape_is_right:
        return _page(request, piece, item(piece), form, declaration, status=422)
    declared = bool(declaration.cleaned_data["declared"])
    said = form.cleaned_data
    answers = Declaration(
        declared=declared,
        no_customer_named=declared or None,
        ai_use=said["ai_use"],
        ai_note=said["ai_note"],
    )
    typed: dict[str, Any] = {"evidence": piece, "revision": revision_of(request), "fields": said, "at": clock.now()}
    try:
        if request.POST.get("action") == "save":
            save_draft(actor=request.actor, **typed)
        else:
            send_draft(actor=request.actor, answers=answers, **typed)
    except Stale as stale:
        return _overtaken(request, piece, stale, form, declaration)
    except Refused as refused:
        return _refused(request, piece, refused, form, declaration)
    return done(request, reverse("learner:evidence", args=[centre, piece.public_id]))


def _overtaken(
    request: ActorRequest, piece: "Evidence", stale: Stale, form: SendForm, declaration: DeclarationForm
) -> HttpResponse:
    """Another tab was faster: sent already is what was wanted, if with these words; otherwise both texts are shown."""
    fresh = own_evidence(request.actor, piece.public_id)
    if fresh.state != EvidenceState.DRAFT:
        return sent_already(request, fresh, form)
    other = clash(fresh, stale, form.cleaned_data)
    return _page(request, fresh, item(fresh), form, declaration, stale=other, status=409)


def _refused(
    request: ActorRequest, piece: "Evidence", refused: Refused, form: SendForm, declaration: DeclarationForm
) -> HttpResponse:
    """Show every reason at its field, or with a link to the page that mends it. "Who is in it" is part of the tick."""
    unanswered = any(refusal.code == "not-declared" for refusal in refused.refusals)
    shown = [r for r in refused.refusals if not (unanswered and r.code == "customer-unanswered")]
    show_refusals(declaration, Refused(*[r for r in shown if WHERE.get(r.field, r.field) == "declared"]), WHERE)
    show_refusals(form, Refused(*[r for r in shown if r.field in form.fields]))
    elsewhere = [r for r in shown if r.field not in form.fields and WHERE.get(r.field, r.field) != "declared"]
    fresh = own_evidence(request.actor, piece.public_id)
    problems = [{"text": sentence_of(r), "step": STEPS.get(r.field, "files")} for r in elsewhere]
    return _page(request, fresh, item(fresh), form, declaration, problems=problems, status=422)


def _page(
    request: ActorRequest,
    piece: "Evidence",
    found: Item,
    form: SendForm,
    declaration: DeclarationForm,
    *,
    problems: Sequence[dict[str, str]] = (),
    stale: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    gate = sending_gate(request.actor.centre_id, piece.learner_id)
    context = {
        "evidence": piece,
        "item": found,
        "form": form,
        "declaration": declaration,
        "problems": problems,
        "stale": stale,
        "helper": my_assessor(request.actor),
        "warnings": [words.sentence(warning) for warning in send_warnings(_facts(request, piece, found, gate))],
        "to_read": gate.to_read,
        "knows": any(mapping.kind == Kind.KNOWLEDGE for mapping in found.mappings),
        "does": any(mapping.kind == Kind.COMPETENCE for mapping in found.mappings),
        "idempotency_key": new_key(),
    }
    return render(request, "web_learner/send.html", context, status=status)


def _facts(request: ActorRequest, piece: "Evidence", found: Item, gate: SendingGate) -> SendFacts:
    files = tuple(
        FileFact(file.name, file.state, clock.london_date(file.captured_at) if file.captured_at else None)
        for file in found.files
    )
    return SendFacts(
        today=request.actor.on,
        kind=piece.kind,
        activity_date=piece.activity_date,
        files=files,
        mappings=len(found.mappings),
        currency_days=gate.currency_days,
    )

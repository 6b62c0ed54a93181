"""What assessors said, newest first, and the talk about one piece (R77)."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.queries.learner import Talk, feedback_list, talk
from assessments.services import read_feedback
from assessments.services import reply as answer
from common import clock
from common.refusals import Refused
from portfolio.access import version_for
from portfolio.enums import EvidenceState
from portfolio.queries.learner import Item, item, my_assessor, own_evidence
from portfolio.queries.seen import piece_mark
from web.learner import learner_words as words
from web.learner.forms import ReplyForm, show_refusals
from web.learner.views.item import things_said
from web.shared.http import ActorRequest, allow, looks_ahead, page_number, see_other
from web.shared.idempotency import done, new_key, once

if TYPE_CHECKING:
    from portfolio.models import Evidence

FIRST = ("back", "notyet", "sent", "provisional", "met", "hold", "draft")


@require_safe
@allow(lambda actor: actor.is_learner)
def feedback(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - every view in a centre gets its number
    """Show the latest word on each piece."""
    found = feedback_list(request.actor, page_number(request))
    rows = [{"row": row, "counted": words.counted({"met": row.met, "notyet": row.not_yet})} for row in found.rows]
    context = {"rows": rows, "page": found.page, "helper": my_assessor(request.actor)}
    return render(request, "web_learner/feedback.html", context)


@require_safe
@allow(lambda actor: actor.is_learner)
def feedback_item(request: ActorRequest, centre: str, evidence: str) -> HttpResponse:  # noqa: ARG001 - every view in a centre gets its number
    """Show what to do next, what was good and each thing. That it was read is noted by `feedback_read`."""
    piece = own_evidence(request.actor, evidence)
    return _page(request, piece, talk(request.actor, piece), ReplyForm())


@require_POST
@allow(lambda actor: actor.is_learner)
def feedback_read(request: ActorRequest, centre: str, evidence: str) -> HttpResponse:
    """Note that the latest word on a piece was read, so that it is no longer new.

    The page's script posts this once the page is looked at; without a script a button does.
    """
    if looks_ahead(request):
        return HttpResponseBadRequest()
    piece = own_evidence(request.actor, evidence)
    latest = talk(request.actor, piece).latest
    if latest is not None and latest.new:
        version = version_for(request.actor, piece, latest.version)
        read_feedback(actor=request.actor, version=version, at=clock.now())
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return see_other(reverse("learner:feedback", args=[centre]))


@require_POST
@allow(lambda actor: actor.is_learner)
@once
def reply(request: ActorRequest, centre: str, evidence: str) -> HttpResponse:
    """Add a line to the talk about a piece."""
    piece = own_evidence(request.actor, evidence)
    form = ReplyForm(request.POST)
    try:
        if form.is_valid():
            answer(actor=request.actor, evidence=piece, text=form.cleaned_data["text"], at=clock.now())
            return done(
                request, f"{reverse('learner:feedback_item', args=[centre, evidence])}#talk", _("Your answer is sent.")
            )
    except Refused as refused:
        show_refusals(form, refused)
    return _page(request, piece, talk(request.actor, piece), form, status=422)


def _page(request: ActorRequest, piece: "Evidence", said: Talk, form: ReplyForm, *, status: int = 200) -> HttpResponse:
    found = item(piece)
    things = sorted(things_said(found, said), key=lambda row: FIRST.index(row["mapping"].key))
    context = {
        "evidence": piece,
        "item": found,
        "talk": said,
        "latest": said.latest,
        "things": things,
        "counted": words.counted({key: found.count(key) for key in words.JUDGED}),
        "returned": piece.state == EvidenceState.RETURNED,
        "again": found.not_yet,
        "again_query": _again(found),
        "feedback_in_card": _fills_the_card(piece, found, said),
        "helper": my_assessor(request.actor),
        "form": form,
        "idempotency_key": new_key(),
        "seen": piece_mark(piece),
    }
    return render(request, "web_learner/feedback_item.html", context, status=status)


def _again(found: Item) -> str:
    """Return the query that aims a new piece at what is not yet done, in the first unit where something is."""
    first = found.not_yet[0].unit_id if found.not_yet else ""
    things = [("thing", mapping.criterion_id) for mapping in found.not_yet if mapping.unit_id == first]
    return urlencode([("unit", first), *things])


def _fills_the_card(piece: "Evidence", found: Item, said: Talk) -> bool:
    """Say whether the feedback itself is what to do next, because nobody wrote a step apart."""
    latest = said.latest
    to_do = piece.state == EvidenceState.RETURNED or bool(found.not_yet)
    return latest is not None and to_do and not latest.next_action and not latest.all_good

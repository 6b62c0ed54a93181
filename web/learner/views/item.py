"""One piece: its draft while it is written, its page once it is sent; taking back, mending, withdrawing."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.queries.learner import Talk, talk
from common import clock
from common.plain import SMALL, whole_number
from common.refusals import Refused, Stale
from portfolio.enums import EvidenceState
from portfolio.queries.learner import Item, item, item_version, my_assessor, own_evidence
from portfolio.queries.seen import piece_mark
from portfolio.services import recall_evidence, revise_evidence, withdraw_evidence
from web.learner import learner_words as words
from web.learner.forms import DraftForm
from web.learner.views.draft import draft_page, receive, save, sent_already
from web.shared.http import ActorRequest, allow, see_other, seen_of
from web.shared.idempotency import done, new_key, once
from web.shared.kept import overtaken
from web.shared.nav import takes_work

if TYPE_CHECKING:
    from portfolio.models import Evidence

TYPED = ("title", "kind", "description", "body", "location", "custodian")


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_learner)
def evidence(request: ActorRequest, centre: str, evidence: str) -> HttpResponse:
    """Show a piece of the learner's: the draft to write on, or what was sent and what was said about it."""
    kept: list[Evidence] = []
    response = _evidence(request, centre, evidence, kept)
    receive(request, kept)
    return response


@once
def _evidence(request: ActorRequest, centre: str, evidence: str, kept: "list[Evidence]") -> HttpResponse:
    piece = own_evidence(request.actor, evidence)
    if piece.state != EvidenceState.DRAFT:
        if request.method == "POST":
            return sent_already(request, piece, DraftForm(request.POST))
        return _sent(request, piece)
    if request.method == "POST":
        return save(request, centre, piece, kept)
    if request.GET.get("part") == "files":
        found = item(piece)
        title = words.suggested_title(piece.kind, found.family, request.actor.on)
        context = {"evidence": piece, "item": found, "suggested_title": title}
        return render(request, "web_learner/_files.html", context)
    if not takes_work(request):
        return _sent(request, piece)
    return draft_page(request, piece, DraftForm(initial={name: getattr(piece, name) for name in TYPED}))


def _sent(request: ActorRequest, piece: "Evidence") -> HttpResponse:
    """Show what was sent; a draft as it stands, while no registration runs in which it could be written on."""
    found = item(piece)
    said = talk(request.actor, piece)
    context = {
        "evidence": piece,
        "item": found,
        "draft": piece if piece.state == EvidenceState.DRAFT else None,
        "talk": said,
        "earlier": _earlier(request, piece),
        "things": things_said(found, said),
        "counted": words.counted({key: found.count(key) for key in words.JUDGED}),
        "activity_day": piece.activity_date,
        "setting_word": words.setting(str(found.latest.fields.get("setting", ""))) if found.latest else "",
        "helper": my_assessor(request.actor),
        "idempotency_key": new_key(),
        "seen": piece_mark(piece),
    }
    return render(request, "web_learner/sent.html", context)


def _earlier(request: ActorRequest, piece: "Evidence") -> Any:
    """Return the earlier version that ?v= names, with its files, or None."""
    number = whole_number(request.GET.get("v", ""), most=SMALL)
    return None if number is None else item_version(piece, number)


def things_said(found: Item, said: Talk) -> list[dict[str, Any]]:
    """Return each thing with the latest word about it."""
    reasons: dict[tuple[str, str], str] = {}
    for review in reversed(said.reviews):
        reasons |= {(one.unit_id, one.criterion_id): one.reason for one in review.verdicts}
    return [
        {
            "mapping": mapping,
            "word": words.of_mapping(mapping.key),
            "reason": reasons.get((mapping.unit_id, mapping.criterion_id), ""),
        }
        for mapping in found.mappings
    ]


@require_POST
@allow(lambda actor: actor.is_learner)
@once
def recall(request: ActorRequest, centre: str, evidence: str) -> HttpResponse:
    """Take a sent piece back while nobody has opened it."""
    there = reverse("learner:evidence", args=[centre, evidence])
    return _acted(request, evidence, recall_evidence, _("You have it back. Nothing is lost."), there)


@require_POST
@allow(lambda actor: actor.is_learner)
@once
def revise(request: ActorRequest, centre: str, evidence: str) -> HttpResponse:
    """Begin the next version of a piece that came back."""
    there = reverse("learner:evidence", args=[centre, evidence])
    return _acted(request, evidence, revise_evidence, _("Change what is missing, then send it again."), there)


@require_POST
@allow(lambda actor: actor.is_learner)
@once
def withdraw(request: ActorRequest, centre: str, evidence: str) -> HttpResponse:
    """Put a piece away: it stays readable and counts for nothing."""
    there = reverse("learner:portfolio", args=[centre])
    return _acted(request, evidence, withdraw_evidence, _("It is withdrawn. You can still read it."), there)


def _acted(request: ActorRequest, evidence: str, act: Callable[..., object], said: str, there: str) -> HttpResponse:
    """Do one act on one's own piece and go on, or say why not."""
    piece = own_evidence(request.actor, evidence)
    try:
        act(actor=request.actor, evidence=piece, seen=seen_of(request), at=clock.now())
    except Stale as stale:
        here = reverse("learner:evidence", args=[request.actor.centre_number, piece.public_id])
        return overtaken(request, here, stale=stale)
    except Refused as refused:
        return _no(request, piece, refused)
    return done(request, there, said)


def _no(request: ActorRequest, piece: "Evidence", refused: Refused) -> HttpResponse:
    """Say why not, on the piece's own page as it is now."""
    for text in words.sentences(refused):
        messages.error(request, text)
    return see_other(reverse("learner:evidence", args=[request.actor.centre_number, piece.public_id]))

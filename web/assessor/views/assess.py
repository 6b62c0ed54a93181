"""One piece beside its criteria (S9): looking, deciding, sending back."""

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from assessments.enums import Verdict
from assessments.queries.work import in_queue, oldest
from assessments.services import (
    PresenceView,
    VerdictGiven,
    decide,
    enter,
    offer_criteria,
    reply,
    save_feedback_draft,
    send_back,
)
from centres.access import unit_for
from common import clock
from common.refusals import Refused, Stale
from web.assessor.assess_page import Answered, bench_page
from web.assessor.forms import JudgeForm, ReplyForm, draft_of, verdicts
from web.assessor.lookups import piece_for, staff, version_shown, version_typed
from web.assessor.noting_shown import note_shown
from web.shared.http import ActorRequest, allow, is_longer_than, looks_ahead, read_json, seen_of
from web.shared.idempotency import done, once
from web.shared.outages import unless_full

if TYPE_CHECKING:
    from centres.models import LearnerUnit
    from portfolio.models import Evidence

LARGEST_DRAFT = 500_000  # bytes of JSON that a script may send: all that is kept, in signs of four bytes
LONGEST_SEARCH = 100
MOST_ADDED = 30


@require_safe
@allow(lambda actor: actor.assesses or actor.assures)
def assess(request: ActorRequest, centre: str, evidence: str) -> HttpResponse:  # noqa: ARG001 - the walls have read it
    """Show a piece. What was shown of it is noted by `shown`: a page that is fetched says nothing about a person.

    Who is here is written, so that a second assessor is seen; not for a browser that fetches ahead. Where nothing can
    be written the page is there to read, and says that judging waits. Whoever may look but not judge sees the same page
    without the judgement side's controls.
    """
    version = version_shown(request, evidence)
    piece = version.evidence
    part = bool(request.headers.get("HX-Target")) or "tab" in request.GET
    if part or looks_ahead(request):
        here: list[PresenceView] | None = []
    else:
        here = unless_full(lambda: enter(actor=request.actor, evidence=piece, at=clock.now()))
    return bench_page(request, piece, version, Answered(find=request.GET.get("find", "")[:LONGEST_SEARCH]), here)


@require_POST
@allow(lambda actor: actor.assesses or actor.assures)
def shown(request: ActorRequest, centre: str, evidence: str) -> HttpResponse:  # noqa: ARG001 - the walls have read it
    """Note that a file, or the words, of a version were shown (R69); say what still waits to be seen.

    The page's script posts this when a picture is drawn, a recording has played or a file is opened; without a script
    a person presses a button that says so.
    """
    version = version_typed(request, piece_for(request, evidence))
    return note_shown(request, version, reverse("assessor:assess", args=[request.actor.centre_number, evidence]))


@require_POST
@allow(lambda actor: actor.assesses)
@once
def decide_piece(request: ActorRequest, centre: str, evidence: str) -> HttpResponse:
    """Save the decisions, or send the piece back. Refused or too slow: the page again, with everything typed."""
    piece = piece_for(request, evidence, "assess")
    version = version_typed(request, piece)
    if "fill" in request.POST:
        return bench_page(request, piece, version, _filled(request.POST.dict()))
    form = JudgeForm(request.POST)
    if not form.is_valid():
        return bench_page(request, piece, version, Answered(request.POST, validate=True, status=422))
    after = in_queue(request.actor, evidence).later
    try:
        said = _save(request, piece, form)
    except Stale as stale:
        return bench_page(request, piece, version, Answered(request.POST, stale=stale, status=409))
    except Refused as refused:
        answered = Answered(request.POST, refused.refusals, validate=True, status=422)
        return bench_page(request, piece, version, answered)
    return done(request, _next_url(request, centre, after), said)


def _filled(typed: dict[str, Any]) -> Answered:
    """Without a script: "Met: all" is filled in, or a criterion is looked for. The page again, unchanged."""
    wanted = typed.get("fill", "")
    return Answered(
        typed, find=typed.get("find", "")[:LONGEST_SEARCH] if wanted == "find" else "", all_met=wanted == "met"
    )


def _save(request: ActorRequest, piece: "Evidence", form: JudgeForm) -> str:
    """Call the one service and return what happened in words."""
    given = verdicts(request.POST)
    sending_back = request.POST.get("action") == "return"
    said = {"version_number": form.cleaned_data["version"], "verdicts": given, "answers": form.answers()}
    if sending_back:
        send_back(actor=request.actor, evidence=piece, **said, seen=seen_of(request), at=clock.now())
        return _("Sent back to %(name)s.") % {"name": piece.learner.given_names}
    decide(actor=request.actor, evidence=piece, **said, at=clock.now())
    return _saved_words(given)


def _saved_words(given: list[VerdictGiven]) -> str:
    met = sum(one.verdict == Verdict.MET for one in given)
    not_yet = sum(one.verdict == Verdict.NOT_YET for one in given)
    if met and not_yet:
        return _("Saved: %(met)d met, %(not_yet)d not yet.") % {"met": met, "not_yet": not_yet}
    if not_yet:
        return _("Saved: %(not_yet)d not yet.") % {"not_yet": not_yet}
    return ngettext("Saved: %(met)d criterion met.", "Saved: %(met)d criteria met.", met) % {"met": met}


def _next_url(request: ActorRequest, centre: str, after: str) -> str:
    """Return the next piece in the queue, else the oldest one left, else the empty queue."""
    public_id = after or oldest(request.actor)
    return (
        reverse("assessor:assess", args=[centre, public_id]) if public_id else reverse("assessor:work", args=[centre])
    )


@require_POST
@allow(lambda actor: actor.assesses)
def feedback_draft(request: ActorRequest, centre: str, evidence: str) -> JsonResponse:  # noqa: ARG001 - see assess
    """Keep what is being typed, every few seconds; say when it was kept and who else is here. The last save wins."""
    piece = piece_for(request, evidence, "assess")
    now = clock.now()
    if is_longer_than(request, LARGEST_DRAFT):
        return JsonResponse({"problem": _("This is too long to keep as a draft. Shorten it.")}, status=413)
    try:
        sent = read_json(request, LARGEST_DRAFT)
        others = save_feedback_draft(actor=request.actor, evidence=piece, content=draft_of(sent), at=now)
    except Refused as refused:
        return JsonResponse({"problem": refused.refusals[0].sentence}, status=422)
    said = _("Saved %(time)s") % {"time": date_format(now.astimezone(clock.LONDON), "H:i")}
    here = [_("%(name)s has this open too.") % {"name": other.name} for other in others]
    return JsonResponse({"saved": said, "here": here})


@require_POST
@allow(lambda actor: actor.assesses)
@once
def add_criteria(request: ActorRequest, centre: str, evidence: str) -> HttpResponse:
    """Offer the piece for the criteria ticked in the search; what is typed on the page is kept as the draft."""
    piece = piece_for(request, evidence, "assess")
    offers, typed = _ticked(request), draft_of(request.POST.dict())
    try:
        offer_criteria(actor=request.actor, evidence=piece, offers=offers, typed=typed, at=clock.now())
    except Refused as refused:
        version = version_typed(request, piece)
        answered = Answered(request.POST, refused.refusals, validate=True, status=422)
        return bench_page(request, piece, version, answered)
    return done(request, f"{reverse('assessor:assess', args=[centre, evidence])}#criteria")


def _ticked(request: ActorRequest) -> "list[tuple[LearnerUnit, str]]":
    """Return the units with the criteria that were ticked; each tick names both, with a blank between."""
    keys = [key.partition(" ") for key in request.POST.getlist("add")[:MOST_ADDED]]
    return [(unit_for(staff(request.actor), unit), criterion) for unit, _blank, criterion in keys]


@require_POST
@allow(lambda actor: actor.assesses)
@once
def reply_to(request: ActorRequest, centre: str, evidence: str) -> HttpResponse:
    """Add a line to the talk with the learner."""
    piece = piece_for(request, evidence, "assess")
    form = ReplyForm(request.POST)
    form.is_valid()
    try:
        reply(actor=request.actor, evidence=piece, text=form.cleaned_data["text"], at=clock.now())
    except Refused as refused:
        text = form.cleaned_data["text"]
        answered = Answered(refusals=refused.refusals, validate=True, status=422, text=text, tab="versions")
        return bench_page(request, piece, version_typed(request, piece), answered)
    url = reverse("assessor:assess", args=[centre, evidence])
    return done(request, f"{url}?tab=versions#talk")

"""What does it show? Suggestions with their reason, search, units, themes, and where in the piece to look."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.queries.sufficiency import short_for
from common import clock
from common.refusals import Refused, Stale
from portfolio.enums import EvidenceState, MappingOrigin
from portfolio.queries.learner import Linking, Thing, item_files, linking, my_assessor, own_evidence
from portfolio.queries.seen import ticks_mark
from portfolio.rules import link_warnings
from portfolio.services import set_mappings
from web.learner import learner_words as words
from web.learner import ticked_criteria as marks
from web.learner.ticked_criteria import Row, Tick
from web.learner.views.draft import sent_already
from web.shared.http import ActorRequest, allow, see_other, seen_of
from web.shared.idempotency import done, new_key, once
from web.shared.nav import takes_work

if TYPE_CHECKING:
    from portfolio.models import Evidence

LONGEST_SEARCH = 100
REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_learner)
@once
def shows(request: ActorRequest, centre: str, evidence: str) -> HttpResponse:
    """Let the learner tick what a draft shows. Nothing is ticked for them (R68)."""
    piece = own_evidence(request.actor, evidence)
    if request.method != "POST" and (piece.state != EvidenceState.DRAFT or not takes_work(request)):
        return see_other(reverse("learner:evidence", args=[centre, evidence]))
    if piece.state != EvidenceState.DRAFT:
        return sent_already(request, piece)
    found = linking(piece, short_for(request.actor))
    if request.method == "POST":
        return _keep(request, centre, piece, found)
    return _page(request, piece, found, marks.stored(found))


def _keep(request: ActorRequest, centre: str, piece: "Evidence", found: Linking) -> HttpResponse:
    ticks = marks.posted(request.POST)
    wanted, wrong = marks.chosen(ticks, found)
    action = request.POST.get("action", "next")
    problems = list(wrong.values())[:1]
    if action == "next" and not wanted:
        problems.append(words.nothing_ticked(my_assessor(request.actor).name))
    if problems:
        return _page(request, piece, found, ticks, problems=problems, wrong=wrong, status=422)
    unsure = action == "unsure" or (piece.unsure and action in {"look", "save"})
    try:
        warnings = set_mappings(
            actor=request.actor,
            evidence=piece,
            chosen=wanted,
            unsure=unsure,
            seen=seen_of(request),
            at=clock.now(),
        )
    except Stale as stale:
        return _page(request, piece, found, ticks, problems=words.sentences(stale), status=409)
    except Refused as refused:
        return _page(request, piece, found, ticks, problems=words.sentences(refused), status=422)
    for warning in warnings:
        messages.warning(request, words.sentence(warning))
    return done(request, _onward(request, centre, piece, action))


def _onward(request: ActorRequest, centre: str, piece: "Evidence", action: str) -> str:
    if action in {"next", "unsure"}:
        return reverse("learner:send", args=[centre, piece.public_id])
    url = reverse("learner:shows", args=[centre, piece.public_id])
    asked = {name: request.POST.get(name, "")[:LONGEST_SEARCH] for name in ("q", "unit", "theme")}
    query = urlencode({name: text for name, text in asked.items() if text})
    return f"{url}?{query}#results" if action == "look" and query else url


def _page(
    request: ActorRequest,
    piece: "Evidence",
    found: Linking,
    ticks: Mapping[str, Tick],
    *,
    problems: list[str] | None = None,
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the ticks. They are those of the form after a refusal, so the form says on from which it was made."""
    wrong = wrong or {}
    results = _results(request, found, ticks, wrong)
    if request.headers.get("HX-Target") == "results":
        return render(request, "web_learner/_results.html", results)
    suggested = [_suggestion(thing, why, ticks, wrong) for thing, why in found.suggested]
    shown = {row.thing.value for row in (*results["rows"], *suggested)}
    context = {
        **results,
        "evidence": piece,
        "files": item_files(piece),
        "title": piece.title or words.suggested_title(piece.kind, "", piece.created_at),
        "suggested": suggested,
        "ticked": _ticked(found, ticks, wrong, shown),
        "settled": [row.thing for row in found.ticked.values() if row.settled],
        "linking": found,
        "helper": my_assessor(request.actor),
        "count": len(ticks),
        "warnings": [words.sentence(warning) for warning in link_warnings(len(ticks))],
        "problems": problems or [],
        "idempotency_key": new_key(),
        "seen": (seen_of(request) if status == REFUSED else None) or ticks_mark(piece),
    }
    return render(request, "web_learner/shows.html", context, status=status)


def _results(
    request: ActorRequest, found: Linking, ticks: Mapping[str, Tick], wrong: Mapping[str, str]
) -> dict[str, Any]:
    """Return what was looked for: words first, else a unit, else a theme."""
    asked = {name: request.GET.get(name, "")[:LONGEST_SEARCH].strip() for name in ("q", "unit", "theme")}
    things: list[Thing] = []
    heading, origin = "", str(MappingOrigin.UNIT)
    if asked["q"]:
        things, origin = found.search(asked["q"]), str(MappingOrigin.SEARCH)
        heading = _("Found for “%(words)s”") % {"words": asked["q"]}
    elif asked["unit"]:
        things = found.of_unit(asked["unit"])
        heading = things[0].row.unit_title if things else _("Nothing here")
    elif asked["theme"]:
        things, origin = found.of_theme(asked["theme"]), str(MappingOrigin.THEME)
        heading = next((label for value, label, _count in found.themes if value == asked["theme"]), _("Nothing here"))
    open_things = [thing for thing in things if not _is_settled(found, thing)]
    return {"asked": asked, "heading": heading, "rows": marks.rows(open_things, ticks, wrong, origin)}


def _is_settled(found: Linking, thing: Thing) -> bool:
    row = found.ticked.get(thing.value)
    return row is not None and row.settled


def _suggestion(thing: Thing, why: str, ticks: Mapping[str, Tick], wrong: Mapping[str, str]) -> Row:
    return marks.rows([thing], ticks, wrong, str(MappingOrigin.SUGGESTION), why)[0]


def _ticked(found: Linking, ticks: Mapping[str, Tick], wrong: Mapping[str, str], shown: set[str]) -> list[Row]:
    things = [thing for value, thing in found.things.items() if value in ticks and value not in shown]
    return [row for thing in things for row in marks.rows([thing], ticks, wrong, ticks[thing.value].origin)]
